"""Words of jobs: where the work is done, and what is paid."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from handrail.apps.hiring.models import Job

register = template.Library()


@register.filter
def place_of(job: Job) -> str:
    """The place, and whether one may work from elsewhere."""
    places = [one for one in (job.city, job.region, job.country) if one]
    if job.remote:
        places.append(_("remote"))
    return ", ".join(places)


@register.filter
def pay_of(job: Job) -> str:
    """The range of pay with its currency and for how long it is."""
    if job.pay_low is None or job.pay_high is None:
        return ""
    ends = [_number(one) for one in dict.fromkeys((job.pay_low, job.pay_high))]
    return f"{' – '.join(ends)} {job.pay_currency} {job.get_pay_unit_display()}"


@register.filter
def percent(share: float) -> str:
    """A share as percent, whole: "75 %"."""
    return f"{round(share * 100)} %"


@register.filter
def points(share: float) -> str:
    """A difference as points with its sign and one digit: "+15.0", "−8.4"."""
    text = number_format(abs(share) * 100, 1)
    return f"{'−' if share < 0 else '+'}{text}"


def _number(value: Decimal) -> str:
    return number_format(value, 0 if value == value.to_integral_value() else 2, force_grouping=True)
