"""How a question is closed by others: its session's answer, a written one, one that was there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from handrail.apps.answers.actions.access import raised
from handrail.apps.answers.actions.approving import approve
from handrail.apps.answers.actions.asking import WAITS, audit_question
from handrail.apps.answers.actions.keeping import suggest
from handrail.apps.answers.actions.proposing import write_answer
from handrail.apps.answers.announcing import ANSWERED, FREE_AGAIN, WAITS_LONG, to_person
from handrail.apps.answers.audience import readable, team_of
from handrail.apps.answers.models import (
    Answer,
    AnswerPerson,
    AnswerRevision,
    AnswerState,
    AnswerWriter,
    PhrasingState,
    Question,
    QuestionState,
    Route,
    TextField,
)
from handrail.apps.answers.routing import knows, settings_of, slots_for
from handrail.apps.answers.search.edges import edges_of
from handrail.apps.answers.search.meaning import LANGUAGES, Encodes
from handrail.apps.answers.wording import normal_of
from handrail.apps.office_hours.models import Rota
from handrail.apps.organizations.models import Grant
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.models import ProgramStatus
from handrail.domain.text import base_language

if TYPE_CHECKING:  # numpy is late: who searches by words never needs it
    from numpy.typing import NDArray

TOLD_WITHIN = timedelta(days=90)  # who asked the same longer ago is not told any more
COMPARED = 200  # of the questions that wait: the newest


def may_see_queue(viewer: Viewer) -> bool:
    """Whether the common queue is the viewer's to look at: whoever offers any skill, and leads."""
    if viewer.is_administrator:
        return True
    if viewer.person_id is None:
        return False
    me = Person.objects.filter(pk=viewer.person_id)
    return me.filter(Q(offers__isnull=False) | Q(leads__isnull=False)).exists()


def may_answer(viewer: Viewer, question: Question) -> bool:
    """Whether a question that waits is the viewer's to answer: they know its skill, or run things.

    Never what its asker alone should tell to a person of their choice.
    """
    if question.state != QuestionState.QUEUED or question.route == Route.WORDS:
        return False
    if viewer.person_id is not None and viewer.person_id == question.asker_id:
        return False
    leads = Person.objects.filter(pk=viewer.person_id or 0, leads__isnull=False).exists()
    return viewer.is_administrator or leads or knows(viewer.person_id, question)


def answer_in_writing(
    question: Question,
    *,
    asked_as: str,
    body: str,
    next_step: str = "",
    link: str = "",
    audiences: Mapping[str, int],
    public_id: UUID | None = None,
    by: Viewer,
    now: datetime,
) -> Answer:
    """Answer a question that waits; asker and writer are its circle, wider only with both's yes."""
    with writing(by.organization):
        question = _waiting(question, by)
        answer = write_answer(
            asked_as,
            body,
            next_step=next_step,
            link=link,
            skill=question.skill,
            by=by,
            now=now,
            public_id=public_id,
        )
        asker = question.asker
        if asker is not None:
            AnswerPerson.objects.get_or_create(
                organization=by.organization, answer=answer, person=asker
            )
            if normal_of(asked_as) == question.normal:
                # These are the asker's words: they go nowhere without the asker.
                AnswerWriter.objects.get_or_create(
                    organization=by.organization,
                    answer=answer,
                    field=TextField.QUESTION,
                    since=1,
                    person=asker,
                )
        question.answer = answer
        question.save(update_fields=["answer", "rev"])
        return approve(answer, revision=1, audiences=audiences, by=by, now=now)


def point_to(question: Question, answer: Answer, *, by: Viewer, now: datetime) -> Question:
    """Answer a question that waits with an answer that is there and that its asker may read."""
    with writing(by.organization):
        question = _waiting(question, by)
        if question.asker is None or not _may_read(question.asker, answer):
            raise Conflict(
                _("Whoever asked may not read that answer. Choose another, or write one."),
                code="not-readable",
            )
        suggest(answer, question.text, now)
        _settle(question, answer, by, now)
    return question


def tell_waiting(answer: Answer, *, by: Viewer, now: datetime) -> int:
    """Tell everybody who waits for an answer that it is there; says how many.

    The asker whose session or question it came from, and everybody who asked the same: in the same
    words, in words by which the answer is searched, or as its question.
    """
    if answer.state != AnswerState.LIVE or answer.current is None:
        return 0
    told = 0
    with reading(by.organization):
        waiting = list(_who_waits(answer, now))
    for question in waiting:
        if question.asker is None or not _may_read(question.asker, answer):
            continue
        with writing(by.organization):
            fresh = (
                Question.objects.select_for_update(of=("self",))
                .select_related("asker")
                .filter(pk=question.pk, told_at=None)
                .first()
            )
            if fresh is None:
                continue
            fresh.rev += 1
            _settle(fresh, answer, by, now)
            told += 1
    return told


def offer_words_of_waiting(
    answer: Answer, vectors: NDArray[Any], model: Encodes, *, now: datetime
) -> int:
    """Show an answer's owner in which other words somebody waits for it; says how many.

    In the caller's transaction, with the answer's own vectors. Nobody is told by likeness alone:
    once the owner adds the words, whoever asked in them is.
    """
    edge = edges_of(answer.organization, model.name).answer
    known = set(answer.phrasings.values_list("normal", flat=True))
    waiting = (
        Question.objects.filter(
            told_at=None,
            state__in=(*WAITS, QuestionState.OPEN),
            asked_at__gt=now - TOLD_WITHIN,
        )
        .exclude(route=Route.WORDS)
        .select_related("asker__membership")
        .order_by("-asked_at", "-pk")[:COMPARED]
    )
    others = [
        one
        for one in waiting
        if one.normal not in known
        and base_language(one.language) in LANGUAGES
        and one.asker is not None
        and _may_read(one.asker, answer)
    ]
    if not others:
        return 0
    cosines = (model.encode([one.text for one in others]) @ vectors.T).max(axis=1)
    alike = [one for one, cosine in zip(others, cosines, strict=True) if cosine >= edge]
    for one in alike:
        suggest(answer, one.text, now)
    return len(alike)


def tend_queue(*, by: Viewer, now: datetime) -> int:
    """Offer times that have become free to who waits, and raise the alarm about who waits long."""
    with reading(by.organization):
        rows = list(
            Question.objects.filter(state=QuestionState.QUEUED)
            .select_related("asker__membership", "skill", "organization")
            .order_by("queued_at", "pk")
        )
        hours = settings_of(by.organization).alarm_hours
    for question in rows:
        if question.offered_at is None and question.asker is not None:
            with reading(by.organization):
                free = slots_for(viewer_for_person(question.asker), question, now=now)
            if free:
                with writing(by.organization):
                    if raised(_still(question, offered_at=None), offered_at=now):
                        to_person(
                            FREE_AGAIN,
                            question.asker,
                            now,
                            key=str(question.public_id),
                            question=question,
                        )
        late = question.queued_at is not None and now - question.queued_at >= timedelta(hours=hours)
        if late and question.alarmed_at is None:
            with writing(by.organization):
                if raised(_still(question, alarmed_at=None), alarmed_at=now):
                    for person in _whom_to_alarm():
                        to_person(
                            WAITS_LONG,
                            person,
                            now,
                            key=str(question.public_id),
                            question=question,
                        )
                    audit_question("alarm", question, by, now)
    return len(rows)


def _who_waits(answer: Answer, now: datetime) -> list[Question]:
    words = AnswerRevision.objects.filter(pk=answer.current_id or 0).first()
    normals = {normal_of(words.question)} if words else set()
    normals |= set(
        answer.phrasings.filter(state=PhrasingState.ALIAS).values_list("normal", flat=True)
    )
    own = Q(session__artifact__answer=answer) | Q(answer=answer)
    first = Question.objects.filter(own)
    normals |= set(first.values_list("normal", flat=True))
    same = Q(normal__in=normals) | Q(same_as__in=first)
    return list(
        Question.objects.filter(own | same, told_at=None, asked_at__gt=now - TOLD_WITHIN)
        .exclude(state__in=(QuestionState.WITHDRAWN, QuestionState.SOLVED))
        .exclude(route=Route.WORDS, session=None)
        .select_related("asker__membership")
        .order_by("asked_at", "pk")
        .distinct()
    )


def _settle(question: Question, answer: Answer, by: Viewer, now: datetime) -> None:
    """Close a locked question with an answer, and tell its asker unless they own the answer."""
    if question.session_id is None or _is_of(question, answer):
        question.state, question.closed_at = QuestionState.ANSWERED, now
    question.answer, question.told_at = answer, now
    question.save()
    if question.asker is not None and question.asker_id != answer.owner_id:
        to_person(
            ANSWERED,
            question.asker,
            now,
            key=str(question.public_id),
            answer=answer,
            question=question,
        )
    audit_question("answered", question, by, now)


def _is_of(question: Question, answer: Answer) -> bool:
    return answer.artifact is not None and answer.artifact.session_id == question.session_id


def _waiting(question: Question, by: Viewer) -> Question:
    found = (
        Question.objects.select_for_update(of=("self",))
        .select_related("asker__membership", "skill")
        .filter(pk=question.pk)
        .first()
    )
    if found is None or not by.may("answers:write"):
        raise NotFound(_("There is no such question."))
    if found.state in WAITS or found.state == QuestionState.OPEN:
        if not may_answer(by, found):
            raise NotAllowed(_("This question does not wait for you."))
    else:
        raise Conflict(_("This question is settled meanwhile."), code="question-settled")
    found.rev += 1
    return found


def _may_read(person: Person, answer: Answer) -> bool:
    viewer = viewer_for_person(person)
    return Answer.objects.filter(readable(viewer, team_of(viewer)), pk=answer.pk).exists()


def _still(question: Question, **unset: None) -> object:
    return Question.objects.filter(pk=question.pk, state=QuestionState.QUEUED, **unset)


def _whom_to_alarm() -> list[Person]:
    """Who runs office hours; where nobody does, the administrators."""
    rotas = Rota.objects.filter(program__status=ProgramStatus.RUNNING)
    leads = Person.objects.filter(leads__program__in=rotas.values("program_id")).distinct()
    found = list(leads.order_by("name", "external_id"))
    if found:
        return found
    granted = Person.objects.filter(
        membership__revoked_at=None, membership__grants__role=Grant.ADMINISTRATOR
    )
    return list(granted.distinct().order_by("name", "external_id"))
