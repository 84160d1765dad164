"""What the pure floor says in codes, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from handrail.domain.scheduling import NotHours


def hours_problem(error: NotHours) -> str:
    """What is wrong with working hours, and what to write."""
    sentences = {
        "not-a-span": _("'%(text)s' is not a span of time. Write it like 09:00-17:00."),
        "no-length": _(
            "'%(text)s' starts and ends at the same time. Write a span like 09:00-17:00."
        ),
        "not-a-time": _("'%(text)s' is not a time. Write it like 09:00."),
        "not-of-a-day": _("'%(text)s' is not a time of the day. Write it like 09:00."),
        "not-on-five-minutes": _(
            "'%(text)s' is not on five minutes. Round it, for example to 09:05."
        ),
        "overlap": _("'%(text)s' overlaps the span before it. Write each hour once."),
        "not-a-weekday": _(
            "'%(text)s' is not a day of the week. Choose 0 for Monday up to 6 for Sunday."
        ),
    }
    return sentences[error.code] % {"text": error.text}
