"""From a mail to one answer of one attendee; whatever is not plainly that is ignored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from enum import StrEnum
from typing import Any

import icalendar

from handrail.integrations.calendar_replies.authentication import is_authenticated

LARGEST = 256 * 1024  # bytes of a calendar part
MASS_MAIL = ("bulk", "list", "junk", "auto_reply")
ROBOTS = ("mailer-daemon@", "postmaster@", "no-reply@", "noreply@")


class Part(StrEnum):
    """What an attendee says of taking part."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class WhyNot(StrEnum):
    """Why a mail changes nothing, for the log: a code, never a word of the mail."""

    AUTOMATIC = "automatic"
    NO_REPLY = "no-reply"  # holds no answer to an invitation
    UNREADABLE = "unreadable"
    UNPROVEN = "unproven"  # the receiving host does not say who sent it
    NOT_THE_SENDER = "not-the-sender"  # speaks for somebody else
    UNKNOWN = "unknown"  # no such entry, or the sender is not invited to it
    OUTDATED = "outdated"  # about the entry as it was before
    REPEATED = "repeated"  # not newer than what the sender said last


class Ignored(Exception):
    """A mail that changes nothing; `uid` is the entry it speaks of, where that can be read."""

    def __init__(self, why: WhyNot, uid: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.uid = uid


@dataclass(frozen=True, slots=True)
class Reply:
    """What one person, whose address is proven, says of one entry.

    A proposal for another time (COUNTER) has `starts_at` and `part` None; moments are UTC-aware.
    """

    sender: str
    uid: str
    sequence: int
    stamped_at: datetime
    part: Part | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def read_reply(message: EmailMessage, *, host: str) -> Reply:
    """The answer in a mail that `host` received; Ignored says why there is none to follow."""
    try:
        return _read(message, host)
    except Ignored:
        raise
    except Exception:  # whatever its maker did wrong: headers are parsed when they are read
        raise Ignored(WhyNot.UNREADABLE) from None


def _read(message: EmailMessage, host: str) -> Reply:
    if _is_automatic(message):
        raise Ignored(WhyNot.AUTOMATIC)
    senders = [email for _name, email in getaddresses(message.get_all("From", [])) if email]
    method, event = _event(message)
    uid = str(event.get("UID", ""))
    if len(senders) != 1 or not is_authenticated(message, senders[0], host=host):
        raise Ignored(WhyNot.UNPROVEN, uid)
    sender = senders[0].lower()
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    mine = [one for one in attendees if _address(one) == sender]
    # A REPLY has one attendee: the one who answers. A proposal may bring the others along.
    if len(mine) != 1 or (method == "REPLY" and len(attendees) != 1):
        raise Ignored(WhyNot.NOT_THE_SENDER, uid)
    try:
        return Reply(
            sender=sender,
            uid=str(event["UID"]),
            sequence=int(event.get("SEQUENCE", 0)),
            stamped_at=_moment(event["DTSTAMP"].dt),
            part=Part(str(mine[0].params["PARTSTAT"]).upper()) if method == "REPLY" else None,
            starts_at=_moment(event["DTSTART"].dt) if method == "COUNTER" else None,
            ends_at=_end(event) if method == "COUNTER" else None,
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        raise Ignored(WhyNot.UNREADABLE, uid) from None


def why_stale(reply: Reply, *, sequence: int, last: datetime | None) -> WhyNot | None:
    """Why an answer comes too late to count: `sequence` is the entry's, `last` the sender's."""
    if reply.sequence != sequence:
        return WhyNot.OUTDATED
    if last is not None and reply.stamped_at <= last:
        return WhyNot.REPEATED
    return None


def _is_automatic(message: EmailMessage) -> bool:
    """Vacation notes, bounces and lists: nobody said this.

    "auto-generated" alone is no sign of it: calendar servers write that into the answers that
    people give by a button (RFC 3834 has "auto-replied" for notes that answer by themselves).
    """
    said = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    senders = [email.lower() for _name, email in getaddresses(message.get_all("From", []))]
    return (
        said in ("auto-replied", "auto-notified")
        or str(message.get("Precedence", "")).strip().lower()
        in ("bulk", "list", "junk", "auto_reply")
        or message.get("X-Autoreply") is not None
        or message.get("X-Autorespond") is not None
        or str(message.get("Return-Path", "")).strip() == "<>"
        or any(sender.startswith(ROBOTS) for sender in senders)
    )


def _event(message: EmailMessage) -> tuple[str, Any]:
    """The method and the one event of the one calendar part."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        raise Ignored(WhyNot.NO_REPLY)
    content = parts[0].get_payload(decode=True)
    if not isinstance(content, bytes) or len(content) > LARGEST:
        raise Ignored(WhyNot.UNREADABLE)
    try:
        calendar = icalendar.Calendar.from_ical(content)
    except Exception:
        raise Ignored(WhyNot.UNREADABLE) from None
    method = str(calendar.get("METHOD", "")).upper()
    if method not in ("REPLY", "COUNTER"):
        raise Ignored(WhyNot.NO_REPLY)
    if str(parts[0].get_param("method", method)).upper() != method:
        raise Ignored(WhyNot.UNREADABLE)
    events = calendar.walk("VEVENT")
    if len(events) != 1:
        raise Ignored(WhyNot.UNREADABLE)
    return method, events[0]


def _address(attendee: object) -> str:
    return str(attendee).lower().removeprefix("mailto:").strip()


def _end(event: Any) -> datetime:
    if "DTEND" in event:
        return _moment(event["DTEND"].dt)
    duration = event["DURATION"].dt
    if not isinstance(duration, timedelta):
        raise ValueError("no duration")
    return _moment(event["DTSTART"].dt) + duration


def _moment(at: object) -> datetime:
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError("no moment")
    return at.astimezone(UTC)
