"""Alice, who hosts, and people who want her time; the clock stands at Monday 09:00 in Berlin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from factories.world import NOW, World, make_world
from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import Booking
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.organizations.scope import reading

TUESDAY = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)  # 11:00 in Berlin
Take = Callable[..., Booking]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    world = make_world()
    with reading(world.organization):
        yield world


@pytest.fixture
def take(world: World) -> Take:
    """Claim alice's time: take(), take("hold", at=…, guest="charlie"), take("cancel", of=one)."""

    def take(
        action: str = "book",
        *,
        at: datetime = TUESDAY,
        guest: str = "bob",
        of: Booking | None = None,
        now: datetime = NOW,
        key: str | None = None,
        **more: Any,
    ) -> Booking:
        request = ClaimRequest(
            action=action,  # type: ignore[arg-type]
            host_id=world.people["alice"].pk,
            guest_ids=(world.people[guest].pk,),
            minutes=20,
            kind="speed",
            starts_at=at,
            booking_public_id=of.public_id if of else None,
        )
        if action == "hold":
            more.setdefault("hold_until", now + timedelta(minutes=30))
        return claim(replace(request, **more), by=world.system, now=now, key=key)

    return take
