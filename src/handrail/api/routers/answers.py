"""Answers: what has changed since a device last asked, and the verbs on one answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from handrail.api.answer_schemas import ChangesOut
from handrail.api.question_schemas import (
    AgreementIn,
    AnswerTextOut,
    ApprovalIn,
    ChangeIn,
    InsideOut,
    NewWordsIn,
    PhrasingIn,
    PhrasingOut,
    WordsIn,
    WriterOut,
)
from handrail.api.requests import ApiRequest, browser_auth, key_auth, once, require_scope
from handrail.apps.answers import actions, queries
from handrail.apps.answers.changes import LARGEST_PAGE
from handrail.apps.answers.models import Answer, Audience, TextField
from handrail.apps.answers.rows import what_changed
from handrail.apps.organizations.refusals import Invalid, NotFound
from handrail.apps.people.models import Person, Skill
from handrail.apps.sessions.models import Artifact
from handrail.apps.sessions.queries import session_for

router = Router(tags=["answers"])
BODY = "answer"  # what programs call the text that the house calls a body


@router.get(
    "/answers",
    response={200: ChangesOut, 304: None, 410: None},
    operation_id="list_answers",
    auth=[key_auth, browser_auth],
)
def list_answers(request: ApiRequest, cursor: str = "", limit: int = LARGEST_PAGE) -> HttpResponse:
    """What you can read, or with a `cursor` what has changed since: rows and tombstones.

    Send the `ETag` back as `If-None-Match`. 410 asks you to read everything into a new store.
    """
    require_scope(request, "answers:read")
    reply = what_changed(
        request.viewer,
        cursor=cursor,
        unless=request.headers.get("If-None-Match", ""),
        today=request.now.date(),
        limit=limit,
    )
    response = HttpResponse(status=304) if reply.body is None else JsonResponse(reply.body)
    response["ETag"] = reply.etag
    response["Cache-Control"] = "private, no-cache"
    # A device keeps nothing that was told to somebody else: another tab may have signed in anew.
    response["X-Handrail-Account"] = str(request.viewer.account)
    return response


@router.post("/answers", response={201: InsideOut}, operation_id="write_answer")
def write_answer(request: ApiRequest, payload: WordsIn) -> HttpResponse:
    """Write an answer that no session stands behind; it is approved afterwards."""
    require_scope(request, "answers:write")

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.write_answer(**words(payload), by=request.viewer, now=request.now)
        return 201, dump(inside_of(request, made))

    return once(request, work)


@router.post(
    "/sessions/{session_id}/answer", response={201: InsideOut}, operation_id="propose_answer"
)
def propose_answer(request: ApiRequest, session_id: UUID) -> HttpResponse:
    """Make a proposal of the artifact that you handed in."""
    require_scope(request, "answers:write")
    session = session_for(request.viewer, session_id)
    artifact = Artifact.objects.filter(session=session).first()
    if artifact is None or artifact.submitted_by_id != request.viewer.person_id:
        raise NotFound(_("There is no such artifact of yours."))

    def work() -> tuple[int, dict[str, Any]]:
        assert artifact is not None
        made = actions.propose_from_artifact(artifact, by=request.viewer, now=request.now)
        return 201, dump(inside_of(request, made))

    return once(request, work)


@router.get("/answers/{answer_id}", response=InsideOut, operation_id="read_answer")
def read_answer(request: ApiRequest, answer_id: UUID) -> InsideOut:
    """An answer for its people: whose words it has and how far each goes; others list answers."""
    return inside_of(request, queries.answer_to_change(request.viewer, answer_id))


@router.post(
    "/answers/{answer_id}/revisions", response={201: InsideOut}, operation_id="edit_answer"
)
def edit_answer(request: ApiRequest, answer_id: UUID, payload: NewWordsIn) -> HttpResponse:
    """Write new words as a draft; what is approved is read until the draft is."""
    found = mine(request, answer_id)

    def work() -> tuple[int, dict[str, Any]]:
        said = words(payload)
        actions.edit(found, **said, base=payload.base, by=request.viewer, now=request.now)
        return 201, dump(inside_of(request, found))

    return once(request, work)


@router.post("/answers/{answer_id}/approve", response=InsideOut, operation_id="approve_answer")
def approve_answer(request: ApiRequest, answer_id: UUID, payload: ApprovalIn) -> HttpResponse:
    """Approve a wording as its owner, and say how far each text may go."""
    found = mine(request, answer_id)
    wanted = {
        TextField.QUESTION: level(payload.question),
        TextField.BODY: level(payload.answer),
        TextField.NEXT_STEP: level(payload.next_step),
        TextField.LINK: level(payload.link),
    }

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.approve(
            found,
            revision=payload.revision,
            audiences={str(field): upto for field, upto in wanted.items()},
            by=request.viewer,
            now=request.now,
        )
        return 200, dump(inside_of(request, made))

    return once(request, work)


@router.post("/answers/{answer_id}/agree", response=InsideOut, operation_id="agree_to_answer")
def agree_to_answer(request: ApiRequest, answer_id: UUID, payload: AgreementIn) -> HttpResponse:
    """Say how far a text goes that you wrote in; less than before acts at once."""
    found = mine(request, answer_id)
    field = str(TextField.BODY) if payload.text == BODY else payload.text

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.agree(
            found,
            field,
            level(payload.upto),
            revision=payload.revision,
            by=request.viewer,
            now=request.now,
        )
        return 200, dump(inside_of(request, made))

    return once(request, work)


@router.post("/answers/{answer_id}/do", response={204: None}, operation_id="change_answer")
def change_answer(request: ApiRequest, answer_id: UUID, payload: ChangeIn) -> HttpResponse:
    """Check it, flag it, hand it over, put it aside, add a phrasing, or say that it is a double."""
    found, by, now = mine(request, answer_id), request.viewer, request.now

    def work() -> tuple[int, dict[str, Any]]:
        if payload.do == "check":
            actions.check(found, by=by, now=now)
        elif payload.do == "outdated":
            actions.say_outdated(found, by=by, now=now)
        elif payload.do == "dismiss":
            actions.dismiss(found, by=by, now=now)
        elif payload.do == "discard":
            actions.discard_draft(found, by=by, now=now)
        elif payload.do == "alias":
            actions.add_alias(found, payload.text, by=by, now=now)
        elif payload.do == "same":
            if payload.other is None:
                raise Invalid(_("Say which answer."), fields={"other": _("Which one?")})
            actions.same_as(found, queries.answer_for(by, payload.other), by=by, now=now)
        else:
            chosen = person_of(payload.person) if payload.person else None
            actions.hand_over(found, chosen, by=by, now=now)
        return 200, {}

    return once(request, work)


@router.delete("/answers/{answer_id}", response={204: None}, operation_id="delete_answer")
def delete_answer(request: ApiRequest, answer_id: UUID) -> HttpResponse:
    """Delete an answer with all its words; devices drop it."""
    found = mine(request, answer_id)
    actions.delete(found, by=request.viewer, now=request.now)
    return HttpResponse(status=204)


@router.post("/phrasings/{phrasing_id}", response={204: None}, operation_id="decide_phrasing")
def decide_phrasing(request: ApiRequest, phrasing_id: UUID, payload: PhrasingIn) -> HttpResponse:
    """Let your answer be found by how somebody asked, or put that aside."""
    require_scope(request, "answers:write")
    found = queries.phrasing_for(request.viewer, phrasing_id)
    decide = actions.add_phrasing if payload.add else actions.dismiss_phrasing

    def work() -> tuple[int, dict[str, Any]]:
        decide(found, by=request.viewer, now=request.now)
        return 200, {}

    return once(request, work)


def inside_of(request: ApiRequest, answer: Answer) -> InsideOut:
    """An answer as its people see it."""
    queries.require_read(request.viewer)
    inside = queries.inside(
        request.viewer, queries.answer_to_change(request.viewer, answer.public_id)
    )
    if inside is None:
        raise NotFound(_("There is no such answer."))
    found = inside.answer
    return InsideOut(
        id=found.public_id,
        state=found.state,
        revision=inside.last.n,
        is_draft=inside.is_draft,
        owner=found.owner.public_id if found.owner else None,
        flagged=found.superseded_at is not None,
        review_by=found.review_by,
        texts=[
            AnswerTextOut(
                text=BODY if text.field == TextField.BODY else text.field,
                body=text.text,
                wanted=name_of(text.wanted),
                shown=name_of(text.shown),
                writers=[
                    WriterOut(
                        person=yes.person.public_id, name=yes.person.name, upto=name_of(yes.upto)
                    )
                    for yes in text.writers
                ],
            )
            for text in inside.texts
        ],
        suggested=[
            PhrasingOut(id=one.public_id, text=one.text, times=one.times)
            for one in inside.suggested
        ],
    )


def mine(request: ApiRequest, answer_id: UUID) -> Answer:
    """An answer of the caller's circle, for changing it."""
    require_scope(request, "answers:write")
    return queries.answer_to_change(request.viewer, answer_id)


def words(payload: WordsIn) -> dict[str, Any]:
    """The words as the verbs take them."""
    return {
        "question": payload.question,
        "body": payload.answer,
        "next_step": payload.next_step,
        "link": payload.link,
        "skill": skill_of(payload.skill),
    }


def skill_of(public_id: UUID | None) -> Skill | None:
    """A skill by its id; none where none is named."""
    if public_id is None:
        return None
    found = Skill.objects.filter(public_id=public_id).first()
    if found is None:
        raise Invalid(_("There is no such skill."), fields={"skill": _("Choose one that exists.")})
    return found


def person_of(public_id: UUID) -> Person:
    found = Person.objects.filter(public_id=public_id).first()
    if found is None:
        raise Invalid(_("There is no such person."), fields={"person": _("Choose somebody else.")})
    return found


def level(name: str) -> int:
    return int(Audience[name.upper()])


def name_of(number: int) -> Any:
    return Audience(number).name.lower()


def dump(schema: Schema) -> dict[str, Any]:
    return schema.model_dump(mode="json")
