"""Bringing people in: all or nothing, looked at first, and the same person once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.world import NOW, World
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import reading
from handrail.apps.people.actions import (
    apply_people_import,
    import_merges,
    import_people,
    preview_people,
    set_not_with,
    start_organization,
)
from handrail.apps.people.models import (
    CompetencyEvent,
    EmploymentSpell,
    NotWith,
    PeopleImport,
    Person,
    SkillWanted,
)
from handrail.apps.people.queries import viewer_for_person

COLUMNS = (
    "person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,"
    "minutes_per_week"
)
PRIYA = "p1,Priya Rao,priya@example.org,mentor,Europe/Berlin,09:00-17:00,2024-01-08,,git:4,,60"
TOM = "p2,Tom Berg,tom@example.org,mentee,Europe/Berlin,09:00-17:00,2026-01-12,,,git:1,"
MERGES = "person_id,kind,authored_at,merged_at,areas"


@pytest.fixture(autouse=True)
def inside(world: World) -> Iterator[None]:
    with reading(world.organization):
        yield


def csv(*lines: str, more: str = "", columns: str = COLUMNS) -> bytes:
    return "\n".join([columns + more, *lines, ""]).encode()


def bring_in(world: World, *lines: str, more: str = "") -> None:
    import_people(csv(*lines, more=more), filename="people.csv", by=world.system, now=NOW)


def names() -> set[str]:
    return set(Person.objects.exclude(external_id__in=WORLD).values_list("name", flat=True))


WORLD = ("mona", "alice", "bob", "charlie", "adam", "ana", "otto", "rita")


def test_people_come_in_with_team_manager_skills_and_spell(world: World) -> None:
    bring_in(world, TOM + ",Tools,p1", PRIYA + ",Tools,", more=",team,manager_id")
    tom = Person.objects.get(external_id="p2")
    assert (tom.team.name, tom.manager.name) == ("Tools", "Priya Rao")
    assert list(tom.wants.values_list("skill__name", "priority")) == [("git", 1)]
    spell = EmploymentSpell.objects.get(person=tom)
    assert (spell.started_on, spell.ended_on) == (date(2026, 1, 12), None)


def test_one_wrong_line_of_many_and_nothing_comes_in(world: World) -> None:
    wrong = TOM.replace("Europe/Berlin", "Nowhere")
    with pytest.raises(Invalid) as refused:
        bring_in(world, PRIYA, wrong)
    assert str(refused.value.message) == ("The file was not taken: 1 problem. Nothing was changed.")
    assert names() == set()
    assert not PeopleImport.objects.exists()


def test_of_very_many_problems_the_first_200_are_named_and_the_rest_counted(world: World) -> None:
    lines = [f"q{n},Q,q{n}@example.org,mentee,Nowhere,,2026-01-12,,,," for n in range(250)]
    with pytest.raises(Invalid) as refused:
        bring_in(world, *lines)
    told = refused.value.detail["lines"]
    assert (len(told), told[-1]) == (201, "and 50 more")


def test_a_preview_says_what_would_change_and_changes_nothing(world: World) -> None:
    bring_in(world, PRIYA)
    changed = PRIYA.replace("Europe/Berlin", "Asia/Tokyo").replace("git:4", "git:5")
    kept = preview_people(csv(changed, TOM), "people.csv", by=world.system, now=NOW)
    assert kept.summary["new"] == [{"id": "p2", "name": "Tom Berg"}]
    assert kept.summary["changed"] == [
        {
            "id": "p1",
            "name": "Priya Rao",
            "changes": [
                {"field": "timezone", "before": "Europe/Berlin", "after": "Asia/Tokyo"},
                {"field": "skills", "before": "git:4", "after": "git:5"},
            ],
        }
    ]
    assert names() == {"Priya Rao"}
    assert Person.objects.get(external_id="p1").timezone == "Europe/Berlin"


def test_a_file_that_was_looked_at_is_applied_once(world: World) -> None:
    kept = preview_people(csv(PRIYA), "people.csv", by=world.system, now=NOW)
    assert apply_people_import(kept, by=world.system, now=NOW).created == 1
    with pytest.raises(Conflict):
        apply_people_import(kept, by=world.system, now=NOW)


def test_the_same_file_again_changes_nothing(world: World) -> None:
    bring_in(world, PRIYA, TOM)
    again = import_people(csv(PRIYA, TOM), filename="people.csv", by=world.system, now=NOW)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)


def test_a_change_moves_the_persons_revision(world: World) -> None:
    bring_in(world, PRIYA)
    before = Person.objects.get(external_id="p1").rev
    bring_in(world, PRIYA.replace("Priya Rao", "Priya Roy"))
    assert Person.objects.get(external_id="p1").rev == before + 1


def test_an_import_keeps_what_a_person_said_of_their_own_level(world: World) -> None:
    bring_in(world, TOM)
    SkillWanted.objects.filter(person__external_id="p2").update(own_level=2)
    bring_in(world, TOM.replace("git:1", "git:1;docs:2"))
    levels = SkillWanted.objects.filter(person__external_id="p2").order_by("priority")
    assert list(levels.values_list("skill__name", "own_level")) == [("git", 2), ("docs", 0)]


def test_an_address_of_somebody_else_is_refused_with_their_id(world: World) -> None:
    bring_in(world, PRIYA)
    with pytest.raises(Invalid) as refused:
        bring_in(world, TOM.replace("tom@", "priya@"))
    assert refused.value.detail["lines"] == [
        "line 2, email: 'priya@example.org' belongs to the person p1. Correct one of them."
    ]


def test_a_circle_with_people_who_came_before_is_refused(world: World) -> None:
    bring_in(world, PRIYA + ",p2", TOM + ",", more=",manager_id")
    with pytest.raises(Invalid):
        bring_in(world, TOM + ",p1", more=",manager_id")
    assert Person.objects.get(external_id="p2").manager is None


def test_somebody_elses_private_list_grows_by_a_file_and_is_not_told(world: World) -> None:
    bring_in(world, PRIYA, TOM)
    tom = Person.objects.get(external_id="p2")
    set_not_with(tom, [world.people["alice"]], by=viewer_for_person(tom), now=NOW)
    kept = preview_people(csv(TOM + ",p1", more=",not_with"), "p.csv", by=world.system, now=NOW)
    (change,) = kept.summary["changed"][0]["changes"]
    assert change == {"field": "not_with", "before": "", "after": "+"}
    apply_people_import(kept, by=world.system, now=NOW)
    others = NotWith.objects.filter(person=tom).values_list("other__external_id", flat=True)
    assert set(others) == {"alice", "p1"}


def test_who_returns_after_an_end_has_a_second_spell(world: World) -> None:
    bring_in(world, TOM + ",2026-01-30", more=",employment_end")
    bring_in(world, TOM.replace("2026-01-12", "2026-02-02") + ",", more=",employment_end")
    spells = EmploymentSpell.objects.filter(person__external_id="p2")
    assert list(spells.values_list("started_on", "ended_on")) == [
        (date(2026, 1, 12), date(2026, 1, 30)),
        (date(2026, 2, 2), None),
    ]


def test_a_corrected_start_while_somebody_is_here_is_no_second_spell(world: World) -> None:
    bring_in(world, TOM)
    bring_in(world, TOM.replace("2026-01-12", "2026-01-19"))
    spells = EmploymentSpell.objects.filter(person__external_id="p2")
    assert list(spells.values_list("started_on", flat=True)) == [date(2026, 1, 19)]


def test_who_stopped_without_an_end_is_known_to_have_left_180_days_later(world: World) -> None:
    bring_in(world, PRIYA.replace(",2024-01-08,,", ",2024-01-08,2025-03-01,"))
    spell = EmploymentSpell.objects.get(person__external_id="p1")
    assert (spell.basis, spell.ended_on) == ("activity", date(2025, 3, 1))
    assert spell.end_known_since == date(2025, 8, 28)


def test_a_long_file_asks_the_database_no_more_often_than_a_short_one(world: World) -> None:
    def lines(prefix: str, number: int) -> list[str]:
        return [
            f"{prefix}{n},{prefix} {n},{prefix}{n}@example.org,mentor,UTC,09:00-17:00,2026-01-12,"
            f",git:4,docs:1,60,{f'{prefix}{n - 1}' if n % 3 else ''}"
            for n in range(number)
        ]

    with CaptureQueriesContext(connection) as few:
        bring_in(world, *lines("a", 9), more=",manager_id")
    with CaptureQueriesContext(connection) as many:
        bring_in(world, *lines("b", 60), more=",manager_id")
    assert len(many) == len(few)


def test_progress_runs_up_to_the_whole(world: World) -> None:
    heard: list[tuple[int, int]] = []
    kept = preview_people(csv(PRIYA, TOM), "people.csv", by=world.system, now=NOW)
    apply_people_import(
        kept, by=world.system, now=NOW, on_progress=lambda done, of: heard.append((done, of))
    )
    assert heard == [(2, 4), (4, 4)]


def test_a_preview_of_many_names_the_first_500_and_counts_all(world: World) -> None:
    lines = [f"q{n},Q {n},q{n}@example.org,mentee,UTC,,2026-01-12,,,," for n in range(501)]
    summary = preview_people(csv(*lines), "people.csv", by=world.system, now=NOW).summary
    assert (summary["new_count"], len(summary["new"])) == (501, 500)


def test_who_started_the_organisation_becomes_the_person_of_the_file(db: None) -> None:
    organization = start_organization(
        "Acme",
        admin_email="Ada@example.org",
        admin_name="ada",
        timezone="UTC",
        language="en",
        now=NOW,
    )
    with reading(organization):
        founder = Person.objects.get()
        by = viewer_for_person(founder)
        ada = PRIYA.replace("p1,Priya Rao,priya@", "p0,Ada Lund,ada@")
        content = csv(TOM + ",p0", ada + ",", more=",manager_id")
        outcome = import_people(content, filename="people.csv", by=by, now=NOW)
        assert (outcome.created, outcome.changed) == (1, 1)
        founder.refresh_from_db()
        assert (founder.external_id, founder.name, founder.role) == ("p0", "Ada Lund", "mentor")
        assert founder.membership is not None
        assert Person.objects.get(external_id="p2").manager == founder
        again = import_people(content, filename="people.csv", by=by, now=NOW)
        assert (again.created, again.changed, again.unchanged) == (0, 0, 2)


def test_the_neighbours_people_are_not_met(world: World) -> None:
    """The same ids and addresses in another organisation are other people."""
    bring_in(world, PRIYA)
    other = start_organization(
        "Globex",
        admin_email="g@example.org",
        admin_name="G",
        timezone="UTC",
        language="en",
        now=NOW,
    )
    with reading(other):
        by = viewer_for_person(Person.objects.get())
        assert import_people(csv(PRIYA), filename="p.csv", by=by, now=NOW).created == 1


def test_merges_come_in_once(world: World) -> None:
    bring_in(world, TOM)
    line = "p2,merge,2026-01-13T09:00:00+01:00,2026-01-14T10:00:00+01:00,docs;git"
    content = csv(line, columns=MERGES)
    first = import_merges(content, filename="m.csv", by=world.system, now=NOW)
    again = import_merges(content, filename="m.csv", by=world.system, now=NOW)
    assert ((first.created, first.known), (again.created, again.known)) == ((1, 0), (0, 1))
    event = CompetencyEvent.objects.get()
    assert (event.areas, event.occurred_at.isoformat()) == (
        ["docs", "git"],
        "2026-01-14T09:00:00+00:00",
    )


def test_wrong_merges_are_named_by_line_and_none_comes_in(world: World) -> None:
    bring_in(world, TOM)
    good = "p2,merge,2026-01-13T09:00:00+01:00,2026-01-14T10:00:00+01:00,docs"
    content = csv(
        good,
        good.replace("p2", "p8"),
        good.replace("merge,", "review,"),
        good.replace("2026-01-14T10:00:00+01:00", "2026-01-14 10:00"),
        good.replace("2026-01-14", "2026-01-10"),
        columns=MERGES,
    )
    with pytest.raises(Invalid) as refused:
        import_merges(content, filename="m.csv", by=world.system, now=NOW)
    assert refused.value.detail["lines"] == [
        "line 3, person_id: 'p8' is nobody we know. Import people first.",
        "line 4, kind: 'review' is not a kind of change. Write merge.",
        "line 5, merged_at: '2026-01-14 10:00' is not a time with offset. "
        "Write it like 2026-02-01T09:00:00+01:00.",
        "line 6, merged_at: Merged before it was authored. Correct one of them.",
    ]
    assert not CompetencyEvent.objects.exists()
