"""From a calendar's parts to busy spans (runs in a process that may be ended at any moment)."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from recurring_ical_events import CalendarQuery

from handrail.integrations.ics_feed.facts import Owner, Problem, ProblemKind, Reading, Span
from handrail.integrations.ics_feed.lines import TIMES, CalendarText, Part, take_apart
from handrail.integrations.ics_feed.rules import too_often
from handrail.integrations.ics_feed.spans import merged
from handrail.integrations.ics_feed.zones import Zones

SECONDS_EACH = 1.0  # of computing, for one event with its repetitions
DAY = timedelta(days=1)
DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
UTC_TIME = re.compile(r"\d{8}T\d{6}Z", re.IGNORECASE)
LOCAL_TIME = re.compile(r"\d{8}T\d{6}(?!Z)", re.IGNORECASE)
FREE = "X-FREE"


class _TooOften(Exception):
    pass


class _TooSlow(Exception):
    pass


def busy_times(text: str, owner: Owner, since: datetime, until: datetime) -> Reading:
    """The busy spans of a calendar between two moments; Failed where it cannot be read at all.

    What cannot be read by itself is told, and its time counts as busy as far as it is known.
    """
    spans: list[Span] = []
    problems: Counter[tuple[ProblemKind, str]] = Counter()
    for calendar in take_apart(text):
        _Reader(calendar, owner, since, until, spans, problems).read()
    told = [Problem(kind, count, about) for (kind, about), count in sorted(problems.items())]
    return Reading(merged(spans, since, until), tuple(told))


class _Reader:
    def __init__(
        self,
        calendar: CalendarText,
        owner: Owner,
        since: datetime,
        until: datetime,
        spans: list[Span],
        problems: Counter[tuple[ProblemKind, str]],
    ) -> None:
        self.calendar = calendar
        self.owner = owner
        self.emails = {email.lower() for email in owner.emails}
        self.ours = frozenset(owner.ours)
        self.home = ZoneInfo(owner.timezone)
        self.since = since
        self.until = until
        self.spans = spans
        self.problems = problems
        self.zones = Zones(calendar.zone, calendar.zones, owner.timezone)

    def read(self) -> None:
        series: dict[str, list[Part]] = {}
        for number, part in enumerate(self.calendar.parts):
            if part.kind == "VFREEBUSY":
                self._guarded([part], lambda part=part: self._listed(part))
            elif part.uid not in self.ours and not self._is_over(part):
                series.setdefault(part.uid or f" {number}", []).append(part)
        for parts in chain.from_iterable(map(_apart, series.values())):
            if not all(self._is_free(part) for part in parts):
                self._guarded(parts, lambda parts=parts: self._occurring(parts))
        for name, count in self.zones.unknown.items():
            self.problems[ProblemKind.UNKNOWN_ZONE, name] += count

    def _guarded(self, parts: list[Part], read: Any) -> None:
        try:
            with _at_most(SECONDS_EACH):
                found = list(read())
        except _TooOften:
            kind = ProblemKind.TOO_OFTEN
        except _TooSlow:
            kind = ProblemKind.TOO_SLOW
        except MemoryError:
            raise
        except Exception:  # whatever its maker did wrong concerns this event alone
            kind = ProblemKind.UNREADABLE
        else:
            self.spans.extend(found)
            return
        self.problems[kind, ""] += 1
        self.spans.extend(span for part in parts for span in self._as_far_as_known(part))

    def _occurring(self, parts: list[Part]) -> Iterator[Span]:
        calendar = icalendar.Calendar()
        for part in parts:
            calendar.add_component(icalendar.Event.from_ical(self._event(part)))
        query = CalendarQuery(calendar)
        for event in query.between(self.since - DAY, self.until + DAY):
            if FREE not in event:
                yield self._moment(event["DTSTART"].dt), self._moment(event["DTEND"].dt)

    def _listed(self, part: Part) -> Iterator[Span]:
        for line in part.lines.get("FREEBUSY", []):
            head, _colon, value = line.rpartition(":")
            if "FBTYPE=FREE" in head.upper():
                continue
            for period in _list(value.strip().upper()):
                start, end = period
                yield (
                    self._moment(start),
                    self._moment(start + end if isinstance(end, timedelta) else end),
                )

    def _event(self, part: Part) -> str:
        """The event with its times alone, each with a zone that is known."""
        starts = part.lines.get("DTSTART", [])
        if not starts and self._is_free(part):
            # One week that is called off may say no more than which.
            starts = [
                re.sub("^RECURRENCE-ID(;RANGE=[A-Z]+)?", "DTSTART", line, flags=re.IGNORECASE)
                for line in part.lines.get("RECURRENCE-ID", [])
            ]
        if not starts:
            raise ValueError("no start")
        if any(too_often(line) for line in part.lines.get("RRULE", [])):
            raise _TooOften
        repeats = "RRULE" in part.lines
        lines = ["BEGIN:VEVENT", "UID:1"]
        for name in TIMES:
            for line in starts if name == "DTSTART" else part.lines.get(name, []):
                plain = name in ("RRULE", "DURATION")
                lines.append(line if plain else self._timed(name, line, repeats))
        if part.value("SEQUENCE").isdecimal():
            lines.append(f"SEQUENCE:{part.value('SEQUENCE')}")
        if self._is_free(part):
            lines.append(f"{FREE}:1")
        lines.append("END:VEVENT")
        return "\r\n".join(lines) + "\r\n"

    def _timed(self, name: str, line: str, repeats: bool) -> str:
        _name, params, value = _Line(line).parts()
        value = value.strip()
        kept = "".join(
            f";{key}={params[key]}"
            for key in ("VALUE", "RANGE")
            if key in params and str(params[key]).replace("-", "").isalpha()
        )
        turned = repeats and self.zones.says_its_own and UTC_TIME.fullmatch(value)
        if turned and name in ("DTSTART", "DTEND"):
            # Such a calendar writes in UTC what it means in its own zone: it repeats by that clock.
            at = datetime.strptime(value.upper(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            value = f"{at.astimezone(self.zones.own):%Y%m%dT%H%M%S}"
            return f'{name}{kept};TZID="{self.zones.own_name}":{value}'
        if not LOCAL_TIME.search(value):
            return f"{name}{kept}:{value}"
        zone = self.zones.name_of(str(params.get("TZID", ""))) or self.zones.own_name
        return f'{name}{kept};TZID="{zone}":{value}'

    def _is_free(self, part: Part) -> bool:
        if part.value("TRANSP") == "TRANSPARENT" or part.value("STATUS") == "CANCELLED":
            return True
        if not self.emails:
            return False
        return any(
            "PARTSTAT=DECLINED" in line.upper().replace('"', "")
            and line.lower().rpartition("mailto:")[2].strip() in self.emails
            for line in part.lines.get("ATTENDEE", [])
        )

    def _is_over(self, part: Part) -> bool:
        """Whether a single event plainly lies outside what is asked: most of old calendars do."""
        if any(name in part.lines for name in ("RRULE", "RDATE", "RECURRENCE-ID", "DURATION")):
            return False
        first, last = _day(part.value("DTSTART")), _day(part.value("DTEND"))
        if first is None or ("DTEND" in part.lines and last is None):
            return False
        ends = max(first, last or first)
        return (
            ends < (self.since - 3 * DAY).date()
            or min(first, last or first) > (self.until + 3 * DAY).date()
        )

    def _as_far_as_known(self, part: Part) -> Iterator[Span]:
        """Busy in place of what could not be read: from its first day to its last, or for good."""
        last = _day(part.value("DTEND"))
        first = _day(part.value("DTSTART")) or last
        if first is None or self._is_free(part):
            return
        last = last or first
        start = self._midnight(first)
        if "RRULE" not in part.lines and "RDATE" not in part.lines and "DURATION" not in part.lines:
            yield start, self._midnight(max(first, last) + DAY)
            return
        ends = re.search(r"UNTIL=(\d{8})", part.value("RRULE"))
        stop = _day(ends[1]) if ends else None
        yield start, self._midnight(stop + DAY) if stop else self.until

    def _moment(self, at: date | datetime) -> datetime:
        if not isinstance(at, datetime):
            return self._midnight(at)
        return (at if at.tzinfo else at.replace(tzinfo=self.zones.own)).astimezone(UTC)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.home).astimezone(UTC)


def _apart(parts: list[Part]) -> list[list[Part]]:
    """A series with its changes; events that wrongly share its name stand by themselves."""
    first: list[Part] = []
    others: list[list[Part]] = []
    for part in parts:
        if "RECURRENCE-ID" in part.lines or all("RECURRENCE-ID" in one.lines for one in first):
            first.append(part)
        else:
            others.append([part])
    return [first, *others]


# The library tells no types for these.
_list: Callable[[str], list[Any]] = icalendar.vDDDLists.from_ical
_Line: Any = icalendar.parser.Contentline


def _day(text: str) -> date | None:
    found = DIGITS.search(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _TooSlow inside after so much computing; where that cannot be measured, never."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlow
