"""Bob builds; alice, nora and ole may mentor. The clock stands at Monday 09:00 in Berlin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from factories.remembered import remembered
from factories.world import MONDAY, NOW, World, make_world
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Skill
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.projects import actions
from handrail.apps.projects.models import CheckIn, Mentorship, Project
from handrail.apps.sessions.actions import check_in, save_artifact, settle_overdue
from handrail.apps.sessions.models import Session

DAY = timedelta(days=1)
Make = Callable[..., Project]


@remembered
def _make_world() -> World:
    world = make_world()
    world.add("nora", role="mentor", offers={"git": 2}, minutes_per_week=40)
    world.add("ole", role="mentor", offers={"docs": 2}, minutes_per_week=40)
    with reading(world.organization):
        program = create_program(
            "first-project",
            starts_on=MONDAY,
            by=world.system,
            now=NOW,
            leads=[world.person("mona")],
        )
        start_program(program, by=world.system, now=NOW)
        for name in ("alice", "nora", "ole"):
            enrol(program, world.person(name), EnrolmentRole.MENTOR, by=world.system, now=NOW)
        for name in ("bob", "charlie"):
            enrol(program, world.person(name), EnrolmentRole.MENTEE, by=world.system, now=NOW)
    world.program = program
    return world


@pytest.fixture
def world(db: None) -> Iterator[World]:
    world = _make_world()
    with reading(world.organization):
        yield world


@pytest.fixture
def make(world: World) -> Make:
    """Make a project: make(), make("bob", "charlie", mentor="nora", ends_on=…)."""

    def make(
        *people: str, mentor: str = "", skills: tuple[str, ...] = ("git",), **more: Any
    ) -> Project:
        more.setdefault("ends_on", date(2026, 3, 29))
        assert world.program is not None
        now = more.pop("now", NOW)
        project = actions.create_project(
            world.program,
            more.pop("name", "A linter for notes"),
            people=[world.person(name) for name in people or ("bob",)],
            skills=list(Skill.objects.filter(name__in=skills)),
            by=world.viewer("mona"),
            now=now,
            **more,
        )
        if mentor:
            actions.assign(project, world.person(mentor), by=world.viewer("mona"), now=now)
            project.refresh_from_db()
        return project

    return make


def series(project: Project) -> list[str]:
    """Each due day: its session by day, start in UTC and host, or why there is none."""
    told = []
    for row in CheckIn.objects.filter(project=project).select_related("session__booking__host"):
        if row.session is None:
            told.append(f"{row.due_on:%d %b} {row.why.get('code', '-')}")
        else:
            booking = row.session.booking
            moment = booking.starts_at
            told.append(f"{row.due_on:%d %b} {moment:%d %b %H:%M} {booking.host.external_id}")
    return told


def ahead(project: Project, now: datetime) -> list[Session]:
    """The sessions that are still to come."""
    return list(
        Session.objects.filter(
            check_in__project=project, state="scheduled", booking__starts_at__gt=now
        ).order_by("booking__starts_at")
    )


def hold(world: World, session: Session, *, next_step: str = "", by: str = "bob") -> None:
    """Both come, the timebox runs out, and what came of it is written."""
    start = session.booking.starts_at
    seats = session.booking.seats.select_related("person").order_by("n")
    for seat in seats:
        check_in(session, by=world.viewer(seat.person.external_id), now=start)
    settle_overdue(start + timedelta(minutes=31), by=world.system)
    if next_step:
        save_artifact(
            Session.objects.get(pk=session.pk),
            learned="Smaller steps",
            next_step=next_step,
            owner=world.person(by),
            link="",
            by=world.viewer(by),
            now=start + timedelta(minutes=32),
        )


def keep(world: World, now: datetime) -> None:
    """What the clock does every few minutes."""
    settle_overdue(now, by=world.system)
    actions.keep_projects(by=world.system, now=now)


def mails(kind: str) -> list[str]:
    """To whom rows of a kind were written, by name, oldest first."""
    rows = OutboxRow.objects.filter(kind=f"mail.{kind}", cancelled_at=None).order_by("pk")
    return [row.ref["person"] for row in rows]


def mentor_of(project: Project) -> Mentorship:
    return Mentorship.objects.get(project=project, until=None)
