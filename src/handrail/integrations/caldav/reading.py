"""From an address, a user and an app password to busy times."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urljoin, urlsplit

from handrail.integrations.busy_sources import Asked, SignIn, Told
from handrail.integrations.caldav.multistatus import APPLE, CALDAV, DAV, Resource, resources
from handrail.integrations.guarded_http import Answer, Unfetched, Why
from handrail.integrations.ics_feed import Failed, Refused, Unchanged, Unread, read_apart

MOST_CALENDARS = 20
SECONDS = 60.0  # for everything: a runner lends a source two minutes
WELL_KNOWN = "/.well-known/caldav"
DAY = timedelta(days=1)

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
SPACES = (
    'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="http://calendarserver.org/ns/"'
)
LOOK = (
    f"{HEAD}<D:propfind {SPACES}><D:prop><D:resourcetype/><D:current-user-principal/>"
    "<C:calendar-home-set/><C:supported-calendar-component-set/><C:schedule-calendar-transp/>"
    "<D:sync-token/><A:getctag/></D:prop></D:propfind>"
)
QUERY = (
    f"{HEAD}<C:calendar-query {SPACES}><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter>"
    '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
    '<C:time-range start="{since}" end="{until}"/></C:comp-filter></C:comp-filter></C:filter>'
    "</C:calendar-query>"
)


@dataclass(frozen=True, slots=True)
class _Server:
    """Whom we ask what, and until when: there may be many requests, and all share one time."""

    asked: Asked
    deadline: float


@dataclass(frozen=True, slots=True)
class Calendar:
    """One calendar on the server; `mark` changes whenever anything in it does."""

    url: str
    mark: str


def read(asked: Asked) -> Told:
    """The busy times of every calendar at the address, or of the one that it names."""
    server = _Server(asked, monotonic() + SECONDS)
    calendars = _calendars(server)
    if not calendars:
        raise Failed(Unread.NO_CALENDARS)
    mark = _mark(calendars)
    if mark and mark == asked.marks.get("etag"):
        raise Unchanged
    texts: list[str] = []
    room = asked.outbound.limits.bytes
    for calendar in calendars:
        for text in _objects(server, calendar):
            room -= len(text)
            if room < 0:
                raise Unfetched(Why.LARGE)
            texts.append(text)
    whole = "\r\n".join(texts) or "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    reading = read_apart(whole.encode(), asked.owner, asked.since, asked.until)
    return Told(reading, {"etag": mark})


def _calendars(server: _Server) -> list[Calendar]:
    """The calendars to read: the one at the address, or those of whoever signs in there."""
    start = server.asked.secret["address"]
    here = _look(server, start, depth=0, missing_is_fine=True)
    first = here[0] if here else None
    if first is not None and _is_calendar(first[1]):
        return [_calendar(*first)]
    principal, home = _led(first)
    if not principal and not home:
        # Only a name was given: the standard says where to go on from there.
        known = _look(server, urljoin(start, WELL_KNOWN), depth=0, missing_is_fine=True)
        principal, home = _led(known[0] if known else None)
    if not home and principal:
        of_user = _look(server, principal, depth=0)
        home = _led(of_user[0] if of_user else None)[1]
    if not home and first is None:
        raise Failed(Unread.NO_CALENDARS)
    listed = _look(server, home or start, depth=1)
    found = [_calendar(url, one) for url, one in listed if _is_calendar(one)]
    return sorted(found, key=lambda one: one.url)[:MOST_CALENDARS]


def _led(entry: tuple[str, Resource] | None) -> tuple[str, str]:
    if entry is None:
        return "", ""
    url, resource = entry
    principal = resource.href_in(f"{DAV}current-user-principal")
    home = resource.href_in(f"{CALDAV}calendar-home-set")
    return urljoin(url, principal) if principal else "", urljoin(url, home) if home else ""


def _is_calendar(resource: Resource) -> bool:
    """Whether it holds events that take time: no lists of tasks, and none that its owner frees."""
    if not resource.has(f"{DAV}resourcetype", f"{CALDAV}calendar"):
        return False
    if resource.has(f"{CALDAV}schedule-calendar-transp", f"{CALDAV}transparent"):
        return False
    kinds = resource.found.get(f"{CALDAV}supported-calendar-component-set")
    names = {kind.get("name", "").upper() for kind in kinds} if kinds is not None else set()
    return not names or "VEVENT" in names


def _calendar(url: str, resource: Resource) -> Calendar:
    mark = resource.text(f"{DAV}sync-token") or resource.text(f"{APPLE}getctag")
    return Calendar(url, mark)


def _mark(calendars: list[Calendar]) -> str:
    """One mark for them all; none where one of them has none, and everything is read anew."""
    if not all(calendar.mark for calendar in calendars):
        return ""
    said = repr([(calendar.url, calendar.mark) for calendar in calendars])
    return hashlib.sha256(said.encode()).hexdigest()


def _objects(server: _Server, calendar: Calendar) -> Iterator[str]:
    """The events that touch the span, as they were written; an hour's zone may shift a day."""
    asked = server.asked
    body = QUERY.format(since=_utc(asked.since - DAY), until=_utc(asked.until + DAY))
    answer = _ask(server, "REPORT", calendar.url, body, depth=1)
    for resource in resources(answer.body):
        if text := resource.text(f"{CALDAV}calendar-data"):
            yield text


def _look(
    server: _Server, url: str, *, depth: int, missing_is_fine: bool = False
) -> list[tuple[str, Resource]]:
    """What is at an address and, with depth 1, in it; each with its whole address."""
    try:
        answer = _ask(server, "PROPFIND", url, LOOK, depth=depth)
    except Refused as refused:
        if missing_is_fine and refused.status in (404, 405, 501):
            return []
        raise
    return [(urljoin(answer.url, one.href), one) for one in resources(answer.body)]


def _ask(server: _Server, method: str, url: str, body: str, *, depth: int) -> Answer:
    asked = server.asked
    if monotonic() > server.deadline:
        raise Unfetched(Why.LATE)
    answer = asked.outbound.ask(
        _same_house(asked.secret["address"], url),
        method=method,
        headers={"Content-Type": "application/xml; charset=utf-8", "Depth": str(depth)},
        content=body.encode(),
        auth=(asked.secret["user"], asked.secret["password"]),
    )
    if answer.status in (401, 403):
        raise SignIn
    if answer.status != 207:
        raise Refused(answer.status)
    return answer


def _same_house(start: str, url: str) -> str:
    """An address that the server named, if the password may go there: its host or a neighbour."""
    asked, named = urlsplit(start).hostname or "", urlsplit(url).hostname or ""
    parent = asked.partition(".")[2]
    is_name = "." in parent and not parent.replace(".", "").isdigit()
    near = is_name and (named == parent or named.endswith(f".{parent}"))
    if named != asked and not near:
        raise Failed(Unread.ELSEWHERE)
    return url


def _utc(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"
