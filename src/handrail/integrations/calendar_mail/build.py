"""From facts to a message: text, HTML, and the calendar entry last, as mail programs expect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import policy
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

import icalendar

from handrail.integrations.calendar_mail.facts import Address, CalendarEntry, MailFacts, Method
from handrail.integrations.calendar_mail.zones import vtimezone

PRODUCT = "-//Handrail//Handrail//EN"


def build_mail(facts: MailFacts, *, sent_at: datetime) -> EmailMessage:
    """One message to one person; the same facts make the same Message-ID, so a double is dropped.

    Its parts are alternatives of one another: plain text, HTML without remote content, and, with an
    entry, `text/calendar` whose method equals the METHOD inside.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _header(facts.sender)
    message["To"] = _header(facts.recipient)
    message["Subject"] = _one_line(facts.subject)
    message["Date"] = format_datetime(sent_at.astimezone(UTC))
    message["Message-ID"] = f"<{facts.key}@{_domain(facts.sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(facts), cte="quoted-printable")
    message["Content-Language"] = facts.language
    message.add_alternative(_html(facts), subtype="html", cte="quoted-printable")
    if facts.entry is not None:
        message.add_alternative(
            calendar_text(facts.entry).encode(),
            maintype="text",
            subtype="calendar",
            cte="base64",
            params={
                "method": str(facts.entry.method),
                "charset": "utf-8",
                "component": "VEVENT",
                "name": "invitation.ics",
            },
        )
    return message


def calendar_text(entry: CalendarEntry) -> str:
    """The entry as an iCalendar object (RFC 5545), with the VTIMEZONE its times refer to."""
    calendar = _calendar(entry.timezone, entry.starts_at.year)
    calendar.add("method", str(entry.method))
    calendar.add_component(_event(entry))
    text: str = calendar.to_ical().decode()
    return text


def feed_text(entries: Sequence[CalendarEntry], *, name: str, timezone: str, year: int) -> str:
    """Entries as a calendar to subscribe to: no method, nobody to answer to, one VTIMEZONE.

    All times must lie in that year, the one before or the one after.
    """
    calendar = _calendar(timezone, year)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in entries:
        event = _event(entry)
        for kept_back in ("ORGANIZER", "ATTENDEE"):
            event.pop(kept_back, None)
        calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def calendar_file(entries: Sequence[CalendarEntry]) -> str:
    """Entries of one zone as a file to read into a calendar: nobody is invited or answers.

    Whoever has an entry already, by its UID, keeps one entry.
    """
    first = entries[0] if entries else None
    calendar = _calendar(first.timezone, first.starts_at.year) if first else _calendar("UTC", 1970)
    calendar.add("method", "PUBLISH")
    for entry in entries:
        event = _event(entry)
        for kept_back in ("ORGANIZER", "ATTENDEE"):
            event.pop(kept_back, None)
        calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def _calendar(timezone: str, year: int) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    if timezone != "UTC":
        calendar.add_component(vtimezone(timezone, year))
    return calendar


def _event(entry: CalendarEntry) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    zone = UTC if entry.timezone == "UTC" else ZoneInfo(entry.timezone)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("location", entry.location or entry.url)
    event.add("url", entry.url)
    event.add("organizer", _party(entry.organizer))
    for attendee in entry.attendees:
        party = _party(attendee)
        party.params["ROLE"] = "REQ-PARTICIPANT"
        party.params["PARTSTAT"] = entry.answered
        party.params["RSVP"] = "TRUE"
        event.add("attendee", party, encode=False)
    cancelled = entry.method is Method.CANCEL
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def _party(address: Address) -> icalendar.vCalAddress:
    party = icalendar.vCalAddress(f"mailto:{address.email}")
    if address.name:
        # A parameter of iCalendar cannot hold a double quote, not even an escaped one.
        party.params["CN"] = icalendar.vText(_one_line(address.name).replace('"', "'"))
    return party


def _header(address: Address) -> HeaderAddress:
    return HeaderAddress(display_name=_one_line(address.name), addr_spec=address.email)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _domain(address: Address) -> str:
    return address.email.rpartition("@")[2] or "localhost"


def _text(facts: MailFacts) -> str:
    blocks = ["\n".join(facts.paragraphs[:1]), *facts.paragraphs[1:]]
    if facts.facts:
        blocks.append("\n".join(f"{label}: {value}" for label, value in facts.facts))
    if facts.checklist:
        items = "\n".join(f"- {item}" for item in facts.checklist)
        blocks.append(f"{facts.checklist_title}\n{items}".strip())
    blocks += [f"{link.label}:\n{link.url}" for link in facts.links]
    if facts.closing:
        blocks.append(facts.closing)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _html(facts: MailFacts) -> str:
    parts = [f"<p>{escape(text)}</p>" for text in facts.paragraphs]
    if facts.facts:
        rows = "".join(
            f"<dt><b>{escape(label)}</b></dt><dd>{escape(value)}</dd>"
            for label, value in facts.facts
        )
        parts.append(f"<dl>{rows}</dl>")
    if facts.checklist:
        items = "".join(f"<li>{escape(item)}</li>" for item in facts.checklist)
        title = f"<p><b>{escape(facts.checklist_title)}</b></p>" if facts.checklist_title else ""
        parts.append(f"{title}<ul>{items}</ul>")
    parts += [
        f'<p><a href="{escape(link.url)}">{escape(link.label)}</a></p>' for link in facts.links
    ]
    if facts.closing:
        parts.append(f"<p>{escape(facts.closing)}</p>")
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{escape(facts.language)}">\n'
        f'<head><meta charset="utf-8"><title>{escape(facts.subject)}</title></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )
