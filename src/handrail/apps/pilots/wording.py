"""What a plan says in sentences: claims, what can be seen, and the fixed label."""

from __future__ import annotations

from datetime import date

from django.utils.dateformat import format as django_format
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from handrail.apps.outcomes.models import Source
from handrail.apps.pilots.models import Comparison, Measure, Pilot, Unit, Whom
from handrail.apps.pilots.planning import Claim, Foresight, claims_of, first_known_week, level_of


def feasibility_label() -> str:
    """The label of every pilot that has under 80 % power at what is claimed."""
    return _("Feasibility only: will neither prove nor refute.")


def percent(share: float) -> str:
    """A share in whole percent."""
    # Translators: a percentage, for example 93%; German puts a narrow space before the sign
    return _("%(number)s%%") % {"number": number_format(round(share * 100), 0)}


def day(value: date) -> str:
    """A date in words."""
    # Translators: Django date format of a day in a plan, for example 3 February 2026
    return django_format(value, pgettext("plan day", "j F Y"))


def claim_words(claim: Claim) -> str:
    """One claim as it is registered: measure, size, unit, of whom."""
    measure = Measure(claim.measure).label
    if claim.unit == Unit.POINTS:
        size = _("%(n)s percentage points more") % {"n": number_format(round(claim.value * 100), 0)}
    elif claim.unit == Unit.FASTER:
        size = _("%(share)s faster") % {"share": percent(claim.value)}
    else:
        size = _("%(share)s more") % {"share": percent(claim.value)}
    return _("%(measure)s: %(size)s, %(whom)s") % {
        "measure": capfirst(str(measure)),
        "size": size,
        "whom": Whom(claim.whom).label,
    }


def smallest_words(one: Foresight, hires: int) -> str:
    """The sentence that leads the planning page."""
    outlook = one.outlook
    if outlook is None:
        if one.problem == "claim_impossible":
            return _(
                "This claim cannot be: with what own history shows, it would mean more than 100 "
                "percent. Claim less."
            )
        return _(
            "What this pilot can see cannot be told: own history has fewer than 10 people for this."
        )
    if outlook.time_ratio is not None:
        what = _("%(share)s faster") % {"share": percent(1 - outlook.time_ratio)}
    elif outlook.points is not None and not outlook.impossible:
        what = _("%(n)s percentage points more") % {
            "n": number_format(round(outlook.points * 100), 0)
        }
    else:
        return _(
            "The smallest effect this pilot can see is larger than any that can exist: with "
            "%(hires)d hires it sees nothing."
        ) % {"hires": hires}
    return _("The smallest effect this pilot can see is %(effect)s (with %(hires)d hires).") % {
        "effect": what,
        "hires": hires,
    }


def chance_words(one: Foresight, hires: int) -> str:
    """How likely the claimed effect would be seen, and how many hires it needs."""
    outlook = one.outlook
    if outlook is None or outlook.power is None:
        return ""
    said = _("If the claim is true, the chance that this pilot shows any effect is %(power)s.") % {
        "power": percent(outlook.power)
    }
    if outlook.hires_needed is not None and outlook.feasibility_only:
        said += " " + _("It needs %(needed)d hires for 80 percent; you plan %(have)d.") % {
            "needed": outlook.hires_needed,
            "have": hires,
        }
    return said


def baseline_words(one: Foresight) -> str:
    """What own history says, in one sentence."""
    base = one.baseline
    if base is None:
        return ""
    if one.claim.is_about_time:
        if base.median_days is None:
            return ""
        return _(
            "Own history: %(n)d people, half of them there after %(days)s days; how much people "
            "differ (sd of log time): %(spread)s."
        ) % {
            "n": base.people,
            "days": number_format(round(base.median_days, 1), 1),
            "spread": number_format(round(base.spread or 0.0, 2), 2),
        }
    if base.retention is None:
        return ""
    return _("Own history: %(n)d people, %(share)s still here after %(days)d days.") % {
        "n": base.people,
        "share": percent(base.retention),
        "days": base.horizon,
    }


def timing_words(pilot: Pilot) -> list[str]:
    """When each claim can be judged: hiring goes on for twelve weeks."""
    said = [
        _("%(measure)s: known for everybody in week %(week)d, not in week 12.")
        % {
            "measure": capfirst(str(Measure(claim.measure).label)),
            "week": first_known_week(pilot, claim.measure),
        }
        for claim in claims_of(pilot)
    ]
    if pilot.comparison == Comparison.LOTTERY:
        said.append(
            ngettext(
                "Whoever waits is offered mentoring after %(n)d day, in lottery order.",
                "Whoever waits is offered mentoring after %(n)d days, in lottery order.",
                pilot.waits_days,
            )
            % {"n": pilot.waits_days}
        )
    if pilot.compares_later:
        said.append(_("It compares early mentoring with mentoring that comes later."))
    return said


def rule_words(pilot: Pilot) -> list[str]:
    """How the lottery, the looks and shared mentors are dealt with."""
    said = []
    if pilot.comparison == Comparison.LOTTERY:
        said.append(
            _(
                "Everybody eligible is in by default. Who is offered it first is drawn by lot, in "
                "blocks of 2 and 4 within team and level. Opting out is private and without fault, "
                "and changes nobody's arm."
            )
        )
        said.append(
            _("The difference in days is adjusted for team and level, within which it is drawn.")
        )
        if pilot.looks:
            said.append(
                (
                    _(
                        "Figures may be looked at every week: that uses up 1 of the 5 percent, "
                        "and two claims share what is left. So each final interval is one of "
                        "%(level)s."
                    )
                    if len(claims_of(pilot)) > 1
                    else _(
                        "Figures may be looked at every week: that uses up 1 of the 5 percent, so "
                        "the final interval is one of %(level)s."
                    )
                )
                % {"level": percent(level_of(pilot))}
            )
    else:
        said.append(
            _("Without a lottery the report can name an association at most, never a cause.")
        )
    if pilot.hires_per_mentor > 1:
        said.append(
            _(
                "%(n)d hires share one mentor: they are a cluster, which counts for fewer than so "
                "many single people."
            )
            % {"n": pilot.hires_per_mentor}
        )
    return said


def source_words(source: str) -> str:
    """The name of a source."""
    return str(Source(source).label)
