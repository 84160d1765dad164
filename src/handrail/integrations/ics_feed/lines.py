"""From the text of a calendar to its parts: only lines about times are taken along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from handrail.integrations.ics_feed.facts import MOST_EVENTS, Failed, Unread

FOLD = re.compile(r"\r?\n[ \t]")
BREAK = re.compile(r"\r\n|\n|\r")
NAME = re.compile(r"[A-Za-z0-9-]+")

TIMES = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
KEPT = TIMES | {"UID", "SEQUENCE", "STATUS", "TRANSP", "ATTENDEE", "FREEBUSY"}
READ = ("VEVENT", "VFREEBUSY")


@dataclass(slots=True)
class Part:
    """An event or a list of busy times: its lines by name, the words left out."""

    kind: str
    lines: dict[str, list[str]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The value of the first line of this name, or nothing."""
        line = self.lines.get(name, [""])[0]
        return line.rpartition(":")[2].strip().upper()

    @property
    def uid(self) -> str:
        """What its changes are known by, letter for letter; empty where it has none."""
        return self.lines.get("UID", [""])[0].partition(":")[2].strip()


@dataclass(slots=True)
class CalendarText:
    """One calendar of the text: its own zone by name, its zones' definitions, its parts."""

    zone: str = ""
    zones: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def take_apart(text: str) -> list[CalendarText]:
    """The calendars of a text; Failed where it is none, or ends before it is complete."""
    found: list[CalendarText] = []
    open_parts: list[str] = []
    part: Part | None = None
    zone: list[str] | None = None
    count = 0
    for line in _lines(text):
        upper = line[:40].upper()
        if upper.startswith("BEGIN:"):
            name = upper[6:].strip()
            open_parts.append(name)
            if name == "VCALENDAR":
                found.append(CalendarText())
            elif not found:
                raise Failed(Unread.NO_CALENDAR)
            elif name in READ and len(open_parts) == 2:
                count += 1
                if count > MOST_EVENTS:
                    raise Failed(Unread.TOO_MANY)
                part = Part(name)
                found[-1].parts.append(part)
            elif name == "VTIMEZONE":
                zone = []
            if zone is not None:
                zone.append(line)
            continue
        if upper.startswith("END:"):
            name = upper[4:].strip()
            if not open_parts or open_parts.pop() != name:
                raise Failed(Unread.CUT_OFF if found else Unread.NO_CALENDAR)
            if zone is not None:
                zone.append(line)
                if name == "VTIMEZONE":
                    found[-1].zones.append("\r\n".join(zone) + "\r\n")
                    zone = None
            if name in READ:
                part = None
            continue
        if zone is not None:
            zone.append(line)
        elif part is not None and len(open_parts) == 2:
            _take(part, line)
        elif upper.startswith("X-WR-TIMEZONE") and len(open_parts) == 1:
            found[-1].zone = line.partition(":")[2].strip().strip('"')
    if not found:
        raise Failed(Unread.NO_CALENDAR)
    if open_parts:
        raise Failed(Unread.CUT_OFF)
    return found


def _lines(text: str) -> Iterator[str]:
    unfolded = FOLD.sub("", text.lstrip("\ufeff \t\r\n"))
    return (line for line in BREAK.split(unfolded) if line.strip())


def _take(part: Part, line: str) -> None:
    found = NAME.match(line)
    if found is None:
        return
    name = found[0].upper()
    if name in KEPT:
        part.lines.setdefault(name, []).append(line)
