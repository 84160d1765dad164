"""Which mails a change of a session causes: outbox rows in the transaction of the change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handrail.apps.calendars.models import Attendance, Booking, Seat
from handrail.apps.outbox.actions import cancel_pending, enqueue
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import leads_of
from handrail.apps.sessions.company import is_group
from handrail.apps.sessions.models import Appeal, Session

INVITATION = "mail.invitation"
UPDATE = "mail.update"
CANCELLATION = "mail.cancellation"
REMINDER = "mail.reminder"
CHASE = "mail.artifact"
CALL_LINK = "mail.call_link"
NO_SHOW = "mail.no_show"
APPEAL = "mail.appeal"
APPEAL_DECIDED = "mail.appeal_decided"
NEW_MENTOR = "mail.new_mentor"
GIVEN_AWAY = "mail.given_away"
SEAT_LEFT = "mail.seat_left"

REMIND_BEFORE = (timedelta(hours=24), timedelta(hours=1))
CHASE_AFTER = (timedelta(hours=2), timedelta(days=1), timedelta(days=3))


def announce_booked(
    session: Session, seats: Sequence[Seat], now: datetime, *, ahead: timedelta | None = None
) -> None:
    """Invite everybody and set their reminders; with `ahead` not sooner than so long before."""
    due_at = now if ahead is None else max(now, session.booking.starts_at - ahead)
    _to_calendars(INVITATION, session, seats, now, due_at=due_at)
    _remind(session, seats, now)


def announce_seat(session: Session, seat: Seat, now: datetime) -> None:
    """Invite one more person to a group that meets anyway."""
    _to_calendars(INVITATION, session, [seat], now, again=f":{now.timestamp():.0f}")
    _remind(session, [seat], now)


def announce_seat_left(session: Session, seat: Seat, now: datetime) -> None:
    """Take a group's session out of the calendar of one who does not come; the others' stay."""
    person = seat.person
    cancel_pending(
        _stream(session.booking, f"seat-{seat.n}"),
        [INVITATION, UPDATE, CALL_LINK],
        organization=session.organization,
        now=now,
    )
    enqueue(
        SEAT_LEFT,
        ref={"session": str(session.public_id), "person": str(person.public_id)},
        dedupe=f"{SEAT_LEFT}:{session.public_id}:{person.public_id}:{now.timestamp():.0f}",
        due_at=now,
        stream=f"booking:{session.booking.public_id}:left-{person.pk}",
        now=now,
        organization=session.organization,
    )


def announce_moved(session: Session, seats: Sequence[Seat], now: datetime) -> None:
    """Update everybody's calendar in place and move their reminders."""
    _to_calendars(UPDATE, session, seats, now)
    _forget_reminders(session, now)
    _remind(session, seats, now)


def announce_call_link(session: Session, seats: Sequence[Seat], now: datetime) -> None:
    """Update everybody's calendar in place; reminders stand for the entry as it is now."""
    _to_calendars(CALL_LINK, session, seats, now)
    _forget_reminders(session, now)
    _remind(session, seats, now)


def announce_cancelled(session: Session, seats: Sequence[Seat], now: datetime) -> None:
    """Take the session out of everybody's calendar and forget the reminders."""
    _to_calendars(CANCELLATION, session, seats, now)
    _forget_reminders(session, now)


def announce_handed_over(
    session: Session, seats: Sequence[Seat], before: Person, now: datetime
) -> None:
    """Invite the new mentor, tell the others whom they meet, and who held it before."""
    host = session.booking.host_id
    _to_calendars(INVITATION, session, [seat for seat in seats if seat.person_id == host], now)
    _to_calendars(NEW_MENTOR, session, [seat for seat in seats if seat.person_id != host], now)
    # The old mentor has no seat any more; a lane of their own keeps what they get in order.
    enqueue(
        GIVEN_AWAY,
        ref={
            "session": str(session.public_id),
            "person": str(before.public_id),
            "sequence": session.booking.sequence,
        },
        dedupe=f"{GIVEN_AWAY}:{session.booking.public_id}:{session.booking.sequence}",
        due_at=now,
        stream=_stream(session.booking, f"given-away-{before.pk}"),
        now=now,
        organization=session.organization,
    )
    _forget_reminders(session, now)
    _remind(session, seats, now)


def announce_not_held(session: Session, seats: Sequence[Seat], now: datetime) -> None:
    """Nothing more is reminded, and who did not come is told."""
    _forget_reminders(session, now)
    announce_missed(session, seats, now)


def announce_missed(session: Session, seats: Sequence[Seat], now: datetime) -> None:
    """Tell who is recorded as a no-show what it means, and how to correct it."""
    for seat in seats:
        if seat.attendance == Attendance.NO_SHOW:
            _to(NO_SHOW, session, seat.person, now, key=str(session.public_id))


def announce_appeal(appeal: Appeal, session: Session, seats: Sequence[Seat], now: datetime) -> None:
    """Bring what somebody says to those who may decide: who came to meet them, and the leads."""
    own = next(seat for seat in seats if seat.person_id == appeal.person_id)
    came = [seat for seat in seats if seat.attendance == Attendance.ATTENDED]
    readers = [seat.person for seat in came if seat.role != own.role]
    readers += [lead for lead in leads_of(session.program) if lead not in readers]
    for reader in readers:
        if reader.pk != appeal.person_id:
            _to(APPEAL, session, reader, now, key=str(appeal.public_id))


def announce_appeal_decided(appeal: Appeal, session: Session, seat: Seat, now: datetime) -> None:
    """Tell who appealed what was decided."""
    _to(APPEAL_DECIDED, session, seat.person, now, key=str(appeal.public_id))


def _to(kind: str, session: Session, person: Person, now: datetime, *, key: str) -> None:
    enqueue(
        kind,
        ref={"session": str(session.public_id), "person": str(person.public_id), "of": key},
        dedupe=f"{kind}:{key}:{person.public_id}",
        due_at=now,
        stream=f"missed:{person.public_id}",  # a lane a person
        now=now,
        organization=session.organization,
    )


def announce_awaiting_artifact(
    session: Session, seats: Sequence[Seat], now: datetime, *, found_out_late: bool = False
) -> None:
    """Ask for the artifact if it is not there two hours, a day and three days later."""
    ended_at = session.ended_at or now
    if is_group(session):
        seats = [seat for seat in seats if seat.attendance == Attendance.ATTENDED]
    if found_out_late and now - ended_at > CHASE_AFTER[0]:
        ended_at = now  # not all of them at once
    for seat in seats:
        for number, wait in enumerate(CHASE_AFTER, start=1):
            enqueue(
                CHASE,
                ref=_ref(session, seat, number=number),
                dedupe=f"{CHASE}:{session.public_id}:{seat.person.public_id}:{number}",
                due_at=ended_at + wait,
                stream=_stream(session.booking, "chase"),
                now=now,
                organization=session.organization,
            )


def announce_closed(session: Session, now: datetime) -> None:
    """Stop asking for the artifact."""
    cancel_pending(
        _stream(session.booking, "chase"), [CHASE], organization=session.organization, now=now
    )


def _to_calendars(
    kind: str,
    session: Session,
    seats: Sequence[Seat],
    now: datetime,
    *,
    due_at: datetime | None = None,
    again: str = "",
) -> None:
    booking = session.booking
    for seat in seats:
        enqueue(
            kind,
            ref=_ref(session, seat, sequence=booking.sequence),
            dedupe=(
                f"{kind}:{booking.public_id}:{seat.person.public_id}:{booking.sequence}{again}"
            ),
            due_at=due_at or now,
            stream=_stream(booking, f"seat-{seat.n}"),
            now=now,
            organization=session.organization,
        )


def _remind(session: Session, seats: Sequence[Seat], now: datetime) -> None:
    booking = session.booking
    for seat in seats:
        for before in REMIND_BEFORE:
            due_at = booking.starts_at - before
            if due_at <= now:
                continue
            hours = int(before.total_seconds() // 3600)
            enqueue(
                REMINDER,
                ref=_ref(session, seat, sequence=booking.sequence),
                dedupe=(
                    f"{REMINDER}:{booking.public_id}:{seat.person.public_id}"
                    f":{booking.sequence}:{hours}h"
                ),
                due_at=due_at,
                stream=_stream(booking, "reminders"),
                now=now,
                organization=session.organization,
            )


def _forget_reminders(session: Session, now: datetime) -> None:
    cancel_pending(
        _stream(session.booking, "reminders"),
        [REMINDER],
        organization=session.organization,
        now=now,
    )


def _ref(session: Session, seat: Seat, **more: int) -> dict[str, str | int]:
    return {
        "session": str(session.public_id),
        "person": str(seat.person.public_id),
        **more,
    }


def _stream(booking: Booking, lane: str) -> str:
    # A lane a person: one mailbox that refuses mail must not keep the other from being invited.
    return f"booking:{booking.public_id}:{lane}"
