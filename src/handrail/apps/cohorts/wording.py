"""Days, times and moves of a series in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _

from handrail.domain.cohorts import Shift


def long_day(moment: datetime, zone: str) -> str:
    """Day and time by a zone's clock: "Tuesday 3 February 2026, 15:00"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{django_format(local, _('l j F Y'))}, {local:%H:%M}"


def shift_words(shift: Shift) -> str:
    """What changes on somebody's own clock: "From 16 March 2027 on at 10:00, not 11:00"."""
    if shift.now.date().weekday() != shift.before.date().weekday():
        return _(
            "From week %(week)d on it is %(day)s at %(now)s by your clock, not %(before)s."
        ) % {
            "week": shift.index + 1,
            "day": django_format(shift.now, "l"),
            "now": f"{shift.now:%H:%M}",
            "before": f"{shift.before:%H:%M}",
        }
    return _("From %(day)s (week %(week)d) on it is at %(now)s by your clock, not %(before)s.") % {
        "day": django_format(shift.now, _("j F Y")),
        "week": shift.index + 1,
        "now": f"{shift.now:%H:%M}",
        "before": f"{shift.before:%H:%M}",
    }
