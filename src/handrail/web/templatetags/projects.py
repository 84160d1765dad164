"""Words of projects: a rhythm, a row of missed check-ins."""

from __future__ import annotations

from django import template
from django.utils.translation import ngettext

from handrail.apps.projects.models import Project
from handrail.apps.projects.wording import rhythm_words
from handrail.web.templatetags.times import zone_place

register = template.Library()


@register.filter
def rhythm(project: Project) -> str:
    """When its people meet: "every week on Tuesday at 10:00 (Berlin)"."""
    said = rhythm_words(project, zone_place(project.timezone))
    return said[:1].upper() + said[1:]


@register.filter
def in_a_row(count: int) -> str:
    """How many were missed one after the other."""
    return ngettext("%(n)d in a row", "%(n)d in a row", count) % {"n": count}
