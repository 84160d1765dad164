"""Words for what a change would add: people first, then the fit of all pairs together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def gained(gain: Mapping[str, Any]) -> str:
    """A gain as a clause in the active language; honest about what is only a bound."""
    least, most = gain["people_at_least"], gain["people_at_most"]
    points = gain["points_at_least"]
    settled = gain["points_at_most"] == points
    if least == most == 0:
        return _fit_alone(gain["points_at_most"], settled)
    if least == most:
        return _("%(people)s, and %(fit)s") % {
            "people": _people(least),
            "fit": _fit(points, settled),
        }
    if most is None:
        return _("at least %(people)s") % {"people": _people(least)}
    if least == 0:
        return _("at most %(people)s") % {"people": _people(most)}
    return _("at least %(least)d and at most %(people)s") % {
        "least": least,
        "people": _people(most),
    }


def _people(number: int) -> str:
    return ngettext(
        "%(n)d person more gets a session", "%(n)d people more get a session", number
    ) % {"n": number}


def _fit(points: int, settled: bool) -> str:
    amount = {"points": number_format(abs(points), force_grouping=True)}
    if points < 0 and settled:
        return _("the fit of all pairs together falls by %(points)s points") % amount
    if points < 0:
        return _("the fit of all pairs together falls by at most %(points)s points") % amount
    if settled:
        return _("the fit of all pairs together grows by %(points)s points") % amount
    return _("the fit of all pairs together grows by at least %(points)s points") % amount


def _fit_alone(points: int | None, settled: bool) -> str:
    if points is None:
        return _("nobody more gets a session")
    amount = {"points": number_format(points, force_grouping=True)}
    if points <= 0:
        return _("nothing changes")
    if settled:
        return (
            _("nobody more gets a session, but all pairs together fit better by %(points)s points")
            % amount
        )
    return (
        _("nobody more gets a session; all pairs together fit better by at most %(points)s points")
        % amount
    )
