"""Answers by mail: each changes what its sender may change, once; all else is refused and kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import icalendar
import pytest

from factories.world import NOW, World
from handrail.apps.calendars.models import Booking, Cell, Seat
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.runner import drain
from handrail.apps.sessions.models import ReceivedMail, Session, TimeProposal
from handrail.apps.sessions.replies import (
    answer_proposal,
    proposals_for,
    receive,
    received_mails,
)
from handrail.integrations.inbox import LARGEST, Letter
from handrail.integrations.mail_folder import list_mails, read_mail

HOST = "mx.handrail.example"
LATER = datetime(2026, 2, 4, 10, 0, tzinfo=UTC)  # a day after the session, free for both
EVENING = datetime(2026, 2, 3, 22, 0, tzinfo=UTC)  # outside everybody's hours


def letter(
    scene: Any,
    who: str = "bob",
    part: str = "ACCEPTED",
    *,
    speaks_for: str = "",
    stamped: str = "20260202T073000Z",
    sequence: int = 0,
    uid: str = "",
    number: int = 1,
    proves: str = "",
    head: str = "",
    to: datetime | None = None,
) -> Letter:
    """What a calendar program sends when somebody presses a button in it."""
    email = scene.world.person(who).email
    domain = proves or email.partition("@")[2]
    method = "COUNTER" if to else "REPLY"
    times = ""
    if to:
        times = f"DTSTART:{to:%Y%m%dT%H%M%SZ}\r\nDTEND:{to + timedelta(hours=1):%Y%m%dT%H%M%SZ}\r\n"
    spoken_for = scene.world.person(speaks_for or who).email
    calendar = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nMETHOD:{method}\r\n"
        f"BEGIN:VEVENT\r\nUID:{uid or scene.session.booking.uid}\r\nSEQUENCE:{sequence}\r\n"
        f"DTSTAMP:{stamped}\r\n{times}"
        f"ATTENDEE;PARTSTAT={part}:mailto:{spoken_for}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    text = (
        f"Authentication-Results: {HOST}; dkim=pass header.d={domain}\r\n"
        f"From: {email}\r\nTo: answers@handrail.example\r\n"
        f"Message-ID: <{number}@calendar>\r\n{head}"
        f"Subject: Private words\r\nContent-Type: text/calendar; method={method}\r\n\r\n{calendar}"
    )
    return Letter(text.encode())


def take(one: Letter, now: datetime = NOW) -> str:
    return str(receive(one, host=HOST, now=now))


def seat(scene: Any, who: str) -> Seat:
    return Seat.objects.get(booking=scene.session.booking, person=scene.world.person(who))


def booking(scene: Any) -> Booking:
    return Booking.objects.get(pk=scene.session.booking_id)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MAIL_FOLDER = tmp_path
    settings.MAIL_IN_ADDRESS = "answers@handrail.example"
    return tmp_path


def sent(folder: Path, now: datetime, to: str) -> EmailMessage:
    """The newest mail that the runner sends to somebody at this moment."""
    before = {mail.name for mail in list_mails(folder)}
    while drain(now=now).delivered:
        pass
    assert not OutboxRow.objects.exclude(last_error="").exists()
    new = [one for one in list_mails(folder) if one.name not in before]
    (found,) = [one for one in new if f"{to}@" in one.recipient]
    message = read_mail(folder, found.name)
    assert message is not None
    return message


def entry(mail: EmailMessage) -> tuple[str, Any]:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = icalendar.Calendar.from_ical(content)
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


@pytest.mark.parametrize(
    ("part", "participation"), [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative")]
)
def test_m25_an_answer_changes_its_senders_participation_alone(
    scene: Any, part: str, participation: str
) -> None:
    assert take(letter(scene, part=part)) == participation
    assert seat(scene, "bob").participation == participation
    assert seat(scene, "alice").participation == "needs_action"
    assert booking(scene).status == "confirmed"


def test_the_next_invitation_repeats_what_was_answered_until_the_time_moves(
    scene: Any, folder: Path
) -> None:
    drain(now=NOW)
    take(letter(scene))
    from handrail.apps.sessions.actions import reschedule

    reschedule(scene.fresh(), LATER, by=scene.by("alice"), now=NOW)
    assert seat(scene, "bob").participation == "needs_action"
    method, event = entry(sent(folder, NOW, "bob"))
    assert (method, event["ATTENDEE"].params["PARTSTAT"]) == ("REQUEST", "NEEDS-ACTION")
    assert str(event["ORGANIZER"]) == "mailto:answers@handrail.example"


def test_a_decline_in_time_gives_the_time_back_and_tells_the_other(
    scene: Any, folder: Path
) -> None:
    drain(now=NOW)
    assert take(letter(scene, part="DECLINED")) == "declined"
    session = scene.fresh()
    assert (session.state, session.cancelled_by) == ("cancelled", scene.world.person("bob"))
    assert scene.attendance() == {"alice": "not_recorded", "bob": "not_recorded"}
    assert not Cell.objects.filter(booking=session.booking).exists()
    mail = sent(folder, NOW, "alice")
    assert mail["Subject"].startswith("Cancelled: session with Bob")
    assert entry(mail)[0] == "CANCEL"


def test_a_late_decline_is_asked_about_and_held_against_nobody(scene: Any, folder: Path) -> None:
    drain(now=NOW)
    late = scene.session.booking.starts_at - timedelta(minutes=90)
    assert take(letter(scene, part="DECLINED", stamped="20260203T083000Z"), late) == "decline-noted"
    assert scene.fresh().state == "scheduled"
    assert seat(scene, "bob").participation == "declined"
    before = {mail.name for mail in list_mails(folder)}
    while drain(now=late).delivered:
        pass
    subjects = {
        mail.recipient.partition("@")[0][-5:]: mail
        for mail in list_mails(folder)
        if mail.name not in before and mail.subject.startswith("Declined?")
    }
    assert len(subjects) == 2
    bodies = [read_mail(folder, mail.name) for mail in subjects.values()]
    text = "\n".join(str(body.get_body(("plain",)).get_content()) for body in bodies if body)  # type: ignore[union-attr]
    assert "cancel with one tap" in " ".join(text.split())
    assert "Bob declined your session in their calendar." in text


def test_a_proposed_time_is_shown_taken_and_brought_to_both_calendars(
    scene: Any, folder: Path
) -> None:
    drain(now=NOW)
    assert take(letter(scene, to=LATER)) == "proposed"
    (proposal,) = proposals_for(scene.fresh(), NOW)
    assert (proposal.person, proposal.starts_at) == (scene.world.person("bob"), LATER)
    assert booking(scene).starts_at == scene.session.booking.starts_at
    mail = sent(folder, NOW, "alice")
    assert "Wednesday 4 February 2026, 11:00 your time" in str(mail)
    for name in ("bob", "charlie"):
        with pytest.raises((Conflict, NotFound)):
            answer_proposal(
                scene.session, proposal.public_id, accept=True, by=scene.by(name), now=NOW
            )
    with pytest.raises(NotAllowed):
        answer_proposal(
            scene.session, proposal.public_id, accept=True, by=scene.by("adam"), now=NOW
        )
    answer_proposal(scene.session, proposal.public_id, accept=True, by=scene.by("alice"), now=NOW)
    moved = booking(scene)
    assert (moved.starts_at, moved.ends_at - moved.starts_at, moved.sequence) == (
        LATER, timedelta(minutes=20), 1,
    )  # fmt: skip
    method, event = entry(sent(folder, NOW, "bob"))
    assert (method, int(event["SEQUENCE"]), event["DTSTART"].dt) == ("REQUEST", 1, LATER)
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    with pytest.raises(Conflict):
        answer_proposal(
            scene.session, proposal.public_id, accept=True, by=scene.by("alice"), now=NOW
        )


def test_a_proposal_that_is_refused_is_told_to_its_calendar(scene: Any, folder: Path) -> None:
    drain(now=NOW)
    take(letter(scene, to=LATER))
    (proposal,) = proposals_for(scene.fresh(), NOW)
    answer_proposal(scene.session, proposal.public_id, accept=False, by=scene.by("alice"), now=NOW)
    mail = sent(folder, NOW, "bob")
    assert "Alice cannot take the time you proposed" in " ".join(str(mail).split())
    method, event = entry(mail)
    assert (method, str(event["UID"])) == ("DECLINECOUNTER", scene.session.booking.uid)
    assert booking(scene).sequence == 0
    assert proposals_for(scene.fresh(), NOW) == []


def test_a_time_that_cannot_be_is_refused_at_once(scene: Any, folder: Path) -> None:
    drain(now=NOW)
    assert take(letter(scene, to=EVENING)) == "proposal-not-free"
    mail = sent(folder, NOW, "bob")
    assert entry(mail)[0] == "DECLINECOUNTER"
    assert "cannot be booked" in " ".join(str(mail).split())
    assert proposals_for(scene.fresh(), NOW) == []


def test_whoever_says_something_else_withdraws_their_proposal(scene: Any) -> None:
    take(letter(scene, to=LATER))
    take(letter(scene, stamped="20260202T074500Z", number=2))
    assert proposals_for(scene.fresh(), NOW) == []
    assert TimeProposal.objects.get().state == "withdrawn"


def test_the_same_mail_again_has_no_further_effect(scene: Any) -> None:
    one = letter(scene, to=LATER)
    assert [take(one), take(one)] == ["proposed", "proposed"]
    assert TimeProposal.objects.count() == 1
    assert ReceivedMail.objects.count() == 1


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("unproven", {"proves": "evil.example"}),
    ("not-the-sender", {"who": "alice", "speaks_for": "bob"}),
    ("unknown", {"uid": "none@handrail"}),
    ("retreat", {"uid": f"{UUID(int=1)}-day-2@handrail"}),
    ("unknown", {"who": "charlie"}),
    ("outdated", {"sequence": 1}),
    ("automatic", {"head": "Auto-Submitted: auto-replied\r\n"}),
]


@pytest.mark.parametrize(("outcome", "how"), REFUSED)
def test_what_is_refused_changes_nothing_and_is_kept_for_the_administrator(
    scene: Any, outcome: str, how: dict[str, Any]
) -> None:
    assert take(letter(scene, part="DECLINED", **how)) == outcome
    assert scene.fresh().state == "scheduled"
    assert seat(scene, "bob").participation == "needs_action"
    (kept,) = received_mails(scene.by("adam"), refused=True)
    assert (kept.outcome, kept.sender) == (
        outcome, scene.world.person(how.get("who", "bob")).email,
    )  # fmt: skip
    assert "Private" not in str(list(ReceivedMail.objects.values_list()))
    with pytest.raises(NotAllowed):
        received_mails(scene.by("alice"))


def test_an_answer_that_overtakes_another_is_not_undone_by_it(scene: Any) -> None:
    take(letter(scene, part="TENTATIVE", stamped="20260202T073000Z"))
    assert take(letter(scene, part="DECLINED", stamped="20260202T072900Z", number=2)) == "repeated"
    assert seat(scene, "bob").participation == "tentative"


def test_a_clock_that_runs_ahead_does_not_silence_its_owner(scene: Any) -> None:
    take(letter(scene, part="TENTATIVE", stamped="20990101T000000Z"))
    later = NOW + timedelta(hours=2)
    assert take(letter(scene, stamped="20260202T093000Z", number=2), later) == "accepted"


def test_a_session_that_began_or_was_cancelled_is_over(scene: Any) -> None:
    start = scene.session.booking.starts_at
    assert take(letter(scene), start + timedelta(minutes=1)) == "over"
    scene.cancelled()
    assert take(letter(scene, number=2, sequence=1)) == "over"


NASTY = [
    b"",
    b"\xff\xfe\x00" * 50,
    b"From: \xff\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
    b"From: bob@northwind.example\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR",
    b"From: =?x?q?=?=\r\nMessage-ID: <\r\nContent-Type: text/calendar; method*0=\r\n\r\n",
    b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 5000,
]


def test_whatever_comes_in_is_refused_with_a_reason_and_never_an_error(world: World) -> None:
    for number, content in enumerate(NASTY):
        assert take(Letter(content + b"%d" % number)) in ("unreadable", "no-reply")
    assert take(Letter(b"x" * LARGEST, is_whole=False)) == "too-large"


def test_what_belongs_to_nobody_here_is_kept_where_there_is_one_organisation_alone(
    scene: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from factories.world import make_world

    make_world("Southwind")
    assert take(letter(scene, uid="none@handrail")) == "unknown"
    assert not ReceivedMail.objects.exists()
    assert "refused: unknown" in caplog.text
    assert take(letter(scene, proves="evil.example")) == "unproven"  # speaks of our session
    assert ReceivedMail.objects.get().outcome == "unproven"
    assert Session.objects.get().state == "scheduled"
