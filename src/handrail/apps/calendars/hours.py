"""What people say of their time: weekly hours, single days, holidays, buffers, notice, caps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.calendars.holidays import regions
from handrail.apps.calendars.ledger import given_by, local_week
from handrail.apps.calendars.models import ClosedDay, Rule, RuleKind
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.actions import require_edit
from handrail.apps.people.models import Person
from handrail.apps.people.queries import may_edit
from handrail.apps.people.wording import hours_problem
from handrail.domain.scheduling import NotHours, WeeklyRule, parse_spans

Spans = tuple[tuple[int, int], ...]
LONGEST_BUFFER = 60  # minutes
LONGEST_NOTICE = 14 * 24 * 60  # minutes
MOST_A_DAY = 20  # sessions
MOST_DAYS = 200  # exceptions of one person
ALL_DAY: Spans = ((0, 1440),)


@dataclass(frozen=True, slots=True)
class Week:
    """Weekday (0 is Monday) to spans: when sessions may be, and when never."""

    open: Mapping[int, Spans]
    closed: Mapping[int, Spans]


@dataclass(frozen=True, slots=True)
class Day:
    """Other hours on one day; no spans: closed."""

    day: date
    spans: Spans = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What somebody keeps for themself around and between sessions; 0 is none."""

    buffer_before: int = 0
    buffer_after: int = 5
    min_notice_minutes: int = 0
    daily_cap: int = 0
    holidays_of: str = ""

    @classmethod
    def of(cls, person: Person) -> Limits:
        """Those of a person."""
        return cls(**{name: getattr(person, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Budget:
    """One local week of a mentor: minutes given over all models, and minutes there are."""

    monday: date
    given: int
    of: int

    @property
    def left(self) -> int:
        """Minutes that can still be given."""
        return max(0, self.of - self.given)


def week_of(person: Person) -> Week:
    """The week a person has set; empty where their working hours hold."""
    found: dict[bool, dict[int, list[tuple[int, int]]]] = {
        True: defaultdict(list),
        False: defaultdict(list),
    }
    for rule in Rule.objects.filter(person=person, kind=RuleKind.WEEKLY).order_by("from_min"):
        if rule.weekday is not None:
            found[rule.available][rule.weekday].append((rule.from_min, rule.to_min))
    opened, closed = (
        {day: tuple(spans) for day, spans in found[kind].items()} for kind in (True, False)
    )
    return Week(opened, closed)


def days_of(person: Person, since: date) -> list[Day]:
    """The days a person has set by themselves, from a day on."""
    found: dict[date, list[tuple[int, int]]] = defaultdict(list)
    rules = Rule.objects.filter(person=person, kind=RuleKind.DATE, day__gte=since)
    for rule in rules.order_by("day", "from_min"):
        assert rule.day is not None
        found[rule.day] += [(rule.from_min, rule.to_min)] if rule.available else []
    return [Day(day, tuple(spans)) for day, spans in found.items()]


def budgets(person: Person, now: datetime, weeks: int = 2) -> list[Budget]:
    """This week and the next of a mentor, in their own zone, with one query."""
    until = now + timedelta(weeks=weeks - 1)
    given = given_by([person], now, until, now=now)[person.pk]
    found = []
    for number in range(weeks):
        start, end = local_week(person.timezone, now + timedelta(weeks=number))
        minutes = sum(length for starts_at, length in given if start <= starts_at < end)
        monday = start.astimezone(ZoneInfo(person.timezone)).date()
        found.append(Budget(monday, minutes, person.minutes_per_week))
    return found


def may_see_hours(viewer: Viewer, person: Person) -> bool:
    """What somebody does with their week is theirs to see, and an administrator's."""
    return may_edit(viewer, person)


def spans_of(text: str, field: str) -> Spans:
    """Spans such as "09:00-12:00, 13:00-17:00"; raises Invalid that names the field."""
    try:
        return parse_spans(text)
    except NotHours as error:
        raise Invalid(
            _("These are no hours. Correct the fields."), fields={field: hours_problem(error)}
        ) from error


def set_week(person: Person, week: Week, *, by: Viewer, now: datetime) -> None:
    """Replace the weekly hours; no open ones at all: the working hours hold again."""
    require_edit(by, person)
    rules = _weekly(week)
    with writing(by.organization):
        _lock(person)
        _put_week(person, rules)
        _audit("person.hours_set", person, by, now)


def set_day(person: Person, day: Day, *, by: Viewer, now: datetime) -> None:
    """Close one day, or give it other hours; they stand for all that the week says of it."""
    require_edit(by, person)
    _check_day(day, person, now)
    with writing(by.organization):
        _lock(person)
        Rule.objects.filter(person=person, kind=RuleKind.DATE, day=day.day).delete()
        days = Rule.objects.filter(person=person, kind=RuleKind.DATE, day__gte=now.date())
        if days.values("day").distinct().count() >= MOST_DAYS:
            raise Invalid(_("There are 200 days already. Take one away first."))
        _put_days(person, [day])
        _audit("person.day_set", person, by, now, day=day.day.isoformat())


def clear_day(person: Person, day: date, *, by: Viewer, now: datetime) -> None:
    """Let the weekly hours hold again on a day."""
    require_edit(by, person)
    with writing(by.organization):
        _lock(person)
        Rule.objects.filter(person=person, kind=RuleKind.DATE, day=day).delete()
        _audit("person.day_cleared", person, by, now, day=day.isoformat())


def set_limits(person: Person, limits: Limits, *, by: Viewer, now: datetime) -> None:
    """Replace buffers, notice, the daily cap and the country whose holidays close the day."""
    require_edit(by, person)
    _check_limits(limits)
    with writing(by.organization):
        _lock(person)
        Person.objects.filter(pk=person.pk).update(**asdict(limits))
        _audit("person.limits_set", person, by, now)
    person.refresh_from_db()


def replace_hours(
    person: Person, week: Week, days: Sequence[Day], limits: Limits, *, by: Viewer, now: datetime
) -> None:
    """All of it at once, or nothing; days gone by stay as they are."""
    require_edit(by, person)
    rules = _weekly(week)
    for day in days:
        _check_day(day, person, now)
    if len(days) > MOST_DAYS or len({day.day for day in days}) < len(days):
        raise Invalid(
            _("Give each day once, and at most 200 of them."),
            fields={"days": _("Take some away.")},
        )
    _check_limits(limits)
    with writing(by.organization):
        _lock(person)
        _put_week(person, rules)
        today = now.astimezone(ZoneInfo(person.timezone)).date()
        Rule.objects.filter(person=person, kind=RuleKind.DATE, day__gte=today).delete()
        _put_days(person, days)
        Person.objects.filter(pk=person.pk).update(**asdict(limits))
        _audit("person.hours_set", person, by, now)
    person.refresh_from_db()


def close_day(day: date, name: str, *, by: Viewer, now: datetime) -> None:
    """Close a day for the whole organisation; a day that is closed already gets the new name."""
    _require_administrator(by)
    name = " ".join(name.split())
    fields = {}
    if not 1 <= len(name) <= 80:
        fields["name"] = _("A name has 1 to 80 characters.")
    if day < now.date():
        fields["day"] = _("Choose today or a later day.")
    if fields:
        raise Invalid(_("The day was not closed. Correct the fields."), fields=fields)
    with writing(by.organization):
        ClosedDay.objects.update_or_create(
            organization=by.organization, day=day, defaults={"name": name}
        )
        _audit_day("organization.day_closed", day, by, now)


def reopen_day(day: date, *, by: Viewer, now: datetime) -> None:
    """Let a day that was closed for all be like others again."""
    _require_administrator(by)
    with writing(by.organization):
        ClosedDay.objects.filter(day=day).delete()
        _audit_day("organization.day_reopened", day, by, now)


def closed_days(since: date) -> list[ClosedDay]:
    """The days closed for all, from a day on."""
    return list(ClosedDay.objects.filter(day__gte=since))


def _require_administrator(by: Viewer) -> None:
    if not by.is_administrator or not by.may("people:write"):
        raise NotAllowed(_("Only an administrator closes days for everybody."))


def _lock(person: Person) -> None:
    # Whoever books this person waits here, so that a check never sees half of the new hours.
    Person.objects.filter(pk=person.pk).update(rev=F("rev") + 1)


def _weekly(week: Week) -> list[WeeklyRule]:
    rules, fields = [], {}
    for kind, spans_by_day in (("open", week.open), ("closed", week.closed)):
        for weekday, spans in spans_by_day.items():
            try:
                rules += [
                    WeeklyRule(weekday, from_min, to_min, available=kind == "open")
                    for from_min, to_min in spans
                ]
            except NotHours as error:
                fields[f"{kind}_{weekday}"] = hours_problem(error)
    if fields:
        raise Invalid(_("These are no hours. Correct the fields."), fields=fields)
    if len(rules) > 100:
        raise Invalid(_("These are more than 100 spans a week. Take some away."))
    return rules


def _check_day(day: Day, person: Person, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(person.timezone)).date()
    if not today <= day.day <= today + timedelta(days=3 * 366):
        raise Invalid(
            _("This day is past or too far away."),
            fields={"day": _("Choose a day from today up to three years ahead.")},
        )
    try:
        for span in day.spans:
            WeeklyRule(day.day.weekday(), *span)
    except NotHours as error:
        raise Invalid(
            _("These are no hours. Correct the fields."), fields={"hours": hours_problem(error)}
        ) from error


def _check_limits(limits: Limits) -> None:
    fields: dict[str, str] = {}
    for name in ("buffer_before", "buffer_after"):
        minutes = getattr(limits, name)
        if not 0 <= minutes <= LONGEST_BUFFER or minutes % 5:
            fields[name] = _("Choose 0 to 60 minutes, in steps of five.")
    if not 0 <= limits.min_notice_minutes <= LONGEST_NOTICE:
        fields["min_notice_minutes"] = _("Choose between none and 14 days.")
    if not 0 <= limits.daily_cap <= MOST_A_DAY:
        fields["daily_cap"] = _("Choose 0 to 20 sessions.")
    country, dash, region = limits.holidays_of.partition("-")
    if limits.holidays_of and country not in regions():
        fields["holidays_of"] = _("Choose a country of the list.")
    elif dash and region not in regions()[country]:
        known = ", ".join(regions()[country]) or "–"
        fields["holidays_of"] = _("Choose a region of this country: %(regions)s.") % {
            "regions": known
        }
    if fields:
        raise Invalid(_("Nothing was saved. Correct the fields."), fields=fields)


def _put_week(person: Person, rules: Iterable[WeeklyRule]) -> None:
    Rule.objects.filter(person=person, kind=RuleKind.WEEKLY).delete()
    Rule.objects.bulk_create(
        Rule(
            organization_id=person.organization_id,
            person=person,
            kind=RuleKind.WEEKLY,
            weekday=rule.weekday,
            from_min=rule.from_min,
            to_min=rule.to_min,
            available=rule.available,
        )
        for rule in rules
    )


def _put_days(person: Person, days: Iterable[Day]) -> None:
    Rule.objects.bulk_create(
        Rule(
            organization_id=person.organization_id,
            person=person,
            kind=RuleKind.DATE,
            day=day.day,
            from_min=from_min,
            to_min=to_min,
            available=bool(day.spans),
        )
        for day in days
        for from_min, to_min in day.spans or ALL_DAY
    )


def _audit(verb: str, person: Person, by: Viewer, now: datetime, **detail: Any) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="person",
        object_id=person.public_id,
        detail=detail,
        now=now,
    )


def _audit_day(verb: str, day: date, by: Viewer, now: datetime) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="organization",
        object_id=by.organization.public_id,
        detail={"day": day.isoformat()},
        now=now,
    )
