"""What an invitation mail consists of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

import icalendar
import pytest

from handrail.integrations.calendar_mail import (
    Address,
    CalendarEntry,
    Link,
    MailFacts,
    Method,
    build_mail,
)
from handrail.integrations.calendar_mail.build import calendar_text

SENT = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
HANDRAIL = Address("mentoring@example.org", "Handrail")
BOB = Address("bob@northwind.example", "Bob Öztürk")
ENTRY = CalendarEntry(
    method=Method.REQUEST,
    uid="7d1@handrail",
    sequence=0,
    stamped_at=SENT,
    starts_at=datetime(2026, 2, 3, 14, 0, tzinfo=UTC),
    ends_at=datetime(2026, 2, 3, 14, 20, tzinfo=UTC),
    timezone="Europe/Berlin",
    summary="Mentoring: Alice and Bob",
    description="Objective: read the build log",
    url="https://handrail.example/sessions/1/",
    organizer=HANDRAIL,
    attendees=(BOB,),
)
FACTS = MailFacts(
    key=UUID(int=5),
    sender=HANDRAIL,
    recipient=BOB,
    language="de",
    subject="Termin mit Alice",
    paragraphs=("Du triffst Alice.", "Bis dann."),
    facts=(("Ziel", "Das <Log> lesen"),),
    checklist_title="Vorbereiten",
    checklist=("Log öffnen", "Frage notieren"),
    links=(
        Link("Raum", "https://handrail.example/sessions/1/?a=1&b=2"),
        Link("Absagen", "https://handrail.example/sessions/1/cancel/"),
    ),
    entry=ENTRY,
)


def sent(facts: MailFacts = FACTS):
    """The message as the other side reads it."""
    return message_from_bytes(build_mail(facts, sent_at=SENT).as_bytes(), policy=policy.default)


def body(message, subtype: str) -> str:
    part = next(p for p in message.walk() if p.get_content_type() == f"text/{subtype}")
    return part.get_payload(decode=True).decode()


def event(facts: MailFacts = FACTS):
    return icalendar.Calendar.from_ical(body(sent(facts), "calendar")).events[0]


def test_text_html_and_calendar_are_alternatives_in_this_order() -> None:
    message = sent()
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_a_mail_without_an_entry_has_no_calendar_part() -> None:
    parts = [part.get_content_type() for part in sent(replace(FACTS, entry=None)).iter_parts()]
    assert parts == ["text/plain", "text/html"]


def test_the_message_id_comes_from_the_outbox_row() -> None:
    assert sent()["Message-ID"] == "<00000000-0000-0000-0000-000000000005@example.org>"


def test_the_headers_name_sender_recipient_subject_and_date() -> None:
    message = sent()
    assert str(message["From"]) == "Handrail <mentoring@example.org>"
    assert str(message["To"]) == "Bob Öztürk <bob@northwind.example>"
    assert str(message["Subject"]) == "Termin mit Alice"
    assert str(message["Date"]) == "Mon, 02 Feb 2026 09:00:00 +0000"
    assert str(message["Auto-Submitted"]) == "auto-generated"


def test_the_text_says_everything_in_order() -> None:
    assert body(sent(), "plain").replace("\r\n", "\n") == (
        "Du triffst Alice.\n\nBis dann.\n\nZiel: Das <Log> lesen\n\n"
        "Vorbereiten\n- Log öffnen\n- Frage notieren\n\n"
        "Raum:\nhttps://handrail.example/sessions/1/?a=1&b=2\n\n"
        "Absagen:\nhttps://handrail.example/sessions/1/cancel/\n"
    )


def test_the_html_escapes_what_people_wrote() -> None:
    html = body(sent(), "html")
    assert "Das &lt;Log&gt; lesen" in html
    assert '<a href="https://handrail.example/sessions/1/?a=1&amp;b=2">Raum</a>' in html


def test_the_html_names_its_language_and_loads_nothing() -> None:
    html = body(sent(), "html")
    assert '<html lang="de">' in html
    assert not any(word in html for word in ("<img", "<script", "<style", "src=", "url("))


@pytest.mark.parametrize("method", list(Method))
def test_the_method_of_the_part_is_the_method_inside(method: Method) -> None:
    message = sent(replace(FACTS, entry=replace(ENTRY, method=method)))
    part = list(message.iter_parts())[2]
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"] == method


def test_times_are_written_in_the_zone_with_its_rules() -> None:
    text = body(sent(), "calendar")
    assert "DTSTART;TZID=Europe/Berlin:20260203T150000" in text
    assert "DTEND;TZID=Europe/Berlin:20260203T152000" in text
    assert "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin" in text
    assert "DTSTAMP:20260202T090000Z" in text


def test_utc_needs_no_rules() -> None:
    text = body(sent(replace(FACTS, entry=replace(ENTRY, timezone="UTC"))), "calendar")
    assert "DTSTART:20260203T140000Z" in text
    assert "VTIMEZONE" not in text


def test_a_request_asks_its_attendee_to_answer() -> None:
    attendee = event()["ATTENDEE"]
    assert str(attendee) == "mailto:bob@northwind.example"
    assert dict(attendee.params) == {
        "CN": "Bob Öztürk",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }


def test_the_organizer_is_an_address_handrail_reads() -> None:
    assert str(event()["ORGANIZER"]) == "mailto:mentoring@example.org"


def test_a_request_is_confirmed_and_blocks_the_time() -> None:
    made = event()
    assert (made["STATUS"], made["TRANSP"], made["SEQUENCE"]) == ("CONFIRMED", "OPAQUE", 0)


def test_a_cancellation_keeps_the_uid_and_frees_the_time() -> None:
    made = event(replace(FACTS, entry=replace(ENTRY, method=Method.CANCEL, sequence=2)))
    assert (made["UID"], made["STATUS"], made["TRANSP"], made["SEQUENCE"]) == (
        "7d1@handrail",
        "CANCELLED",
        "TRANSPARENT",
        2,
    )


def test_a_name_cannot_add_a_header_or_break_the_calendar() -> None:
    nasty = Address("bob@northwind.example", 'Bob "Bobby"\r\nBcc: eve@example.org')
    facts = replace(
        FACTS,
        recipient=nasty,
        subject="Hello\r\nBcc: eve@example.org",
        entry=replace(ENTRY, attendees=(nasty,), summary="A\r\nATTENDEE:mailto:eve@example.org"),
    )
    message = sent(facts)
    assert message["Bcc"] is None
    assert event(facts)["ATTENDEE"].params["CN"] == "Bob 'Bobby' Bcc: eve@example.org"
    assert not isinstance(event(facts)["ATTENDEE"], list)


def test_no_line_of_the_mail_is_longer_than_smtp_allows() -> None:
    facts = replace(FACTS, paragraphs=("word " * 400,), subject="long " * 100)
    lines = build_mail(facts, sent_at=SENT).as_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 998


def test_the_place_is_where_they_talk_and_the_address_stays_the_room() -> None:
    place = "https://meet.example/alice?pwd=1&x=a,b;c"
    calendar = calendar_text(replace(ENTRY, location=place))
    (event,) = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    assert event["LOCATION"] == place
    assert event["URL"] == "https://handrail.example/sessions/1/"


def test_without_a_place_it_is_the_room() -> None:
    (event,) = icalendar.Calendar.from_ical(calendar_text(ENTRY)).walk("VEVENT")
    assert event["LOCATION"] == "https://handrail.example/sessions/1/"
