"""A project's rhythm in words."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.dateformat import format as django_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from handrail.apps.projects.models import Project, Rhythm

A_MONDAY = date(2026, 2, 2)


def weekday_name(weekday: int) -> str:
    """The name of a weekday, 0 is Monday, in the reader's language."""
    return django_format(A_MONDAY + timedelta(days=weekday), "l")


def rhythm_words(project: Project, zone: str = "") -> str:
    """For example: every two weeks on Tuesday at 10:00 (Europe/Berlin); its zone, or as named."""
    days = str(get_text_list([weekday_name(day) for day in project.weekdays], _("and")))
    told = _often(project)
    if days:
        told = _("%(often)s on %(days)s") % {"often": told, "days": days}
    if project.minute is None:
        return _("%(often)s; the time comes with the mentor") % {"often": told}
    hour, minute = divmod(project.minute, 60)
    return _("%(often)s at %(time)s (%(zone)s)") % {
        "often": told,
        "time": f"{hour:02}:{minute:02}",
        "zone": zone or project.timezone,
    }


def _often(project: Project) -> str:
    if project.rhythm == Rhythm.DAYS:
        return _("every %(n)d days") % {"n": project.every}
    if project.steps == 1:
        return str(Rhythm.WEEKLY.label)
    return _("every %(n)d weeks") % {"n": project.steps}
