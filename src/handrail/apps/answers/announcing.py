"""Which mails a change of an answer or a question causes: outbox rows in its transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from handrail.apps.answers.audience import TextStanding
from handrail.apps.answers.models import Answer, AnswerWriter, Question
from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import Person
from handrail.apps.sessions.models import Session

YES_ASKED = "mail.answer_yes"
REVIEW = "mail.answer_review"
ANSWERED = "mail.question_answered"
FREE_AGAIN = "mail.question_free"
WAITS_LONG = "mail.question_waits"
TELL = "question.tell"
PROPOSE = "answer.propose"
LATE_WORDS = "answer.late_words"
WAITED_FOR = "mail.answer_waited_for"


def ask_for_yes(answer: Answer, texts: Iterable[TextStanding], now: datetime) -> None:
    """Ask everybody who holds a text back, once for each of its wordings; one mail a person."""
    asked: dict[int, Person] = {}
    for text in texts:
        for person in text.waits_for:
            new = AnswerWriter.objects.filter(
                answer=answer, field=text.field, since=text.since, person=person, asked_at=None
            ).update(asked_at=now)
            if new and text.text:
                asked[person.pk] = person
    for person in asked.values():
        to_person(YES_ASKED, person, now, key=f"{answer.public_id}:{answer.rev}", answer=answer)


def announce_live(answer: Answer, now: datetime) -> None:
    """Tell whoever waits for this answer, once the change stands."""
    enqueue(
        TELL,
        ref={"answer": str(answer.public_id)},
        dedupe=f"{TELL}:{answer.public_id}:{answer.rev}",
        due_at=now,
        stream=f"answer:{answer.public_id}",
        now=now,
        organization=answer.organization,
    )


def about_session(kind: str, session: Session, now: datetime) -> None:
    """Let the answer of a session be made, or looked at, once what happened in it stands."""
    enqueue(
        kind,
        ref={"session": str(session.public_id)},
        dedupe=f"{kind}:{session.public_id}:{now.timestamp():.6f}",
        due_at=now,
        stream=f"answer-of:{session.public_id}",
        now=now,
        organization=session.organization,
    )


def to_person(
    kind: str,
    person: Person,
    now: datetime,
    *,
    key: str,
    answer: Answer | None = None,
    question: Question | None = None,
) -> None:
    """One mail to one person about an answer or a question."""
    ref = {"person": str(person.public_id)}
    if answer is not None:
        ref["answer"] = str(answer.public_id)
    if question is not None:
        ref["question"] = str(question.public_id)
    enqueue(
        kind,
        ref=ref,
        dedupe=f"{kind}:{key}:{person.public_id}",
        due_at=now,
        stream=f"answers:{person.public_id}",
        now=now,
        organization=person.organization,
    )
