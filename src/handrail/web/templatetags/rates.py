"""Rates in words: never a share of fewer than five."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from handrail.domain.evidence.intervals import Share
from handrail.domain.evidence.operations import Rate

register = template.Library()


def _percent(share: float) -> str:
    return f"{share * 100:.0f}"


@register.filter
def of_words(rate: Rate) -> str:
    """A rate in a table: "7 of 8 (88 %)"."""
    if not rate.of:
        return "–"
    if rate.share is None:
        return _("%(met)d of %(of)d") % {"met": rate.met, "of": rate.of}
    return _("%(met)d of %(of)d (%(percent)s %%)") % {
        "met": rate.met,
        "of": rate.of,
        "percent": _percent(rate.share),
    }


@register.filter
def held_words(rate: Rate, line: int) -> str:
    """Whether a week's sessions were held, against the program's line in percent."""
    told = of_words(rate)
    if not rate.of:
        return _("No session of this week is over yet.")
    if rate.share is None:
        return _("%(told)s were held: too few for a share.") % {"told": told}
    if rate.below(line / 100):
        return _(
            "%(told)s were held, below the line of %(line)d %%. Look at who did not come, and "
            "whether times or reminders can help."
        ) % {"told": told, "line": line}
    return _("%(told)s were held; the line is %(line)d %%.") % {"told": told, "line": line}


@register.filter
def reply_words(rate: Rate, hours: int) -> str:
    """How soon mentors answered requests of a week."""
    if not rate.of:
        return _("No request of this week had to be answered yet.")
    return _("%(told)s were answered within %(hours)d hours.") % {
        "told": of_words(rate),
        "hours": hours,
    }


@register.filter
def share_words(share: Share) -> str:
    """A share with its n and interval: "12 of 16 (75 %; 51 to 90 %)"."""
    if share.value is None or share.low is None or share.high is None:
        return "–"
    return _("%(hits)d of %(n)d (%(percent)s %%; %(low)s to %(high)s %%)") % {
        "hits": share.hits,
        "n": share.trials,
        "percent": _percent(share.value),
        "low": _percent(share.low),
        "high": _percent(share.high),
    }


@register.filter
def repeat_words(rate: Rate) -> str:
    """How many came back."""
    if not rate.of:
        return _("Nobody has had a session yet.")
    return _("%(told)s who had a session have another one.") % {"told": of_words(rate)}
