"""Sessions: book, move, cancel, and the loop in the room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.api.schemas import (
    ArtifactIn,
    ArtifactOut,
    AttendanceIn,
    CallLinkIn,
    MoveIn,
    SeatOut,
    SessionIn,
    SessionOut,
    SlotOut,
    TextIn,
    TextOut,
    TickIn,
)
from handrail.api.time_schemas import SlotAnswer, WhyNotOut
from handrail.apps.calendars.queries import free_starts
from handrail.apps.office_hours import actions as office_hours
from handrail.apps.organizations.refusals import Invalid, NotFound
from handrail.apps.people.models import Person
from handrail.apps.people.queries import person_for
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.programs.queries import (
    program_for,
    require_run,
    takes_part,
)
from handrail.apps.sessions import actions, queries
from handrail.apps.sessions.models import Artifact, Session

router = Router(tags=["sessions"])
LONGEST_LOOK = timedelta(days=62)


def session_out(session: Session, request: ApiRequest) -> SessionOut:
    """A session as the wire shows it to this viewer, as the clock has it: never its notes."""
    now = request.now
    seats = sorted(session.booking.seats.all(), key=lambda seat: seat.n)
    state, started_at = queries.by_the_clock(session, seats, now)
    return SessionOut(
        id=session.public_id,
        program=session.program.public_id,
        state=state,
        objective=session.objective,
        starts_at=session.booking.starts_at,
        ends_at=session.booking.ends_at,
        minutes=session.minutes,
        started_at=started_at,
        ended_at=session.ended_at,
        seats=[
            SeatOut(
                person=seat.person.public_id,
                role=seat.role,
                attendance=seat.attendance,
                checked_in_at=seat.checked_in_at,
                participation=seat.participation,
            )
            for seat in seats
        ],
        capacity=session.booking.capacity,
        call_link=queries.call_link_for(request.viewer, session, seats, state),
    )


def artifact_out(artifact: Artifact) -> ArtifactOut:
    """An artifact as the wire shows it."""
    return ArtifactOut(
        id=artifact.public_id,
        session=artifact.session.public_id,
        learned=artifact.learned,
        next_step=artifact.next_step,
        owner=artifact.owner.public_id if artifact.owner else None,
        link=artifact.link,
        submitted_at=artifact.submitted_at,
    )


def _own_person(request: ApiRequest) -> Person:
    own = request.viewer.person_id
    person = Person.objects.filter(pk=own).first() if own is not None else None
    if person is None:
        raise NotFound(_("This key belongs to nobody who takes part."))
    return person


def _two(
    request: ApiRequest, program: Program, mentor: UUID, mentee: UUID | None
) -> tuple[Person, Person]:
    """The mentor and the mentee whose time is asked for."""
    other = person_for(request.viewer, mentor)
    if not takes_part(program, other, EnrolmentRole.MENTOR):
        raise Invalid(
            _("%(name)s is no mentor of this program.") % {"name": other.name},
            fields={"mentor": _("Choose a mentor of this program.")},
        )
    own = person_for(request.viewer, mentee) if mentee else _own_person(request)
    if own.pk != request.viewer.person_id:
        require_run(request.viewer, program, "sessions:read")
    return other, own


@router.get("/programs/{program_id}/slots", response=list[SlotOut], operation_id="list_slots")
def list_slots(
    request: ApiRequest,
    program_id: UUID,
    mentor: UUID,
    starts_from: datetime,
    starts_to: datetime,
    mentee: UUID | None = None,
) -> list[SlotOut]:
    """Times at which the mentor and the mentee (by default: you) are both free."""
    require_scope(request, "sessions:read")
    program = program_for(request.viewer, program_id)
    if starts_from.tzinfo is None or starts_to.tzinfo is None:
        raise Invalid(
            _("Times need an offset."), fields={"starts_from": _("For example 2026-02-02T09:00Z.")}
        )
    if not timedelta(0) < starts_to - starts_from <= LONGEST_LOOK:
        raise Invalid(
            _("Ask for at most 62 days, the end after the start."),
            fields={"starts_to": _("Choose an earlier or later time.")},
        )
    other, own = _two(request, program, mentor, mentee)
    starts = free_starts(
        [other, own],
        max(starts_from, request.now),
        starts_to,
        program.session_minutes,
        now=request.now,
        min_notice=program.min_notice_minutes,
        host=other,
        daily_cap=program.daily_cap,
    )
    return [SlotOut(starts_at=start) for start in starts]


@router.get("/programs/{program_id}/slots/why", response=SlotAnswer, operation_id="why_no_slot")
def why_no_slot(
    request: ApiRequest,
    program_id: UUID,
    mentor: UUID,
    starts_at: datetime,
    mentee: UUID | None = None,
) -> SlotAnswer:
    """Why the mentor and the mentee (by default: you) cannot start then, or that they can."""
    require_scope(request, "sessions:read")
    program = program_for(request.viewer, program_id)
    if starts_at.tzinfo is None:
        raise Invalid(
            _("Times need an offset."), fields={"starts_at": _("For example 2026-02-02T09:00Z.")}
        )
    other, own = _two(request, program, mentor, mentee)
    reasons = queries.why_not_then(request.viewer, program, own, other, starts_at, now=request.now)
    return SlotAnswer(
        free=not reasons,
        reasons=[
            WhyNotOut(person=reason.person.public_id, code=reason.code, text=reason.text)
            for reason in reasons
        ],
    )


@router.get("/sessions", response=Page, operation_id="list_sessions")
def list_sessions(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """Your own sessions, oldest first."""
    require_scope(request, "sessions:read")
    return page(
        queries.with_call_links(queries.my_sessions(request.viewer, request.now)),
        cursor=cursor,
        limit=limit,
        show=lambda session: session_out(session, request),
        name="sessions",
    )


@router.get("/programs/{program_id}/sessions", response=Page, operation_id="list_program_sessions")
def list_program_sessions(
    request: ApiRequest, program_id: UUID, cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """The sessions of a program, for those who run it."""
    require_scope(request, "sessions:read")
    program = program_for(request.viewer, program_id)
    return page(
        queries.with_call_links(queries.sessions_of_program(request.viewer, program)),
        cursor=cursor,
        limit=limit,
        show=lambda session: session_out(session, request),
        name="program-sessions",
    )


@router.post("/sessions", response={201: SessionOut}, operation_id="book_session")
def book_session(request: ApiRequest, payload: SessionIn) -> HttpResponse:
    """Book a slot; a taken one is answered 409 with the next three."""
    require_scope(request, "sessions:write")
    program = program_for(request.viewer, payload.program)
    mentor = person_for(request.viewer, payload.mentor)
    mentee = person_for(request.viewer, payload.mentee) if payload.mentee else _own_person(request)
    objective = payload.objective
    if not objective:
        current = queries.next_objective(program, mentee)
        objective = current.text if current else ""

    def work() -> tuple[int, dict[str, Any]]:
        session = actions.book(
            program,
            mentee,
            mentor,
            payload.starts_at,
            objective,
            by=request.viewer,
            now=request.now,
        )
        return 201, session_out(session, request).model_dump(mode="json")

    return once(request, work)


@router.get("/sessions/{session_id}", response=SessionOut, operation_id="read_session")
def read_session(request: ApiRequest, session_id: UUID) -> SessionOut:
    """One session: its state, times and seats."""
    require_scope(request, "sessions:read")
    return session_out(queries.session_for(request.viewer, session_id), request)


def _verb(request: ApiRequest, session_id: UUID, act: Callable[[Session], Session]) -> HttpResponse:
    require_scope(request, "sessions:write")
    session = queries.session_for(request.viewer, session_id)

    def work() -> tuple[int, dict[str, Any]]:
        return 200, session_out(act(session), request).model_dump(mode="json")

    return once(request, work)


@router.post("/sessions/{session_id}/move", response=SessionOut, operation_id="move_session")
def move_session(request: ApiRequest, session_id: UUID, payload: MoveIn) -> HttpResponse:
    """Move a session to another free slot; a refused move leaves the old one whole."""

    def act(session: Session) -> Session:
        within_a_turn = session.booking.within_id is not None
        to_move = office_hours.move if within_a_turn else actions.reschedule
        return to_move(session, payload.starts_at, by=request.viewer, now=request.now)

    return _verb(request, session_id, act)


@router.post("/sessions/{session_id}/cancel", response=SessionOut, operation_id="cancel_session")
def cancel_session(request: ApiRequest, session_id: UUID) -> HttpResponse:
    """Cancel a session; late ones are counted apart."""
    return _verb(
        request,
        session_id,
        lambda session: actions.cancel(session, by=request.viewer, now=request.now),
    )


@router.post("/sessions/{session_id}/check-in", response=SessionOut, operation_id="check_in")
def check_in(request: ApiRequest, session_id: UUID) -> HttpResponse:
    """Say that you are here."""
    return _verb(
        request,
        session_id,
        lambda session: actions.check_in(session, by=request.viewer, now=request.now),
    )


@router.post("/sessions/{session_id}/start", response=SessionOut, operation_id="start_session")
def start_session(request: ApiRequest, session_id: UUID) -> HttpResponse:
    """Start the timer, once both are here."""
    return _verb(
        request,
        session_id,
        lambda session: actions.start(session, by=request.viewer, now=request.now),
    )


@router.post("/sessions/{session_id}/finish", response=SessionOut, operation_id="finish_session")
def finish_session(request: ApiRequest, session_id: UUID) -> HttpResponse:
    """End the talk and open the artifact."""
    return _verb(
        request,
        session_id,
        lambda session: actions.finish(session, by=request.viewer, now=request.now),
    )


@router.put(
    "/sessions/{session_id}/attendance", response=SessionOut, operation_id="correct_attendance"
)
def correct_attendance(request: ApiRequest, session_id: UUID, payload: AttendanceIn) -> SessionOut:
    """Record what really happened, for who runs the program, within a day after the end."""
    require_scope(request, "sessions:write")
    session = queries.session_for(request.viewer, session_id)
    require_run(request.viewer, session.program, "sessions:write")
    corrected = actions.correct_attendance(
        session, payload.person, payload.attendance, by=request.viewer, now=request.now
    )
    return session_out(corrected, request)


@router.put(
    "/sessions/{session_id}/checklist/{item_id}",
    response=SessionOut,
    operation_id="tick_checklist",
)
def tick_checklist(
    request: ApiRequest, session_id: UUID, item_id: UUID, payload: TickIn
) -> SessionOut:
    """Tick one line of the checklist, or take the tick back."""
    require_scope(request, "sessions:write")
    session = queries.session_for(request.viewer, session_id)
    actions.tick(session, item_id, payload.ticked, by=request.viewer, now=request.now)
    return session_out(session, request)


@router.put("/sessions/{session_id}/texts/{field}", response=TextOut, operation_id="save_room_text")
def save_text(request: ApiRequest, session_id: UUID, field: str, payload: TextIn) -> TextOut:
    """Save one field of the room; the same operation twice is one revision."""
    require_scope(request, "sessions:write")
    saved = actions.save_text(
        queries.session_for(request.viewer, session_id),
        field,
        payload.body,
        base_rev=payload.base_rev,
        operation=payload.operation,
        by=request.viewer,
        now=request.now,
    )
    return TextOut(field=saved.field, rev=saved.rev, body=saved.body, conflict=saved.conflict)


@router.put("/sessions/{session_id}/call-link", response=TextOut, operation_id="give_call_link")
def give_call_link(request: ApiRequest, session_id: UUID, payload: CallLinkIn) -> TextOut:
    """Give another link for this one session; the same operation twice is one revision."""
    require_scope(request, "sessions:write")
    saved = actions.give_call_link(
        queries.session_for(request.viewer, session_id),
        payload.call_link,
        base_rev=payload.base_rev,
        operation=payload.operation,
        by=request.viewer,
        now=request.now,
    )
    return TextOut(field=saved.field, rev=saved.rev, body=saved.body, conflict=saved.conflict)


@router.put("/sessions/{session_id}/artifact", response=ArtifactOut, operation_id="save_artifact")
def save_artifact(request: ApiRequest, session_id: UUID, payload: ArtifactIn) -> ArtifactOut:
    """Hand in the artifact; the session is closed by it."""
    require_scope(request, "sessions:write")
    session = queries.session_for(request.viewer, session_id)
    owner = person_for(request.viewer, payload.owner) if payload.owner else None
    actions.save_artifact(
        session,
        learned=payload.learned,
        next_step=payload.next_step,
        owner=owner,
        link=payload.link,
        by=request.viewer,
        now=request.now,
    )
    return artifact_out(Artifact.objects.select_related("session", "owner").get(session=session))
