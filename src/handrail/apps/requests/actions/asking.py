"""Asking a mentor for a session, and taking the question back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Booking
from handrail.apps.calendars.refusals import SlotTaken
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Program, ProgramModel
from handrail.apps.requests.actions.access import (
    LONGEST_TEXT,
    answered,
    audit,
    locked_open,
    require_mentee,
    same_ask,
    settle,
    waiting_ask,
)
from handrail.apps.requests.announcing import announce_asked, announce_taken_back
from handrail.apps.requests.models import (
    OPEN_STATES,
    Ask,
    AskAnswer,
    MentoringRequest,
    RequestState,
)
from handrail.apps.requests.options import NOTICE, options_for, times_to_ask
from handrail.apps.sessions.actions import give_back, hold
from handrail.domain.scheduling import answer_by

# A held time is given back by itself this long before it would begin.
GIVEN_BACK = timedelta(hours=1)


def ask(
    program: Program,
    mentee: Person,
    mentor: Person,
    starts_at: datetime,
    objective: str,
    *,
    by: Viewer,
    now: datetime,
    skill: Skill | None = None,
    note: str = "",
    minutes: int = 0,
    goes_on: bool = True,
    key: str | None = None,
) -> MentoringRequest:
    """Ask a mentor for a session at a time that is held until they answer.

    Raises SlotTaken with the next free times, Conflict where a request is open already.
    """
    minutes = minutes or program.session_minutes
    objective, note = " ".join(objective.split()), note.strip()
    _check(program, skill, note, mentee)
    made: list[MentoringRequest] = []
    with reading(by.organization):
        reasons = _why(program, mentee, mentor, skill, minutes=minutes, now=now)
        if starts_at < now + NOTICE:
            raise SlotTaken(
                _("That is too soon for an answer. Choose a later time."),
                alternatives=times_to_ask(
                    program, mentee, mentor, minutes=minutes, now=now, limit=3
                ),
            )

    def on_held(booking: Booking) -> None:
        try:
            with transaction.atomic():
                request = MentoringRequest.objects.create(
                    organization=by.organization,
                    program=program,
                    mentee=mentee,
                    skill=skill,
                    objective=objective,
                    note=note,
                    minutes=minutes,
                    goes_on=goes_on,
                    created_at=now,
                )
        except IntegrityError as error:
            raise Conflict(
                _("You have asked already. Take that request back, or wait for its answer."),
                code="request-open",
            ) from error
        made.append(request)
        made_ask(request, mentor, booking, reasons, by=by, now=now)

    booking = hold(
        program,
        mentee,
        mentor,
        starts_at,
        objective,
        minutes=minutes,
        until=starts_at - GIVEN_BACK,
        by=by,
        now=now,
        on_held=on_held,
        key=key,
    )
    if made:
        return made[0]
    with reading(by.organization):
        return MentoringRequest.objects.get(asks__booking=booking)


def withdraw(request: MentoringRequest, *, by: Viewer, now: datetime) -> MentoringRequest:
    """Take the question back: the time is free again, and the mentor is told."""
    with reading(by.organization):
        require_mentee(request, by)
        request.refresh_from_db()
        asked = waiting_ask(request)
    if request.state not in OPEN_STATES:
        if request.state == RequestState.WITHDRAWN:
            return request
        raise Conflict(_("This request is settled already."), code="request-settled")
    if asked is None:
        with writing(by.organization):
            opened = locked_open(request)
            settle(opened.request, RequestState.WITHDRAWN, now)
            audit("withdrawn", opened.request, by, now)
            return opened.request

    def on_given(booking: Booking) -> None:
        opened = locked_open(request)
        waiting = same_ask(opened, booking)
        answered(waiting, AskAnswer.WITHDRAWN, now)
        settle(opened.request, RequestState.WITHDRAWN, now)
        announce_taken_back(waiting, now)
        audit("withdrawn", opened.request, by, now)

    give_back(asked.booking, by=by, now=now, on_given=on_given)
    with reading(by.organization):
        request.refresh_from_db()
    return request


def made_ask(
    request: MentoringRequest,
    mentor: Person,
    booking: Booking,
    reasons: list[dict[str, object]],
    *,
    by: Viewer,
    now: datetime,
) -> Ask:
    """Write down whom the request goes to, where the time is held, and tell them."""
    asked = Ask.objects.create(
        organization=request.organization,
        request=request,
        n=Ask.objects.filter(request=request).count() + 1,
        mentor=mentor,
        booking=booking,
        reasons=reasons,
        asked_at=now,
        answer_by=answer_by(
            now,
            request.program.answer_hours,
            mentor.timezone,
            latest=booking.starts_at - GIVEN_BACK,
        ),
    )
    announce_asked(asked, now)
    audit("asked", request, by, now, n=asked.n)
    return asked


def _check(program: Program, skill: Skill | None, note: str, mentee: Person) -> None:
    if program.model != ProgramModel.SPEED:
        raise Conflict(
            _("Sessions of this program are not asked for one by one."), code="not-a-speed-match"
        )
    if len(note) > LONGEST_TEXT:
        raise Invalid(
            _("The note is too long."),
            fields={"note": _("At most %(most)d characters.") % {"most": LONGEST_TEXT}},
        )


def _why(
    program: Program,
    mentee: Person,
    mentor: Person,
    skill: Skill | None,
    *,
    minutes: int,
    now: datetime,
) -> list[dict[str, object]]:
    """The reasons with which this mentor was offered; none where the mentee chose beyond them."""
    offered = options_for(program, mentee, skill, minutes=minutes, now=now, times=1)
    return next((one.reasons for one in offered if one.mentor.pk == mentor.pk), [])
