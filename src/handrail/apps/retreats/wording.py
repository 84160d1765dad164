"""Retreats in words: times where the retreat is, with the reader's own beside them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _

from handrail.apps.retreats.models import Retreat
from handrail.apps.retreats.plan import PlannedBlock


def long_day(day: date) -> str:
    """A day in words."""
    # Translators: Django date format of a day in a sentence, as in Tuesday 3 February 2026
    return django_format(day, _("l j F Y"))


def short_day(day: date) -> str:
    """A day in few words."""
    # Translators: Django date format of a day in a list, for example Tue 3 Feb 2026
    return django_format(day, _("D j M Y"))


def day_title(retreat: Retreat, number: int, days: int) -> str:
    """The name of a day of the retreat; one that lasts a day bears its own name."""
    if days == 1:
        return retreat.name
    return _("%(name)s, day %(number)d") % {"name": retreat.name, "number": number}


def span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """From and to in a zone: "09:00–10:30"."""
    place = ZoneInfo(zone)
    return f"{starts_at.astimezone(place):%H:%M}–{ends_at.astimezone(place):%H:%M}"


def beside(starts_at: datetime, ends_at: datetime, zone: str, reader_zone: str) -> str:
    """The same span where the reader is, or empty where both clocks show the same."""
    there, here = ZoneInfo(zone), ZoneInfo(reader_zone)
    same = starts_at.astimezone(there).utcoffset() == starts_at.astimezone(here).utcoffset()
    if same:
        return ""
    text = span(starts_at, ends_at, reader_zone)
    if starts_at.astimezone(there).date() != starts_at.astimezone(here).date():
        text = f"{short_day(starts_at.astimezone(here))}, {text}"
    return _("%(span)s your time") % {"span": text}


def moment(at: datetime | None, zone: str) -> str:
    """A moment in a zone, in few words; empty where there is none."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    return f"{short_day(local)}, {local:%H:%M}"


def agenda_line(one: PlannedBlock, zone: str) -> str:
    """A block in one line of plain text."""
    line = f"{span(one.starts_at, one.ends_at, zone)} {one.block.title}"
    if one.block.led_by is not None:
        line += f" ({one.block.led_by.name})"
    return f"{line}: {one.block.objective}" if one.block.objective else line
