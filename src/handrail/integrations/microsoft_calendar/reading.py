"""When somebody's own calendar is busy (calendarView): its times alone are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, tzinfo
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from handrail.integrations.busy_sources import Asked, Told
from handrail.integrations.guarded_http import Unfetched, Why
from handrail.integrations.ics_feed import Problem, ProblemKind, Reading, Span
from handrail.integrations.ics_feed.spans import merged
from handrail.integrations.oauth.asking import Interface, windows

SCOPES = ("https://graph.microsoft.com/Calendars.ReadBasic", "offline_access")
# A subject is not among them, so none is sent to us.
FIELDS = "start,end,isAllDay,isCancelled,showAs,responseStatus,iCalUId"
PAGE = 200
MOST_PAGES = 50
FREE = ("free", "workingElsewhere")
SHOWN = 60  # characters of a zone's name


def read(asked: Asked) -> Told:
    """When the calendar of whoever allowed it is busy, without what was invited from here."""
    interface = Interface(asked)
    ours = set(asked.owner.ours)
    home = ZoneInfo(asked.owner.timezone)
    spans: list[Span] = []
    problems: Counter[tuple[ProblemKind, str]] = Counter()
    for since, until in windows(asked.since, asked.until):
        for event in _events(interface, since, until):
            try:
                if str(event.get("iCalUId", "")) in ours or _is_free(event):
                    continue
                spans.append(
                    (_at(event, "start", home, problems), _at(event, "end", home, problems))
                )
            except (KeyError, TypeError, ValueError, AttributeError):
                problems[ProblemKind.UNREADABLE, ""] += 1
    told = tuple(Problem(kind, count, about) for (kind, about), count in sorted(problems.items()))
    return Told(Reading(merged(spans, asked.since, asked.until), told))


def _events(interface: Interface, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
    base = interface.asked.app["api"]
    query = {
        "startDateTime": since.isoformat(),
        "endDateTime": until.isoformat(),
        "$select": FIELDS,
        "$top": str(PAGE),
    }
    address = f"{base}/me/calendarView?{urlencode(query)}"
    for _page in range(MOST_PAGES):
        answer = interface.ask(address, headers={"Prefer": 'outlook.timezone="UTC"'})
        found = answer.get("value")
        if not isinstance(found, list):
            raise Unfetched(Why.GARBLED)
        yield from (event for event in found if isinstance(event, dict))
        address = str(answer.get("@odata.nextLink") or "")
        if not address:
            return
        if urlsplit(address)[:2] != urlsplit(base)[:2]:
            raise Unfetched(Why.REDIRECTS)  # the token goes nowhere else
    raise Unfetched(Why.LARGE)


def _is_free(event: Mapping[str, Any]) -> bool:
    answer = event.get("responseStatus") or {}
    return (
        bool(event.get("isCancelled"))
        or event.get("showAs") in FREE
        or answer.get("response") == "declined"
    )


def _at(
    event: Mapping[str, Any],
    name: str,
    home: ZoneInfo,
    problems: Counter[tuple[ProblemKind, str]],
) -> datetime:
    """A moment; a whole day is its owner's, whatever zone it is written in."""
    said = event[name]
    # Seven digits follow the seconds, one more than is read.
    at = datetime.fromisoformat(str(said["dateTime"]).rstrip("Z")[:26])
    if event.get("isAllDay"):
        return datetime.combine(at.date(), time(), home).astimezone(UTC)
    return at.replace(tzinfo=_zone(str(said.get("timeZone", "")), home, problems)).astimezone(UTC)


def _zone(name: str, home: ZoneInfo, problems: Counter[tuple[ProblemKind, str]]) -> tzinfo:
    """A zone by either maker's name; one that nobody knows is its owner's, and told."""
    if name in ("UTC", ""):
        return UTC
    try:
        return ZoneInfo(WINDOWS_TO_OLSON.get(name, name))
    except (KeyError, ValueError, OSError):
        shown = "".join(letter for letter in name if letter.isprintable())[:SHOWN]
        problems[ProblemKind.UNKNOWN_ZONE, shown] += 1
        return home
