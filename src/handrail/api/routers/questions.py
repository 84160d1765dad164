"""Questions: asked once, answered by what is there or by a person, and what answers avoided."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.question_schemas import (
    AvoidedOut,
    BookIn,
    GoOnIn,
    HitOut,
    OfferedTimeOut,
    QuestionIn,
    QuestionOut,
    QuestionPageOut,
    QuestionSettings,
    ReplyIn,
    SayIn,
    ShareOut,
)
from handrail.api.requests import ApiRequest, browser_auth, key_auth, once, require_scope
from handrail.api.routers.answers import dump, level, skill_of
from handrail.api.routers.sessions import session_out
from handrail.api.schemas import SessionOut
from handrail.apps.answers import actions
from handrail.apps.answers import question_queries as queries
from handrail.apps.answers.counting import avoided
from handrail.apps.answers.models import Question, TextField
from handrail.apps.answers.queries import answer_for
from handrail.apps.answers.routing import settings_of
from handrail.apps.office_hours.queries import turn_for
from handrail.apps.organizations.refusals import Invalid, NotAllowed, NotFound
from handrail.domain.evidence.intervals import Share

router = Router(tags=["questions"])


@router.post(
    "/questions",
    response={201: QuestionPageOut},
    operation_id="ask_question",
    auth=[key_auth, browser_auth],
)
def ask_question(request: ApiRequest, payload: QuestionIn) -> HttpResponse:
    """Ask under an id of your own making; the answer holds hits and the next times of people."""
    require_scope(request, "answers:write")

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.ask(
            payload.text,
            note=payload.note,
            skill=skill_of(payload.skill),
            language=payload.language,
            public_id=payload.id,
            asked_at=payload.asked_at,
            by=request.viewer,
            now=request.now,
        )
        return 201, dump(page_of(request, made))

    return once(request, work)


@router.get("/questions", response=list[QuestionOut], operation_id="list_questions")
def list_questions(request: ApiRequest) -> list[QuestionOut]:
    """Your own questions, the latest first."""
    return [question_out(one) for one in queries.my_questions(request.viewer)]


@router.get("/waiting-questions", response=list[QuestionOut], operation_id="list_waiting_questions")
def list_waiting_questions(request: ApiRequest) -> list[QuestionOut]:
    """What waits for somebody who knows as you do, the longest waiting first."""
    return [question_out(one) for one in queries.queue_for(request.viewer)]


@router.get("/questions/{question_id}", response=QuestionPageOut, operation_id="read_question")
def read_question(request: ApiRequest, question_id: UUID) -> QuestionPageOut:
    """Your own question with what was shown and whom it could be asked of."""
    return page_of(request, own(request, question_id, "answers:read"))


@router.post("/questions/{question_id}/say", response=QuestionOut, operation_id="say_of_answer")
def say_of_answer(request: ApiRequest, question_id: UUID, payload: SayIn) -> HttpResponse:
    """Say that an answer solved your question, or that it was not this one."""
    found = own(request, question_id)
    answer = answer_for(request.viewer, payload.answer)

    def work() -> tuple[int, dict[str, Any]]:
        after = actions.say(
            found,
            answer,
            payload.outcome,
            by=request.viewer,
            now=request.now,
            today=request.now.date(),
        )
        return 200, dump(question_out(after))

    return once(request, work)


@router.post(
    "/questions/{question_id}/session", response={201: SessionOut}, operation_id="book_for_question"
)
def book_for_question(request: ApiRequest, question_id: UUID, payload: BookIn) -> HttpResponse:
    """Book one of the times that are offered; question, note and hits go along."""
    require_scope(request, "sessions:write")
    found = own(request, question_id)
    turn = turn_for(request.viewer, payload.turn)

    def work() -> tuple[int, dict[str, Any]]:
        session = actions.book_slot(
            found, turn, payload.starts_at, by=request.viewer, now=request.now
        )
        return 201, dump(session_out(session, request))

    return once(request, work)


@router.post(
    "/questions/{question_id}/do", response=QuestionOut, operation_id="go_on_with_question"
)
def go_on_with_question(request: ApiRequest, question_id: UUID, payload: GoOnIn) -> HttpResponse:
    """Let it wait for somebody who knows, take it back, or say which skill it is about."""
    found, by, now = own(request, question_id), request.viewer, request.now

    def work() -> tuple[int, dict[str, Any]]:
        if payload.do == "queue":
            after = actions.queue(found, by=by, now=now)
        elif payload.do == "withdraw":
            after = actions.withdraw(found, by=by, now=now)
        else:
            skill = skill_of(payload.skill)
            if skill is None:
                raise Invalid(_("Say which skill."), fields={"skill": _("Which one?")})
            after = actions.name_skill(found, skill, by=by, now=now)
        return 200, dump(question_out(after))

    return once(request, work)


@router.post(
    "/questions/{question_id}/answer", response=QuestionOut, operation_id="answer_question"
)
def answer_question(request: ApiRequest, question_id: UUID, payload: ReplyIn) -> HttpResponse:
    """Answer what waits: with an answer that is there, or in writing."""
    require_scope(request, "answers:write")
    found = queries.question_for(request.viewer, question_id)
    by, now = request.viewer, request.now

    def work() -> tuple[int, dict[str, Any]]:
        if payload.answer_id is not None:
            there = answer_for(by, payload.answer_id)
            return 200, dump(question_out(actions.point_to(found, there, by=by, now=now)))
        actions.answer_in_writing(
            found,
            asked_as=payload.question or found.text,
            body=payload.answer,
            next_step=payload.next_step,
            link=payload.link,
            audiences=dict.fromkeys(TextField.values, level(payload.audience)),
            by=by,
            now=now,
        )
        found.refresh_from_db()
        return 200, dump(question_out(found))

    return once(request, work)


@router.get("/repeat-questions", response=AvoidedOut, operation_id="read_repeat_questions")
def read_repeat_questions(
    request: ApiRequest, first: date | None = None, last: date | None = None
) -> AvoidedOut:
    """Repeat questions avoided and missed, and how often people still needed a person."""
    require_scope(request, "answers:read")
    end = last or request.now.date()
    found = avoided(request.viewer, first, end, now=request.now)
    enough = found.is_shown
    return AvoidedOut(
        first=found.first,
        last=found.last,
        people_enough=enough,
        avoided=found.avoided if enough else None,
        missed=found.missed if enough else None,
        share=_share(found.share),
        needed_a_person=_share(found.person),
    )


@router.get("/question-settings", response=QuestionSettings, operation_id="read_question_settings")
def read_question_settings(request: ApiRequest) -> QuestionSettings:
    """Which words send a question to a person, whom to turn to then, and when a wait alarms."""
    require_scope(request, "answers:read")
    if not request.viewer.is_administrator:
        raise NotAllowed(_("Only an administrator can do this."))
    found = settings_of(request.viewer.organization)
    return QuestionSettings(words=found.words, contact=found.contact, alarm_hours=found.alarm_hours)


@router.put("/question-settings", response=QuestionSettings, operation_id="edit_question_settings")
def edit_question_settings(request: ApiRequest, payload: QuestionSettings) -> QuestionSettings:
    """Decide which questions are for a person; as administrator."""
    require_scope(request, "answers:write")
    actions.edit_settings(**payload.model_dump(), by=request.viewer, now=request.now)
    return read_question_settings(request)


def own(request: ApiRequest, question_id: UUID, scope: str = "answers:write") -> Question:
    """The caller's own question."""
    require_scope(request, scope)
    found = queries.question_for(request.viewer, question_id)
    if not queries.is_own(request.viewer, found):
        raise NotFound(_("There is no such question."))
    return found


def question_out(one: Question) -> QuestionOut:
    return QuestionOut(
        id=one.public_id,
        text=one.text,
        note=one.note,
        skill=one.skill.public_id if one.skill else None,
        state=one.state,
        route=one.route,
        asked_at=one.asked_at,
        answer=one.answer.public_id if one.answer else None,
        session=one.session.public_id if one.session else None,
    )


def page_of(request: ApiRequest, question: Question) -> QuestionPageOut:
    page = queries.question_page(request.viewer, question, request.now)
    return QuestionPageOut(
        **question_out(question).model_dump(),
        hits=[
            HitOut(
                answer=hit.shown.answer.public_id,
                question=hit.shown.question,
                band=hit.band,
                outcome=hit.outcome,
                stale=hit.shown.is_stale,
            )
            for hit in page.seen
        ],
        slots=[
            OfferedTimeOut(
                turn=slot.turn.public_id,
                mentor=slot.host.public_id,
                name=slot.host.name,
                starts_at=slot.starts_at,
            )
            for slot in page.slots
        ],
        contact=page.contact,
    )


def _share(share: Share | None) -> ShareOut | None:
    if share is None:
        return None
    return ShareOut(
        hits=share.hits, n=share.trials, value=share.value, low=share.low, high=share.high
    )
