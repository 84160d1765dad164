"""Busy times by CalDAV, from two real servers in processes of their own, and from bad answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from factories.servers import free_port, running
from handrail.integrations.busy_sources import Asked, SignIn, Told
from handrail.integrations.caldav import read
from handrail.integrations.guarded_http import Outbound, Unfetched
from handrail.integrations.ics_feed import Failed, Owner, Refused, Unchanged
from integrations.guarded_http.servers import serving, text

INSIDE = Outbound(internal=frozenset({"127.0.0.1"}))
BERLIN = """BEGIN:VTIMEZONE\r
TZID:Europe/Berlin\r
BEGIN:DAYLIGHT\r
DTSTART:19810329T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
END:STANDARD\r
END:VTIMEZONE\r
"""


def event(uid: str, times: str, zone: str = "") -> str:
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{zone}BEGIN:VEVENT\r\nUID:{uid}\r\n"
        f"DTSTAMP:20270301T000000Z\r\nSUMMARY:Redundancy talks\r\n{times}END:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )


WEEKLY = (
    "DTSTART;TZID=Europe/Berlin:20270322T100000\r\nDTEND;TZID=Europe/Berlin:20270322T110000\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;TZID=Europe/Berlin:20270329T100000\r\n"
)
# Across the change of clocks on 28 March, without its second week, with and without the zone's
# definition: Radicale itself would be an hour off and show the second week where it is missing.
EVENTS = {
    "a": event("a", WEEKLY, BERLIN),
    "b": event("b", WEEKLY.replace("100000", "140000").replace("110000", "150000")),
    "c": event("c", "DTSTART;VALUE=DATE:20270402\r\nDTEND;VALUE=DATE:20270403\r\n"),
    "d": event("d", "DTSTART:20270325T090000Z\r\nDTEND:20270325T100000Z\r\nTRANSP:TRANSPARENT\r\n"),
    "e": event("e", "DTSTART:20260101T090000Z\r\nDTEND:20260101T100000Z\r\n"),
}
BUSY = [
    "22 09:00-22 10:00", "22 13:00-22 14:00",  # 10:00 and 14:00 in winter
    "01 22:00-02 22:00",  # a whole day in Berlin's summer
    "05 08:00-05 09:00", "05 12:00-05 13:00",  # the same wall time in summer
]  # fmt: skip


def asked(address: str, marks: dict[str, str] | None = None, password: str = "app") -> Asked:
    return Asked(
        outbound=INSIDE,
        secret={"address": address, "user": "bob", "password": password},
        owner=Owner("Europe/Berlin", ("bob@northwind.example",)),
        since=datetime(2027, 3, 15, tzinfo=UTC),
        until=datetime(2027, 4, 15, tzinfo=UTC),
        marks=marks or {},
    )


def spans(told: Told) -> list[str]:
    return [f"{start:%d %H:%M}-{end:%d %H:%M}" for start, end in told.reading.spans]


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "users").write_text("bob:app\n")
    port = free_port()
    (tmp_path / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = htpasswd\n"
        f"htpasswd_filename = {tmp_path}/users\nhtpasswd_encryption = plain\ndelay = 0\n"
        f"[storage]\nfilesystem_folder = {tmp_path}/there\n"
    )
    with running("radicale", ["--config", str(tmp_path / "config")], port):
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def xandikos(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    arguments = [
        "serve", "--directory", str(tmp_path), "--defaults", "--listen-address", "127.0.0.1",
        "--port", str(port), "--current-user-principal", "/bob/",
    ]  # fmt: skip
    with running("xandikos", arguments, port):
        yield f"http://127.0.0.1:{port}/"


def put(calendar: str, events: dict[str, str]) -> None:
    with httpx.Client(auth=("bob", "app"), trust_env=False) as client:
        client.request("MKCALENDAR", calendar)  # there already, or not
        for name, words in events.items():
            answer = client.put(
                f"{calendar}{name}.ics", content=words, headers={"Content-Type": "text/calendar"}
            )
            assert answer.status_code in (201, 204), answer.text


def told_by_a_server(address: str, calendar: str) -> None:
    put(calendar, EVENTS)
    first = read(asked(address))
    assert spans(first) == BUSY
    assert first.reading.problems == ()
    with pytest.raises(Unchanged):
        read(asked(address, dict(first.marks)))
    put(calendar, {"f": event("f", "DTSTART:20270410T090000Z\r\nDURATION:PT30M\r\n")})
    assert spans(read(asked(address, dict(first.marks)))) == [*BUSY, "10 09:00-10 09:30"]
    assert spans(read(asked(calendar))) == [*BUSY, "10 09:00-10 09:30"]  # named by itself


def test_m25_busy_times_come_from_radicale(radicale: str) -> None:
    told_by_a_server(radicale, f"{radicale}bob/work/")
    with pytest.raises(SignIn):
        read(asked(radicale, password="wrong"))


@pytest.mark.nightly
def test_m25_busy_times_come_from_xandikos(xandikos: str) -> None:
    told_by_a_server(xandikos, f"{xandikos}bob/calendars/calendar/")


def entry(href: str, more: str = "") -> str:
    return (
        f"<d:response><d:href>{href}</d:href><d:propstat><d:prop>{more}</d:prop>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    )


def multistatus(*entries: str) -> bytes:
    names = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    return f"<d:multistatus {names}>{''.join(entries)}</d:multistatus>".encode()


def home(href: str) -> str:
    return f"<c:calendar-home-set><d:href>{href}</d:href></c:calendar-home-set>"


CALENDAR = "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
DEEP = multistatus("<x>" * 5000 + "</x>" * 5000)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"<html></html>", Refused),
        (207, b"no xml", Unfetched),
        (207, b"<other/>", Unfetched),
        (207, BOMB, Unfetched),
        (207, DEEP, Unfetched),
        (207, multistatus(entry("/", home("https://evil.example/"))), Failed),
        (207, multistatus(entry("/", home("/bob/"))), Failed),  # nothing is there
        (404, b"", Failed),
        (403, b"", SignIn),
        (500, b"", Refused),
    ],
)
def test_whatever_a_server_answers_is_told_in_our_words(
    status: int, body: bytes, error: type[Exception]
) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        text(handler, body, status)

    with serving(reply) as port, pytest.raises(error):
        read(asked(f"http://127.0.0.1:{port}/"))


def test_lists_of_tasks_and_calendars_that_leave_one_free_are_not_read() -> None:
    tasks = '<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>'  # noqa: E501
    free = "<c:schedule-calendar-transp><c:transparent/></c:schedule-calendar-transp>"
    data = f"<c:calendar-data><![CDATA[{EVENTS['c']}]]></c:calendar-data>"
    seen = []

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        seen.append(f"{handler.command} {handler.path}")
        if handler.command == "REPORT":
            text(handler, multistatus(entry("/bob/work/1.ics", data)), 207)
        elif handler.path == "/":
            text(handler, multistatus(entry("/", home("/bob/"))), 207)
        else:
            listed = [
                entry("/bob/"), entry("/bob/work/", CALENDAR),
                entry("/bob/tasks/", CALENDAR + tasks), entry("/bob/birthdays/", CALENDAR + free),
            ]  # fmt: skip
            text(handler, multistatus(*listed), 207)

    with serving(reply) as port:
        told = read(asked(f"http://127.0.0.1:{port}/"))
    assert spans(told) == ["01 22:00-02 22:00"]
    assert told.marks == {"etag": ""}  # no mark: everything is asked for again
    assert seen == ["PROPFIND /", "PROPFIND /bob/", "REPORT /bob/work/"]
