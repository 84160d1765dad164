"""What must hold before a time is taken: one function for every path."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.calendars.models import RESERVED
from handrail.apps.calendars.queries import next_free, who_blocks
from handrail.apps.calendars.refusals import (
    CapReached,
    OutsideHours,
    Paused,
    SlotTaken,
    TooLate,
)
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.calendars.spans import met_minutes, require_inside
from handrail.apps.calendars.wording import sentence_of
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people.models import Person
from handrail.domain.scheduling import WhyNot

LONGEST_RESERVED = 8 * 60  # minutes

REFUSALS: dict[WhyNot, type[SlotTaken]] = {
    WhyNot.PAUSED: Paused,
    WhyNot.NOTICE: TooLate,
    WhyNot.HOURS: OutsideHours,
    WhyNot.HOLIDAY: OutsideHours,
    WhyNot.CLOSED: OutsideHours,
    WhyNot.BUSY: SlotTaken,
    WhyNot.BOOKED: SlotTaken,
    WhyNot.BUFFER: SlotTaken,
    WhyNot.MINUTES: CapReached,
    WhyNot.CAP: CapReached,
}


def check(
    request: ClaimRequest,
    people: dict[int, Person],
    starts_at: datetime,
    now: datetime,
    *,
    without: int | None = None,
) -> None:
    """Raise the first refusal; the next three free starts come along.

    A reservation gives no minutes and is no session: caps and notice are asked of what lies in it.
    What a host gives was asked when the group was booked: who joins it charges nobody else.
    """
    joins = request.action == "join"
    require_inside(request.within_id, request.host_id, starts_at, request.minutes)
    reserves = request.kind == RESERVED
    host = None if reserves or joins else people[request.host_id]
    everybody = [people[person_id] for person_id in request.takers]

    def instead() -> list[datetime]:
        if reserves or joins or request.within_id is not None:
            return []  # the caller knows which other times it offers
        return next_free(
            everybody,
            starts_at,
            request.minutes,
            now=now,
            min_notice=request.min_notice_minutes,
            without_booking=without,
            host=host,
            daily_cap=request.daily_cap,
        )

    blocked = who_blocks(
        everybody,
        starts_at,
        met_minutes(request.kind, request.minutes),
        now=now,
        min_notice=request.min_notice_minutes,
        without_booking=without,
        within=request.within_id,
        host=host,
        daily_cap=request.daily_cap,
    )
    if blocked:
        refusal = REFUSALS[blocked[0].why]
        raise refusal(sentence_of(blocked[0], own=False), alternatives=instead())


def checked_start(request: ClaimRequest) -> datetime:
    """The start that is asked for; raise Invalid where no session or block can stand there."""
    starts_at = request.starts_at
    if starts_at is None or starts_at.tzinfo is None:
        raise Invalid(_("Say when it starts."), fields={"starts_at": _("Choose a time.")})
    if starts_at.timestamp() % 300:
        raise Invalid(
            _("A session starts on five minutes."),
            fields={"starts_at": _("Choose one of the times shown.")},
        )
    if request.kind == RESERVED:
        if not 20 < request.minutes <= LONGEST_RESERVED or request.minutes % 5:
            raise Invalid(
                _("A block lasts 25 minutes to 8 hours."),
                fields={"minutes": _("Choose another length.")},
            )
    elif not 20 <= request.minutes <= 30 or request.minutes % 5:
        raise Invalid(
            _("A session lasts 20 to 30 minutes."),
            fields={"minutes": _("Choose 20, 25 or 30 minutes.")},
        )
    return starts_at
