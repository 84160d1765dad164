"""The loop of a session: check in, start, tick, finish; and what the clock does by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import check_in as check_in_seat
from handrail.apps.calendars.actions import record_attendance
from handrail.apps.calendars.models import Attendance
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.queries import require_run
from handrail.apps.sessions.actions.access import Room, audit, locked, write
from handrail.apps.sessions.announcing import (
    announce_awaiting_artifact,
    announce_missed,
    announce_not_held,
)
from handrail.apps.sessions.models import ChecklistItem, Session, SessionState
from handrail.apps.sessions.queries.lists import is_correctable
from handrail.apps.sessions.states import (
    SHORTEST,
    Answer,
    Change,
    Verb,
    answer,
    clock_says,
    is_here,
    refusal,
)

# Verbs that belong to the people of the session; a lead has others.
OF_THE_TWO = frozenset({Verb.CHECK_IN, Verb.START, Verb.FINISH, Verb.TICK})


def act(
    session: Session, verb: Verb, do: Callable[[Room], None], *, by: Viewer, now: datetime
) -> Session:
    """Lock, let the clock catch up, then do it, find it done, or refuse it in words.

    What the clock did stays done even where the verb is refused: the refusal leaves after the
    commit.
    """
    with writing(by.organization):
        room = locked(session, by)
        if verb in OF_THE_TWO:
            room.own_seat()
        settle(room, now)
        said = answer(room.session.state, verb)
        if verb is Verb.CHECK_IN and said is Answer.DONE and is_late_to(room):
            said = Answer.DO
        if said is Answer.DO:
            do(room)
    if said is Answer.REFUSE:
        raise refusal(room.session.state, verb)
    return room.session


def check_in(session: Session, *, by: Viewer, now: datetime) -> Session:
    """Say "I am here". From the start time on, the timer starts when both are.

    Earlier than 15 minutes before the start it counts for 15 minutes: enough for two people
    who are both here already to start early. A group's timer starts with the mentor and one
    other, and who comes while it runs has come.
    """

    def do(room: Room) -> None:
        seat = room.own_seat()
        if is_late_to(room):
            record_attendance(seat, Attendance.ATTENDED)
        elif is_here(seat.checked_in_at, room.session.booking.starts_at, now):
            return  # the first time counts
        check_in_seat(seat, now)
        write(room.session)
        audit("checked_in", room.session, by, now)
        settle(room, now)

    return act(session, Verb.CHECK_IN, do, by=by, now=now)


def start(session: Session, *, by: Viewer, now: datetime) -> Session:
    """Start the timer once both are here, at the start time or earlier."""

    def do(room: Room) -> None:
        begin(room, now, by, now)

    return act(session, Verb.START, do, by=by, now=now)


def begin(room: Room, started_at: datetime, by: Viewer, now: datetime) -> None:
    """Let the timer of a locked room run from `started_at`, if everybody is here and free."""
    starts_at = room.session.booking.starts_at
    if not all(is_here(seat.checked_in_at, starts_at, now) for seat in room.seats):
        raise Conflict(
            _("All of you check in first; then the timer can start early.")
            if room.is_group
            else _("Both of you check in first; then the timer can start."),
            code="not-both-here",
        )
    people = [seat.person_id for seat in room.seats]
    if Session.objects.filter(
        state=SessionState.RUNNING, booking__seats__person_id__in=people
    ).exists():
        raise Conflict(
            _("One of you is in another session that is still running. Finish that one first."),
            code="in-another-session",
        )
    seats = dict.fromkeys(range(len(room.seats)), Attendance.ATTENDED)
    _apply(room, Change(SessionState.RUNNING, started_at, seats), now)
    audit("started", room.session, by, now)


def finish(session: Session, *, by: Viewer, now: datetime) -> Session:
    """End the timebox before its time is up; the artifact comes next."""

    def do(room: Room) -> None:
        _apply(room, Change(SessionState.AWAITING_ARTIFACT, now), now)
        audit("finished", room.session, by, now)

    return act(session, Verb.FINISH, do, by=by, now=now)


def tick(
    session: Session, item_public_id: UUID, ticked: bool, *, by: Viewer, now: datetime
) -> Session:
    """Tick a line of the checklist, or take the tick back; both people see it."""

    def do(room: Room) -> None:
        person_id = room.own_seat().person_id
        items = ChecklistItem.objects.filter(session=room.session, public_id=item_public_id)
        if not items.exists():
            raise NotFound(_("There is no such line in this checklist."))
        changed = items.filter(ticked_at__isnull=ticked).update(
            ticked_at=now if ticked else None, ticked_by_id=person_id if ticked else None
        )
        if changed:
            write(room.session)

    return act(session, Verb.TICK, do, by=by, now=now)


def correct_attendance(
    session: Session, person_public_id: UUID, attendance: str, *, by: Viewer, now: datetime
) -> Session:
    """Record what really happened, by a lead, up to 24 hours after the end.

    Both attended: the session was held after all and its artifact is awaited. Somebody did not:
    it was not held.
    """
    if attendance not in (Attendance.ATTENDED, Attendance.NO_SHOW):
        raise Invalid(
            _("Attendance is corrected to attended or no-show."),
            fields={"attendance": _("Choose attended or no-show.")},
        )

    def do(room: Room) -> None:
        session = room.session
        require_run(by, session.program, "sessions:write")
        if not is_correctable(session, now):
            raise Conflict(
                _("Attendance can be corrected for 24 hours after the end; it is settled now."),
                code="too-late",
            )
        seat = next((s for s in room.seats if s.person.public_id == person_public_id), None)
        if seat is None:
            raise NotFound(_("This person has no seat in the session."))
        record_attendance(seat, Attendance(attendance))
        follow_attendance(room, now)
        audit(
            "attendance_corrected",
            session,
            by,
            now,
            person=str(person_public_id),
            attendance=str(attendance),
        )

    return act(session, Verb.CORRECT, do, by=by, now=now)


def is_late_to(room: Room) -> bool:
    """Whether a group runs already and the asker has not come in yet."""
    running = room.is_group and room.session.state == SessionState.RUNNING
    return running and room.own_seat().attendance == Attendance.NOT_RECORDED


def note_who_stayed_away(room: Room, now: datetime) -> None:
    """At the end of a group's time: who has not come by then did not come, and is told."""
    for seat in room.seats if room.is_group else []:
        if seat.attendance == Attendance.NOT_RECORDED:
            record_attendance(seat, Attendance.NO_SHOW)
            announce_missed(room.session, [seat], now)


def follow_attendance(room: Room, now: datetime) -> None:
    """Bring a session in line with what its seats say now; the caller holds the lock.

    Both attended, or of a group the mentor and anybody: it was held after all and its artifact is
    awaited. Otherwise it was not held.
    """
    session = room.session
    came = [each.attendance == Attendance.ATTENDED for each in room.seats]
    # The mentor sits first.
    held = came[0] and any(came[1:]) if room.is_group else all(came)
    if held and session.state == SessionState.NOT_HELD:
        starts_at = session.booking.starts_at
        write(
            session,
            state=SessionState.AWAITING_ARTIFACT,
            started_at=starts_at,
            ended_at=starts_at + timedelta(minutes=session.minutes),
        )
        announce_awaiting_artifact(session, room.seats, now, found_out_late=True)
    elif not held and session.state == SessionState.AWAITING_ARTIFACT:
        write(session, state=SessionState.NOT_HELD)
    else:
        write(session)


def settle(room: Room, now: datetime) -> bool:
    """Take every step that the clock has made due; the caller holds the lock."""
    moved = False
    while True:
        session = room.session
        change = clock_says(
            session.state,
            session.booking.starts_at,
            session.minutes,
            session.started_at,
            [seat.checked_in_at for seat in room.seats],
            now,
            timedelta(minutes=session.grace_minutes),
            group=room.is_group,
        )
        if change is None:
            return moved
        _apply(room, change, now)
        moved = True


def settle_overdue(now: datetime, *, by: Viewer) -> int:
    """Bring every session of the organisation up to the clock; say how many changed."""
    with writing(by.organization):
        overdue = list(
            Session.objects.filter(
                Q(state=SessionState.SCHEDULED, booking__starts_at__lte=now)
                | Q(state=SessionState.RUNNING, started_at__lte=now - timedelta(minutes=SHORTEST))
            ).order_by("pk")
        )
    changed = 0
    for session in overdue:
        # One transaction each: a long list never holds the lock for long.
        with writing(by.organization):
            changed += settle(locked(session, by), now)
    return changed


def _apply(room: Room, change: Change, now: datetime) -> None:
    session = room.session
    for n, attendance in change.seats.items():
        record_attendance(room.seats[n], attendance)
    if change.state == SessionState.RUNNING:
        write(session, state=change.state, started_at=change.at)
    elif change.state == SessionState.AWAITING_ARTIFACT:
        note_who_stayed_away(room, now)
        write(session, state=change.state, ended_at=change.at)
        announce_awaiting_artifact(session, room.seats, now)
    else:
        write(session, state=change.state)
        announce_not_held(session, room.seats, now)
