"""Questions about answers; each sees only what its viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from handrail.apps.answers.actions.access import in_circle, is_owner, require_owner
from handrail.apps.answers.audience import (
    TextStanding,
    closeness,
    readable,
    standing,
    team_of,
)
from handrail.apps.answers.changes import own_among
from handrail.apps.answers.models import (
    Answer,
    AnswerPerson,
    AnswerRevision,
    AnswerState,
    AnswerUse,
    AnswerWriter,
    Audience,
    Phrasing,
    PhrasingState,
)
from handrail.apps.answers.search import is_stale
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.stays import have_come
from handrail.apps.sessions.models import Artifact

PROPOSED_FOR, PROPOSED = timedelta(days=30), 5  # artifacts that could become answers


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as one reader sees it: the texts that go as far as them, and how right it is."""

    answer: Answer
    question: str
    body: str
    next_step: str
    link: str
    revision: int
    aliases: tuple[str, ...]
    owner: str  # a person's name, or the team's; empty where it goes no further than public
    checked_on: date | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Inside:
    """What the people of an answer see beside it: whose words, who agreed, what is asked."""

    answer: Answer
    texts: list[TextStanding]  # of the last wording, which may be a draft
    last: AnswerRevision
    is_draft: bool
    is_owner: bool
    revisions: list[AnswerRevision]
    suggested: list[Phrasing]
    aliases: list[Phrasing]
    reads: int
    solved: int


def require_read(viewer: Viewer) -> None:
    """Raise NotAllowed for a key without the scope."""
    if not viewer.may("answers:read"):
        raise NotAllowed(_("This key may not read answers."))


def answer_for(viewer: Viewer, public_id: UUID) -> Answer:
    """An answer that the viewer may read, or whose circle or ownership is theirs; else NotFound."""
    require_read(viewer)
    found = _answers().filter(public_id=public_id).exclude(state=AnswerState.DELETED).first()
    if found is None:
        raise NotFound(_("There is no such answer."))
    reads = Answer.objects.filter(readable(viewer, team_of(viewer)), pk=found.pk).exists()
    if not reads and not in_circle(viewer, found) and not is_owner(viewer, found):
        raise NotFound(_("There is no such answer."))
    return found


def answer_to_change(viewer: Viewer, public_id: UUID) -> Answer:
    """An answer of the viewer's circle, also one that was deleted meanwhile; else NotFound."""
    found = _answers().filter(public_id=public_id).first()
    if found is None or not (in_circle(viewer, found) or is_owner(viewer, found)):
        raise NotFound(_("There is no such answer."))
    return found


def phrasing_for(viewer: Viewer, public_id: UUID) -> Phrasing:
    """How somebody asked, for the owner of the answer; else NotFound."""
    found = Phrasing.objects.select_related("answer").filter(public_id=public_id).first()
    if found is None or not is_owner(viewer, found.answer):
        raise NotFound(_("There is no such phrasing."))
    return found


def readable_answers(viewer: Viewer) -> QuerySet[Answer]:
    """Everything the viewer may read, the most used first."""
    require_read(viewer)
    mine = Answer.objects.filter(readable(viewer, team_of(viewer)))
    return _related(mine).order_by("-uses", "current__question", "pk")


def shown(viewer: Viewer, answers: Sequence[Answer], today: date) -> list[Shown]:
    """Answers as the viewer may read them; a constant number of queries for any number."""
    team_id, own = team_of(viewer), own_among(viewer, [answer.pk for answer in answers])
    return [
        show(
            answer,
            closeness(
                own=answer.pk in own or viewer.is_system,
                same_team=team_id is not None and team_id == answer.team_id,
            ),
            today,
        )
        for answer in answers
        if answer.current is not None
    ]


def show(answer: Answer, close: int, today: date) -> Shown:
    """One approved answer as a reader of this closeness sees it."""
    revision = answer.current
    assert revision is not None
    inside = close < Audience.PUBLIC
    owner = answer.owner.name if answer.owner else answer.team.name if answer.team else ""
    return Shown(
        answer=answer,
        question=revision.question,
        body=revision.body,
        next_step=revision.next_step if answer.next_step_to >= close else "",
        link=revision.link if answer.link_to >= close else "",
        revision=revision.n,
        aliases=tuple(p.text for p in answer.phrasings.all() if p.state == PhrasingState.ALIAS),
        owner=owner if inside else "",
        checked_on=answer.checked_on,
        is_stale=is_stale(answer, today),
    )


def inside(viewer: Viewer, answer: Answer) -> Inside | None:
    """What the people of an answer see beside it; None for everybody else."""
    owns = is_owner(viewer, answer)
    if not owns and not in_circle(viewer, answer):
        return None
    revisions = list(
        AnswerRevision.objects.filter(answer=answer).select_related("written_by", "approved_by")
    )
    if not revisions:
        return None
    last = revisions[-1]
    asked = list(answer.phrasings.all()) if owns else []
    used = AnswerUse.objects.filter(answer=answer).aggregate(Sum("reads"), Sum("solved"))
    return Inside(
        answer=answer,
        texts=[text for text in standing(answer, last) if text.text],
        last=last,
        is_draft=last.approved_at is None,
        is_owner=owns,
        revisions=revisions,
        suggested=[one for one in asked if one.state == PhrasingState.SUGGESTED],
        aliases=[one for one in asked if one.state == PhrasingState.ALIAS],
        reads=used["reads__sum"] or 0,
        solved=used["solved__sum"] or 0,
    )


def proposed_to(viewer: Viewer) -> list[Answer]:
    """What waits for the viewer's word as an owner: proposals of their artifacts."""
    if viewer.person_id is None:
        return []
    return list(
        _answers()
        .filter(owner_id=viewer.person_id, state=AnswerState.PROPOSED)
        .prefetch_related("revisions")
        .order_by("-created_at", "-pk")
    )


def to_review(viewer: Viewer, today: date) -> list[Answer]:
    """The viewer's own answers that are past their day, or flagged."""
    if viewer.person_id is None:
        return []
    late = Q(review_by__lt=today) | ~Q(superseded_at=None)
    mine = Answer.objects.filter(late, state=AnswerState.LIVE, owner_id=viewer.person_id)
    return list(_related(mine).order_by("review_by", "pk"))


def asked_otherwise(viewer: Viewer) -> list[Answer]:
    """The viewer's own answers for which people's other words wait to be added or put aside."""
    if viewer.person_id is None:
        return []
    suggested = Phrasing.objects.filter(state=PhrasingState.SUGGESTED)
    mine = Answer.objects.filter(
        pk__in=suggested.values("answer_id"), state=AnswerState.LIVE, owner_id=viewer.person_id
    )
    return list(_related(mine).order_by("-uses", "pk"))


def waits_for_yes(viewer: Viewer) -> list[Answer]:
    """The answers in which a text of the viewer's is held back until they agree."""
    if viewer.person_id is None:
        return []
    asked = AnswerWriter.objects.filter(person_id=viewer.person_id).exclude(asked_at=None)
    found = _answers().filter(pk__in=asked.values("answer_id"), state=AnswerState.LIVE)
    return [
        answer
        for answer in found.order_by("-created_at", "-pk")
        if answer.current is not None
        and any(
            viewer.person_id in {person.pk for person in text.waits_for} and text.text
            for text in standing(answer, answer.current)
        )
    ]


def may_take(viewer: Viewer, answer: Answer, day: date) -> list[Person]:
    """To whom the owner may hand an answer: its circle, and who of its team has begun here."""
    circle = AnswerPerson.objects.filter(answer=answer).values("person_id")
    people = Person.objects.filter(pk__in=circle)
    if answer.team_id is not None and answer.audience >= Audience.TEAM:
        people = people | Person.objects.filter(have_come(day), team_id=answer.team_id)
    return list(people.exclude(pk=answer.owner_id or 0).order_by("name", "external_id"))


def artifacts_without_answer(viewer: Viewer, now: datetime) -> list[Artifact]:
    """What the viewer handed in lately and nobody has made an answer of, the latest first."""
    if viewer.person_id is None:
        return []
    mine = Artifact.objects.filter(
        submitted_by_id=viewer.person_id, answer=None, submitted_at__gt=now - PROPOSED_FOR
    )
    return list(mine.select_related("session").order_by("-submitted_at", "-pk")[:PROPOSED])


def require_change(viewer: Viewer, answer: Answer) -> None:
    """Raise unless the words of an answer are the viewer's to change."""
    require_owner(viewer, answer)
    if answer.state == AnswerState.DELETED:
        raise NotFound(_("There is no such answer."))


def _answers() -> QuerySet[Answer]:
    return _related(Answer.objects.all())


def _related(answers: QuerySet[Answer]) -> QuerySet[Answer]:
    return answers.select_related(
        "current", "skill", "owner", "team", "organization"
    ).prefetch_related("phrasings")
