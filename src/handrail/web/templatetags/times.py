"""Times as people read them: their own zone by name, the other person's beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils.dateformat import format as django_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # a zone that a later tzdata dropped
        return ZoneInfo("UTC")


@register.filter
def zone_name(zone: str) -> str:
    """The zone as people say it: "Berlin time"."""
    if zone in {"", "UTC", "Etc/UTC"}:
        return _("UTC")
    return _("%(place)s time") % {"place": zone.rpartition("/")[2].replace("_", " ")}


@register.filter
def zone_place(zone: str) -> str:
    """The place a zone is named after: "Berlin"."""
    return zone.rpartition("/")[2].replace("_", " ")


@register.filter
def clock(moment: datetime, zone: str) -> str:
    """The time of day in a zone: "15:00"."""
    return f"{moment.astimezone(_zone(zone)):%H:%M}"


@register.filter
def local_day(moment: datetime, zone: str) -> date:
    """The day a moment falls on in a zone."""
    return moment.astimezone(_zone(zone)).date()


@register.filter
def plain_day(day: date | datetime) -> str:
    """A day in words: "Tuesday 3 February 2026"."""
    # Translators: Django date format of a day in a sentence, for example Tuesday 3 February 2026
    return django_format(day, _("l j F Y"))


@register.filter
def short_day(day: date | datetime) -> str:
    """A day in few words: "Tue 3 Feb 2026"."""
    # Translators: Django date format of a day in a list, for example Tue 3 Feb 2026
    return django_format(day, _("D j M Y"))


@register.simple_tag(takes_context=True)
def when(context: template.Context, moment: datetime | None, style: str = "long") -> str:
    """Day and time in the reader's zone, machine-readable: "Tuesday 3 February 2026, 15:00"."""
    if moment is None:
        return ""
    zone = reader_zone(context)
    local = moment.astimezone(_zone(zone))
    day = plain_day(local) if style == "long" else short_day(local)
    return format_html(
        '<time datetime="{}">{}, {}</time>', moment.isoformat(), day, f"{local:%H:%M}"
    )


@register.simple_tag(takes_context=True)
def their_time(context: template.Context, moment: datetime, name: str, zone: str) -> str:
    """The other person's clock beside one's own: "18:30 for Priya"."""
    mine, theirs = _zone(reader_zone(context)), _zone(zone)
    first = name.split(" ")[0] if name else ""
    text = _("%(clock)s for %(name)s") % {"clock": clock(moment, zone), "name": first}
    if moment.astimezone(mine).date() != moment.astimezone(theirs).date():
        text = _("%(text)s, on %(day)s") % {
            "text": text,
            "day": short_day(moment.astimezone(theirs)),
        }
    return text


@register.simple_tag(takes_context=True)
def relative(context: template.Context, moment: datetime) -> str:
    """How far away a moment is, in words: "in 25 minutes", "tomorrow", "3 days ago"."""
    now: datetime | None = context.get("now")
    if now is None:
        return ""
    zone = _zone(reader_zone(context))
    gap = moment - now
    minutes = round(abs(gap).total_seconds() / 60)
    days = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return (
            ngettext("in %(n)d minute", "in %(n)d minutes", minutes)
            if gap > timedelta(0)
            else ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes)
        ) % {"n": minutes}
    if days == 0 or (abs(days) == 1 and minutes < 6 * 60):
        hours = round(minutes / 60)
        return (
            ngettext("in %(n)d hour", "in %(n)d hours", hours)
            if gap > timedelta(0)
            else ngettext("%(n)d hour ago", "%(n)d hours ago", hours)
        ) % {"n": hours}
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    return (
        ngettext("in %(n)d day", "in %(n)d days", days)
        if days > 0
        else ngettext("%(n)d day ago", "%(n)d days ago", -days)
    ) % {"n": abs(days)}


@register.filter
def minutes_as_clock(minutes: int) -> str:
    """Minutes after midnight as a clock: 540 is "09:00", 1440 is "24:00"."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def reader_zone(context: template.Context) -> str:
    """The zone of who reads the page."""
    viewer = context.get("viewer")
    return viewer.timezone if viewer else "UTC"


@register.filter
def seconds_as_clock(seconds: int) -> str:
    """A span as a timer shows it: 1200 is "20:00"."""
    return f"{seconds // 60}:{seconds % 60:02d}"
