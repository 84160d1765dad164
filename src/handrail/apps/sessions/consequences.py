"""What no-shows mean for booking, by the program's own figures; never for the one who came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Attendance, Seat, SeatRole
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program


def paused_until(
    missed: Iterable[datetime], *, limit: int, weeks: int, days: int, now: datetime
) -> datetime | None:
    """When a pause ends that these missed starts cause; None where there is none at `now`.

    Each start that is the `limit`-th within `weeks` begins a pause of `days`.
    """
    starts = sorted(missed)
    ends = None
    for place in range(limit - 1, len(starts)) if limit else ():
        first, last = starts[place - limit + 1], starts[place]
        if last - first < timedelta(weeks=weeks):
            ends = last + timedelta(days=days)
    return ends if ends is not None and ends > now else None


def booking_paused_until(program: Program, person: Person, now: datetime) -> datetime | None:
    """Until when the person's own booking as a mentee pauses in this program, if it does."""
    if not program.no_show_limit:
        return None
    since = now - timedelta(weeks=program.no_show_weeks, days=program.no_show_pause_days)
    missed = Seat.objects.filter(
        person=person,
        role=SeatRole.MENTEE,
        attendance=Attendance.NO_SHOW,
        booking__session__program=program,
        booking__starts_at__gte=since,
    ).values_list("booking__starts_at", flat=True)
    return paused_until(
        missed,
        limit=program.no_show_limit,
        weeks=program.no_show_weeks,
        days=program.no_show_pause_days,
        now=now,
    )


def booking_paused(until: datetime, person: Person) -> Conflict:
    """The refusal that says until when, and what can be done about it."""
    day = date_format(until.astimezone(ZoneInfo(person.timezone)), "DATE_FORMAT")
    return Conflict(
        _(
            "You missed sessions, so you can book again from %(day)s. If it was otherwise, say so"
            " in the room of the session; a lead can book for you meanwhile."
        )
        % {"day": day},
        code="booking-paused",
        until=until.isoformat(),
    )
