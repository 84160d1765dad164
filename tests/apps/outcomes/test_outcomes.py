"""The outcome ledger: files in by rule, corrections kept, ticks by two, gaps and waivers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import Error, transaction

from factories.world import MONDAY, NOW, World
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.outcomes.actions import import_outcomes, note_gap, waive_source
from handrail.apps.outcomes.models import JobOffer, RoleRecord, Source, Waiver
from handrail.apps.outcomes.queries import data_health, is_connected, level_of
from handrail.apps.outcomes.ticking import tick
from handrail.apps.people.models import CompetencyEvent, EmploymentSpell, LedgerCorrection

EVENTS = "person_id,task,occurred_at,known_since"
SPELLS = "person_id,started_on,ended_on,known_since"
ROLES = "person_id,role_family,level,team,effective_on,decided_on,known_since,kind"
OFFERS = "applicant_id,requisition,offered_on,outcome,decided_on,known_since,assigned_on,arm"


@pytest.fixture(autouse=True)
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world


def bring(world: World, kind: str, columns: str, *lines: str) -> tuple[int, int, int]:
    content = "\n".join([columns, *lines, ""]).encode()
    came = import_outcomes(kind, content, filename="x.csv", by=world.system, now=NOW)
    return came.created, came.corrected, came.known


def problems(world: World, kind: str, columns: str, *lines: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        bring(world, kind, columns, *lines)
    return list(refused.value.detail["lines"])


def test_a_task_comes_in_once_with_the_day_it_is_known_since(world: World) -> None:
    line = "bob,First ticket,2026-01-12,2026-01-20"
    assert bring(world, "events", EVENTS, line) == (1, 0, 0)
    assert bring(world, "events", EVENTS, line) == (0, 0, 1)
    event = CompetencyEvent.objects.get(kind="task")
    assert (event.task, event.known_since) == ("First ticket", date(2026, 1, 20))


def test_an_outcome_before_the_first_day_is_refused_with_line_and_rule(world: World) -> None:
    assert problems(world, "events", EVENTS, "bob,First ticket,2025-06-01,") == [
        "line 2, occurred_at: This lies before their first day (2025-11-03). Correct one of them."
    ]


def test_a_leaver_without_a_day_is_refused(world: World) -> None:
    assert problems(world, "spells", SPELLS, "bob,2025-11-03,,2026-01-31") == [
        "line 2, ended_on: Known to have left, but without the day. Write the last day here."
    ]


def test_a_leaving_can_be_known_before_the_last_day(world: World) -> None:
    bring(world, "spells", SPELLS, "bob,2025-11-03,2026-01-31,2026-01-02")
    spell = EmploymentSpell.objects.get(person=world.person("bob"))
    assert (spell.ended_on, spell.end_known_since) == (date(2026, 1, 31), date(2026, 1, 2))


def test_a_stay_that_ends_before_it_began_is_refused(world: World) -> None:
    assert problems(world, "spells", SPELLS, "bob,2025-11-03,2025-10-01,") == [
        "line 2, ended_on: This lies before started_on (2025-11-03). Correct one of them."
    ]


def test_a_correction_of_a_stay_keeps_what_stood_before(world: World) -> None:
    bring(world, "spells", SPELLS, "bob,2025-11-03,2026-01-15,2026-01-15")
    assert bring(world, "spells", SPELLS, "bob,2025-11-03,2026-01-31,2026-02-01") == (0, 1, 0)
    spell = EmploymentSpell.objects.get(person=world.person("bob"))
    assert spell.ended_on == date(2026, 1, 31)
    kept = LedgerCorrection.objects.order_by("pk").last()
    assert kept is not None
    assert kept.before["ended_on"] == "2026-01-15"
    assert kept.after["ended_on"] == "2026-01-31"


def test_the_database_itself_keeps_corrections(world: World) -> None:
    bring(world, "spells", SPELLS, "bob,2025-11-03,2026-01-15,")
    with pytest.raises(Error), transaction.atomic():
        LedgerCorrection.objects.all().delete()


def test_a_return_needs_the_end_of_the_stay_before(world: World) -> None:
    assert problems(world, "spells", SPELLS, "bob,2026-01-12,,") == [
        "line 2, started_on: The stay since 2025-11-03 has not ended by then. "
        "Give it its last day first."
    ]
    bring(world, "spells", SPELLS, "bob,2025-11-03,2025-12-31,", "bob,2026-01-12,,")
    assert EmploymentSpell.objects.filter(person=world.person("bob")).count() == 2


def test_roles_keep_their_past_and_give_the_level_of_a_day(world: World) -> None:
    bring(
        world,
        "roles",
        ROLES,
        "bob,Engineering,L1,Tools,2025-11-03,,,",
        "bob,Engineering,L2,Tools,2026-01-10,2026-01-05,,",
    )
    bob = world.person("bob")
    assert [level_of(bob, day) for day in (date(2026, 1, 9), date(2026, 1, 10))] == ["L1", "L2"]
    again = bring(world, "roles", ROLES, "bob,Engineering,L3,Tools,2026-01-10,2026-01-05,,")
    assert again == (0, 1, 0)
    assert level_of(bob, MONDAY) == "L3"
    assert RoleRecord.objects.filter(superseded_at=None).count() == 2


def test_an_offer_counts_as_corrected_when_its_answer_comes(world: World) -> None:
    bring(world, "offers", OFFERS, "a-1,REQ-7,2026-01-10,open,,,2026-01-02,offered")
    line = "a-1,REQ-7,2026-01-10,accepted,2026-01-20,,2026-01-02,offered"
    assert bring(world, "offers", OFFERS, line) == (0, 1, 0)
    assert JobOffer.objects.get(superseded_at=None).outcome == "accepted"


def test_text_in_a_day_column_names_line_and_rule(world: World) -> None:
    assert problems(world, "offers", OFFERS, "a-1,REQ-7,soon,accepted,2026-01-20,,,") == [
        "line 2, offered_on: 'soon' is not a date. Write it like 2026-02-01.",
        "line 2, offered_on: Empty. Write when the offer was made, or when assigned.",
        "line 2, offered_on: Empty. An offer with an answer was made on a day.",
    ]


def test_only_an_administrator_brings_outcomes_in(world: World) -> None:
    with pytest.raises(NotAllowed):
        import_outcomes("events", b"x", filename="x.csv", by=world.viewer("alice"), now=NOW)


def test_m16_a_task_counts_when_mentee_and_mentor_both_say_so(world: World) -> None:
    assert world.program is not None
    bob = world.person("bob")
    first = tick(world.program, bob, "First ticket", by=world.viewer("bob"), now=NOW)
    again = tick(world.program, bob, "First ticket", by=world.viewer("bob"), now=NOW)
    assert first.event is None
    assert again.event is None
    assert not CompetencyEvent.objects.filter(kind="task").exists()
    later = NOW + timedelta(days=3)
    said = tick(world.program, bob, "First ticket", by=world.viewer("alice"), now=later)
    assert said.event is not None
    assert said.event.occurred_at.date() == MONDAY  # the day said first
    assert said.event.known_since == MONDAY + timedelta(days=3)


def test_whoever_is_not_of_the_program_ticks_nothing(world: World) -> None:
    assert world.program is not None
    with pytest.raises(NotAllowed):
        tick(world.program, world.person("bob"), "A task", by=world.viewer("charlie"), now=NOW)
    with pytest.raises(NotAllowed):  # a lead who is no mentor of it, nor the mentee
        tick(world.program, world.person("bob"), "A task", by=world.viewer("adam"), now=NOW)


def test_data_health_tells_last_event_lag_gaps_and_who_is_missing(world: World) -> None:
    bring(world, "events", EVENTS, "bob,First ticket,2026-01-12,2026-01-31")
    note_gap(Source.TASKS, bots=3, unlinked=2, by=world.system, now=NOW)
    health = data_health(world.viewer("ana"), now=NOW)
    tasks = next(one for one in health.sources if one.source == Source.TASKS)
    assert (tasks.last_event, tasks.lag_days) == (date(2026, 1, 12), 19)
    assert (tasks.bots, tasks.unlinked, tasks.without) == (3, 2, 1)  # charlie has none
    merges = next(one for one in health.sources if one.source == Source.MERGES)
    assert (merges.is_connected, merges.lag_days, merges.without) == (False, None, None)
    assert is_connected(Source.TASKS)
    assert not is_connected(Source.MERGES)


def test_a_lead_sees_the_health_of_data_and_a_mentee_does_not(world: World) -> None:
    assert data_health(world.viewer("alice"), now=NOW).day == MONDAY
    with pytest.raises(NotAllowed):
        data_health(world.viewer("bob"), now=NOW)


def test_a_source_is_waived_in_writing_once_and_for_good(world: World) -> None:
    assert world.program is not None
    by = world.viewer("alice")
    with pytest.raises(Invalid):
        waive_source(world.program, "merges", "no", signed="Alice", by=by, now=NOW)
    reason = "The repository cannot be read before March."
    waive_source(world.program, "merges", reason, signed="Alice", by=by, now=NOW)
    with pytest.raises(Conflict):
        waive_source(world.program, "merges", reason, signed="Alice", by=by, now=NOW)
    with pytest.raises(Error), transaction.atomic():
        Waiver.objects.all().delete()
