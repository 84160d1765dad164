"""A week is matched within the program: no time is proposed that publishing would refuse."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from factories.world import NOW, World
from handrail.apps.matches.actions import propose_matches
from handrail.apps.matches.models import Match, MatchRun
from handrail.apps.matches.proposing import days_of
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.programs.actions import edit_program
from handrail.apps.programs.models import Program
from handrail.apps.sessions.actions import publish_run

LAST_WEEK = date(2026, 3, 2)  # the program's last day is the Tuesday of it


def program(world: World) -> Program:
    assert world.program is not None
    assert (world.program.starts_on, world.program.ends_on) == (date(2026, 2, 2), date(2026, 3, 3))
    return world.program


def starts(bits: int, week: date) -> list[datetime]:
    monday = datetime.combine(week, time(), UTC)
    return [monday + timedelta(minutes=30 * n) for n in range(336) if bits >> n & 1]


def test_the_programs_days_are_local_to_the_mentee(world: World) -> None:
    bob = world.people["bob"]
    bob.timezone = "Asia/Kolkata"  # Wednesday begins there at 18:30 UTC on Tuesday
    last = starts(days_of(program(world), bob, LAST_WEEK, 30), LAST_WEEK)
    assert [f"{one:%d %H:%M}" for one in (last[0], last[-1])] == ["02 00:00", "03 18:00"]
    first = starts(days_of(program(world), bob, date(2026, 1, 26), 30), date(2026, 1, 26))
    assert [f"{one:%d %H:%M}" for one in (first[0], first[-1])] == ["01 18:30", "01 23:30"]
    assert len(starts(days_of(program(world), bob, date(2026, 2, 9), 60), date(2026, 2, 9))) == 168


def test_a_plan_of_the_last_week_is_published_without_a_refusal(world: World) -> None:
    lead = world.viewer("alice")
    run = propose_matches(program(world), week=LAST_WEEK, by=lead, now=NOW)
    (match,) = Match.objects.filter(run=run)
    assert match.starts_at.date() <= date(2026, 3, 3)
    outcome = publish_run(run, by=lead, now=NOW)
    assert (len(outcome.booked), len(outcome.refused)) == (1, 0)


@pytest.mark.parametrize("week", [date(2026, 1, 19), date(2026, 3, 9)])
def test_a_week_outside_the_program_is_refused_with_what_to_do(world: World, week: date) -> None:
    lead = world.viewer("alice")
    with pytest.raises(Invalid, match="runs from 2026-02-02 to 2026-03-03") as refused:
        propose_matches(program(world), week=week, by=lead, now=NOW)
    assert "change its last day" in refused.value.fields["week"]
    assert not MatchRun.objects.exists()


def test_a_program_that_is_made_longer_has_more_weeks(world: World) -> None:
    lead = world.viewer("alice")
    longer = edit_program(program(world), ends_on=date(2026, 3, 13), by=lead, now=NOW)
    run = propose_matches(longer, week=date(2026, 3, 9), by=lead, now=NOW)
    assert Match.objects.filter(run=run).count() == 1
