"""Answers by mail: one proven sender speaks for themself; a UID alone proves nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from handrail.integrations.calendar_replies import (
    Ignored,
    Part,
    Reply,
    WhyNot,
    is_authenticated,
    read_reply,
    why_stale,
)

HOST = "mx.handrail.example"
BOB = "bob@northwind.example"
PROVEN = f"{HOST}; dkim=pass header.d=northwind.example; spf=none"
STAMPED = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def mail(
    *,
    sender: str = f"Bob <{BOB}>",
    results: tuple[str, ...] = (PROVEN,),
    attendee: str = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{BOB}",
    method: str = "REPLY",
    more: str = "",
    head: str = "",
    part: str = "REPLY",
) -> EmailMessage:
    calendar = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n"
        "UID:7d1@handrail\r\nSEQUENCE:2\r\nDTSTAMP:20270301T090000Z\r\n"
        f"{attendee}\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    heads = "".join(f"Authentication-Results: {one}\r\n" for one in results)
    text = (
        f"{heads}From: {sender}\r\nTo: handrail@handrail.example\r\n{head}Subject: Accepted\r\n"
        f"Content-Type: text/calendar; method={part}; charset=utf-8\r\n\r\n{calendar}"
    )
    return BytesParser(policy=policy.default).parsebytes(text.encode())


def ignored(message: EmailMessage) -> WhyNot:
    with pytest.raises(Ignored) as said:
        read_reply(message, host=HOST)
    return said.value.why


@pytest.mark.parametrize("part", list(Part))
def test_a_proven_attendee_answers(part: Part) -> None:
    message = mail(attendee=f"ATTENDEE;PARTSTAT={part}:MAILTO:Bob@Northwind.example")
    assert read_reply(message, host=HOST) == Reply(BOB, "7d1@handrail", 2, STAMPED, part)


def test_a_proposal_carries_the_time_that_is_proposed() -> None:
    times = "DTSTART:20270316T140000Z\r\nDTEND:20270316T142000Z\r\n"
    reply = read_reply(mail(method="COUNTER", part="COUNTER", more=times), host=HOST)
    start = datetime(2027, 3, 16, 14, 0, tzinfo=UTC)
    assert (reply.part, reply.starts_at, reply.ends_at) == (
        None, start, start + timedelta(minutes=20),
    )  # fmt: skip


FORGED = [
    (),
    ("mx.other.example; dkim=pass header.d=northwind.example",),
    (f"{HOST}; dkim=fail header.d=northwind.example; spf=fail smtp.mailfrom={BOB}",),
    (f"{HOST}; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example",),
    (f"{HOST}; dkim=pass header.d=notnorthwind.example",),
    (f"{HOST}; dmarc=pass header.from=evil.example",),
    (f"{HOST}; none", PROVEN),  # the second came with the mail
    (f"{HOST} (; dkim=pass header.d=northwind.example;) ; none",),
    (f'{HOST}; spf=fail smtp.mailfrom="; dkim=pass header.d=northwind.example ;"@evil.example',),
    (f'{HOST}; spf=fail smtp.mailfrom="; dkim=pass header.d=northwind.example',),
    (f"{HOST}.evil.example; dkim=pass header.d=northwind.example",),
]


@pytest.mark.parametrize("results", FORGED)
def test_a_sender_who_is_not_proven_is_ignored(results: tuple[str, ...]) -> None:
    assert ignored(mail(results=results)) is WhyNot.UNPROVEN


@pytest.mark.parametrize(
    "result",
    [
        "dmarc=pass (p=reject) header.from=northwind.example",
        "dkim=pass header.i=@northwind.example",
        f"spf=pass smtp.mailfrom={BOB}",
    ],
)
def test_each_way_to_prove_the_senders_domain(result: str) -> None:
    message = mail(results=(f"{HOST} 1; arc=none; {result}", "other.example; none"))
    assert is_authenticated(message, BOB, host=HOST.upper())


def test_a_host_without_a_name_is_believed_on_top_alone() -> None:
    proven = "spf=pass smtp.mailfrom=x@other.example; dkim=pass header.d=northwind.example"
    forged = "spf=fail smtp.mailfrom=x@evil.example; dkim=none"
    assert is_authenticated(mail(results=(proven, forged)), BOB, host="-")
    assert not is_authenticated(mail(results=(forged, proven)), BOB, host="-")
    assert not is_authenticated(mail(results=(PROVEN,)), BOB, host="-")  # it has a name
    assert not is_authenticated(mail(results=("", proven)), BOB, host="-")
    assert not is_authenticated(mail(results=()), BOB, host="-")


def test_whoever_is_proven_speaks_for_nobody_else() -> None:
    carol = "ATTENDEE;PARTSTAT=DECLINED:mailto:carol@northwind.example"
    both = f"{carol}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{BOB}"
    assert ignored(mail(attendee=carol)) is WhyNot.NOT_THE_SENDER
    assert ignored(mail(attendee=both)) is WhyNot.NOT_THE_SENDER
    assert ignored(mail(attendee="COMMENT:none")) is WhyNot.NOT_THE_SENDER
    assert ignored(mail(sender=f"{BOB}, carol@northwind.example")) is WhyNot.UNPROVEN


@pytest.mark.parametrize(
    "head",
    [
        "Auto-Submitted: auto-replied\r\n",
        "Precedence: bulk\r\n",
        "X-Autoreply: yes\r\n",
        "Return-Path: <>\r\n",
    ],
)
def test_automatic_answers_are_ignored(head: str) -> None:
    assert ignored(mail(head=head)) is WhyNot.AUTOMATIC


GOOGLE = """\
Authentication-Results: mx.handrail.example; dkim=pass header.i=@northwind.example
 header.s=20230601; spf=pass smtp.mailfrom=calendar-server.bounces.google.com;
 dmarc=pass (p=NONE) header.from=northwind.example
Sender: Google Calendar <calendar-notification@google.com>
Auto-Submitted: auto-generated
From: Bob <bob@northwind.example>
To: handrail@handrail.example
Subject: Accepted: Session with Alice
Message-ID: <calendar-1@google.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset="UTF-8"

Bob has accepted this invitation.
--inner
Content-Type: text/calendar; charset="UTF-8"; method=REPLY
Content-Transfer-Encoding: 7bit

BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20270316T140000Z
DTEND:20270316T142000Z
DTSTAMP:20270301T090000Z
ORGANIZER;CN=Handrail:mailto:handrail@handrail.example
UID:7d1@handrail
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Bob;
 X-NUM-GUESTS=0:mailto:bob@northwind.example
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY:Session with Alice
END:VEVENT
END:VCALENDAR

--inner--

--outer
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

QkVHSU46VkNBTEVOREFSDQo=
--outer--
"""
OUTLOOK = """\
Authentication-Results: mx.handrail.example; spf=pass (sender IP is 192.0.2.1)
 smtp.mailfrom=northwind.example; dkim=pass (signature was verified)
 header.d=northwind.example;dmarc=pass action=none header.from=northwind.example;
From: "Bob, Example" <Bob@Northwind.example>
To: Handrail <handrail@handrail.example>
Subject: New Time Proposed: Session with Alice
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="_000_"

--_000_
Content-Type: text/plain; charset="us-ascii"

--_000_
Content-Type: text/calendar; charset="utf-8"; method=COUNTER

BEGIN:VCALENDAR
METHOD:COUNTER
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT=TENTATIVE;CN="Bob, Example":mailto:bob@northwind.example
COMMENT;LANGUAGE=en-US:\\n
UID:7d1@handrail
SUMMARY;LANGUAGE=en-US:New Time Proposed: Session with Alice
DTSTART;TZID=W. Europe Standard Time:20270330T150000
DTEND;TZID=W. Europe Standard Time:20270330T152000
CLASS:PUBLIC
DTSTAMP:20270301T090000Z
SEQUENCE:2
X-MS-OLK-ORIGINALSTART;TZID=W. Europe Standard Time:20270316T150000
END:VEVENT
END:VCALENDAR

--_000_--
"""


def test_m25_answers_are_read_in_the_shapes_that_large_providers_send() -> None:
    """Shapes as they are sent; names, ids and addresses are made up."""

    def read(text: str) -> Reply:
        whole = text.replace("\n", "\r\n").encode()
        return read_reply(BytesParser(policy=policy.default).parsebytes(whole), host=HOST)

    assert read(GOOGLE) == Reply(BOB, "7d1@handrail", 2, STAMPED, Part.ACCEPTED)
    start = datetime(2027, 3, 30, 13, 0, tzinfo=UTC)  # 15:00 in summer, after the change
    end = start + timedelta(minutes=20)
    assert read(OUTLOOK) == Reply(BOB, "7d1@handrail", 2, STAMPED, None, start, end)


def test_what_holds_no_answer_is_ignored() -> None:
    plain = EmailMessage()
    plain["From"] = BOB
    plain.set_content("Fine with me")
    assert ignored(plain) is WhyNot.NO_REPLY
    assert ignored(mail(method="REQUEST", part="REQUEST")) is WhyNot.NO_REPLY
    assert ignored(mail(part="COUNTER")) is WhyNot.UNREADABLE
    assert ignored(mail(more="END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\n")) is WhyNot.UNREADABLE
    for part in ("PARTSTAT=NEEDS-ACTION", "RSVP=TRUE"):
        assert ignored(mail(attendee=f"ATTENDEE;{part}:mailto:{BOB}")) is WhyNot.UNREADABLE


def test_an_answer_counts_for_the_entry_as_it_is_and_once() -> None:
    reply = read_reply(mail(), host=HOST)
    assert why_stale(reply, sequence=2, last=None) is None
    assert why_stale(reply, sequence=2, last=STAMPED - timedelta(seconds=1)) is None
    assert why_stale(reply, sequence=3, last=None) is WhyNot.OUTDATED
    assert why_stale(reply, sequence=2, last=STAMPED) is WhyNot.REPEATED
