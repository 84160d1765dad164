"""An artifact becomes a proposed answer; a person may also write one without a session."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handrail.apps.answers.actions.access import audit, author_of, require_write
from handrail.apps.answers.models import (
    Answer,
    AnswerPerson,
    AnswerRevision,
    AnswerWriter,
    Question,
    TextField,
)
from handrail.apps.answers.wording import LONGEST_QUESTION, answer_texts
from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Objective
from handrail.apps.requests.models import MentoringRequest
from handrail.apps.sessions.company import coming, is_group
from handrail.apps.sessions.models import Artifact, RoomField, RoomRevision, Session

# Which text of the room a text of the answer comes from; the question is the session's objective.
COMES_FROM = {
    TextField.BODY: RoomField.LEARNED,
    TextField.NEXT_STEP: RoomField.NEXT_STEP,
    TextField.LINK: RoomField.LINK,
}


def propose_from_artifact(artifact: Artifact, *, by: Viewer, now: datetime) -> Answer:
    """Propose an answer to the author of an artifact; once for each artifact.

    Nothing of it goes further than the people of the session until its author and everybody who
    wrote in it say so.
    """
    with writing(by.organization):
        artifact = (
            Artifact.objects.select_for_update(of=("self",))
            .select_related("session__booking", "submitted_by__team")
            .get(pk=artifact.pk)
        )
        there = Answer.objects.filter(artifact=artifact).first()
        if there is not None:
            return there
        session = artifact.session
        question = Question.objects.filter(session=session).select_related("asker").first()
        owner = artifact.submitted_by
        answer = Answer.objects.create(
            organization=by.organization,
            artifact=artifact,
            artifact_rev=artifact.rev,
            owner=owner,
            team=owner.team if owner else None,
            skill=_skill_of(session, question),
            language=(question.language if question else "") or (owner.language if owner else "en"),
            created_at=now,
        )
        texts = {
            TextField.QUESTION: (question.text if question else session.objective),
            TextField.BODY: artifact.learned,
            TextField.NEXT_STEP: artifact.next_step,
            TextField.LINK: artifact.link,
        }
        AnswerRevision.objects.create(
            organization=by.organization,
            answer=answer,
            n=1,
            question=" ".join(texts[TextField.QUESTION].split())[:LONGEST_QUESTION],
            body=texts[TextField.BODY],
            next_step=texts[TextField.NEXT_STEP],
            link=texts[TextField.LINK],
            written_by=owner,
            written_at=now,
        )
        seats = coming(
            session,
            Seat.objects.filter(booking=session.booking).select_related("person").order_by("n"),
        )
        _circle(answer, [*(seat.person for seat in seats), *([owner] if owner else [])])
        _writers(answer, artifact, question, seats)
        audit("proposed", answer, by, now)
    return answer


def write_answer(
    question: str,
    body: str,
    *,
    next_step: str = "",
    link: str = "",
    skill: Skill | None = None,
    by: Viewer,
    now: datetime,
    public_id: UUID | None = None,
) -> Answer:
    """Propose an answer that no session stands behind; its writer is alone in its circle.

    With a `public_id` of the writer's making, writing it twice is writing it once.
    """
    require_write(by)
    texts = answer_texts(question, body, next_step, link)
    with writing(by.organization):
        author = author_of(by)
        if public_id is not None:
            there = Answer.objects.filter(public_id=public_id, owner=author).first()
            if there is not None:
                return there
        answer = Answer.objects.create(
            organization=by.organization,
            owner=author,
            team=author.team,
            skill=skill,
            language=author.language,
            created_at=now,
            **({"public_id": public_id} if public_id is not None else {}),
        )
        AnswerRevision.objects.create(
            organization=by.organization,
            answer=answer,
            n=1,
            written_by=author,
            written_at=now,
            **texts,
        )
        _circle(answer, [author])
        for field in TextField.values:
            _writer(answer, field, author)
        audit("written", answer, by, now)
    return answer


def _skill_of(session: Session, question: Question | None) -> Skill | None:
    if question is not None and question.skill is not None:
        return question.skill
    request = MentoringRequest.objects.filter(session=session).select_related("skill").first()
    if request is not None and request.skill is not None:
        return request.skill
    mentees = Seat.objects.filter(booking=session.booking, role=SeatRole.MENTEE)
    objective = (
        Objective.objects.filter(
            enrolment__program=session.program,
            enrolment__person_id__in=mentees.values("person_id"),
            text=session.objective,
        )
        .exclude(skill=None)
        .select_related("skill")
        .first()
    )
    return objective.skill if objective is not None else None


def _circle(answer: Answer, people: list[Person]) -> None:
    for person in dict.fromkeys(people):
        AnswerPerson.objects.create(
            organization_id=answer.organization_id, answer=answer, person=person
        )


def _writers(
    answer: Answer, artifact: Artifact, question: Question | None, seats: list[Seat]
) -> None:
    """Everybody whose words may be in a text: who ever saved it, and who handed the artifact in."""
    session = artifact.session
    if question is not None and question.asker is not None:
        asked = [question.asker]
    elif is_group(session):
        asked = [seat.person for seat in seats if seat.role == SeatRole.MENTOR]
    else:
        asked = [seat.person for seat in seats if seat.role == SeatRole.MENTEE]
    for person in asked:
        _writer(answer, TextField.QUESTION, person)
    for field, source in COMES_FROM.items():
        saved = RoomRevision.objects.filter(session=session, field=source, late=False)
        ids = set(saved.exclude(body="").values_list("author_id", flat=True))
        people = list(Person.objects.filter(pk__in=[pk for pk in ids if pk is not None]))
        if artifact.submitted_by is not None:
            people.append(artifact.submitted_by)
        for person in dict.fromkeys(people):
            _writer(answer, field, person)


def _writer(answer: Answer, field: str, person: Person) -> None:
    AnswerWriter.objects.create(
        organization_id=answer.organization_id, answer=answer, field=field, since=1, person=person
    )
