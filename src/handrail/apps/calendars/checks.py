"""What must hold before a time is taken: one function for every path."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from handrail.apps.calendars.ledger import hosted_by, local_day, local_week
from handrail.apps.calendars.queries import next_free, who_blocks
from handrail.apps.calendars.refusals import (
    CapReached,
    OutsideHours,
    Paused,
    SlotTaken,
    TooLate,
)
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.people.models import Person
from handrail.domain.scheduling import WhyNot


def check(
    request: ClaimRequest,
    people: dict[int, Person],
    starts_at: datetime,
    now: datetime,
    *,
    without: int | None = None,
) -> None:
    """Raise the first refusal; the next three free starts come along."""
    host = people[request.host_id]
    everybody = [people[person_id] for person_id in request.people]

    def instead() -> list[datetime]:
        return next_free(
            everybody,
            max(starts_at, now + timedelta(minutes=request.min_notice_minutes)),
            request.minutes,
            now=now,
            without_booking=without,
            host=host,
            daily_cap=request.daily_cap,
        )

    blocked = who_blocks(
        everybody,
        starts_at,
        request.minutes,
        now=now,
        min_notice=request.min_notice_minutes,
        without_booking=without,
    )
    for one in blocked:
        name = {"name": one.person.name}
        match one.why:
            case WhyNot.PAUSED:
                raise Paused(_("%(name)s pauses then.") % name, alternatives=instead())
            case WhyNot.NOTICE:
                raise TooLate(
                    _("This time is past or too close. Choose a later one."),
                    alternatives=instead(),
                )
            case WhyNot.HOURS:
                raise OutsideHours(_("%(name)s does not work then.") % name, alternatives=instead())
            case WhyNot.BUSY | WhyNot.BOOKED:
                raise SlotTaken(_("%(name)s is not free then.") % name, alternatives=instead())
    week, day = local_week(host.timezone, starts_at), local_day(host.timezone, starts_at)
    hosted = hosted_by(host, *week, now=now, without=without)
    minutes, _sessions = hosted.within(week)
    if minutes + request.minutes > host.minutes_per_week:
        raise CapReached(
            _("%(name)s gives no more minutes that week.") % {"name": host.name},
            alternatives=instead(),
        )
    _minutes, sessions = hosted.within(day)
    if request.daily_cap and sessions >= request.daily_cap:
        raise CapReached(
            _("%(name)s gives no more sessions that day.") % {"name": host.name},
            alternatives=instead(),
        )
