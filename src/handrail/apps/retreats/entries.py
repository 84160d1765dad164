"""One day of a retreat as a calendar entry, for a mail to one person or for a file."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from handrail.apps.outbox.mail import organizer
from handrail.apps.retreats.models import DayEntry, Hub, Retreat
from handrail.apps.retreats.plan import Plan, PlannedDay
from handrail.apps.retreats.wording import agenda_line, day_title
from handrail.integrations.calendar_mail import Address, CalendarEntry, Method


def uid_of(retreat: Retreat, number: int) -> str:
    """The day's name in every calendar, for life: the days may move, the first stays the first."""
    return f"{retreat.public_id}-day-{number}@handrail"


def address_of(retreat: Retreat) -> str:
    """Where the plan is read."""
    return f"{settings.BASE_URL}{reverse('retreat', args=[retreat.public_id])}"


def place_of(hub: Hub | None) -> str:
    """A place in one line."""
    return ", ".join(part for part in (hub.name, hub.address) if part) if hub else ""


def entry_for(
    plan: Plan,
    number: int,
    *,
    method: Method,
    sequence: int,
    span: tuple[datetime, datetime],
    hub: Hub | None,
    attendee: Address | None,
    now: datetime,
) -> CalendarEntry:
    """The entry of a day: where the person goes, and the day's agenda inside."""
    retreat = plan.retreat
    day = next((day for day in plan.days if day.number == number), None)
    return CalendarEntry(
        method=method,
        uid=uid_of(retreat, number),
        sequence=sequence,
        stamped_at=now,
        starts_at=span[0],
        ends_at=span[1],
        timezone=retreat.timezone,
        summary=day_title(retreat, number, len(plan.days)),
        description="\n".join([retreat.objective, *_lines(plan, day), address_of(retreat)]),
        url=address_of(retreat),
        organizer=organizer(),
        # The reader alone: nobody learns another's address from an invitation.
        attendees=(attendee,) if attendee else (),
        location=place_of(hub),
    )


def entries_of(plan: Plan, *, hub: Hub | None, now: datetime) -> list[CalendarEntry]:
    """All days that have an agenda, as a file has them."""
    known = {entry.number: entry for entry in DayEntry.objects.filter(retreat=plan.retreat)}
    return [
        entry_for(
            plan,
            day.number,
            method=Method.REQUEST,
            sequence=known[day.number].sequence if day.number in known else 0,
            span=span_of(day),
            hub=hub,
            attendee=None,
            now=now,
        )
        for day in plan.days
        if day.blocks
    ]


def span_of(day: PlannedDay) -> tuple[datetime, datetime]:
    """From the first block's start to the last one's end."""
    return min(one.starts_at for one in day.blocks), max(one.ends_at for one in day.blocks)


def _lines(plan: Plan, day: PlannedDay | None) -> list[str]:
    return [agenda_line(one, plan.retreat.timezone) for one in day.blocks] if day else []
