"""A person's hours: the week, single days, holidays, and the room around sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.requests import ApiRequest, etag_of, require_scope, require_unchanged
from handrail.api.time_schemas import DayHours, HoursIn, HoursOut, WeekdayHours, WeekMinutes
from handrail.apps.calendars import hours
from handrail.apps.calendars.hours import Day, Limits, Spans, Week
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.people.models import Person
from handrail.apps.people.queries import person_for
from handrail.domain.scheduling import spans_text

router = Router(tags=["people"])


@router.get("/people/{person_id}/hours", response=HoursOut, operation_id="read_hours")
def read_hours(request: ApiRequest, person_id: UUID, response: HttpResponse) -> HoursOut:
    """Your hours, or as administrator anybody's, with the minutes given and left."""
    require_scope(request, "people:read")
    out = _hours_out(_whose(request, person_id), request.now)
    response["ETag"] = etag_of(out)
    return out


@router.put("/people/{person_id}/hours", response=HoursOut, operation_id="set_hours")
def set_hours(request: ApiRequest, person_id: UUID, payload: HoursIn) -> HoursOut:
    """Replace them all at once, or nothing; sessions that are booked stay as they are."""
    require_scope(request, "people:write")
    person = _whose(request, person_id)
    require_unchanged(request, _hours_out(person, request.now))
    told = {entry.weekday: entry for entry in payload.week}
    if len(told) < len(payload.week):
        raise Invalid(
            _("These are no hours. Correct the fields."),
            fields={"week": _("Give each weekday once.")},
        )
    week = Week(
        _spans({day: entry.open for day, entry in told.items()}, "open"),
        _spans({day: entry.closed for day, entry in told.items()}, "closed"),
    )
    days = [Day(entry.day, hours.spans_of(entry.hours, "days")) for entry in payload.days]
    limits = Limits(**{name: getattr(payload, name) for name in Limits.__dataclass_fields__})
    hours.replace_hours(person, week, days, limits, by=request.viewer, now=request.now)
    return _hours_out(person, request.now)


def _whose(request: ApiRequest, person_id: UUID) -> Person:
    person = person_for(request.viewer, person_id)
    if not hours.may_see_hours(request.viewer, person):
        raise NotAllowed(_("Only the person or an administrator sees these hours."))
    return person


def _spans(texts: Mapping[int, str], kind: str) -> dict[int, Spans]:
    found = {day: hours.spans_of(text, f"{kind}_{day}") for day, text in texts.items()}
    return {day: spans for day, spans in found.items() if spans}


def _hours_out(person: Person, now: datetime) -> HoursOut:
    week = hours.week_of(person)
    today = now.astimezone(ZoneInfo(person.timezone)).date()
    limits = Limits.of(person)
    return HoursOut(
        timezone=person.timezone,
        minutes_per_week=person.minutes_per_week,
        minutes=[
            WeekMinutes(monday=budget.monday, given=budget.given, left=budget.left)
            for budget in hours.budgets(person, now)
        ],
        week=[
            WeekdayHours(
                weekday=day,
                open=spans_text(week.open.get(day, ())),
                closed=spans_text(week.closed.get(day, ())),
            )
            for day in sorted({*week.open, *week.closed})
        ],
        days=[
            DayHours(day=day.day, hours=spans_text(day.spans))
            for day in hours.days_of(person, today)
        ],
        **{name: getattr(limits, name) for name in Limits.__dataclass_fields__},
    )
