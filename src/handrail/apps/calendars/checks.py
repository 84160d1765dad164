"""What must hold before a time is taken: one function for every path."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

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

REFUSALS: dict[WhyNot, tuple[type[SlotTaken], str]] = {
    WhyNot.PAUSED: (Paused, _("%(name)s pauses then.")),
    WhyNot.NOTICE: (TooLate, _("This time is past or too close. Choose a later one.")),
    WhyNot.HOURS: (OutsideHours, _("%(name)s does not work then.")),
    WhyNot.HOLIDAY: (OutsideHours, _("%(name)s has a day off then.")),
    WhyNot.CLOSED: (OutsideHours, _("%(name)s gives no sessions at that time.")),
    WhyNot.BUSY: (SlotTaken, _("%(name)s is not free then.")),
    WhyNot.BOOKED: (SlotTaken, _("%(name)s is not free then.")),
    WhyNot.BUFFER: (SlotTaken, _("%(name)s is not free then.")),
    WhyNot.MINUTES: (CapReached, _("%(name)s gives no more minutes that week.")),
    WhyNot.CAP: (CapReached, _("%(name)s gives no more sessions that day.")),
}


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
        request.minutes,
        now=now,
        min_notice=request.min_notice_minutes,
        without_booking=without,
        host=host,
        daily_cap=request.daily_cap,
    )
    if blocked:
        refusal, sentence = REFUSALS[blocked[0].why]
        name = {"name": blocked[0].person.name}
        raise refusal(gettext(sentence) % name, alternatives=instead())
