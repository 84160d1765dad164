"""Questions: one's own, the ones that wait for somebody, and what may be done with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from handrail.apps.answers.actions.closing import may_answer, may_see_queue
from handrail.apps.answers.audience import readable, team_of
from handrail.apps.answers.models import (
    Answer,
    Band,
    Look,
    Outcome,
    Question,
    QuestionState,
    Route,
)
from handrail.apps.answers.queries import Shown, require_read, shown
from handrail.apps.answers.routing import settings_of, skills_for, slots_for
from handrail.apps.answers.search import Hit, search
from handrail.apps.office_hours.queries import NextSlot
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill

KEPT_OPEN = 20  # own questions listed


@dataclass(frozen=True, slots=True)
class Seen:
    """One hit of a question as its asker sees it."""

    shown: Shown
    band: str
    outcome: str


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """What the asker finds: answers that may fit, whom to ask, and how it went."""

    question: Question
    seen: list[Seen]
    is_answered: bool  # the first hit is *the* answer, so far as a search can say
    slots: list[NextSlot]
    skills: list[Skill]
    contact: str  # whom to turn to, where the question is not for a list
    answer: Shown | None  # that settled it


def my_questions(viewer: Viewer) -> list[Question]:
    """The viewer's own questions, the latest first."""
    require_read(viewer)
    if viewer.person_id is None:
        return []
    mine = Question.objects.filter(asker_id=viewer.person_id).select_related("skill", "session")
    return list(mine[:KEPT_OPEN])


def question_for(viewer: Viewer, public_id: UUID) -> Question:
    """The viewer's own question, or one that waits for somebody like them; else NotFound."""
    require_read(viewer)
    found = (
        Question.objects.select_related("skill", "session", "answer", "asker__membership")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such question."))
    if not is_own(viewer, found) and not may_answer(viewer, found):
        raise NotFound(_("There is no such question."))
    return found


def is_own(viewer: Viewer, question: Question) -> bool:
    """Whether the viewer asked it."""
    return viewer.person_id is not None and question.asker_id == viewer.person_id


def question_page(viewer: Viewer, question: Question, now: datetime) -> QuestionPage:
    """A question of the viewer's own with what is offered for it."""
    today = now.date()
    looks = {
        look.answer_id: look
        for look in Look.objects.filter(question=question).order_by("-score", "pk")
    }
    team_id = team_of(viewer)
    found = {
        answer.pk: answer
        for answer in Answer.objects.filter(readable(viewer, team_id), pk__in=looks)
        .select_related("current", "skill", "owner", "team")
        .prefetch_related("phrasings")
    }
    answers = [found[pk] for pk in looks if pk in found]
    seen = [
        Seen(one, looks[one.answer.pk].band, looks[one.answer.pk].outcome)
        for one in shown(viewer, answers, today)
    ]
    live = question.state in (QuestionState.OPEN, QuestionState.QUEUED)
    best = next((one for one in seen if one.outcome != Outcome.NOT_THIS), None)
    settled = None
    if question.answer_id is not None:
        related = Answer.objects.filter(
            readable(viewer, team_id), pk=question.answer_id
        ).select_related("current", "skill", "owner", "team")
        settled = next(
            iter(shown(viewer, list(related.prefetch_related("phrasings")), today)), None
        )
    sensitive = question.route == Route.WORDS
    return QuestionPage(
        question=question,
        seen=seen,
        is_answered=(
            best is not None
            and best.band == Band.ANSWER
            and not best.shown.is_stale
            and question.route == Route.NOTHING
        ),
        slots=slots_for(viewer, question, now=now) if live else [],
        skills=skills_for(question),
        contact=settings_of(viewer.organization).contact if sensitive else "",
        answer=settled,
    )


def queue_for(viewer: Viewer) -> list[Question]:
    """The questions that wait for somebody like the viewer, the longest waiting first."""
    require_read(viewer)
    if not may_see_queue(viewer):
        raise NotAllowed(_("Mentors and those who run programs see what waits."))
    rows = (
        Question.objects.filter(state=QuestionState.QUEUED)
        .exclude(route=Route.WORDS)
        .select_related("skill", "asker")
        .order_by("queued_at", "pk")
    )
    if not viewer.is_administrator and not _leads(viewer):
        offers = Person.objects.filter(pk=viewer.person_id or 0).values("offers__skill")
        rows = rows.filter(Q(skill=None) | Q(skill__in=offers))
    return [row for row in rows if not is_own(viewer, row)]


def waits_in_queue(viewer: Viewer) -> int:
    """How many questions wait for somebody like the viewer; 0 for who does not see the queue."""
    if not viewer.may("answers:read") or not may_see_queue(viewer):
        return 0
    return len(queue_for(viewer))


def hits_for_asker(question: Question, viewer: Viewer, today: date) -> list[Hit]:
    """What is there already for a question that waits, for whoever would answer it."""
    return search(viewer.organization, viewer, question.text, question.language, today=today)


def _leads(viewer: Viewer) -> bool:
    return Person.objects.filter(pk=viewer.person_id or 0, leads__isnull=False).exists()
