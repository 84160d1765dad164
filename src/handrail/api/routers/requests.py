"""Requests: whom one can ask, asking, and answering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.people.models import Person, Skill
from handrail.apps.people.queries import person_for
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import enrolment_of, program_for
from handrail.apps.requests import actions, queries
from handrail.apps.requests.models import MentoringRequest
from handrail.apps.requests.options import options_for
from handrail.apps.sessions.queries import next_objective

router = Router(tags=["requests"])


class OptionOut(Schema):
    mentor: UUID
    name: str
    skill: str
    reasons: list[str]
    starts: list[datetime]
    usually_answers_within_minutes: int | None


class RequestIn(Schema):
    program: UUID
    mentor: UUID
    starts_at: datetime
    objective: Annotated[str, Field(max_length=280)] = ""
    skill: Annotated[str, Field(max_length=120)] = ""
    note: Annotated[str, Field(max_length=2000)] = ""
    minutes: int = 0
    goes_on: bool = True


class MessageIn(Schema):
    body: Annotated[str, Field(min_length=1, max_length=2000)]


class MessageOut(Schema):
    author: UUID | None
    body: str
    written_at: datetime


class RequestOut(Schema):
    id: UUID
    program: UUID
    mentee: UUID
    objective: str
    skill: str
    note: str
    minutes: int
    state: str
    goes_on: bool
    created_at: datetime
    settled_at: datetime | None
    mentor: UUID | None
    starts_at: datetime | None
    answer_by: datetime | None
    answer: str
    session: UUID | None
    messages: list[MessageOut]


def request_out(request: ApiRequest, found: MentoringRequest) -> RequestOut:
    """A request as this viewer sees it; who was asked sees their own part alone."""
    card = queries.card(request.viewer, found)
    ask = card.ask
    return RequestOut(
        id=found.public_id,
        program=found.program.public_id,
        mentee=found.mentee.public_id,
        objective=found.objective,
        skill=found.skill.name if found.skill else "",
        note=found.note if card.is_theirs else "",
        minutes=found.minutes,
        state=found.state,
        goes_on=found.goes_on,
        created_at=found.created_at,
        settled_at=found.settled_at,
        mentor=ask.mentor.public_id if ask else None,
        starts_at=ask.booking.starts_at if ask else None,
        answer_by=ask.answer_by if ask and card.waits else None,
        answer=ask.answer if ask else "",
        session=found.session.public_id if found.session and card.is_theirs else None,
        messages=[
            MessageOut(
                author=message.author.public_id if message.author else None,
                body=message.body,
                written_at=message.written_at,
            )
            for message in card.messages
        ],
    )


@router.get(
    "/programs/{program_id}/mentors", response=list[OptionOut], operation_id="list_mentors_to_ask"
)
def list_mentors_to_ask(
    request: ApiRequest, program_id: UUID, skill: str = "", minutes: int = 0
) -> list[OptionOut]:
    """The best mentors whom you can ask, why, and the first times that suit both."""
    require_scope(request, "sessions:read")
    program = program_for(request.viewer, program_id)
    mentee = _mentee(request, program)
    length = _length(minutes, program)
    wanted = _skill(skill, program)
    return [
        OptionOut(
            mentor=option.mentor.public_id,
            name=option.mentor.name,
            skill=option.skill,
            reasons=option.why,
            starts=option.starts,
            usually_answers_within_minutes=(
                int(option.answers_within.total_seconds() // 60) if option.answers_within else None
            ),
        )
        for option in options_for(program, mentee, wanted, minutes=length, now=request.now)
    ]


@router.get("/requests", response=Page, operation_id="list_requests")
def list_requests(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """What you asked for and what you were asked for, oldest first."""
    require_scope(request, "sessions:read")
    return page(
        queries.asked_of(request.viewer),
        cursor=cursor,
        limit=limit,
        show=lambda found: request_out(request, found),
        name="requests",
    )


@router.post("/requests", response={201: RequestOut}, operation_id="ask_for_session")
def ask_for_session(request: ApiRequest, payload: RequestIn) -> HttpResponse:
    """Ask a mentor for a session; the time is held until they answer."""
    require_scope(request, "sessions:write")
    program = program_for(request.viewer, payload.program)
    mentee = _mentee(request, program)
    mentor = person_for(request.viewer, payload.mentor)
    length, wanted = _length(payload.minutes, program), _skill(payload.skill, program)
    objective = payload.objective
    if not objective:
        current = next_objective(program, mentee)
        objective = current.text if current else ""

    def work() -> tuple[int, dict[str, Any]]:
        asked = actions.ask(
            program,
            mentee,
            mentor,
            payload.starts_at,
            objective,
            skill=wanted,
            note=payload.note,
            minutes=length,
            goes_on=payload.goes_on,
            by=request.viewer,
            now=request.now,
        )
        return 201, _again(request, asked)

    return once(request, work)


@router.get("/requests/{request_id}", response=RequestOut, operation_id="read_request")
def read_request(request: ApiRequest, request_id: UUID) -> RequestOut:
    """One request: whose turn it is and until when."""
    require_scope(request, "sessions:read")
    return request_out(request, queries.request_for(request.viewer, request_id))


@router.post("/requests/{request_id}/accept", response=RequestOut, operation_id="accept_request")
def accept_request(request: ApiRequest, request_id: UUID) -> HttpResponse:
    """Say yes: the held time becomes a session."""
    return _act(
        request,
        request_id,
        lambda found: actions.accept(found, by=request.viewer, now=request.now),
    )


@router.post("/requests/{request_id}/decline", response=RequestOut, operation_id="decline_request")
def decline_request(request: ApiRequest, request_id: UUID) -> HttpResponse:
    """Say no, without a reason; the next mentor is asked."""
    return _act(
        request,
        request_id,
        lambda found: actions.decline(found, by=request.viewer, now=request.now),
    )


@router.post(
    "/requests/{request_id}/question", response=RequestOut, operation_id="question_request"
)
def question_request(request: ApiRequest, request_id: UUID, payload: MessageIn) -> HttpResponse:
    """Ask the mentee to tell more; the time stays held."""
    return _act(
        request,
        request_id,
        lambda found: actions.question(found, payload.body, by=request.viewer, now=request.now),
    )


@router.post("/requests/{request_id}/tell", response=RequestOut, operation_id="tell_request")
def tell_request(request: ApiRequest, request_id: UUID, payload: MessageIn) -> HttpResponse:
    """Tell the mentor more; their hours begin anew."""
    return _act(
        request,
        request_id,
        lambda found: actions.tell(found, payload.body, by=request.viewer, now=request.now),
    )


@router.post(
    "/requests/{request_id}/withdraw", response=RequestOut, operation_id="withdraw_request"
)
def withdraw_request(request: ApiRequest, request_id: UUID) -> HttpResponse:
    """Take your request back; the time is free again."""
    return _act(
        request,
        request_id,
        lambda found: actions.withdraw(found, by=request.viewer, now=request.now),
    )


def _act(
    request: ApiRequest, request_id: UUID, act: Callable[[MentoringRequest], object]
) -> HttpResponse:
    require_scope(request, "sessions:write")
    found = queries.request_for(request.viewer, request_id)

    def work() -> tuple[int, dict[str, Any]]:
        act(found)
        return 200, _again(request, found)

    return once(request, work)


def _again(request: ApiRequest, found: MentoringRequest) -> dict[str, Any]:
    now = queries.request_for(request.viewer, found.public_id)
    return request_out(request, now).model_dump(mode="json")


def _mentee(request: ApiRequest, program: Program) -> Person:
    own = enrolment_of(request.viewer, program)
    if own is None:
        raise NotAllowed(_("Only a mentee of this program can ask for a session in it."))
    return own.person


def _length(minutes: int, program: Program) -> int:
    if minutes and (not 20 <= minutes <= 30 or minutes % 5):
        raise Invalid(
            _("A session lasts 20 to 30 minutes."),
            fields={"minutes": _("Choose 20, 25 or 30 minutes.")},
        )
    return minutes or program.session_minutes


def _skill(name: str, program: Program) -> Skill | None:
    if not name:
        return None
    found = queries.skills_to_ask(program).filter(name=name).first()
    if found is None:
        raise Invalid(
            _("No mentor of this program offers %(skill)s.") % {"skill": name},
            fields={"skill": _("Choose one that is offered, or leave it out.")},
        )
    return found
