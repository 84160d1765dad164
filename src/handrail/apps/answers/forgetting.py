"""Whoever is erased takes their answers along: devices drop them when they next ask."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.answers.actions import delete
from handrail.apps.answers.models import Answer, AnswerRevision, AnswerState
from handrail.apps.answers.search.index import reindex
from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person


def forget_person(person: Person, now: datetime) -> None:
    """Delete the answers that stand in this person's words, as they could themself."""
    theirs = AnswerRevision.objects.filter(written_by=person).values("answer_id")
    for answer in Answer.objects.filter(pk__in=theirs).exclude(state=AnswerState.DELETED):
        if answer.owner_id != person.pk:
            Answer.objects.filter(pk=answer.pk).update(owner=person)
            answer.refresh_from_db()
        delete(answer, by=viewer_for_person(person), now=now)


def forget_words(person: Person, now: datetime) -> None:
    """Make the search index anew, so that no word of theirs is left in what it was made of."""
    reindex(person.organization, now=now)
