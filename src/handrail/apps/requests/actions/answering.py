"""A mentor answers: accept, decline, or ask the mentee to tell more."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Booking
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.requests.actions.access import (
    answered,
    audit,
    locked_open,
    require_asked,
    require_mentee,
    require_waiting,
    same_ask,
    set_state,
    settle,
    text_of,
)
from handrail.apps.requests.actions.asking import GIVEN_BACK
from handrail.apps.requests.announcing import announce_declined, announce_question, announce_told
from handrail.apps.requests.models import (
    Ask,
    AskAnswer,
    MentoringRequest,
    RequestMessage,
    RequestState,
)
from handrail.apps.sessions.actions import confirm_held, give_back
from handrail.apps.sessions.models import Session
from handrail.domain.scheduling import answer_by


def accept(request: MentoringRequest, *, by: Viewer, now: datetime) -> Session:
    """Say yes: the held time becomes a session, and both get their invitations.

    Accepting twice is accepting once.
    """
    with reading(by.organization):
        ask = require_asked(request, by)
        if ask.answer != AskAnswer.ACCEPTED:
            require_waiting(ask)

    def on_confirmed(session: Session) -> None:
        opened = locked_open(request)
        waiting = same_ask(opened, session.booking)
        answered(waiting, AskAnswer.ACCEPTED, now)
        settle(opened.request, RequestState.BOOKED, now, session=session)
        audit("accepted", opened.request, by, now, n=waiting.n)

    return confirm_held(
        ask.request.program,
        ask.booking,
        ask.request.objective,
        by=by,
        now=now,
        on_confirmed=on_confirmed,
    )


def decline(request: MentoringRequest, *, by: Viewer, now: datetime) -> None:
    """Say no, without a reason and without fault: the time is free, the next mentor is asked."""
    with reading(by.organization):
        ask = require_asked(request, by)
        if ask.answer == AskAnswer.DECLINED:
            return
        require_waiting(ask)

    def on_given(booking: Booking) -> None:
        opened = locked_open(request)
        waiting = same_ask(opened, booking)
        answered(waiting, AskAnswer.DECLINED, now)
        set_state(opened.request, RequestState.ASKED)
        # Not here: whoever is asked next would be locked after these two, in the wrong order.
        announce_declined(waiting, now)
        audit("declined", opened.request, by, now, n=waiting.n)

    give_back(ask.booking, by=by, now=now, on_given=on_given)


def question(request: MentoringRequest, body: str, *, by: Viewer, now: datetime) -> None:
    """Ask the mentee to tell more; the time stays held, and the mentee has as many hours."""
    body = text_of(body, "body")
    with writing(by.organization):
        ask = require_asked(request, by)
        opened = locked_open(request)
        require_waiting(ask)
        if opened.request.state == RequestState.TELL_MORE:
            raise Conflict(
                _("You have asked already; %(name)s has not answered yet.")
                % {"name": opened.request.mentee.name},
                code="question-open",
            )
        message = _write(ask, body, by, now)
        set_state(opened.request, RequestState.TELL_MORE)
        _until(ask, opened.request.mentee.timezone, now)
        announce_question(message, now)
        audit("question", opened.request, by, now, n=ask.n)


def tell(request: MentoringRequest, body: str, *, by: Viewer, now: datetime) -> None:
    """Tell more: the mentor's hours begin anew."""
    body = text_of(body, "body")
    with writing(by.organization):
        require_mentee(request, by)
        opened = locked_open(request)
        if opened.request.state != RequestState.TELL_MORE or opened.ask is None:
            raise Conflict(_("Nobody waits for more."), code="nothing-asked")
        message = _write(opened.ask, body, by, now)
        set_state(opened.request, RequestState.ASKED)
        _until(opened.ask, opened.ask.mentor.timezone, now)
        announce_told(message, now)
        audit("told", opened.request, by, now, n=opened.ask.n)


def _write(ask: Ask, body: str, by: Viewer, now: datetime) -> RequestMessage:
    return RequestMessage.objects.create(
        organization=by.organization, ask=ask, author_id=by.person_id, body=body, written_at=now
    )


def _until(ask: Ask, zone: str, now: datetime) -> None:
    hours = ask.request.program.answer_hours
    latest = ask.booking.starts_at - GIVEN_BACK
    ask.answer_by = answer_by(now, hours, zone, latest=latest)
    Ask.objects.filter(pk=ask.pk).update(answer_by=ask.answer_by)
