"""What the clock does with answers: owners who left, reviews of what is in use, counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import Coalesce

from handrail.apps.answers.actions.keeping import give_to_team, say_outdated
from handrail.apps.answers.announcing import REVIEW, to_person
from handrail.apps.answers.audience import reach_of
from handrail.apps.answers.changes import forget_tombstones, note_change
from handrail.apps.answers.models import Answer, AnswerState, AnswerUse
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.queries import could_lead
from handrail.apps.sessions.models import Session

IN_USE = timedelta(days=90)  # an answer that somebody opened within so long is in use
AHEAD = timedelta(days=7)  # before the day on which it should be looked at
MOST_OF_A_TEAM = 8


def tend(*, by: Viewer, now: datetime) -> None:
    """Bring the answers of the organisation up to the clock, once a day."""
    today = now.date()
    _owners_who_left(by, now, today)
    _reviews(by, now, today)
    _tell_uses(by, now, today)
    forget_tombstones(by.organization, now=now)


def flag_late_words(session: Session, *, by: Viewer, now: datetime) -> None:
    """Flag the answer of a session that has words which came after its artifact."""
    with reading(by.organization):
        answer = Answer.objects.filter(artifact__session=session, state=AnswerState.LIVE).first()
    if answer is not None:
        say_outdated(answer, by=by, now=now)


def _owners_who_left(by: Viewer, now: datetime, today: date) -> None:
    with reading(by.organization):
        open_states = (AnswerState.PROPOSED, AnswerState.LIVE)
        owned = Answer.objects.filter(state__in=open_states).exclude(owner=None)
        left = list(owned.exclude(owner__in=could_lead(today).values("pk")).order_by("pk"))
    for answer in left:
        give_to_team(answer, by=by, now=now)


def _reviews(by: Viewer, now: datetime, today: date) -> None:
    """Ask for a look, a week ahead and on the day, at what somebody has opened lately."""
    with writing(by.organization):
        used = AnswerUse.objects.filter(answer=OuterRef("pk"), day__gte=today - IN_USE)
        due = Answer.objects.filter(
            Exists(used), state=AnswerState.LIVE, review_by__lte=today + AHEAD
        ).select_related("owner__membership", "team")
        for answer in due.order_by("review_by", "pk"):
            assert answer.review_by is not None
            when = "due" if answer.review_by <= today else "ahead"
            for person in _who_looks(answer):
                to_person(
                    REVIEW,
                    person,
                    now,
                    key=f"{answer.public_id}:{answer.review_by}:{when}",
                    answer=answer,
                )


def _who_looks(answer: Answer) -> list[Person]:
    if answer.owner is not None:
        return [answer.owner]
    if answer.team_id is None:
        return []
    people = Person.objects.filter(team_id=answer.team_id).exclude(membership=None)
    return list(people.order_by("name", "external_id")[:MOST_OF_A_TEAM])


def _tell_uses(by: Viewer, now: datetime, today: date) -> None:
    """Tell devices how much an answer is used, where that has doubled: they keep the most used."""
    with reading(by.organization):
        counted = AnswerUse.objects.filter(day__gte=today - IN_USE).values("answer_id")
        uses = {
            row["answer_id"]: row["n"]
            for row in counted.annotate(
                n=Coalesce(Sum("reads"), 0) + Coalesce(Sum("solved"), 0)
            ).order_by("answer_id")
        }
        found = list(Answer.objects.filter(state=AnswerState.LIVE).values_list("pk", "uses"))
    for pk, told in found:
        n = uses.get(pk, 0)
        if n >= max(1, 2 * told) or n <= told // 2 < told:
            with writing(by.organization):
                answer = Answer.objects.select_for_update(of=("self",)).get(pk=pk)
                answer.uses = n
                note_change(answer, reach_of(answer), now)
