"""A session of alice (mentor, lead) and bob (mentee), and ways to bring it into each state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from factories.world import NOW, World
from handrail.apps.calendars.models import Seat
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.sessions import actions
from handrail.apps.sessions.models import Session

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)  # Tuesday, 11:00 in Berlin


def at(minutes: float) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


@dataclass
class Scene:
    """A world with one session, and the verbs of the people in it."""

    world: World
    session: Session

    def by(self, name: str) -> Any:
        return self.world.viewer(name)

    def check_in(self, name: str, now: datetime) -> Session:
        return actions.check_in(self.session, by=self.by(name), now=now)

    def artifact(self, name: str, now: datetime, **changes: Any) -> Any:
        words: dict[str, Any] = {
            "learned": "Rebasing replays my commits one by one.",
            "next_step": "Rebase the docs branch",
            "owner": self.world.person("bob"),
            "link": "",
            **changes,
        }
        return actions.save_artifact(self.session, **words, by=self.by(name), now=now)

    def fresh(self) -> Session:
        return Session.objects.select_related("booking", "program").get(pk=self.session.pk)

    def attendance(self) -> dict[str, str]:
        seats = Seat.objects.filter(booking=self.session.booking).select_related("person")
        return {seat.person.external_id: str(seat.attendance) for seat in seats}

    def waiting(self, kind: str) -> list[OutboxRow]:
        """The rows of a kind that are still to be delivered, earliest first."""
        rows = OutboxRow.objects.filter(kind=kind, done_at=None, cancelled_at=None)
        return list(rows.order_by("due_at", "pk"))

    def scheduled(self) -> datetime:
        """Both are here five minutes early; nothing has started."""
        self.check_in("alice", at(-5))
        self.check_in("bob", at(-5))
        return at(-4)

    def running(self) -> datetime:
        self.check_in("alice", at(0))
        self.check_in("bob", at(0))
        return at(5)

    def awaiting_artifact(self) -> datetime:
        self.running()
        actions.finish(self.session, by=self.by("bob"), now=at(15))
        return at(16)

    def closed(self) -> datetime:
        self.awaiting_artifact()
        self.artifact("bob", at(18))
        return at(19)

    def not_held(self) -> datetime:
        actions.settle_overdue(at(11), by=self.world.system)
        return at(12)

    def cancelled(self) -> datetime:
        actions.cancel(self.session, by=self.by("bob"), now=at(-600))
        return at(-5)


@pytest.fixture
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world, booked(world))


def booked(world: World, **changes: Any) -> Session:
    """What bob books with alice on Tuesday."""
    request: dict[str, Any] = {
        "program": world.program,
        "mentee": world.person("bob"),
        "mentor": world.person("alice"),
        "starts_at": START,
        "objective": "Rebase a branch without fear",
        "by": world.viewer("bob"),
        "now": NOW,
        **changes,
    }
    return actions.book(**request)
