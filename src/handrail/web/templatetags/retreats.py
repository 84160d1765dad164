"""Blocks of an agenda by the clock of the place, with the reader's beside it."""

from __future__ import annotations

from datetime import datetime

from django import template

from handrail.apps.retreats.plan import PlannedBlock
from handrail.apps.retreats.wording import beside, moment, span
from handrail.web.templatetags.times import reader_zone

register = template.Library()


@register.filter
def block_span(one: PlannedBlock, zone: str) -> str:
    """From and to where the retreat is: "09:00–10:30"."""
    return span(one.starts_at, one.ends_at, zone)


@register.simple_tag(takes_context=True)
def beside_block(context: template.Context, one: PlannedBlock, zone: str) -> str:
    """The same for the reader, where their clock shows another time."""
    return beside(one.starts_at, one.ends_at, zone, reader_zone(context))


@register.filter
def moment_at(at: datetime, zone: str) -> str:
    """A moment by the clock of a place, in few words."""
    return moment(at, zone)
