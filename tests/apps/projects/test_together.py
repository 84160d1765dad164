"""Two workers and a lead at the same moment: each due day has one session, nobody waits forever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from factories.together import own_database
from factories.together import together as at_once
from factories.world import MONDAY, NOW, World, make_world
from handrail.apps.calendars.claim import guard
from handrail.apps.calendars.models import Booking
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Skill
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.projects import actions
from handrail.apps.projects.models import CheckIn, Mentorship, Project

__all__ = ["own_database"]


@pytest.fixture
def project(own_database: None) -> Iterator[tuple[World, Project]]:
    world = make_world()
    world.add("nora", role="mentor", offers={"git": 2}, minutes_per_week=40)
    with reading(world.organization):
        by = world.system
        program = create_program("first-project", starts_on=MONDAY, by=by, now=NOW)
        start_program(program, by=by, now=NOW)
        for name, role in (("alice", "mentor"), ("nora", "mentor"), ("bob", "mentee")):
            enrol(program, world.person(name), role, by=by, now=NOW)
        made = actions.create_project(
            program,
            "A linter for notes",
            people=[world.person("bob")],
            skills=list(Skill.objects.filter(name="git")),
            ends_on=date(2026, 3, 29),
            by=by,
            now=NOW,
        )
        actions.assign(made, world.person("nora"), by=by, now=NOW)
        yield world, made


def test_m05_two_workers_and_a_hand_over_at_once_leave_one_session_a_due_day(
    project: tuple[World, Project],
) -> None:
    world, made = project
    later = NOW + timedelta(weeks=2)

    def within(step: Callable[[], Any]) -> Callable[[], Any]:
        def take() -> Any:
            with reading(world.organization):
                return step()

        return take

    keep = within(lambda: actions.keep_projects(by=world.system, now=later))
    give = within(
        lambda: actions.hand_over(made, world.person("alice"), by=world.system, now=later)
    )
    at_once(keep, give, keep)
    assert Mentorship.objects.get(project=made, until=None).mentor == world.person("alice")
    actions.keep_projects(by=world.system, now=later)
    ahead = Booking.objects.filter(status="confirmed", starts_at__gt=later)
    assert {booking.host.external_id for booking in ahead} == {"alice"}
    rows = CheckIn.objects.filter(project=made, due_on__gte=later.date()).exclude(session=None)
    assert rows.count() == ahead.count() == 5
    assert guard.cell_guard_hits == 0
