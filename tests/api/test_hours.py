"""A person's hours over the wire; why a time is not free, without telling of a calendar."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from factories.world import NOW, World, make_world
from handrail.apps.calendars.models import Busy
from handrail.apps.organizations.actions import API_SCOPES, create_api_key
from handrail.apps.organizations.scope import writing

pytestmark = pytest.mark.django_db
Ask = Callable[..., HttpResponse]
SAID = {
    "week": [{"weekday": 1, "open": "10:00-12:00, 14:00-15:00", "closed": "11:00-11:30"}],
    "days": [{"day": "2026-02-10", "hours": ""}, {"day": "2026-02-12", "hours": "18:00-19:00"}],
    "buffer_before": 10,
    "buffer_after": 15,
    "min_notice_minutes": 90,
    "daily_cap": 2,
    "holidays_of": "DE-BE",
}


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: NOW)
    return make_world()


@pytest.fixture
def asking(world: World) -> Callable[[str], Ask]:
    """Requests with this person's key."""

    def as_person(name: str) -> Ask:
        with writing(world.organization):
            secret = create_api_key("mine", tuple(API_SCOPES), by=world.viewer(name), now=NOW)[1]

        def ask(method: str, path: str, body: Any = None, **more: str) -> HttpResponse:
            headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": uuid.uuid4().hex}
            return Client(raise_request_exception=False).generic(
                method, f"/api/v1{path}", json.dumps(body or {}), "application/json",
                headers={**headers, **more},
            )  # fmt: skip

        return ask

    return as_person


def hours_of(world: World, name: str) -> str:
    return f"/people/{world.people[name].public_id}/hours"


def test_hours_are_replaced_and_read_again(world: World, asking: Callable[[str], Ask]) -> None:
    alice, path = asking("alice"), hours_of(world, "alice")
    before = alice("GET", path)
    assert alice("PUT", path, SAID, **{"If-Match": before["ETag"]}).status_code == 200
    told = alice("GET", path).json()
    assert {name: told[name] for name in SAID} == SAID
    assert told["minutes"] == [
        {"monday": "2026-02-02", "given": 0, "left": 60},
        {"monday": "2026-02-09", "given": 0, "left": 60},
    ]
    late = alice("PUT", path, SAID, **{"If-Match": before["ETag"]})
    assert late.status_code == 412


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"week": [{"weekday": 1, "open": "09:00-34:00"}]}, "open_1"),
        ({"week": [{"weekday": 1, "open": "9-17"}]}, "open_1"),
        ({"week": [{"weekday": 1}, {"weekday": 1}]}, "week"),
        ({"days": [{"day": "2026-01-10", "hours": ""}]}, "day"),
        ({"days": [{"day": "2026-02-10", "hours": "10:00-10:00"}]}, "days"),
        ({"buffer_after": 61}, "buffer_after"),
        ({"holidays_of": "DE-XX"}, "holidays_of"),
    ],
)
def test_nonsense_is_named_and_nothing_is_half_done(
    world: World, asking: Callable[[str], Ask], wrong: dict[str, Any], field: str
) -> None:
    alice, path = asking("alice"), hours_of(world, "alice")
    alice("PUT", path, SAID)
    answer = alice("PUT", path, {**SAID, "daily_cap": 5, **wrong})
    assert (answer.status_code, field in answer.content.decode()) == (422, True)
    assert alice("GET", path).json()["daily_cap"] == 2


def test_why_a_time_is_not_free_says_more_to_whose_calendar_it_is(
    world: World, asking: Callable[[str], Ask]
) -> None:
    assert world.program is not None
    alice, bob = world.people["alice"], world.people["bob"]
    with writing(world.organization):
        Busy.objects.create(
            organization=world.organization,
            person=alice,
            source="dentist.ics",
            starts_at=datetime(2026, 2, 3, 10, tzinfo=UTC),
            ends_at=datetime(2026, 2, 3, 11, tzinfo=UTC),
        )

    def why(name: str, at: str) -> Any:
        path = f"/programs/{world.program.public_id}/slots/why"  # type: ignore[union-attr]
        people = f"mentor={alice.public_id}&mentee={bob.public_id}"
        return asking(name)("GET", f"{path}?{people}&starts_at={at}").json()

    busy = {"person": str(alice.public_id), "code": "busy"}
    assert why("bob", "2026-02-03T10:05:00Z") == {
        "free": False,
        "reasons": [{**busy, "text": "Alice is not free then."}],
    }
    assert why("alice", "2026-02-03T10:05:00Z")["reasons"] == [
        {**busy, "text": "Your calendar is busy then: dentist.ics."}
    ]
    # Five minutes into it reaches only alice's buffer: to others that is busy too.
    assert why("bob", "2026-02-03T09:35:00Z")["reasons"][0]["code"] == "busy"
    assert why("alice", "2026-02-03T09:35:00Z")["reasons"][0]["code"] == "buffer"
    assert why("bob", "2026-02-03T11:00:00Z") == {"free": True, "reasons": []}
    outside = why("bob", "2026-02-03T20:00:00Z")["reasons"]
    assert [reason["text"] for reason in outside] == [
        "Alice does not work then.",
        "It is outside your hours.",
    ]
    assert [r["code"] for r in why("bob", "2027-02-03T10:00:00Z")["reasons"]] == ["program"]
    assert "starts_at" in str(why("bob", "2026-02-03T10:03:00Z"))  # not on five minutes
