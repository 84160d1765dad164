"""Asking: what is shown for a question, what its asker says about it, and going on to a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from handrail.apps.answers.actions.access import author_of, raised, require_write
from handrail.apps.answers.actions.keeping import note_read, suggest
from handrail.apps.answers.models import (
    Answer,
    Look,
    Outcome,
    Question,
    QuestionState,
    Route,
)
from handrail.apps.answers.routing import (
    is_sensitive,
    route_by_hits,
    route_by_outcomes,
    settings_of,
    skill_named,
    slots_for,
)
from handrail.apps.answers.search import Hit, search
from handrail.apps.answers.wording import normal_of, note_text, question_text
from handrail.apps.office_hours.actions import book
from handrail.apps.office_hours.models import Turn
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.sessions.models import Session

SEEN = 3  # hits that travel along with a question
WAITS = (QuestionState.BOOKED, QuestionState.QUEUED)
SAME_WITHIN = timedelta(days=90)


def ask(
    text: str,
    *,
    public_id: UUID,
    note: str = "",
    skill: Skill | None = None,
    language: str = "",
    asked_at: datetime | None = None,
    by: Viewer,
    now: datetime,
) -> Question:
    """Ask a question under an id of one's own making: sent twice it is asked once.

    What a search finds is kept beside it, with the band that it came from. A question asked while
    offline brings the moment of asking along.
    """
    require_write(by)
    said, tried = question_text(text), note_text(note)
    with writing(by.organization):
        asker = author_of(by)
        there = Question.objects.filter(public_id=public_id).first()
        if there is not None:
            if there.asker_id != asker.pk or there.text != said:
                raise Conflict(
                    _("This id was used for another question. Ask again with a new one."),
                    code="question-reused",
                )
            return there
        language = language or asker.language
        sensitive = is_sensitive(f"{said} {tried}", settings_of(by.organization).words)
        hits = [] if sensitive else search(by.organization, by, said, language, today=now.date())
        question = Question.objects.create(
            organization=by.organization,
            public_id=public_id,
            asker=asker,
            text=said,
            normal=normal_of(said),
            note=tried,
            skill=skill or _skill_of(said, hits),
            language=language,
            route=Route.WORDS if sensitive else route_by_hits(hits, now.date()),
            hits=[
                {
                    "answer": str(hit.answer.public_id),
                    "score": round(hit.score, 4),
                    "band": str(hit.band),
                    "model": hit.model,
                }
                for hit in hits[:SEEN]
            ],
            asked_at=min(asked_at or now, now),
            received_at=now,
            same_as=None if sensitive else _first_of(normal_of(said), asker, now),
        )
        Look.objects.bulk_create(
            Look(
                organization=by.organization,
                question=question,
                answer=hit.answer,
                model=hit.model,
                score=hit.score,
                band=hit.band,
                shown_at=now,
            )
            for hit in hits
        )
        _audit("asked", question, by, now)
    return question


def say(
    question: Question, answer: Answer, outcome: str, *, by: Viewer, now: datetime, today: date
) -> Question:
    """Say that an answer solved it, or that it was not this one; both teach the search."""
    if outcome not in (Outcome.SOLVED, Outcome.NOT_THIS):
        raise Invalid(_("There is no such choice."), fields={"outcome": _("Unknown.")})
    solved = outcome == Outcome.SOLVED
    with writing(by.organization):
        question = own(question, by)
        look = Look.objects.filter(question=question, answer=answer).first()
        if look is None:
            raise NotFound(_("There is no such answer."))
        if question.state != QuestionState.OPEN:
            if solved and question.answer_id == answer.pk:
                return question
            raise _closed()
        if look.outcome == outcome:
            return question
        look.outcome, look.said_at = outcome, now
        look.save(update_fields=["outcome", "said_at"])
        if solved:
            question.state, question.answer, question.closed_at = QuestionState.SOLVED, answer, now
            question.told_at = now
            note_read(answer, today, solved=True)
            suggest(answer, question.text, now)
        else:
            question.route = route_by_outcomes(question)
        question.save()
        _audit("solved" if solved else "not_this", question, by, now)
    return question


def book_slot(
    question: Question,
    turn: Turn,
    starts_at: datetime,
    *,
    by: Viewer,
    now: datetime,
    key: str | None = None,
) -> Session:
    """Book an office-hours time for a question: it, what was tried and what was seen go along."""
    with reading(by.organization):
        question = own(question, by, lock=False)
        if question.session is not None:
            return question.session
        if question.state not in (QuestionState.OPEN, QuestionState.QUEUED):
            raise _closed()
        note = _brought(question)

    def link(session: Session) -> None:
        done = raised(
            Question.objects.filter(
                pk=question.pk,
                session=None,
                state__in=(QuestionState.OPEN, QuestionState.QUEUED),
            ),
            session=session,
            state=QuestionState.BOOKED,
        )
        if not done:
            raise _closed()
        _audit("booked", question, by, now)

    return book(turn, starts_at, question.text, by=by, now=now, note=note, key=key, on_made=link)


def queue(question: Question, *, by: Viewer, now: datetime) -> Question:
    """Put a question where everybody who knows its skill sees it; it raises an alarm with age."""
    with writing(by.organization):
        question = own(question, by)
        if question.state == QuestionState.QUEUED:
            return question
        if question.state != QuestionState.OPEN:
            raise _closed()
        if question.route == Route.WORDS:
            raise Conflict(
                _("This is not for a list that others read. Turn to a person directly."),
                code="not-for-the-queue",
            )
        question.state, question.queued_at = QuestionState.QUEUED, now
        # Where times are free already, nobody has to be told that they are.
        question.offered_at = now if slots_for(by, question, now=now) else None
        question.save()
        _audit("queued", question, by, now)
    return question


def withdraw(question: Question, *, by: Viewer, now: datetime) -> Question:
    """Take a question back; a session that is booked for it is cancelled in its room."""
    with writing(by.organization):
        question = own(question, by)
        if question.state in (QuestionState.OPEN, QuestionState.QUEUED):
            question.state, question.closed_at = QuestionState.WITHDRAWN, now
            question.save()
            _audit("withdrawn", question, by, now)
        elif question.state != QuestionState.WITHDRAWN:
            raise _closed()
    return question


def name_skill(question: Question, skill: Skill, *, by: Viewer, now: datetime) -> Question:
    """Say what a question is about, so that the right people are offered."""
    with writing(by.organization):
        question = own(question, by)
        if question.state not in (QuestionState.OPEN, QuestionState.QUEUED):
            raise _closed()
        question.skill = skill
        question.save()
        _audit("skill", question, by, now)
    return question


def own(question: Question, by: Viewer, *, lock: bool = True) -> Question:
    """The asker's own question as it is now; NotFound for everybody else."""
    require_write(by)
    rows = Question.objects.select_related("skill", "session", "answer", "asker")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=question.pk).first()
    if found is None or by.person_id is None or found.asker_id != by.person_id:
        raise NotFound(_("There is no such question."))
    found.rev += 1  # saved with the change
    return found


def audit_question(verb: str, question: Question, by: Viewer, now: datetime) -> None:
    """Write one line of the record; never a word of what was asked."""
    _audit(verb, question, by, now)


def _audit(verb: str, question: Question, by: Viewer, now: datetime) -> None:
    record_audit(
        by=by,
        verb=f"question.{verb}",
        object_type="question",
        object_id=str(question.public_id),
        now=now,
    )


def _skill_of(text: str, hits: Sequence[Hit]) -> Skill | None:
    return skill_named(text) or next((hit.answer.skill for hit in hits if hit.answer.skill), None)


def _first_of(normal: str, asker: Person, now: datetime) -> Question | None:
    """Somebody else's question in the same words that still waits."""
    return (
        Question.objects.filter(
            normal=normal, state__in=WAITS, same_as=None, asked_at__gt=now - SAME_WITHIN
        )
        .exclude(asker=asker)
        .order_by("asked_at", "pk")
        .first()
    )


def _brought(question: Question) -> str:
    """What the mentor finds in the notes: what was tried, and the answers that did not do."""
    parts = [question.note] if question.note else []
    if question.skill is not None:
        parts.append(_("Skill: %(skill)s") % {"skill": question.skill.name})
    seen = Look.objects.filter(question=question, answer__current__isnull=False)
    lines = [
        f"- {look.answer.current.question}"
        for look in seen.select_related("answer__current").order_by("-score", "pk")[:SEEN]
        if look.answer.current is not None
    ]
    if lines:
        parts.append("\n".join([_("Seen before asking:"), *lines]))
    return "\n\n".join(parts)


def _closed() -> Conflict:
    return Conflict(_("This question is settled. Ask a new one."), code="question-settled")
