"""What stands in a plan: claims, timing, sources, and what a pilot of this size can see."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from handrail import __version__
from handrail.apps.outcomes.models import RoleRecord, Source
from handrail.apps.outcomes.queries import is_connected, last_event, waivers_of
from handrail.apps.people.models import Team
from handrail.apps.pilots.history import horizon_of, past_hires
from handrail.apps.pilots.models import WEEKS, Comparison, Measure, Pilot, Unit, Whom
from handrail.domain.evidence.levels import planned_levels

if TYPE_CHECKING:
    from handrail.domain.evidence.power import Baseline, Outlook, PastHires

Rows = dict[str, Any]
PLAN_SEED = 20_260_202
RUNS = 400
CURVE = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
FEWEST_HIRES, MOST_HIRES = 4, 100_000
WITHIN = 0.05  # how alike hires of one mentor are taken to be, where they share one
SOURCES = {
    Measure.FIRST_MERGE: Source.MERGES,
    Measure.TASK: Source.TASKS,
    Measure.RETENTION_90: Source.EMPLOYMENT,
    Measure.RETENTION_180: Source.EMPLOYMENT,
}
MOBILITY_RULE: Rows = {
    "from_day": 30,
    "to_day": 180,
    "sessions": 2,
    "skill_must_match": True,
    "shown_days": [90, 180, 365],
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim to test, as it was registered; `value` is a fraction."""

    measure: Measure
    value: float
    unit: Unit
    whom: Whom

    @classmethod
    def of(cls, row: Rows) -> Claim:
        """The claim as a pilot keeps it."""
        return cls(
            Measure(row["measure"]), float(row["value"]), Unit(row["unit"]), Whom(row["whom"])
        )

    @property
    def row(self) -> Rows:
        return {
            "measure": self.measure.value,
            "value": self.value,
            "unit": self.unit.value,
            "whom": self.whom.value,
        }

    @property
    def is_about_time(self) -> bool:
        return self.measure in (Measure.FIRST_MERGE, Measure.TASK)

    def points(self, baseline: float) -> float:
        """A claim about staying as a change of the share, given the baseline."""
        return self.value * baseline if self.unit == Unit.RELATIVE else self.value


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is known of one claim before the pilot starts; `problem` is a code where nothing is."""

    claim: Claim
    baseline: Baseline | None
    outlook: Outlook | None
    curve: tuple[tuple[float, float], ...] = ()
    problem: str = ""

    @property
    def feasibility_only(self) -> bool:
        """The fixed label stands wherever 80 % power was not shown."""
        return self.outlook is None or self.outlook.feasibility_only


def claims_of(pilot: Pilot) -> list[Claim]:
    """The registered claims, the primary one first."""
    return [Claim.of(row) for row in pilot.claims]


def level_of(pilot: Pilot) -> float:
    """The level of the final test: what looks and a second claim use up is not there any more."""
    names = tuple(claim.measure.value for claim in claims_of(pilot)) or (str(pilot.measure),)
    looks = pilot.looks and pilot.comparison == Comparison.LOTTERY
    return planned_levels(names, looks=looks)[names[0]].confidence


def required_sources(pilot: Pilot) -> list[Source]:
    """The sources that the claims need, each once."""
    found: dict[Source, None] = {}
    for claim in claims_of(pilot):
        found[SOURCES[claim.measure]] = None
    return list(found)


def missing_sources(pilot: Pilot) -> list[Source]:
    """Those that never brought anything and were not waived in writing."""
    waived = set(waivers_of(pilot.program).values_list("source", flat=True))
    return [one for one in required_sources(pilot) if one not in waived and not is_connected(one)]


def foresee(pilot: Pilot, *, before: date | None = None, runs: int = RUNS) -> list[Foresight]:
    """What this pilot can see of each claim, from own history before it starts."""
    found = []
    for claim in claims_of(pilot):
        past = past_hires(claim.measure, pilot.task, before=before or pilot.starts_on)
        found.append(_foresee(pilot, claim, past, runs))
    return found


def _foresee(pilot: Pilot, claim: Claim, past: PastHires, runs: int) -> Foresight:
    from handrail.domain.evidence import power  # late: loads SciPy
    from handrail.domain.evidence.effect import CannotTell  # late: loads SciPy

    baseline = power.baseline_of(past, horizon=horizon_of(claim.measure))
    take_up = 1.0 if claim.whom == Whom.OFFERED else pilot.take_up / 100
    plan = power.Pilot(
        hires=pilot.planned_hires,
        take_up=take_up,
        level=level_of(pilot),
        group=pilot.hires_per_mentor,
        within=WITHIN if pilot.hires_per_mentor > 1 else 0.0,
    )
    try:
        if claim.is_about_time:
            ratio = 1 - claim.value
            outlook = power.outlook_for_time(
                past, plan, claim=ratio, followed=horizon_of(claim.measure),
                seed=PLAN_SEED, runs=runs,
            )  # fmt: skip
            curve = power.power_curve(
                past, plan, ratios=CURVE, followed=horizon_of(claim.measure),
                seed=PLAN_SEED, runs=runs,
            )  # fmt: skip
            return Foresight(claim, baseline, outlook, curve)
        if baseline.retention is None:
            return Foresight(claim, baseline, None, problem="too_few_past_hires")
        points = claim.points(baseline.retention)
        outlook = power.outlook_for_stay(baseline, plan, claim=points, seed=PLAN_SEED, runs=runs)
    except CannotTell as error:
        return Foresight(claim, baseline, None, problem=str(error.code))
    except ValueError:
        return Foresight(claim, baseline, None, problem="claim_impossible")
    return Foresight(claim, baseline, outlook)


def problems_of(pilot: Pilot) -> dict[str, str]:
    """What cannot stand in a plan, by field."""
    fields: dict[str, str] = {}
    if not pilot.name.strip():
        fields["name"] = _("Give the pilot a name.")
    if not FEWEST_HIRES <= pilot.planned_hires <= MOST_HIRES:
        fields["planned_hires"] = _("A pilot has at least 4 hires.")
    if not 1 <= pilot.take_up <= 100:
        fields["take_up"] = _("Choose between 1 and 100 percent.")
    if not 1 <= pilot.hires_per_mentor <= 8:
        fields["hires_per_mentor"] = _("Choose between 1 and 8 hires for each mentor.")
    if not 7 <= pilot.waits_days <= 730:
        fields["waits_days"] = _("Choose between 7 and 730 days.")
    if pilot.hired_from > pilot.starts_on + timedelta(weeks=WEEKS):
        fields["hired_from"] = _("This lies after the twelve weeks of the pilot.")
    if pilot.measure == Measure.TASK and not 3 <= len(pilot.task.strip()) <= 120:
        fields["task"] = _("Name the task that everybody learns first.")
    if pilot.value_low is not None or pilot.value_high is not None:
        if pilot.value_low is None or pilot.value_high is None or not pilot.currency:
            fields["value_high"] = _("A value needs both ends of its range and a currency.")
        elif pilot.value_high < pilot.value_low:
            fields["value_high"] = _("The upper end lies below the lower one.")
    fields |= _claim_problems(pilot)
    return fields


def _claim_problems(pilot: Pilot) -> dict[str, str]:
    claims = claims_of(pilot)
    measures = [claim.measure for claim in claims]
    if not claims or measures[0] != pilot.measure:
        return {"claim": _("Say how large an effect is claimed for the primary measure.")}
    if len(claims) > 2 or len(set(measures)) != len(measures):
        return {"second_measure": _("At most two claims, each about another measure.")}
    for place, claim in enumerate(claims):
        name = "second_claim" if place else "claim"
        if claim.is_about_time and claim.unit != Unit.FASTER:
            return {name: _("A claim about time says how many percent faster.")}
        if not claim.is_about_time and claim.unit == Unit.FASTER:
            return {name: _("A claim about staying is in points or percent more.")}
        if not 0 < claim.value < 1:
            return {name: _("Choose between 1 and 99 percent.")}
    return {}


def timing_trap(pilot: Pilot) -> str:
    """What goes wrong where people wait for less time than is measured; empty if nothing does."""
    if pilot.comparison != Comparison.LOTTERY:
        return ""
    longest = max((horizon_of(claim.measure) for claim in claims_of(pilot)), default=0)
    needed = 180 if longest == 180 else 91 if longest == 90 else longest + 1
    if pilot.waits_days >= needed:
        return ""
    return _(
        "People on the waiting list would be offered mentoring after %(waits)d days, before day "
        "%(day)d is known. The difference then shrinks towards nothing. Let them wait at least "
        "%(needed)d days, measure something that is known earlier, or say that early mentoring is "
        "compared with mentoring that comes later."
    ) % {"waits": pilot.waits_days, "day": longest, "needed": needed}


def first_known_week(pilot: Pilot, measure: str) -> int:
    """The week, counted from the start, by whose end the whole cohort is known.

    Hires come over twelve weeks: the last one begins on day 84.
    """
    return -(-(WEEKS * 7 + horizon_of(measure)) // 7)


def strata_of(pilot: Pilot) -> list[str]:
    """Team by level, with every level that any role record names, and one for unknown."""
    levels = RoleRecord.objects.filter(superseded_at=None).exclude(level="")
    names = [*sorted(set(levels.order_by().values_list("level", flat=True))), "-"]
    teams = [pilot.team.name] if pilot.team else [*_team_names(), "-"]
    return [f"{team} / {level}" for team in teams for level in names]


def _team_names() -> list[str]:
    return sorted(Team.objects.values_list("name", flat=True))


def plan_of(
    pilot: Pilot, foreseen: list[Foresight], *, strata: list[str], places: int, today: date
) -> Rows:
    """The plan as it is frozen: everything that decides what may be said afterwards."""
    waivers = [
        {
            "source": waiver.source,
            "reason": waiver.reason,
            "signed": waiver.signed,
            "on": waiver.waived_at.date().isoformat(),
        }
        for waiver in waivers_of(pilot.program)
    ]
    return {
        "format": 1,
        "version": __version__,
        "organization": pilot.organization.name,
        "name": pilot.name,
        "program": pilot.program.name,
        "team": pilot.team.name if pilot.team else None,
        "sponsor": pilot.sponsor,
        "starts_on": pilot.starts_on.isoformat(),
        "weeks": WEEKS,
        "hired_from": pilot.hired_from.isoformat(),
        "planned_hires": pilot.planned_hires,
        "expected_take_up": pilot.take_up / 100,
        "objectives_per_hire": 2,
        "claims": [claim.row for claim in claims_of(pilot)],
        "task": pilot.task,
        "comparison": pilot.comparison,
        "compares_later": pilot.compares_later,
        "waits_days": pilot.waits_days,
        "opt_out": "private, without fault; whoever opts out stays in the arm",
        "looks": pilot.looks and pilot.comparison == Comparison.LOTTERY,
        "levels": {
            name: asdict(level)
            for name, level in planned_levels(
                tuple(claim.measure.value for claim in claims_of(pilot)),
                looks=pilot.looks and pilot.comparison == Comparison.LOTTERY,
            ).items()
        },
        "level": level_of(pilot),
        "hires_per_mentor": pilot.hires_per_mentor,
        # Known before the start of everybody, and what the lottery was drawn within.
        "adjusted_for": ["team", "level"] if pilot.comparison == Comparison.LOTTERY else [],
        "sources": [
            {
                "source": source.value,
                "connected": is_connected(source),
                "last_event": _iso(last_event(source, today=today)),
            }
            for source in required_sources(pilot)
        ],
        "waivers": waivers,
        "mobility_rule": pilot.mobility_rule or MOBILITY_RULE,
        "money": {
            "session_cost": _text(pilot.session_cost),
            "value_low": _text(pilot.value_low),
            "value_high": _text(pilot.value_high),
            "currency": pilot.currency,
        },
        "foreseen": [foresight_row(one) for one in foreseen],
        "strata": strata,
        "places": places,
        "seed_of_power": PLAN_SEED,
    }


def foresight_row(one: Foresight) -> Rows:
    """What was foreseen, as data."""
    return {
        "claim": one.claim.row,
        "baseline": asdict(one.baseline) if one.baseline else None,
        "outlook": asdict(one.outlook) if one.outlook else None,
        "curve": [list(point) for point in one.curve],
        "problem": one.problem,
        "feasibility_only": one.feasibility_only,
    }


def digest_of(plan: Rows) -> str:
    """SHA-256 of the plan as one canonical line of JSON."""
    text = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _text(amount: Any) -> str | None:
    return None if amount is None else str(amount)
