"""A project gets a mentor: proposed with reasons, named, or offered; the series is booked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.projects.conftest import DAY, Make, mails, series
from factories.world import NOW, World
from handrail.apps.calendars.models import Booking
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.people.actions import set_not_with
from handrail.apps.programs.actions import enrol
from handrail.apps.projects import actions, queries
from handrail.apps.projects.models import CheckIn, Project
from handrail.apps.projects.proposing import propose

pytestmark = pytest.mark.later_on_postgresql


def test_m05_an_assigned_mentor_gets_a_weekly_check_in_for_four_weeks_ahead(
    world: World, make: Make
) -> None:
    project = make(mentor="nora")
    assert (project.state, project.weekdays, project.minute) == ("running", [0], 11 * 60)
    assert series(project) == [
        "02 Feb 02 Feb 10:00 nora",
        "09 Feb 09 Feb 10:00 nora",
        "16 Feb 16 Feb 10:00 nora",
        "23 Feb 23 Feb 10:00 nora",
        "02 Mar 02 Mar 10:00 nora",
    ]
    assert Booking.objects.filter(kind="project").count() == 5
    assert len(mails("project_assigned")) == 2
    assert len(mails("invitation")) == 10
    again = CheckIn.objects.count()
    actions.keep_projects(by=world.system, now=NOW + timedelta(minutes=15))
    assert CheckIn.objects.count() == again


def test_m05_the_engine_proposes_with_reasons_and_keeps_to_what_mentors_give(
    world: World, make: Make
) -> None:
    project = make()
    assert world.program is not None
    said = propose(world.program, project, now=NOW)
    assert [(one.mentor.external_id, one.is_best) for one in said.candidates] == [
        ("nora", True),
        ("alice", False),
    ]
    assert said.candidates[0].why[0] == "Strong at git: level 2 of 5, you start at 0."
    assert said.nobody == []
    # Three check-ins a week do not fit into nora's forty minutes, and into alice's sixty.
    often = make("charlie", name="Often", rhythm="weekdays", weekdays=[0, 2, 4])
    best = propose(world.program, often, now=NOW).candidates[0]
    assert best.mentor.external_id == "alice"


def test_m05_who_could_take_over_is_proposed_for_the_times_it_has(world: World, make: Make) -> None:
    project = make(mentor="nora", weekdays=[0], minute=660)
    assert world.program is not None
    found = propose(world.program, project, now=NOW).candidates
    assert [one.mentor.external_id for one in found] == ["alice"]


def test_m05_nobody_can_be_proposed_and_it_is_said_why(world: World, make: Make) -> None:
    assert world.program is not None
    busy = make(rhythm="weekdays", weekdays=[0, 1, 2, 3, 4])
    said = propose(world.program, busy, now=NOW)
    assert (said.candidates, len(said.nobody)) == ([], 1)


def test_a_mentor_who_offers_is_told_to_the_lead_and_stands_on_the_list(
    world: World, make: Make
) -> None:
    project = make()
    actions.offer(project, by=world.viewer("ole"), now=NOW)
    actions.offer(project, by=world.viewer("ole"), now=NOW)
    assert mails("project_offered") == [str(world.person("mona").public_id)]
    assert world.program is not None
    said = propose(world.program, project, now=NOW)
    assert [one.mentor.external_id for one in said.candidates if one.offered] == ["ole"]
    with pytest.raises(NotAllowed):
        actions.offer(project, by=world.viewer("charlie"), now=NOW)
    mentorship = actions.assign(project, world.person("ole"), by=world.viewer("mona"), now=NOW)
    assert mentorship.found == "offered"
    assert (
        queries.shown(
            world.viewer("mona"), queries.project_for(world.viewer("mona"), project.public_id)
        ).offers
        == []
    )


def test_who_may_not_be_set_together_is_refused_alike(world: World, make: Make) -> None:
    project = make("bob", "charlie")
    set_not_with(
        world.person("charlie"), [world.person("nora")], by=world.viewer("charlie"), now=NOW
    )
    with pytest.raises(Conflict, match="not available here"):
        actions.assign(project, world.person("nora"), by=world.viewer("mona"), now=NOW)
    with pytest.raises(Conflict, match="not available here"):
        actions.assign(project, world.person("adam"), by=world.viewer("mona"), now=NOW)
    with pytest.raises(NotAllowed):
        actions.assign(project, world.person("alice"), by=world.viewer("bob"), now=NOW)
    assert Project.objects.get().state == "seeking"
    assert not Booking.objects.exists()


def test_m05_no_hour_in_common_is_said_and_nothing_is_booked(world: World, make: Make) -> None:
    far = world.add(
        "hana", role="mentor", offers={"git": 4}, timezone="Pacific/Auckland", minutes_per_week=40
    )
    assert world.program is not None
    enrol(world.program, far, "mentor", by=world.system, now=NOW)
    project = make()
    with pytest.raises(Conflict, match="no time of this rhythm at which Hana"):
        actions.assign(project, far, by=world.viewer("mona"), now=NOW)
    assert Project.objects.get().state == "seeking"


def test_a_few_people_sit_in_one_check_in(world: World, make: Make) -> None:
    project = make("bob", "charlie", mentor="nora", rhythm="biweekly")
    assert [line[:6] for line in series(project)] == ["02 Feb", "16 Feb", "02 Mar"]
    booking = Booking.objects.first()
    assert booking is not None
    seats = booking.seats.order_by("n").values_list("person__external_id", flat=True)
    assert list(seats) == ["nora", "bob", "charlie"]


def test_what_cannot_stand_is_refused_beside_its_field(make: Make) -> None:
    cases: list[tuple[str, dict[str, object]]] = [
        ("name", {"name": " "}),
        ("link", {"link": "notes.txt"}),
        ("ends_on", {"ends_on": date(2026, 1, 30)}),
        ("starts_on", {"starts_on": date(2026, 2, 1)}),
        ("ends_on", {"ends_on": date(2027, 2, 1)}),
        ("every", {"rhythm": "days", "every": 1}),
        ("weekdays", {"rhythm": "weekdays"}),
        ("weekdays", {"weekdays": [1, 2]}),
        ("minute", {"minute": 607}),
        ("timezone", {"timezone": "Europe/Atlantis"}),
        ("rhythm", {"rhythm": "daily"}),
    ]
    for field, values in cases:
        with pytest.raises(Invalid) as refused:
            make(**values)
        assert list(refused.value.fields) == [field]
    assert not Project.objects.exists()


def test_days_from_tomorrow(make: Make) -> None:
    project = make(mentor="nora", rhythm="days", every=10, starts_on=(NOW + DAY).date())
    # 3 February, then every ten days; 28 of them fall from Friday to Monday.
    assert [line[:13] for line in series(project)] == [
        "03 Feb 03 Feb",
        "13 Feb 13 Feb",
        "23 Feb 23 Feb",
    ]
