"""Spans of time in words, and one choice of who and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def span(length: timedelta) -> str:
    """A span as people say it: "an hour", "5 hours", "2 days"."""
    hours = max(1, round(length / timedelta(hours=1)))
    if hours < 48:
        return ngettext("an hour", "%(n)d hours", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("a day", "%(n)d days", days) % {"n": days}


@register.filter
def choice(mentor: UUID, start: datetime) -> str:
    """A mentor and a time as one value of a form."""
    return f"{mentor} {start.isoformat()}"
