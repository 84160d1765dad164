"""What a mail says, as plain values; every string is already in the recipient's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Method(StrEnum):
    """What a calendar should do with the entry (RFC 5546)."""

    REQUEST = "REQUEST"  # new, or changed: a higher sequence replaces the entry in place
    CANCEL = "CANCEL"
    DECLINECOUNTER = "DECLINECOUNTER"  # the time that somebody proposed is not taken


@dataclass(frozen=True, slots=True)
class Address:
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry in the recipient's calendar.

    `uid` stays for the entry's life; `sequence` grows with every change of time, place or status,
    so on cancelling too; `stamped_at` is the moment of this message. All moments are UTC-aware;
    `timezone` (IANA name) is the zone the times are written in, with its VTIMEZONE.
    """

    method: Method
    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    summary: str
    description: str
    url: str
    organizer: Address
    attendees: tuple[Address, ...]  # the recipient alone where addresses are private
    location: str = ""  # where they talk; empty: at `url`
    answered: str = "NEEDS-ACTION"  # what the attendees said last (PARTSTAT)


@dataclass(frozen=True, slots=True)
class MailFacts:
    """One mail to one person: `key` is the outbox row's public id and becomes the Message-ID."""

    key: UUID
    sender: Address
    recipient: Address
    language: str
    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()  # ("Objective", "Review my first change")
    checklist_title: str = ""
    checklist: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()  # the room and its checklist, the one-tap cancel page
    closing: str = ""
    entry: CalendarEntry | None = None
