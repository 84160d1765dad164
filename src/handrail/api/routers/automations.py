"""What is done by itself for a person, quiet for a while; and thanks for a session."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.requests import ApiRequest, once, require_scope
from handrail.api.ritual_schemas import (
    AutomationOut,
    QuietIn,
    QuietOut,
    SnoozeIn,
    ThanksIn,
    ThanksOut,
)
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.people.automations import automations_of, snooze
from handrail.apps.people.models import Person
from handrail.apps.people.queries import person_for
from handrail.apps.programs.models import QuietQuestion
from handrail.apps.sessions.models import Thanks
from handrail.apps.sessions.queries import session_for
from handrail.apps.sessions.quiet import answer_quiet, quiet_question_for, quiet_questions_of
from handrail.apps.sessions.thanking import thank, thanks_in

router = Router(tags=["people"])


def _own(request: ApiRequest, person_id: UUID) -> Person:
    person = person_for(request.viewer, person_id)
    if person.pk != request.viewer.person_id:
        raise NotAllowed(_("Only the person themself may do this."))
    return person


def _out(request: ApiRequest, person: Person) -> list[AutomationOut]:
    return [
        AutomationOut(
            purpose=one.purpose, label=one.label, is_on=one.is_on, quiet_until=one.quiet_until
        )
        for one in automations_of(person, request.now)
    ]


@router.get(
    "/people/{person_id}/automations",
    response=list[AutomationOut],
    operation_id="list_automations",
)
def list_automations(request: ApiRequest, person_id: UUID) -> list[AutomationOut]:
    """What is done for you by itself: whether it is on, and until when it is quiet."""
    require_scope(request, "people:read")
    return _out(request, _own(request, person_id))


@router.put("/people/{person_id}/automations", response=list[AutomationOut], operation_id="snooze")
def put_snooze(request: ApiRequest, person_id: UUID, payload: SnoozeIn) -> list[AutomationOut]:
    """Keep one kind quiet for up to 28 days; with 0 it wakes now."""
    require_scope(request, "people:write")
    person = _own(request, person_id)
    snooze(person, payload.purpose, payload.days, by=request.viewer, now=request.now)
    return _out(request, person)


def thanks_out(thanks: Thanks) -> ThanksOut:
    """Thanks as the wire shows them."""
    return ThanksOut(
        id=thanks.public_id,
        giver=thanks.giver.public_id,
        sentence=thanks.sentence,
        given_at=thanks.given_at,
    )


@router.get("/sessions/{session_id}/thanks", response=list[ThanksOut], operation_id="list_thanks")
def list_thanks(request: ApiRequest, session_id: UUID) -> list[ThanksOut]:
    """The thanks of a session: all for its mentor, your own otherwise."""
    require_scope(request, "sessions:read")
    session = session_for(request.viewer, session_id)
    return [thanks_out(one) for one in thanks_in(request.viewer, session)]


@router.post("/sessions/{session_id}/thanks", response={201: ThanksOut}, operation_id="say_thanks")
def say_thanks(request: ApiRequest, session_id: UUID, payload: ThanksIn) -> HttpResponse:
    """Thank the mentor of a session you came to, with a sentence or without."""
    require_scope(request, "sessions:write")
    session = session_for(request.viewer, session_id)

    def work() -> tuple[int, dict[str, Any]]:
        given = thank(session, payload.sentence, by=request.viewer, now=request.now)
        return 201, thanks_out(given).model_dump(mode="json")

    return once(request, work)


def quiet_out(question: QuietQuestion) -> QuietOut:
    """A question about what was quiet, as the wire shows it."""
    return QuietOut(
        id=question.public_id,
        program=question.program.public_id,
        of_program=question.enrolment_id is None,
        asked_at=question.asked_at,
        ends_at=question.ends_at,
        kept_at=question.kept_at,
        ended_at=question.ended_at,
    )


@router.get("/quiet", response=list[QuietOut], operation_id="list_quiet")
def list_quiet(request: ApiRequest) -> list[QuietOut]:
    """What was quiet for 90 days and waits for your answer, or ended lately."""
    require_scope(request, "programs:read")
    return [quiet_out(one) for one in quiet_questions_of(request.viewer, request.now)]


@router.post("/quiet/{quiet_id}/answer", response=QuietOut, operation_id="answer_quiet")
def post_answer(request: ApiRequest, quiet_id: UUID, payload: QuietIn) -> HttpResponse:
    """Let it go on (keep), end it now (end), or bring back what has ended (back)."""
    require_scope(request, "programs:write")
    found = quiet_question_for(request.viewer, quiet_id)

    def work() -> tuple[int, dict[str, Any]]:
        answered = answer_quiet(found, payload.answer, by=request.viewer, now=request.now)
        return 200, quiet_out(answered).model_dump(mode="json")

    return once(request, work)
