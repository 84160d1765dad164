"""Who may do this to a request, under its lock; what all its verbs share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Booking
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.requests.models import (
    OPEN_STATES,
    Ask,
    AskAnswer,
    MentoringRequest,
    RequestState,
)

LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Open:
    """A locked request that is still open, and the mentor who is asked now, if there is one."""

    request: MentoringRequest
    ask: Ask | None


def waiting_ask(request: MentoringRequest) -> Ask | None:
    """The mentor who is asked now."""
    return (
        Ask.objects.filter(request=request, answer=AskAnswer.WAITING)
        .select_related("mentor", "booking", "request", "request__mentee", "request__program")
        .first()
    )


def require_asked(request: MentoringRequest, by: Viewer) -> Ask:
    """The asker's own ask that waits for an answer; NotFound where they were not asked at all."""
    if not by.may("sessions:write"):
        raise NotAllowed(_("This key may not answer requests."))
    mine = (
        Ask.objects.filter(request=request, mentor_id=by.person_id)
        .select_related("mentor", "booking", "request", "request__mentee", "request__program")
        .first()
    )
    if by.person_id is None or mine is None:
        raise _unknown(request, by)
    return mine


def require_waiting(ask: Ask) -> None:
    """Raise Conflict unless this mentor is still the one to answer."""
    if ask.answer != AskAnswer.WAITING:
        raise Conflict(
            _("This request does not wait for your answer any more."), code="request-settled"
        )


def require_mentee(request: MentoringRequest, by: Viewer) -> None:
    """Raise unless the viewer is the mentee who asked."""
    if not by.may("sessions:write"):
        raise NotAllowed(_("This key may not change requests."))
    if by.person_id != request.mentee_id:
        raise _unknown(request, by)


def _unknown(request: MentoringRequest, by: Viewer) -> NotFound | NotAllowed:
    if by.person_id == request.mentee_id:
        return NotAllowed(_("Only the mentor who is asked may answer."))
    if Ask.objects.filter(request=request, mentor_id=by.person_id).exists():
        return NotAllowed(_("Only the mentee who asked may do this."))
    return NotFound(_("There is no such request."))


def locked_open(request: MentoringRequest) -> Open:
    """Lock the request's row; Conflict where it is settled. People are locked before it."""
    found = (
        MentoringRequest.objects.select_for_update(of=("self",))
        .select_related("mentee", "program")
        .get(pk=request.pk)
    )
    if found.state not in OPEN_STATES:
        raise Conflict(_("This request is settled already."), code="request-settled")
    return Open(found, waiting_ask(found))


def same_ask(opened: Open, booking: Booking) -> Ask:
    """The ask that holds this time, as long as it is the one that waits."""
    if opened.ask is None or opened.ask.booking_id != booking.pk:
        raise Conflict(
            _("This request does not wait for your answer any more."), code="request-settled"
        )
    return opened.ask


def settle(request: MentoringRequest, state: RequestState, now: datetime, **values: Any) -> None:
    """Write how the request ended; the caller holds its lock."""
    values |= {"state": state, "settled_at": now}
    MentoringRequest.objects.filter(pk=request.pk).update(**values, rev=F("rev") + 1)
    request.refresh_from_db(fields=[*values, "rev"])


def set_state(request: MentoringRequest, state: RequestState) -> None:
    """Write whose turn it is; the caller holds the lock."""
    MentoringRequest.objects.filter(pk=request.pk).update(state=state, rev=F("rev") + 1)
    request.refresh_from_db(fields=["state", "rev"])


def answered(ask: Ask, answer: AskAnswer, now: datetime) -> None:
    """Write a mentor's answer, or that there was none."""
    Ask.objects.filter(pk=ask.pk).update(answer=answer, answered_at=now)
    ask.answer, ask.answered_at = answer, now


def text_of(body: str, what: str) -> str:
    """A text of 1 to 2,000 characters; Invalid names the field."""
    body = body.strip()
    if not body or len(body) > LONGEST_TEXT:
        raise Invalid(
            _("Write 1 to %(most)d characters.") % {"most": LONGEST_TEXT},
            fields={what: _("Write a sentence or two.")},
        )
    return body


def audit(verb: str, request: MentoringRequest, by: Viewer, now: datetime, **detail: Any) -> None:
    """Write one line of the record; never a word of what was asked."""
    record_audit(
        by=by,
        verb=f"request.{verb}",
        object_type="request",
        object_id=str(request.public_id),
        detail=detail,
        now=now,
    )
