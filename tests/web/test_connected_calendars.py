"""Calendars by a permission: there and back by real HTTP, with a process that answers like them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from django.urls import reverse

import factories.stand_in
from factories.servers import free_port, wait_for
from factories.world import NOW, World
from handrail.apps.calendars.models import Busy, CalendarSource
from handrail.apps.calendars.sources import ask_refresh, secret_of
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.outbox.runner import drain
from handrail.apps.sessions.actions import book

Browser = Callable[[str], Client]
SESSION = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


class StandIn:
    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.client = httpx.Client(base_url=self.url, trust_env=False)

    def hold(self, **state: Any) -> None:
        self.client.post("/hold", json=state)

    def seen(self, path: str) -> list[Any]:
        return [more for _method, at, more in self.client.get("/seen").json() if at == path]


@pytest.fixture(scope="module")
def process() -> Iterator[StandIn]:
    port = free_port()
    script = str(Path(str(factories.stand_in.__file__)))
    with subprocess.Popen([sys.executable, "-S", script, str(port)]) as server:
        try:
            wait_for(port, server)
            yield StandIn(port)
        finally:
            server.terminate()


@pytest.fixture
def there(process: StandIn, settings: Any, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # no TLS on the way to ourselves
    settings.INTERNAL_HOSTS = ["localhost"]
    settings.CALENDAR_APPS = {
        kind: {
            "client_id": "app", "client_secret": "hush", "authorize": f"{process.url}/authorize",
            "token": f"{process.url}/token", "api": process.url,
            "revoke": f"{process.url}/revoke" if kind == "google" else "",
        }
        for kind in ("google", "microsoft")
    }  # fmt: skip
    process.hold(
        seen=[], refresh={}, events=[], busy={}, calendars=[], scope="", broken="", codes={}
    )
    return process


def connect(client: Client, kind: str) -> str:
    """There, allowed, and back; the page that follows."""
    way = client.get(reverse("calendar_connect", args=[kind]))
    assert way.status_code == 302
    back = httpx.get(way["Location"], trust_env=False).headers["Location"]
    assert back.startswith("http://localhost:8000/settings/calendars/connected/?")
    return client.get(back.removeprefix("http://localhost:8000"), follow=True).content.decode()


def busy(world: World) -> list[str]:
    with reading(world.organization):
        rows = Busy.objects.order_by("starts_at")
        return [f"{row.starts_at:%d %H:%M}-{row.ends_at:%H:%M}" for row in rows]


def calendar(identity: str, **more: Any) -> dict[str, Any]:
    return {"id": identity, "accessRole": "owner", "selected": True, **more}


def span(day: str, start: str, end: str) -> dict[str, str]:
    return {"start": f"2026-02-{day}T{start}:00Z", "end": f"2026-02-{day}T{end}:00Z"}


def test_m25_busy_times_come_from_google_until_the_permission_is_taken_back(
    world: World, signed_in_as: Browser, there: StandIn
) -> None:
    assert world.program is not None
    book(
        world.program, world.people["bob"], world.people["alice"], SESSION, "Rebase a branch",
        by=world.viewer("bob"), now=NOW,
    )  # fmt: skip
    many = [calendar(f"own-{number}") for number in range(51)]
    there.hold(
        calendars=[
            *many, calendar("broken"), calendar("colleague", accessRole="reader"),
            calendar("hidden", selected=False),
        ],
        busy={
            "own-0": [span("03", "10:00", "11:00")],  # our session, and a meeting right after it
            "own-50": [span("04", "09:00", "09:30"), span("04", "09:30", "10:00")],
            "colleague": [span("05", "09:00", "10:00")],
            "hidden": [span("05", "09:00", "10:00")],
        },
    )  # fmt: skip
    alice = signed_in_as("alice")
    assert "“Google Calendar” is added and being read." in connect(alice, "google")
    drain(now=NOW)
    assert busy(world) == ["03 10:20-11:00", "04 09:00-10:00"]
    assert there.seen("/freeBusy") == [50, 2, 50, 2, 50, 2]  # 181 days in pieces of 62
    assert (
        "1 of your calendars there could not be read."
        in alice.get(reverse("calendars")).content.decode()
    )
    with reading(world.organization):
        source = CalendarSource.objects.get()
        kept = secret_of(source)["refresh_token"]
    assert there.client.get("/seen").json()[0][2]["access_type"] == "offline"

    # Read again with the token that took the last one's place; a limit passes by itself.
    there.hold(busy={}, broken="403")
    ask_refresh(source.public_id, by=world.viewer("alice"), now=NOW + timedelta(hours=1))
    drain(now=NOW + timedelta(hours=1))
    with reading(world.organization):
        source.refresh_from_db()
        assert (source.trouble, len(Busy.objects.all())) == ("status-429", 2)
        assert secret_of(source)["refresh_token"] != kept

    alice.post(reverse("calendar_remove", args=[source.public_id]))
    assert busy(world) == []
    assert (
        "Google Calendar,".lower() not in alice.get(reverse("calendars")).content.decode().lower()
    )
    drain(now=NOW + timedelta(hours=1))
    assert there.seen("/revoke") == [["token"]]
    with reading(world.organization):
        assert not CalendarSource.objects.exists()


def event(day: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {
        "iCalUId": f"{day}-{start}", "showAs": "busy", "isAllDay": False, "isCancelled": False,
        "responseStatus": {"response": "accepted"},
        "start": {"dateTime": f"2026-02-{day}T{start}:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": f"2026-02-{day}T{end}:00.0000000", "timeZone": "UTC"}, **more,
    }  # fmt: skip


def test_m25_busy_times_come_from_microsoft_until_the_permission_ends(
    world: World, signed_in_as: Browser, there: StandIn
) -> None:
    assert world.program is not None
    session = book(
        world.program, world.people["bob"], world.people["alice"], SESSION, "Rebase a branch",
        by=world.viewer("bob"), now=NOW,
    )  # fmt: skip
    mars = {"dateTime": "2026-02-09T10:00:00.0000000", "timeZone": "Mars Standard Time"}
    there.hold(
        events=[
            event("03", "10:00", "10:20", iCalUId=session.booking.uid),
            event("03", "10:20", "11:00"),
            event("04", "09:00", "10:00", showAs="free"),
            event("04", "10:00", "11:00", isCancelled=True),
            event("04", "11:00", "12:00", responseStatus={"response": "declined"}),
            {
                **event("06", "00:00", "00:00", isAllDay=True),
                "end": event("07", "00:00", "")["start"],
            },
            {**event("09", "", ""), "start": mars, "end": {**mars, "dateTime": "2026-02-09T11:00"}},
        ]
    )
    alice = signed_in_as("alice")
    assert "“Microsoft 365” is added and being read." in connect(alice, "microsoft")
    drain(now=NOW)
    # Whole days and unknown zones are Berlin's, their owner's; one came by another maker's name.
    assert busy(world) == ["03 10:20-11:00", "05 09:00-10:00", "05 23:00-23:00", "09 09:00-10:00"]
    assert (
        "The time zone “Mars Standard Time” is not known."
        in alice.get(reverse("calendars")).content.decode()
    )
    there.hold(refresh={})
    with reading(world.organization):
        source = CalendarSource.objects.get()
    ask_refresh(source.public_id, by=world.viewer("alice"), now=NOW + timedelta(hours=1))
    drain(now=NOW + timedelta(hours=1))
    shown = alice.get(reverse("calendars")).content.decode()
    assert "The other side does not let Handrail in." in shown
    assert "Until then the times from before count." in shown
    assert len(busy(world)) == 4


def test_only_who_went_there_comes_back_and_only_with_all_that_is_needed(
    world: World, signed_in_as: Browser, there: StandIn
) -> None:
    alice, bob = signed_in_as("alice"), signed_in_as("bob")
    way = alice.get(reverse("calendar_connect", args=["google"]))["Location"]
    back = urlsplit(httpx.get(way, trust_env=False).headers["Location"])
    came = {name: some[0] for name, some in parse_qs(back.query).items()}

    def said(client: Client, answer: dict[str, str]) -> str:
        return client.get(reverse("calendar_connected"), answer, follow=True).content.decode()

    assert "This way back has run out." in said(bob, came)
    assert "This way back has run out." in said(alice, {**came, "state": "another"})
    assert "This way back has run out." in said(alice, came)  # a ticket counts once
    way = alice.get(reverse("calendar_connect", args=["google"]))["Location"]
    state = parse_qs(urlsplit(way).query)["state"][0]
    refused = {"state": state, "error": "access_denied"}
    assert "the permission was not given" in said(alice, refused)
    there.hold(scope="https://www.googleapis.com/auth/calendar.freebusy")
    assert "all of the permissions are needed" in connect(alice, "google")
    way = alice.get(reverse("calendar_connect", args=["google"]))["Location"]
    state = parse_qs(urlsplit(way).query)["state"][0]
    assert "did not accept its own answer" in said(alice, {"state": state, "code": "made-up"})
    with reading(world.organization):
        assert not CalendarSource.objects.exists()


def test_a_kind_that_is_switched_off_is_not_offered_and_not_read_any_more(
    world: World, signed_in_as: Browser, there: StandIn, settings: Any
) -> None:
    alice = signed_in_as("alice")
    connect(alice, "google")
    drain(now=NOW)
    settings.CALENDAR_KINDS = ["ics"]
    shown = alice.get(reverse("calendars")).content.decode()
    assert "Connect Google" not in shown
    assert "CalDAV" not in shown
    assert alice.get(reverse("calendar_connect", args=["google"])).status_code == 404
    given = {"kind": "caldav", "name": "x", "address": "https://d.example", "user": "a"}
    assert alice.post(reverse("calendars"), {**given, "password": "b"}).status_code == 403
    with writing(world.organization):
        source = CalendarSource.objects.get()
        ask_refresh(source.public_id, by=world.viewer("alice"), now=NOW + timedelta(hours=1))
    asked = len(there.seen("/token"))
    drain(now=NOW + timedelta(hours=1))
    assert len(there.seen("/token")) == asked
    assert (
        "Calendars of this kind are not read here any more."
        in alice.get(reverse("calendars")).content.decode()
    )
