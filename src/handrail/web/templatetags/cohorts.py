"""Weeks and wall times of cohorts as people read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django import template
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _

from handrail.apps.cohorts.models import DAYS, Cohort, Intake
from handrail.apps.cohorts.times import Choice, first_monday

register = template.Library()


@register.filter
def first_week(intake: Intake) -> date:
    """The Monday of an intake's first week."""
    return first_monday(intake)


@register.filter
def weekly(thing: Choice | Cohort) -> str:
    """A weekly wall time: "Mondays, 14:00"."""
    if thing.first_on is None or thing.minute is None:
        return ""
    # Translators: a weekly time, with the weekday's name: every Monday, 14:00
    return _("every %(day)s, %(time)s") % {
        "day": django_format(thing.first_on, "l"),
        "time": f"{thing.minute // 60:02d}:{thing.minute % 60:02d}",
    }


@register.filter
def last_day(cohort: Cohort) -> date | None:
    """The last of a cohort's 84 days."""
    return cohort.first_on + timedelta(days=DAYS - 1) if cohort.first_on else None


@register.filter
def wall(moment: datetime) -> str:
    """The time of a wall clock: "14:00"."""
    return f"{moment:%H:%M}"
