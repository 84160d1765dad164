"""Who may do what to an answer: the lock and the refusals that all verbs share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.answers.models import Answer, AnswerPerson, AnswerState
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person


def locked(answer: Answer, by: Viewer) -> Answer:
    """The answer as it is now, its row locked; NotFound where it is not in the asker's circle."""
    require_write(by)
    found = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("current", "owner", "team")
        .filter(pk=answer.pk)
        .first()
    )
    if found is None or not (in_circle(by, found) or is_owner(by, found)):
        raise NotFound(_("There is no such answer."))
    found.rev += 1  # saved with the change
    return found


def require_write(by: Viewer) -> None:
    """Raise NotAllowed for a key that only reads."""
    if not by.may("answers:write"):
        raise NotAllowed(_("This key may not change answers."))


def in_circle(viewer: Viewer, answer: Answer) -> bool:
    """Whether the viewer was in its session, or owned it once."""
    if viewer.is_system:
        return True
    return (
        viewer.person_id is not None
        and AnswerPerson.objects.filter(answer=answer, person_id=viewer.person_id).exists()
    )


def is_owner(viewer: Viewer, answer: Answer) -> bool:
    """Whether the answer is the viewer's; once its owner has left, it is their whole team's.

    What neither a person nor a team owns any more is the administrators', as far as the whole
    organisation reads it anyway.
    """
    if viewer.is_system:
        return True
    if answer.owner_id is not None:
        return answer.owner_id == viewer.person_id
    if answer.team_id is not None and viewer.person_id is not None:
        mine = Person.objects.filter(pk=viewer.person_id, team_id=answer.team_id)
        if mine.exists() and (answer.audience > 0 or in_circle(viewer, answer)):
            return True
    return viewer.is_administrator and answer.audience > 1


def require_owner(by: Viewer, answer: Answer) -> None:
    """Raise NotAllowed unless the answer is the asker's."""
    if not is_owner(by, answer):
        raise NotAllowed(_("Only whoever owns this answer may do this."))


def require_open(answer: Answer) -> None:
    """Raise Conflict where it is no answer any more; what was typed is the caller's to keep."""
    if answer.state == AnswerState.DELETED:
        raise Conflict(
            _("This answer was deleted meanwhile. Your words are below: keep them as a new one."),
            code="answer-deleted",
        )
    if answer.state in (AnswerState.DISMISSED, AnswerState.DUPLICATE):
        raise Conflict(_("This was put aside meanwhile."), code="answer-closed")


def author_of(by: Viewer) -> Person:
    """The person behind the asker: only people write and approve."""
    person = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    if person is None:
        raise NotAllowed(_("Only people of the organisation write answers."))
    return person


def audit(verb: str, answer: Answer, by: Viewer, now: datetime, **detail: Any) -> None:
    """Write one line of the record; never a word of the answer."""
    record_audit(
        by=by,
        verb=f"answer.{verb}",
        object_type="answer",
        object_id=str(answer.public_id),
        detail=detail,
        now=now,
    )


def raised(queryset: Any, **values: Any) -> int:
    """Update these rows and raise their revision; says how many."""
    return int(queryset.update(**values, rev=F("rev") + 1))
