"""A report's heading in the reader's language."""

from __future__ import annotations

from django import template

from handrail.apps.reports.models import Report
from handrail.apps.reports.queries import title_of

register = template.Library()


@register.filter
def report_title(report: Report) -> str:
    """What the report is called."""
    return title_of(report)
