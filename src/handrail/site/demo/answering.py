"""Answers in the demo: an artifact becomes one, and a question goes to a person and comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import F

from handrail.apps.answers import actions
from handrail.apps.answers.audience import standing
from handrail.apps.answers.models import Answer, AnswerRevision, Audience, Question, TextField
from handrail.apps.outbox.runner import drain
from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.sessions.models import Artifact, Session, SessionState

EVERYBODY = dict.fromkeys(TextField.values, int(Audience.ORGANIZATION))
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the demo tells of it."""

    grown: Answer
    wrote: int  # whose yes it took
    question: Question
    mentor: Person
    solved: Question


def play_answers(program: Program, *, now: datetime) -> Answered | None:
    """One artifact becomes an answer, one question is answered by who knows, the next one avoided.

    None where no session of the program was closed, or nobody could ask.
    """
    artifacts = (
        Artifact.objects.filter(session__program=program, session__state=SessionState.CLOSED)
        .exclude(submitted_by=None)
        .select_related("session__booking__host", "submitted_by")
        .order_by("submitted_at", "pk")
    )
    # One that the mentor handed in: its question is the mentee's, so two people have to agree.
    of_mentors = artifacts.filter(submitted_by=F("session__booking__host"))
    artifact = of_mentors.first() or artifacts.first()
    mentees = program.enrolments.filter(role=EnrolmentRole.MENTEE, left_at=None)
    asking = [part.person for part in mentees.select_related("person").order_by("person__name")[:2]]
    if artifact is None or len(asking) < 2:
        return None
    grown, wrote = _grow(artifact, now)
    mentor = artifact.session.booking.host
    question = _ask(asking[0], mentor, artifact.session, now + HOUR)
    if question.answer is None:
        return None
    again = _solve(asking[1], question, now + 2 * HOUR)
    return Answered(grown, wrote, question, mentor, again)


def _grow(artifact: Artifact, now: datetime) -> tuple[Answer, int]:
    """Its author approves it for everybody; whoever else wrote in it agrees."""
    assert artifact.submitted_by is not None
    by = viewer_for_person(artifact.submitted_by)
    answer = actions.propose_from_artifact(artifact, by=by, now=now)
    answer = actions.approve(answer, revision=1, audiences=EVERYBODY, by=by, now=now)
    assert answer.current is not None
    writers = set()
    for text in standing(answer, answer.current):
        for yes in text.writers:
            writers.add(yes.person.pk)
            if yes.upto < text.wanted and text.text:
                actions.agree(
                    answer,
                    text.field,
                    text.wanted,
                    revision=1,
                    by=viewer_for_person(yes.person),
                    now=now,
                )
    drain(now=now)
    answer.refresh_from_db()
    return answer, len(writers)


def _ask(asker: Person, mentor: Person, about: Session, now: datetime) -> Question:
    """Nothing fits and nobody holds office hours: it waits, and who knows answers in writing."""
    skill = mentor.offers.order_by("-level", "pk")[0].skill
    text = f"Who looks at a first change in {skill.name}, and how long does it take?"
    question = actions.ask(
        text,
        note="I read the guide and did not find it.",
        skill=skill,
        public_id=_number(about, "asked"),
        by=viewer_for_person(asker),
        now=now,
    )
    actions.queue(question, by=viewer_for_person(asker), now=now)
    answer = actions.answer_in_writing(
        question,
        asked_as=text,
        body="Whoever changed that part last looks first; two working days are usual. "
        "After that, ask in the team's channel with the link.",
        audiences=EVERYBODY,
        by=viewer_for_person(mentor),
        now=now + HOUR / 2,
    )
    actions.agree(
        answer,
        TextField.QUESTION,
        Audience.ORGANIZATION,
        revision=1,
        by=viewer_for_person(asker),
        now=now + HOUR / 2,
    )
    drain(now=now + HOUR / 2)
    question.refresh_from_db()
    return question


def _solve(asker: Person, before: Question, now: datetime) -> Question:
    """The next one who asks finds it."""
    by = viewer_for_person(asker)
    words = AnswerRevision.objects.get(answer=before.answer, n=1).question
    again = actions.ask(
        f"{words.rpartition(',')[0]}?", public_id=_number(before, "again"), by=by, now=now
    )
    assert before.answer is not None
    return actions.say(again, before.answer, "solved", by=by, now=now, today=now.date())


def _number(thing: Session | Question, name: str) -> UUID:
    """An id of the asker's making."""
    return uuid5(thing.public_id, name)
