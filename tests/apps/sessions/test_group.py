"""A session of alice with a group: who comes, who comes late, who gives back a seat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from apps.sessions.conftest import START, Scene, at
from factories.world import NOW, World
from handrail.apps.calendars.models import Cell, Seat
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.runner import drain
from handrail.apps.programs.actions import enrol
from handrail.apps.sessions import actions, queries
from handrail.apps.sessions.actions.loop import settle_overdue
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.replies import receive
from handrail.integrations.inbox import Letter
from handrail.integrations.mail_folder import list_mails, read_mail

MENTEES = ("bob", "dora", "emil")


@dataclass
class Group(Scene):
    """The verbs of a scene, with more people."""

    def leave(self, name: str, minutes: float, line: tuple[str, ...] = ()) -> list[str]:
        moved_up = actions.leave_seat(
            self.session,
            self.world.person(name),
            by=self.by(name),
            now=at(minutes),
            in_line=[self.world.person(one) for one in line],
        )
        return [person.external_id for person in moved_up]


@pytest.fixture
def group(fresh_world: World) -> Iterator[Group]:
    world = fresh_world
    assert world.program is not None
    with reading(world.organization):
        for name in ("dora", "emil", "fay"):
            world.add(name, role="mentee", timezone="America/New_York", works=(0, 1440))
            enrol(world.program, world.person(name), "mentee", by=world.system, now=NOW)
        session = actions.book_group(
            world.program,
            world.person("alice"),
            [world.person(name) for name in MENTEES],
            START,
            "Say what works here and what does not",
            seats=3,
            zone="Europe/Berlin",
            by=world.viewer("alice"),
            now=NOW,
        )
        yield Group(world, session)


def test_a_group_starts_with_its_mentor_and_one_other_and_who_comes_late_came(
    group: Group,
) -> None:
    group.check_in("bob", at(-3))
    group.check_in("alice", at(1))
    assert group.fresh().state == "running"
    assert group.fresh().started_at == at(1)
    group.check_in("emil", at(6))
    actions.check_in(group.session, by=group.by("emil"), now=at(7))  # once is enough
    assert group.attendance() == {
        "alice": "attended",
        "bob": "attended",
        "emil": "attended",
        "dora": "not_recorded",
    }
    settle_overdue(at(22), by=group.world.system)
    assert group.fresh().state == "awaiting_artifact"
    assert group.attendance()["dora"] == "no_show"
    # Who was there is asked for the artifact, and nobody else.
    asked = {row.ref["person"] for row in group.waiting("mail.artifact")}
    came = ("alice", "bob", "emil")
    assert asked == {str(group.world.person(name).public_id) for name in came}
    group.artifact("emil", at(25))
    assert group.fresh().state == "closed"


def test_without_its_mentor_a_group_does_not_meet(group: Group) -> None:
    for name in ("bob", "dora"):
        group.check_in(name, at(-1))
    settle_overdue(at(9), by=group.world.system)
    assert group.fresh().state == "scheduled"
    settle_overdue(at(10), by=group.world.system)
    assert group.fresh().state == "not_held"
    assert group.attendance() == {
        "alice": "no_show",
        "bob": "attended",
        "dora": "attended",
        "emil": "no_show",
    }


def test_a_lead_corrects_who_came_to_a_group(group: Group) -> None:
    group.check_in("bob", at(-1))
    settle_overdue(at(10), by=group.world.system)
    alice = group.world.person("alice").public_id
    actions.correct_attendance(group.session, alice, "attended", by=group.by("adam"), now=at(60))
    assert group.fresh().state == "awaiting_artifact"


def test_a_mentee_gives_back_their_own_seat_alone(group: Group) -> None:
    actions.cancel(group.session, by=group.by("dora"), now=at(-600))
    assert group.fresh().state == "scheduled"
    assert set(group.attendance()) == {"alice", "bob", "emil"}
    dora = group.world.person("dora")
    assert not Cell.objects.filter(person=dora).exists()
    with pytest.raises(NotFound):
        queries.session_for(group.by("dora"), group.session.public_id)
    with pytest.raises(NotAllowed, match="moved by its mentor or a lead"):
        actions.reschedule(group.session, at(120), by=group.by("bob"), now=at(-600))
    actions.take_seat(group.session, dora, by=group.by("dora"), now=at(-500))
    assert "dora" in group.attendance()
    with pytest.raises(Conflict, match="All seats"):
        actions.take_seat(
            group.session, group.world.person("fay"), by=group.by("fay"), now=at(-500)
        )


def test_a_late_seat_counts_as_a_late_cancellation_and_goes_to_the_first_in_line(
    group: Group,
) -> None:
    assert group.leave("dora", -600, ("charlie", "fay")) == ["charlie"]
    assert group.leave("emil", -60, ("fay",)) == ["fay"]
    assert group.attendance() == {
        "alice": "not_recorded",
        "bob": "not_recorded",
        "charlie": "not_recorded",
        "emil": "late_cancelled",
        "fay": "not_recorded",
    }
    # Who left late is not waited for, and reads nothing of what is written there.
    with pytest.raises(NotFound):
        queries.room(group.by("emil"), group.fresh(), at(-10))
    assert list(queries.my_sessions(group.by("emil"), at(-10))) == []
    card = queries.today(group.by("fay"), at(-10)).next
    assert card is not None
    assert (card.with_whom, card.other.name) == ("Alice (group of 4)", "Alice")
    assert queries.today(group.by("alice"), at(-10)).next.with_whom == "3 people"  # type: ignore[union-attr]


def test_the_mentor_moves_the_session_with_everybody_or_cancels_it(group: Group) -> None:
    with transaction.atomic():
        actions.reschedule(group.session, at(240), by=group.by("alice"), now=NOW)
        assert group.fresh().booking.starts_at == at(240)
        assert len(group.waiting("mail.update")) == 4
    actions.cancel(group.session, by=group.by("alice"), now=NOW)
    assert group.fresh().state == "cancelled"
    assert len(group.waiting("mail.cancellation")) == 4


def test_notes_of_a_group_stay_with_its_people(group: Group) -> None:
    room = queries.room(group.by("emil"), group.session, at(-10))
    assert [place.person.name for place in room.others] == ["Alice", "Bob", "Dora"]
    assert room.clock == group.world.person("alice")
    assert not room.may_move
    for name, refused in (("charlie", NotFound), ("mona", NotFound), ("adam", NotAllowed)):
        with pytest.raises(refused):
            queries.room(group.by(name), group.session, at(-10))


def test_mails_name_the_group_and_offer_a_mentee_their_own_seat(group: Group) -> None:
    group.leave("dora", -600)
    while drain(now=at(-59)).delivered:
        pass
    folder = Path(settings.MAIL_FOLDER)
    sent = [(mail.recipient, read_mail(folder, mail.name)) for mail in list_mails(folder)]
    subjects = sorted(
        {
            (to.partition("@")[0].rpartition("<")[2], str(mail["Subject"]))
            for to, mail in sent
            if mail is not None
        }
    )
    assert subjects == [
        ("alice", "Session with 2 people in an hour"),
        ("alice", "Tue 3 Feb 2026, 11:00: session with 2 people"),
        ("bob", "Session with Alice (group of 3) in an hour"),
        ("bob", "Tue 3 Feb 2026, 11:00: session with Alice (group of 3)"),
        ("dora", "Without you: session with Alice on Tue 3 Feb 2026, 05:00"),
        ("emil", "Session with Alice (group of 3) in an hour"),
        ("emil", "Tue 3 Feb 2026, 05:00: session with Alice (group of 3)"),
    ]
    # (both reminders, a day and an hour before, were due by then)
    texts = {str(mail["Subject"]): mail.as_string() for _to, mail in sent if mail is not None}
    gone = texts["Without you: session with Alice on Tue 3 Feb 2026, 05:00"]
    assert 'method="CANCEL"' in gone.replace("method=CANCEL", 'method="CANCEL"')
    assert "I cannot come this time" in texts["Session with Alice (group of 3) in an hour"]
    assert "Find another time" not in texts["Session with Alice (group of 3) in an hour"]
    assert "Find another time" in texts["Session with 2 people in an hour"]


def test_a_decline_from_a_calendar_gives_ones_own_seat_back_and_ends_it_for_nobody(
    group: Group,
) -> None:
    first, second = MENTEES[:2]

    def answers(who: str, number: int) -> str:
        email = group.world.person(who).email
        mail = (
            f"Authentication-Results: mx; dkim=pass header.d={email.partition('@')[2]}\r\n"
            f"From: {email}\r\nMessage-ID: <{number}@calendar>\r\n"
            "Content-Type: text/calendar; method=REPLY\r\n\r\n"
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
            f"UID:{group.session.booking.uid}\r\nSEQUENCE:0\r\nDTSTAMP:20260202T070000Z\r\n"
            f"ATTENDEE;PARTSTAT=DECLINED:mailto:{email}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        return str(receive(Letter(mail.encode()), host="mx", now=NOW))

    assert answers(first, 1) == "declined"
    assert answers("alice", 2) == "decline-noted"
    seats = Seat.objects.filter(booking=group.session.booking)
    assert first not in seats.values_list("person__external_id", flat=True)
    assert second in seats.values_list("person__external_id", flat=True)
    assert Session.objects.get(pk=group.session.pk).state == "scheduled"
    asked = OutboxRow.objects.filter(kind="mail.declined").values_list("ref__person", flat=True)
    assert list(asked) == [str(group.world.person("alice").public_id)]
    assert answers(first, 3) == "unknown"
