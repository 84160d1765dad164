"""Words for refusals, statements and verdicts: the domain's codes, translatable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.domain.evidence.refusals import Refusal, Refused
from handrail.domain.evidence.statements import Said, Statement
from handrail.domain.evidence.verdict import Verdict

Params = Mapping[str, Any]


def verdict_words(verdict: Verdict) -> str:
    """A verdict as people read it."""
    return {
        Verdict.CONSISTENT: _("Consistent with the claim"),
        Verdict.SMALLER: _("Real but smaller"),
        Verdict.REFUTED: _("Claim refuted"),
        Verdict.HARMFUL: _("Harmful"),
        Verdict.CANNOT_TELL: _("Cannot tell"),
        Verdict.ASSOCIATION: _("Association only"),
    }[verdict]


def refusal_words(refusal: Refusal) -> str:
    """Why something is not said."""
    return REFUSALS[refusal.code](refusal.params)


def statement_words(statement: Statement) -> str:
    """One of the sentences that every report says."""
    return STATEMENTS[statement.code](statement.params)


def amount_words(value: Any, unit: Any, *, signed: bool = True) -> str:
    """A figure in points, percent or days; fractions come in for points and percent."""
    number = float(value)
    sign = ("+" if number > 0 else "") if signed else ""
    sign = "−" if number < 0 else sign
    if unit in ("points", "percent"):
        whole = round(100 * abs(number))
        text = sign + number_format(whole)
        if unit == "percent":
            return _("%(number)s %%") % {"number": text}
        return ngettext("%(number)s point", "%(number)s points", whole) % {"number": text}
    text = sign + number_format(f"{abs(number):.1f}", use_l10n=True)
    return _("%(number)s days") % {"number": text} if unit == "days" else text


def span_words(low: Any, high: Any, unit: Any) -> str:
    """What the truth could be; an open end is an empty text."""
    if low == "" and high == "":
        return _("anything at all")
    if low == "":
        return _("anything up to %(high)s") % {"high": amount_words(high, unit)}
    if high == "":
        return _("%(low)s or anything above") % {"low": amount_words(low, unit)}
    ends = {"low": amount_words(low, unit), "high": amount_words(high, unit)}
    return _("anything from %(low)s to %(high)s") % ends


def _percent(value: Any) -> str:
    return amount_words(value, "percent", signed=False)


def _above_100(p: Params) -> str:
    if float(p["baseline"]) > 1:
        return _("The claim is not judged: nobody can be faster by 100 % or more.")
    return _("The claim is not judged: %(baseline)s and %(claim)s more pass 100 %%.") % {
        "baseline": _percent(p["baseline"]),
        "claim": _percent(p["claim"]),
    }


def _ratio(p: Params) -> str:
    small = float(p["p"]) < 0.0001
    return _(
        "The report is blocked: the arms are of such different size that people must have been "
        "lost or added (p %(p)s)."
    ) % {"p": "< " + number_format("0.0001") if small else "= " + number_format(f"{p['p']:.4f}")}


REFUSALS: Mapping[Refused, Callable[[Params], str]] = {
    Refused.CAUSED: lambda p: _(
        "Not said that mentoring caused anything: nobody was assigned by lot."
    ),
    Refused.COMPLETERS: lambda p: _(
        "Those who completed are not compared with the rest: whoever completes has stayed, and "
        "wanted to. That gap shows without any effect."
    ),
    Refused.TOO_EARLY: lambda p: (
        _("Not said for day %(horizon)d: the last person assigned is at day %(followed)d.") % p
    ),
    Refused.NO_BASELINE: lambda p: _("The claim is not judged: it names no baseline."),
    Refused.NO_CLAIM: lambda p: _("The claim is not judged: it claims nothing above 0."),
    Refused.ABOVE_100: _above_100,
    Refused.PEEKED: lambda p: _(
        "No ordinary interval: the outcomes were looked at before, so it would exclude no effect "
        "too often. The one for weekly looks is used."
    ),
    Refused.SMALL: lambda p: (
        ngettext(
            "Not shown: a group of %(people)d person. Outcomes need 10 people.",
            "Not shown: a group of %(people)d people. Outcomes need 10 people.",
            int(p["people"]),
        )
        % p
    ),
    Refused.ONE_PERSON: lambda p: _(
        "An effect on one person is not said: there is none to be seen."
    ),
    Refused.SUBGROUP: lambda p: (
        _("Not said for %(subgroup)s: this group was not registered before the start.") % p
    ),
    Refused.NAMES: lambda p: _(
        "Who moved because of mentoring is not named: only a number of people can be known."
    ),
    Refused.MONEY: lambda p: _(
        "No money: the effect could be nought, or was not told by lot, so there is nothing to "
        "value."
    ),
    Refused.POOLED: lambda p: (
        _("%(pilots)d pilots are not added up by eye: that takes a plan made before them.") % p
    ),
    Refused.REPLAY: lambda p: (
        ngettext(
            "The report is blocked: drawing the lottery again found %(faults)d difference.",
            "The report is blocked: drawing the lottery again found %(faults)d differences.",
            int(p["faults"]),
        )
        % p
    ),
    Refused.RATIO: _ratio,
    Refused.NO_EVENTS: lambda p: _("Not said: it happened to nobody."),
    Refused.NO_EVENTS_IN_ARM: lambda p: _("Not said: in one arm it happened to nobody."),
    Refused.ALL_EVENTS: lambda p: _("Not said: it happened to everybody."),
    Refused.ALL_CENSORED: lambda p: _("Not said: nobody was followed that far."),
    Refused.NOT_MATURE: lambda p: _("Not said yet: not everybody has been followed to the end."),
    Refused.ONE_ARM: lambda p: _("Not said: an arm has fewer than two people."),
    Refused.ONE_CLUSTER: lambda p: _("Not said: an arm has fewer than two groups."),
    Refused.ONE_DRAW: lambda p: _("Not said: the blocks leave nothing to draw by lot."),
    Refused.STRATA: lambda p: _(
        "Not said: the share offered differs from stratum to stratum, so the arms are not alike. "
        "Ask for each stratum in a file of its own."
    ),
    Refused.NO_VARIATION: lambda p: _("Not said: in each arm everybody has the same outcome."),
    Refused.NO_MAXIMUM: lambda p: _("Not said: too few have got there to settle a ratio of times."),
    Refused.NO_ROOT: lambda p: _("Not said: no factor makes the arms alike."),
    Refused.NO_OVERLAP: lambda p: _("Not said: hardly anybody who took part is like anybody else."),
    Refused.SEPARATED: lambda p: _(
        "Not said: what is recorded tells wholly who took part, so nobody can be compared."
    ),
    Refused.TAKE_UP: lambda p: _(
        "The effect of taking part is not shown: take-up differs by fewer than 20 points."
    ),
    Refused.EXPOSURE: lambda p: _(
        "The effect of taking part is not shown: both arms were mentored for as long."
    ),
    Refused.TAKERS_SHARE: lambda p: _(
        "The effect of taking part on time is not shown: its test takes people who share a mentor "
        "for independent."
    ),
}


def _assigned(p: Params) -> str:
    offered = ngettext(
        "%(offered)d person was offered mentoring by lot and %(waiting)d waited.",
        "%(offered)d people were offered mentoring by lot and %(waiting)d waited.",
        int(p["offered"]),
    )
    return f"{offered} {_out(p)}" % p


def _out(p: Params) -> str:
    return ngettext(
        "%(opted_out)d opted out and stays where the lot put them.",
        "%(opted_out)d opted out and stay where the lot put them.",
        int(p["opted_out"]),
    )


def _left(p: Params) -> str:
    return (
        ngettext(
            "%(left)d person left, and %(censored)d were not followed to the end.",
            "%(left)d people left, and %(censored)d were not followed to the end.",
            int(p["left"]),
        )
        % p
    )


def _take_up(p: Params) -> str:
    return _("Of %(offered)d offered, %(took)d took part (%(share)s): they came at least once.") % {
        **p,
        "share": _percent(p["share"]),
    }


def _dose(p: Params) -> str:
    return ngettext(
        "%(sessions)d session was held, %(each)s for each person who took part.",
        "%(sessions)d sessions were held, %(each)s for each person who took part.",
        int(p["sessions"]),
    ) % {**p, "each": number_format(f"{p['each']:.1f}")}


def _offer_first(p: Params) -> str:
    offer = amount_words(p["offer"], p["unit"])
    if not p["shown"]:
        return _(
            "Being offered it changed the outcome by %(offer)s; what taking part changed is not "
            "shown."
        ) % {"offer": offer}
    return _("Being offered it changed the outcome by %(offer)s; taking part, by %(takers)s.") % {
        "offer": offer,
        "takers": amount_words(p["takers"], p["unit"]),
    }


def _interval(p: Params) -> str:
    return _("The true difference could be %(span)s (%(level)s interval).") % {
        "span": span_words(p["low"], p["high"], p["unit"]),
        "level": _percent(p["level"]),
    }


def _baseline(p: Params) -> str:
    unit = "percent" if p["unit"] == "points" else p["unit"]
    return _("Those who waited had %(baseline)s at day %(horizon)d.") % {
        "baseline": amount_words(p["baseline"], unit, signed=False),
        "horizon": p["horizon"],
    }


def _planned(p: Params) -> str:
    if not p["changes"]:
        return _("Everything was done as planned.")
    return (
        ngettext(
            "The plan was changed %(changes)d time after the start: the log says how.",
            "The plan was changed %(changes)d times after the start: the log says how.",
            int(p["changes"]),
        )
        % p
    )


def _unseen(p: Params) -> str:
    return _("An effect of taking part under %(smallest)s could not have been seen here.") % {
        "smallest": amount_words(p["smallest"], p["unit"], signed=False)
    }


def _looks(p: Params) -> str:
    if not p["looks"]:
        return _("Nobody looked at the outcomes before the end.")
    return ngettext(
        "The outcomes were looked at %(looks)d time before the end, so the final interval has "
        "%(level)s.",
        "The outcomes were looked at %(looks)d times before the end, so the final interval has "
        "%(level)s.",
        int(p["looks"]),
    ) % {**p, "level": _percent(p["level"])}


def _multiplicity(p: Params) -> str:
    return (
        ngettext(
            "%(primaries)d primary measure was registered.",
            "%(primaries)d primary measures were registered; an effect must stand among them all.",
            int(p["primaries"]),
        )
        % p
    )


def _contamination(p: Params) -> str:
    return (
        ngettext(
            "Of %(waiting)d waiting, %(people)d had a session all the same (%(sessions)d in all).",
            "Of %(waiting)d waiting, %(people)d had sessions all the same (%(sessions)d in all).",
            int(p["people"]),
        )
        % p
    )


def _gaps(p: Params) -> str:
    gaps = _("Nothing is missing.")
    if p["gaps"]:
        gaps = (
            ngettext(
                "Data are missing for %(gaps)d person.",
                "Data are missing for %(gaps)d people.",
                int(p["gaps"]),
            )
            % p
        )
    waived = _("No source was waived.")
    if p["waivers"]:
        waived = _("Waived in writing: %(waivers)s.") % p
    return f"{gaps} {waived}"


STATEMENTS: Mapping[Said, Callable[[Params], str]] = {
    Said.ASSIGNED: _assigned,
    Said.LEFT: _left,
    Said.TAKE_UP: _take_up,
    Said.DOSE: _dose,
    Said.OFFER_FIRST: _offer_first,
    Said.INTERVAL: _interval,
    Said.BASELINE: _baseline,
    Said.PLANNED: _planned,
    Said.UNSEEN: _unseen,
    Said.LOOKS: _looks,
    Said.MULTIPLICITY: _multiplicity,
    Said.CONTAMINATION: _contamination,
    Said.GAPS: _gaps,
}
