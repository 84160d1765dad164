"""The supply clock: who does not answer in time is passed over, and the next mentor is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from handrail.apps.calendars.models import Booking
from handrail.apps.calendars.refusals import NotLive, SlotTaken
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.actions import pause
from handrail.apps.people.automations import may_do
from handrail.apps.people.models import Person
from handrail.apps.programs.models import ProgramStatus
from handrail.apps.requests.actions.access import (
    answered,
    audit,
    locked_open,
    same_ask,
    set_state,
    settle,
)
from handrail.apps.requests.actions.asking import GIVEN_BACK, made_ask
from handrail.apps.requests.announcing import (
    announce_nobody,
    announce_paused,
    announce_taken_back,
)
from handrail.apps.requests.models import (
    OPEN_STATES,
    Ask,
    AskAnswer,
    MentoringRequest,
    RequestState,
)
from handrail.apps.requests.options import Option, options_for, times_to_ask
from handrail.apps.sessions.actions import give_back, hold

PAUSE = timedelta(days=7)


def move_on(*, by: Viewer, now: datetime) -> int:
    """Pass over every mentor of the organisation who has not answered in time; says how many.

    A mentee who was asked to tell more and did not gets the request back, without fault. A
    request that has lost its mentor half-way is taken up again.
    """
    with reading(by.organization):
        late = list(
            Ask.objects.filter(answer=AskAnswer.WAITING, answer_by__lte=now)
            .select_related("request", "request__program", "request__mentee", "mentor", "booking")
            .order_by("answer_by", "pk")
        )
    for ask in late:
        _pass_over(ask, by, now)
    with reading(by.organization):
        waiting = Ask.objects.filter(answer=AskAnswer.WAITING).values("request_id")
        left = list(
            MentoringRequest.objects.filter(state__in=OPEN_STATES)
            .exclude(pk__in=waiting)
            .order_by("pk")
        )
    for request in left:
        ask_next(request, by=by, now=now)
    return len(late)


def _pass_over(ask: Ask, by: Viewer, now: datetime) -> None:
    silent: list[Ask] = []

    def on_given(booking: Booking) -> None:
        opened = locked_open(ask.request)
        waiting = same_ask(opened, booking)
        if waiting.answer_by > now:
            raise NotLive("answered meanwhile")
        if opened.request.state == RequestState.TELL_MORE:
            answered(waiting, AskAnswer.WITHDRAWN, now)
            settle(opened.request, RequestState.WITHDRAWN, now)
            announce_taken_back(waiting, now)
            announce_nobody(opened.request, now)
            audit("lapsed", opened.request, by, now)
            return
        answered(waiting, AskAnswer.SILENT, now)
        set_state(opened.request, RequestState.ASKED)
        audit("passed_over", opened.request, by, now, n=waiting.n)
        silent.append(waiting)

    try:
        give_back(ask.booking, by=by, now=now, on_given=on_given)
    except Conflict:
        return  # it was answered between our look and the lock
    for one in silent:
        _pause_if_silent(one, by, now)


def ask_next(request: MentoringRequest, *, by: Viewer, now: datetime) -> Ask | None:
    """Ask the next best mentor, at the same time where that suits both; else settle as nobody."""
    with reading(by.organization):
        request = MentoringRequest.objects.select_related("program", "mentee", "skill").get(
            pk=request.pk
        )
        before = list(Ask.objects.filter(request=request).select_related("booking").order_by("n"))
        options = _next(request, before, now)
    if request.state not in OPEN_STATES or any(a.answer == AskAnswer.WAITING for a in before):
        return None
    wanted = before[0].booking.starts_at if before else now
    for option in options:
        starts_at = _time_for(request, option, wanted, now)
        try:
            return _ask(request, option, starts_at, by, now)
        except (SlotTaken, Invalid):
            continue  # taken a moment ago: the next one
        except Conflict:
            break  # the mentee has left, or has all their sessions
    with writing(by.organization):
        opened = locked_open(request)
        if opened.ask is not None:
            return None
        settle(opened.request, RequestState.NOBODY, now)
        announce_nobody(opened.request, now)
        audit("nobody", opened.request, by, now, asked=len(before))
    return None


def _next(request: MentoringRequest, before: list[Ask], now: datetime) -> list[Option]:
    program = request.program
    if not request.goes_on or program.status != ProgramStatus.RUNNING:
        return []
    return options_for(
        program,
        request.mentee,
        request.skill,
        minutes=request.minutes,
        now=now,
        asked=[ask.mentor_id for ask in before],
        times=1,
    )


def _time_for(
    request: MentoringRequest, option: Option, wanted: datetime, now: datetime
) -> datetime:
    """The time the mentee chose, where this mentor has it free; else the first that suits both."""
    with reading(request.organization):
        free = times_to_ask(
            request.program, request.mentee, option.mentor, minutes=request.minutes, now=now
        )
    return wanted if wanted in free else option.starts[0]


def _ask(
    request: MentoringRequest, option: Option, starts_at: datetime, by: Viewer, now: datetime
) -> Ask:
    made: list[Ask] = []

    def on_held(booking: Booking) -> None:
        opened = locked_open(request)
        if opened.ask is not None:
            raise Conflict("asked meanwhile", code="request-settled")
        made.append(
            made_ask(opened.request, option.mentor, booking, option.reasons, by=by, now=now)
        )

    hold(
        request.program,
        request.mentee,
        option.mentor,
        starts_at,
        request.objective,
        minutes=request.minutes,
        until=starts_at - GIVEN_BACK,
        by=by,
        now=now,
        on_held=on_held,
    )
    return made[0]


def _pause_if_silent(ask: Ask, by: Viewer, now: datetime) -> None:
    """Pause a mentor who left the last few requests unanswered; they can end it at once."""
    limit = ask.request.program.pause_after_silent
    if not limit:
        return
    with writing(by.organization):
        last = Ask.objects.filter(mentor=ask.mentor).exclude(
            Q(answer=AskAnswer.WAITING) | Q(answer=AskAnswer.WITHDRAWN)
        )
        answers = list(last.order_by("-asked_at", "-pk").values_list("answer", flat=True)[:limit])
        if len(answers) < limit or any(one != AskAnswer.SILENT for one in answers):
            return
        mentor = Person.objects.get(pk=ask.mentor_id)
        if not may_do(mentor.public_id, ConsentPurpose.SILENCE_PAUSES, now):
            return
        today = now.astimezone(ZoneInfo(mentor.timezone)).date()
        until = today + PAUSE
        if mentor.pause_until is not None and mentor.pause_until >= until:
            return
        pause(mentor, until, by=by, now=now)
        announce_paused(mentor, ask.request, now)
        audit("mentor_paused", ask.request, by, now)
