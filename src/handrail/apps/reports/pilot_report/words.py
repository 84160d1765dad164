"""What the report of a pilot says, in plain sentences of the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.pilots.planning import Claim
from handrail.apps.pilots.wording import claim_words, feasibility_label
from handrail.apps.reports.wording import CANNOT_TELL, percent

Rows = dict[str, Any]


def verdict_words(code: str) -> str:
    """A verdict in words; the codes are those of the pure half."""
    return {
        "consistent": _("consistent with the claim"),
        "smaller": _("real but smaller"),
        "refuted": _("claim refuted"),
        "harmful": _("harmful"),
        "cannot_tell": _("cannot tell"),
        "association": _("association only"),
        "not_yet": _("not known yet"),
    }[code]


def problem_words(code: str) -> str:
    """Why something is not said."""
    known = {
        "replay_failed": _(
            "The lottery does not replay: an assignment is not what was drawn. Nothing is said "
            "about effects until that is cleared up."
        ),
        "arms_unequal": _(
            "The two arms are of very different size (p under .001): people got lost on one side. "
            "Nothing is said about effects until that is cleared up."
        ),
        "too_few_people": _(
            "Outcomes are shown for groups of 10 people or more, also after subtraction; here a "
            "group is smaller."
        ),
        "none": _("No change of role is recorded."),
        "no_lottery": _(
            "There was no lottery: those who take part differ from others before they begin, so "
            "no cause is named and no lift is given."
        ),
        "not_mature": _(
            "Not everybody has reached the day that was registered. A confirmatory result waits "
            "for the whole cohort."
        ),
        "not_yet": _("No money before the result is known."),
        "not_randomised": _("No money without a lottery."),
        "no_values": _("No money: the plan names no value of a unit and no cost of a session."),
        "money_interval_holds_zero": _(
            "No money: the interval holds no effect at all, so there is nothing to value."
        ),
        "take_up_alike": _(
            "Nothing is said about those who took part: taking part hardly differs between the "
            "arms, or the data leave its effect open."
        ),
        "takers_share_mentors": _(
            "Nothing is said about those who took part: hires who share a mentor are not "
            "independent, and the test of their times takes them for that."
        ),
        "claim_without_baseline": _(
            "The claim cannot be judged: own history gives no baseline for it."
        ),
        "claim_above_100": _("The claim cannot be: baseline and claim together pass 100 percent."),
        "no_events": _("It happened to nobody by that day: nothing can be compared."),
        "all_events": _("It happened to everybody: nothing can be compared."),
        "all_censored": _("Nobody has been followed for so long."),
        "one_arm": _("An arm has too few people: nothing can be compared."),
        "one_cluster": _("An arm has fewer than two mentors: nothing can be compared."),
        "nobody_alike": _(
            "Somebody with mentoring has a role, level and tenure that nobody else has: what to "
            "expect anyway cannot be told."
        ),
        "no_variation": _("Everybody has the same outcome: nothing can be compared."),
        "one_draw": _("The lottery had nothing to draw: nothing can be compared."),
    }
    return known.get(code, _("The data cannot tell this."))


def points(value: float | None) -> str:
    """A difference of shares in signed points."""
    if value is None:
        return CANNOT_TELL
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number_format(abs(round(value * 100)), 0)


def signed_percent(value: float | None) -> str:
    """A signed share, such as +12 %."""
    if value is None:
        return CANNOT_TELL
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + percent(abs(value))


def title(result: Rows) -> str:
    """The report's heading; a plan that compares early with later says so here."""
    if result["plan"]["compares_later"]:
        return _("Pilot: %(name)s, early against later mentoring") % {"name": result["name"]}
    return _("Pilot: %(name)s") % {"name": result["name"]}


def leading(result: Rows) -> list[str]:
    """What the lead reads first."""
    if result["blocked"]:
        return [problem_words(result["blocked"])]
    said = []
    if result["feasibility_only"]:
        said.append(feasibility_label())
    for one in result["claims"]:
        said.append(
            _("%(claim)s: %(verdict)s.")
            % {
                "claim": claim_words(Claim.of(one["claim"])),
                "verdict": verdict_words(one["verdict"]),
            }
        )
    return said


def claim_sentences(one: Rows) -> list[str]:
    """One claim: counts first, then the effect of the offer, then of taking part."""
    claim = Claim.of(one["claim"])
    said = [
        ngettext(
            "%(known)d of %(n)d person is known up to day %(day)d.",
            "%(known)d of %(n)d people are known up to day %(day)d.",
            one["people"],
        )
        % {"known": one["known"], "n": one["people"], "day": one["horizon"]}
    ]
    if one["before"]:
        said.append(
            ngettext(
                "%(n)d person had done it before and is not counted here.",
                "%(n)d people had done it before and are not counted here.",
                one["before"],
            )
            % {"n": one["before"]}
        )
    if one["offer"]:
        said += _effect_of_offer(one, claim)
    if one["takers"]:
        said.append(_takers(one, claim))
    if one["problem"]:
        said.append(problem_words(one["problem"]))
    foreseen = one["foreseen"]["outlook"]
    if foreseen and foreseen["feasibility_only"]:
        said.append(could_not_have_seen(foreseen))
    return said


def _effect_of_offer(one: Rows, claim: Claim) -> list[str]:
    arms = {row["arm"]: row for row in one["arms"]}
    said = []
    if len(arms) == 2 and not claim.is_about_time:
        said.append(
            _(
                "Of %(offered)d people offered mentoring, %(here)s were still here at day %(day)d; "
                "of %(waiting)d waiting, %(others)s."
            )
            % {
                "offered": arms["offered"]["people"],
                "here": percent(arms["offered"]["at_horizon"]["value"]),
                "day": one["horizon"],
                "waiting": arms["waiting"]["people"],
                "others": percent(arms["waiting"]["at_horizon"]["value"]),
            }
        )
    elif len(arms) == 2:
        said.append(
            _(
                "Half of the %(offered)d people offered mentoring were there by day %(median)s; of "
                "the %(waiting)d waiting, by day %(other)s."
            )
            % {
                "offered": arms["offered"]["people"],
                "median": _whole(arms["offered"]["median"]["value"]),
                "waiting": arms["waiting"]["people"],
                "other": _whole(arms["waiting"]["median"]["value"]),
            }
        )
    effect = one["offer"]
    words = {
        "low": size_words(effect["low"], claim),
        "high": size_words(effect["high"], claim),
        "level": percent(one["level"]),
        "estimate": size_words(effect["estimate"], claim),
    }
    if effect["low"] is None or effect["high"] is None:
        said.append(_("The true difference is open on one side: too few people to tell."))
    elif one["verdict"] == "cannot_tell":
        said.append(
            _(
                "The true difference could be anything from %(low)s to %(high)s: too few people "
                "to tell."
            )
            % words
        )
    else:
        said.append(
            _(
                "Being offered mentoring made a difference of %(estimate)s; the true one lies "
                "between %(low)s and %(high)s, with %(level)s confidence."
            )
            % words
        )
    if one["days"]:
        said.append(
            _("In days within the first %(day)d: %(days)s sooner (%(low)s to %(high)s).")
            % {
                "day": one["horizon"],
                "days": days_words(one["days"]["estimate"]),
                "low": days_words(one["days"]["low"]),
                "high": days_words(one["days"]["high"]),
            }
        )
    if not claim.is_about_time and len(arms) == 2:
        base = arms["waiting"]["at_horizon"]["value"]
        if base:
            said.append(
                _("Relative to those waiting that is %(share)s.")
                % {"share": signed_percent(effect["estimate"] / base)}
            )
    return said


def _takers(one: Rows, claim: Claim) -> str:
    effect = one["takers"]
    return _(
        "Among those who take part because it is offered: %(estimate)s (%(low)s to %(high)s)."
    ) % {
        "estimate": size_words(effect["estimate"], claim),
        "low": size_words(effect["low"], claim),
        "high": size_words(effect["high"], claim),
    }


def size_words(value: float | None, claim: Claim) -> str:
    """An effect in the unit of its claim, signed."""
    if claim.is_about_time:
        return _("%(size)s faster") % {"size": signed_percent(value)}
    return _("%(points)s points") % {"points": points(value)}


def _whole(value: float | None) -> str:
    return CANNOT_TELL if value is None else number_format(round(value), 0)


def days_words(value: float | None) -> str:
    """A number of days, or of anything else, with one decimal."""
    return CANNOT_TELL if value is None else number_format(round(value, 1), 1)


def could_not_have_seen(outlook: Rows) -> str:
    """The effect that this pilot could not have seen."""
    if outlook["time_ratio"] is not None:
        return _("It could not have seen less than %(size)s faster.") % {
            "size": percent(1 - outlook["time_ratio"])
        }
    if outlook["points"] is not None and not outlook["impossible"]:
        return _("It could not have seen less than %(n)s points.") % {
            "n": number_format(round(outlook["points"] * 100), 0)
        }
    return _("It could not have seen any effect that can exist.")
