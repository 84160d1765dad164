"""Booking, moving and cancelling a session: the time ledger decides, the session follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import record_attendance
from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import Attendance, Booking, Seat, SeatRole
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.matches.models import DecisionKind, Match, PairDecision
from handrail.apps.matches.parting import excluded_in
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import EnrolmentRole, Program, ProgramModel, ProgramStatus
from handrail.apps.programs.objectives import require_objectives
from handrail.apps.programs.queries import may_run, takes_part
from handrail.apps.sessions.actions.access import Room, audit, locked, write
from handrail.apps.sessions.actions.group import leave_seat
from handrail.apps.sessions.actions.loop import act, settle
from handrail.apps.sessions.actions.making import make_session
from handrail.apps.sessions.announcing import (
    announce_cancelled,
    announce_moved,
    announce_not_held,
)
from handrail.apps.sessions.consequences import booking_paused, booking_paused_until
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.signals import freed, freeing
from handrail.apps.sessions.states import LONGEST, SHORTEST, Answer, Verb, answer, no_objective
from handrail.apps.sessions.states import refusal as state_refusal

COUNTED = (
    SessionState.SCHEDULED,
    SessionState.RUNNING,
    SessionState.AWAITING_ARTIFACT,
    SessionState.CLOSED,
)


def book(
    program: Program,
    mentee: Person,
    mentor: Person,
    starts_at: datetime,
    objective: str,
    *,
    by: Viewer,
    now: datetime,
    key: str | None = None,
    match: Match | None = None,
) -> Session:
    """Book a session for the mentee: the time is taken and both are invited, or neither.

    The mentee books for themself, a lead for anybody of the program. A time that was just taken
    is refused with the next three.
    """
    may_book(program, mentee, by)
    not_paused(program, mentee, by, now)
    objective = " ".join(objective.split())
    with reading(by.organization):
        bookable(program, mentee, mentor, starts_at, objective)
    made: list[Session] = []

    def on_booked(booking: Booking) -> None:
        # Counted under the ledger's lock: two bookings at once must not both be the last one,
        # and a repeated request must find its answer, not its own session counted against it.
        not_enough_yet(program, mentee)
        made.append(make_session(program, booking, objective, match, by, now))

    booking = claim(
        ClaimRequest(
            action="book",
            booking_public_id=None,
            host_id=mentor.pk,
            guest_ids=(mentee.pk,),
            starts_at=starts_at,
            minutes=program.session_minutes,
            kind=program.model,
            min_notice_minutes=program.min_notice_minutes,
            daily_cap=program.daily_cap,
        ),
        by=by,
        now=now,
        key=key,
        on_booked=on_booked,
    )
    if made:
        return made[0]
    with writing(by.organization):
        return Session.objects.select_related("booking", "program").get(booking=booking)


def reschedule(
    session: Session, starts_at: datetime, *, by: Viewer, now: datetime, key: str | None = None
) -> Session:
    """Move a session to another free time; both calendars follow, the session stays one."""
    with writing(by.organization):
        room = locked(session, by)
        settle(room, now)
    booking, program = room.session.booking, room.session.program
    if room.is_mentee_of_group:
        raise NotAllowed(
            _("A group's session is moved by its mentor or a lead. You can leave your seat in it.")
        )
    _still_ahead(room, now)
    if booking.starts_at == starts_at:
        return room.session
    if booking.within_id is not None:
        raise Conflict(
            _("A time in office hours is moved on its page, to another time of theirs."),
            code="move-on-its-page",
        )
    zone = booking.timezone if room.is_group else _mentee_of(room.seats).timezone
    _within(program, zone, starts_at)

    def on_moved(moved: Booking) -> None:
        again = locked(session, by)
        _still_ahead(again, now)
        again.session.booking = moved
        write(again.session)
        announce_moved(again.session, again.seats, now)
        audit("moved", again.session, by, now, sequence=moved.sequence)

    request = replace(_request("reschedule", room, starts_at), daily_cap=program.daily_cap)
    claim(request, by=by, now=now, key=key, on_booked=on_moved)
    return _again(session, by)


def cancel(session: Session, *, by: Viewer, now: datetime, key: str | None = None) -> Session:
    """Cancel before the start; within the program's late minutes it is a late cancellation.

    After the start it is a no-show of the one who cancels, and the session is not held. A mentee
    of a group gives back their own seat alone, and the others meet.
    """
    with writing(by.organization):
        room = locked(session, by)
        settle(room, now)
    said = answer(room.session.state, Verb.CANCEL)
    if said is Answer.REFUSE:
        raise state_refusal(room.session.state, Verb.CANCEL)
    if said is Answer.DONE:
        return room.session
    if now >= room.session.booking.starts_at:
        return act(session, Verb.CANCEL, _did_not_come(by, now), by=by, now=now)
    if room.is_mentee_of_group and room.others_come:
        leave_seat(session, room.own_seat().person, by=by, now=now)
        return room.session

    also = may_follow(room.session)

    def on_cancelled(booking: Booking) -> None:
        again = locked(session, by)
        if again.session.state != SessionState.SCHEDULED:
            raise state_refusal(again.session.state, Verb.CANCEL)
        again.session.booking = booking
        late = timedelta(minutes=again.session.program.late_cancel_minutes)
        is_late = now > booking.starts_at - late
        if is_late and again.mine is not None:
            record_attendance(again.mine, Attendance.LATE_CANCELLED)
        write(
            again.session,
            state=SessionState.CANCELLED,
            cancelled_at=now,
            cancelled_by_id=by.person_id,
        )
        announce_cancelled(again.session, again.seats, now)
        audit("cancelled", again.session, by, now, late=is_late)
        freed.send(sender=Session, booking=booking, by=by, now=now, locked=also)

    request = replace(_request("cancel", room, None), also_locked=also)
    claim(request, by=by, now=now, key=key, on_booked=on_cancelled)
    return _again(session, by)


def may_follow(session: Session) -> tuple[int, ...]:
    """Who may get the time that is given back, and so is locked with those who meet."""
    with reading(session.organization):
        answers: list[tuple[Any, Any]] = freeing.send(sender=Session, booking=session.booking)
    found = set[int]()
    for _receiver, ids in answers:
        found.update(ids)
    return tuple(sorted(found))


def _did_not_come(by: Viewer, now: datetime) -> Callable[[Room], None]:
    def do(room: Room) -> None:
        if room.mine is None:
            raise Conflict(
                _("It has started already. Check-in decides who came; you can correct it then."),
                code="already-started",
            )
        if room.is_mentee_of_group:
            record_attendance(room.mine, Attendance.NO_SHOW)  # the others go on
            write(room.session)
            audit("given_up", room.session, by, now)
            return
        for seat in room.seats:
            if seat.pk == room.mine.pk:
                record_attendance(seat, Attendance.NO_SHOW)
            elif seat.checked_in_at is not None:
                record_attendance(seat, Attendance.ATTENDED)
        write(room.session, state=SessionState.NOT_HELD)
        announce_not_held(room.session, room.seats, now)
        audit("given_up", room.session, by, now)

    return do


def may_book(program: Program, mentee: Person, by: Viewer) -> None:
    """Raise NotAllowed unless this viewer may book for the mentee."""
    if not by.may("sessions:write"):
        raise NotAllowed(_("This key may not book sessions."))
    with writing(by.organization):
        if by.person_id != mentee.pk and not may_run(by, program):
            raise NotAllowed(_("Only the mentee or a lead of the program may book this session."))


def not_paused(program: Program, mentee: Person, by: Viewer, now: datetime) -> None:
    """Raise Conflict while no-shows pause what a mentee books by themself; a lead still may."""
    if by.person_id != mentee.pk:
        return
    with reading(by.organization):
        until = booking_paused_until(program, mentee, now)
        if until is not None:
            raise booking_paused(until, mentee)


def bookable(
    program: Program, mentee: Person, mentor: Person, starts_at: datetime, objective: str
) -> None:
    """Raise unless these two may meet in the program for that objective; times are the ledger's."""
    if not SHORTEST <= program.session_minutes <= LONGEST:
        raise Invalid(
            _("A session lasts 20 to 30 minutes."),
            fields={"minutes": _("Choose between 20 and 30 minutes.")},
        )
    if program.status != ProgramStatus.RUNNING:
        raise Conflict(
            _("This program is not running, so nothing can be booked in it."),
            code="program-not-running",
        )
    if program.model == ProgramModel.COHORT:
        raise Conflict(
            _("In this program people meet in their group; nobody books alone."),
            code="meets-in-groups",
        )
    if program.model == ProgramModel.OFFICE_HOURS:
        raise Conflict(
            _("In this program times are booked on the page of its office hours."),
            code="office-hours",
        )
    if mentee.pk == mentor.pk:
        raise Invalid(_("A session has two people."), fields={"mentor": _("Choose somebody else.")})
    if not takes_part(program, mentee, EnrolmentRole.MENTEE):
        raise Conflict(
            _("%(name)s is no mentee of this program.") % {"name": mentee.name}, code="not-enrolled"
        )
    if not objective:
        raise no_objective()
    require_objectives(program, mentee)
    if len(objective) > 280:
        raise Invalid(
            _("An objective has at most 280 characters."),
            fields={"objective": _("Say it in one shorter sentence.")},
        )
    not_available = Conflict(
        _("This mentor is not available here. Choose another one."), code="mentor-not-available"
    )
    if not takes_part(program, mentor, EnrolmentRole.MENTOR):
        raise not_available
    # One sentence for every private reason: who reads it cannot tell a wish from a rule.
    excluded = excluded_in(program).get((mentee.pk, mentor.pk))
    if excluded is not None and excluded != "recent":
        raise not_available
    if PairDecision.objects.filter(
        program=program, mentee=mentee, mentor=mentor, kind=DecisionKind.FORBID
    ).exists():
        raise not_available
    _within(program, mentee.timezone, starts_at)


def _within(program: Program, zone: str, starts_at: datetime) -> None:
    # A program's days are local to its mentees, a group's to the zone of its series.
    day = starts_at.astimezone(ZoneInfo(zone)).date()
    if not program.starts_on <= day <= program.ends_on:
        raise Invalid(
            _("This program runs from %(first)s to %(last)s.")
            % {"first": program.starts_on.isoformat(), "last": program.ends_on.isoformat()},
            fields={"starts_at": _("Choose a time within the program.")},
        )


def not_enough_yet(program: Program, mentee: Person) -> None:
    """Raise Conflict when the mentee has all the sessions of the program."""
    booked = Session.objects.filter(
        program=program,
        state__in=COUNTED,
        booking__seats__person=mentee,
        booking__seats__role=SeatRole.MENTEE,
    ).count()
    if booked >= program.sessions_per_mentee:
        raise Conflict(
            _("All %(count)d sessions of this program are booked or held.")
            % {"count": program.sessions_per_mentee},
            code="enough-sessions",
        )


def _still_ahead(room: Room, now: datetime) -> None:
    if answer(room.session.state, Verb.RESCHEDULE) is Answer.REFUSE:
        raise state_refusal(room.session.state, Verb.RESCHEDULE)
    if now >= room.session.booking.starts_at:
        raise Conflict(
            _("It has started already and cannot be moved. Come in now, or book another one."),
            code="already-started",
        )


def _request(
    action: Literal["reschedule", "cancel"], room: Room, starts_at: datetime | None
) -> ClaimRequest:
    booking = room.session.booking
    return ClaimRequest(
        action=action,
        booking_public_id=booking.public_id,
        host_id=booking.host_id,
        guest_ids=tuple(s.person_id for s in room.seats if s.person_id != booking.host_id),
        starts_at=starts_at,
        minutes=room.session.minutes,
        kind=booking.kind,
        min_notice_minutes=room.session.program.min_notice_minutes if starts_at else 0,
        timezone=booking.timezone if room.is_group else "",
    )


def _mentee_of(seats: Sequence[Seat]) -> Person:
    return next(seat.person for seat in seats if seat.role == SeatRole.MENTEE)


def _again(session: Session, by: Viewer) -> Session:
    with writing(by.organization):
        return Session.objects.select_related("booking", "program").get(pk=session.pk)
