"""Calendars elsewhere make time busy: times only, the last good set kept, and its age told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from factories.world import NOW, World
from handrail.apps.calendars.models import Booking, Busy, CalendarSource
from handrail.apps.calendars.source_words import problem_words, trouble_words
from handrail.apps.calendars.sources import add_source, ask_refresh, remove_source
from handrail.apps.organizations.guards.tables import scoped_models
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.sealing import Unsealable, open_sealed, seal
from handrail.apps.outbox.actions import drain
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.tasks import enqueue_rules
from handrail.apps.sessions.actions import book
from integrations.guarded_http.servers import serving, text

pytestmark = pytest.mark.later_on_postgresql

CANARY = "Redundancy talks"
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
SESSION = datetime.fromisoformat("2026-02-03T10:00+00:00")


def event(start: str, end: str, more: str = "") -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:{start}\r\nSUMMARY:{CANARY}\r\nDTSTART:{start}\r\nDTEND:{end}\r\n"
        f"{more}END:VEVENT\r\n"
    )


LUNCH = event("20260204T110000Z", "20260204T120000Z")
OVER = event("20260203T090000Z", "20260203T101500Z")


class Feed:
    """A published calendar that a test writes, and what was asked of it."""

    def __init__(self) -> None:
        self.events = LUNCH
        self.status = 200
        self.asked: list[str | None] = []
        self.port = 0

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/secret-word/a.ics"

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.headers["If-None-Match"])
        mark = f'"{hash(self.events)}"'
        if handler.headers["If-None-Match"] == mark and self.status == 200:
            handler.send_response(304)
            handler.end_headers()
            return
        body = f"{HEAD}{self.events}END:VCALENDAR\r\n".encode()
        text(handler, body, self.status, ETag=mark)


@pytest.fixture
def feed(settings: Any) -> Iterator[Feed]:
    settings.INTERNAL_HOSTS = ["localhost"]
    feed = Feed()
    with serving(feed) as feed.port:
        yield feed


def add(world: World, feed: Feed, who: str = "alice", name: str = "Work") -> CalendarSource:
    by = world.viewer(who)
    return add_source(world.people[who], name, feed.address, by=by, now=NOW)


def refresh(world: World, source: CalendarSource, now: datetime) -> CalendarSource:
    """Ask as its owner does, and let the worker work."""
    ask_refresh(source.public_id, by=world.viewer("alice"), now=now)
    drain(now=now)
    source.refresh_from_db()
    return source


def busy() -> list[str]:
    rows = Busy.objects.order_by("starts_at")
    return [f"{row.source} {row.starts_at:%d %H:%M}-{row.ends_at:%H:%M}" for row in rows]


def test_a_calendar_that_is_added_is_read_and_no_word_of_it_is_kept(
    world: World, feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    source = add(world, feed)
    drain(now=NOW)
    source.refresh_from_db()
    assert busy() == ["Work 04 11:00-12:00"]
    assert (source.trouble, source.good_at, source.host) == ("", NOW, "localhost")
    kept = "".join(
        str(list(model._base_manager.values_list())) for model in scoped_models()
    )  # every column of every table
    for word in (CANARY, "secret-word"):
        assert word not in kept + caplog.text


def test_what_has_not_changed_is_not_sent_again_until_a_day_later(world: World, feed: Feed) -> None:
    source = add(world, feed)
    drain(now=NOW)
    later = refresh(world, source, NOW + timedelta(hours=1))
    assert (later.good_at, later.read_at) == (NOW + timedelta(hours=1), NOW)
    refresh(world, source, NOW + timedelta(hours=25))
    assert [asked is None for asked in feed.asked] == [True, False, True]
    assert busy() == ["Work 04 11:00-12:00"]


@pytest.mark.parametrize(
    ("status", "events", "trouble"),
    [(500, LUNCH, "status-500"), (200, "BEGIN:VEVENT\r\n", "cut-off")],
)
def test_on_trouble_the_last_good_times_stay_with_their_age(
    world: World, feed: Feed, status: int, events: str, trouble: str
) -> None:
    source = add(world, feed)
    drain(now=NOW)
    feed.status, feed.events = status, events
    later = refresh(world, source, NOW + timedelta(hours=2))
    assert (later.trouble, later.good_at) == (trouble, NOW)
    assert later.tried_at == NOW + timedelta(hours=2)
    assert busy() == ["Work 04 11:00-12:00"]
    assert trouble_words(trouble).endswith("It is tried again by itself.")


def test_a_newer_set_replaces_the_last_one_of_this_calendar_alone(world: World, feed: Feed) -> None:
    source = add(world, feed)
    add(world, feed, name="Home")
    drain(now=NOW)
    feed.events = event("20260205T110000Z", "20260205T120000Z")
    refresh(world, source, NOW + timedelta(hours=1))
    assert busy() == ["Home 04 11:00-12:00", "Work 05 11:00-12:00"]
    remove_source(source.public_id, by=world.viewer("alice"), now=NOW)
    assert busy() == ["Home 04 11:00-12:00"]


def test_every_half_hour_each_calendar_is_read(world: World, feed: Feed) -> None:
    add(world, feed)
    drain(now=NOW)
    for minutes in (31, 40, 61):
        now = NOW + timedelta(minutes=minutes)
        enqueue_rules(now=now)
        drain(now=now)
    assert len(feed.asked) == 3


def test_an_address_inside_is_told_and_nothing_is_read(world: World, feed: Feed) -> None:
    address = f"https://127.0.0.1:{feed.port}/a.ics"
    source = add_source(world.people["alice"], "Work", address, by=world.viewer("alice"), now=NOW)
    drain(now=NOW)
    source.refresh_from_db()
    assert (source.trouble, source.good_at, feed.asked) == ("inside", None, [])


def test_what_was_not_understood_is_told_in_words(world: World, feed: Feed) -> None:
    feed.events = event("20260204T110000Z", "20260204T120000Z", "RRULE:FREQ=SECONDLY\r\n")
    source = add(world, feed)
    drain(now=NOW)
    source.refresh_from_db()
    assert source.problems == [["too-often", 1, ""]]
    assert problem_words(source) == [
        "1 event repeats in a way that is not followed (more than daily). From its start on all"
        " time counts as busy until you change it."
    ]


@pytest.fixture
def session_booking(world: World) -> Booking:
    assert world.program is not None
    session = book(
        world.program,
        world.people["bob"],
        world.people["alice"],
        SESSION,
        "Rebase a branch without fear",
        by=world.viewer("bob"),
        now=NOW,
    )
    return session.booking


def told() -> list[str]:
    rows = OutboxRow.objects.filter(kind="mail.busy_over").order_by("pk")
    return [str(row.ref["person"]) for row in rows]


def test_a_busy_time_over_a_session_is_told_to_both_once_and_cancels_nothing(
    world: World, feed: Feed, session_booking: Booking, settings: Any
) -> None:
    source = add(world, feed)
    drain(now=NOW)
    assert told() == []
    feed.events = LUNCH + OVER
    refresh(world, source, NOW + timedelta(hours=1))
    both = {str(world.people[name].public_id) for name in ("alice", "bob")}
    assert set(told()) == both
    feed.events = LUNCH + OVER + event("20260206T110000Z", "20260206T120000Z")
    refresh(world, source, NOW + timedelta(hours=2))
    assert len(told()) == 2
    session_booking.refresh_from_db()
    assert session_booking.status == "confirmed"
    mails = [path.read_text() for path in settings.MAIL_FOLDER.glob("*.eml")]
    subjects = [mail for mail in mails if "Subject: Busy" in mail]
    assert len(subjects) == 2
    assert any("Your calendar now says that you are busy" in body for body in subjects)
    assert any("calendar now says that they are busy" in body for body in subjects)


def test_an_overlap_is_told_whenever_it_is_found_and_again_only_when_it_came_back(
    world: World, feed: Feed, session_booking: Booking
) -> None:
    """Somebody books while a calendar is read: neither sees the other, the next look sees both."""
    source = add(world, feed)
    drain(now=NOW)
    row = Busy(
        organization=world.organization, person=world.people["alice"], source="Work",
        starts_at=SESSION - timedelta(minutes=10), ends_at=SESSION + timedelta(minutes=10),
    )  # fmt: skip
    row.save()
    later = refresh(world, source, NOW + timedelta(hours=1))
    assert later.read_at == NOW  # unchanged there, and found all the same
    assert len(told()) == 2
    feed.status = 500
    refresh(world, source, NOW + timedelta(hours=2))
    assert len(told()) == 2
    row.delete()
    refresh(world, source, NOW + timedelta(hours=3))
    row.pk = None
    row.save()
    refresh(world, source, NOW + timedelta(hours=4))
    assert len(told()) == 4
    refresh(world, source, SESSION + timedelta(minutes=1))
    assert len(told()) == 4


def test_our_own_entry_in_their_calendar_is_not_busy(
    world: World, feed: Feed, session_booking: Booking
) -> None:
    uid = session_booking.uid
    own = event("20260203T100000Z", "20260203T102000Z")
    feed.events = own.replace("UID:20260203T100000Z", f"UID:{uid}")
    add(world, feed)
    drain(now=NOW)
    assert (busy(), told()) == ([], [])


def test_a_calendar_is_its_owners_alone(world: World, feed: Feed) -> None:
    source = add(world, feed)
    for name in ("bob", "adam"):
        with pytest.raises(NotFound):
            remove_source(source.public_id, by=world.viewer(name), now=NOW)
    with pytest.raises(NotAllowed):
        add_source(world.people["alice"], "x", feed.address, by=world.viewer("adam"), now=NOW)


@pytest.mark.parametrize(
    ("name", "address", "field"),
    [
        ("", "https://feed.example.org/", "name"),
        ("x" * 61, "https://feed.example.org/", "name"),
        ("work ", "https://feed.example.org/", "name"),  # one is called so
        ("Home", "http://feed.example.org/", "address"),
        ("Home", "feed.example.org", "address"),
        ("Home", "https://feed.example.org/" + "x" * 2000, "address"),
    ],
)
def test_what_cannot_be_added_is_told_beside_its_field(
    world: World, feed: Feed, name: str, address: str, field: str
) -> None:
    add(world, feed)
    with pytest.raises(Invalid) as said:
        add_source(world.people["alice"], name, address, by=world.viewer("alice"), now=NOW)
    assert list(said.value.fields) == [field]


def test_five_calendars_are_the_most(world: World, feed: Feed) -> None:
    for number in range(5):
        add(world, feed, name=f"{number}")
    with pytest.raises(Conflict):
        add(world, feed, name="6")


def test_a_secret_opens_in_its_place_and_with_its_key_alone(settings: Any) -> None:
    sealed = seal("https://feed.example.org/secret", place="1:a")
    assert "secret" not in sealed
    assert open_sealed(sealed, place="1:a") == "https://feed.example.org/secret"
    for changed, place in ((sealed, "1:b"), (sealed[:-6] + "AAAA==", "1:a"), ("", "1:a")):
        with pytest.raises(Unsealable):
            open_sealed(changed, place=place)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another-key"
    with pytest.raises(Unsealable):
        open_sealed(sealed, place="1:a")
    settings.SECRET_KEY_FALLBACKS = [before]
    assert open_sealed(sealed, place="1:a") == "https://feed.example.org/secret"
