"""One table of people answered as a report would: effect, interval, verdict, refusals, notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from scipy.stats import norm

from handrail.domain.evidence.assignment import ratio_test
from handrail.domain.evidence.effect import CannotTell, Effect, Floats
from handrail.domain.evidence.groups import OUTCOME_PEOPLE
from handrail.domain.evidence.lognormal import time_ratio
from handrail.domain.evidence.means import (
    RERANDOMIZE_UNDER,
    first_merge_difference,
    mean_difference,
    rerandomized_p,
)
from handrail.domain.evidence.observational import (
    aipw_att,
    balance,
    e_value,
    propensity,
    within_overlap,
)
from handrail.domain.evidence.power import GOAL
from handrail.domain.evidence.question import Answer, Note, Question, Table
from handrail.domain.evidence.refusals import Asked, Refusal, Refused, refusals
from handrail.domain.evidence.rerandomized_ratio import rerandomized_ratio
from handrail.domain.evidence.shares import risk_difference
from handrail.domain.evidence.stay_difference import (
    GREENWOOD_FROM,
    difference_at,
    influence_at,
    influence_in_arms,
    log_rank,
    restricted_mean_difference,
)
from handrail.domain.evidence.strata import drawable, stratum_columns, uneven
from handrail.domain.evidence.switching import structural_time
from handrail.domain.evidence.taking_part import TakingPart, taking_part
from handrail.domain.evidence.verdict import Verdict, verdict

T = TypeVar("T")
SEED = 1  # the same file gives the same answer


def answer(table: Table, question: Question) -> Answer:
    """Return what may be said of a table, by the estimators and rules of a report.

    Estimators by kind: binary `risk_difference`, mean `first_merge_difference`, survival
    `difference_at` (a relative claim: `time_ratio`, under 80 people by lottery); of taking part
    `taking_part` or `structural_time`; self-selected `aipw_att`. Nothing is ever NaN: what the
    data cannot give is None, with a refusal that says why. Raises ValueError where columns have
    different lengths.
    """
    if question.design != "randomised":  # the claim is not judged, so points are told
        question = replace(question, relative=False)
    return _Answering(table, question).run()


@dataclass
class _Answering:
    table: Table
    asked: Question
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def run(self) -> Answer:
        arm = self.table.arm
        sizes = (int(arm.sum()), int((~arm).sum()))
        self.notes.append(
            Note("design", {"design": self.asked.design, "offered": sizes[0], "waiting": sizes[1]})
        )
        if min(sizes) < 2:
            self.refused.append(Refusal(Refused.ONE_ARM))
            return self._told(sizes, None, None, None)
        ratio_p: float | None = None
        if self.asked.ratio is None:
            self.notes.append(Note("no_ratio_test"))
        else:
            test = ratio_test(sizes, self.asked.ratio)
            ratio_p = test.p
            self.notes.append(Note("ratio_test", {"p": test.p}))
        self.refused += refusals(Asked(ratio_p=ratio_p, people=min(sizes)))
        if self.refused:
            return self._told(sizes, None, None, None)
        randomised = self.asked.design == "randomised"
        if not randomised:
            self.refused += refusals(Asked(says_caused=True, randomised=False))
        offer = self._try(self._offer if randomised else self._association)
        takers = None
        if offer is not None and randomised and self.table.take_up is not None:
            takers = self._try(self._takers)
        if offer is not None:
            self._beside(offer, randomised)
        return self._told(sizes, offer, takers, self._verdict(offer, randomised))

    def _told(
        self,
        sizes: tuple[int, int],
        offer: Effect | None,
        takers: Effect | None,
        said: Verdict | None,
    ) -> Answer:
        return Answer(
            sum(sizes), *sizes, self._unit(), offer, takers, said,
            tuple(self.refused), tuple(self.notes),
        )  # fmt: skip

    def _unit(self) -> str:
        if self._of_time():
            return "percent"
        return "amount" if self.asked.kind == "mean" else "points"

    def _of_time(self) -> bool:
        return self.asked.kind == "survival" and self.asked.relative

    def _try(self, estimator: Callable[[], Effect]) -> Effect | None:
        try:
            return estimator()
        except CannotTell as told:
            self.refused.append(Refusal(Refused(told.code), {"horizon": self.asked.horizon}))
            return None

    def _offer(self) -> Effect:
        t, level = self.table, self.asked.level
        drawable(t.arm, t.strata)
        apart = self._apart()
        if self.asked.kind == "binary":
            self._unused_covariates()
            if apart is not None:
                y = _some(t.outcome)
                return mean_difference(y, t.arm, covariates=apart, clusters=t.clusters, level=level)
            return risk_difference(_some(t.outcome), t.arm, clusters=t.clusters, level=level)
        if self.asked.kind == "mean":
            people = len(t.arm)
            by_lottery = people < RERANDOMIZE_UNDER and t.clusters is None
            return first_merge_difference(
                _some(t.outcome),
                t.arm,
                seed=SEED,
                covariates=_beside_each_other(
                    t.covariates, apart if by_lottery else self._few_strata()
                ),
                blocks=None if t.strata is None else np.asarray(t.strata),
                clusters=t.clusters,
                level=level,
            )
        if self._of_time():
            return self._speed()
        self._unused_covariates()
        effect = difference_at(
            _some(t.days),
            _some(t.event),
            t.arm,
            day=self.asked.horizon,
            clusters=t.clusters,
            level=level,
        )
        if t.clusters is None:  # these checks take people for independent
            self._curve_checks()
        return effect

    def _apart(self) -> Floats | None:
        """Strata as columns where they were offered it in different shares; else None.

        Raises CannotTell where they are too many, or the estimator cannot hold them apart.
        """
        t = self.table
        if t.strata is None or not uneven(t.arm, t.strata):
            return None
        small = len(t.arm) < RERANDOMIZE_UNDER and t.clusters is None
        if self.asked.kind == "survival" and (small or not self._of_time()):
            raise CannotTell("strata_differ", "The share offered differs between strata.")
        apart = stratum_columns(t.strata, few=not small)
        if apart is None:
            raise CannotTell("strata_differ", "The share offered differs between strata.")
        self.notes.append(Note("within_strata"))
        return apart

    def _few_strata(self) -> Floats | None:
        return None if self.table.strata is None else stratum_columns(self.table.strata)

    def _unused_covariates(self) -> None:
        if self.table.covariates is not None:
            self.notes.append(Note("covariates_unused"))

    def _values(self) -> Floats:
        """One value a person whose means in the arms are the two shares or means."""
        t = self.table
        if self.asked.kind != "survival":
            return _some(t.outcome)
        return influence_in_arms(_some(t.days), _some(t.event), t.arm, self.asked.horizon)

    def _curve_checks(self) -> None:
        t = self.table
        days, event = _some(t.days), _some(t.event)
        self.notes.append(Note("log_rank", {"p": log_rank(days, event, t.arm).p}))
        if len(t.arm) < GREENWOOD_FROM:
            blocks = None if t.strata is None else np.asarray(t.strata)
            pooled = influence_at(days, event, self.asked.horizon)
            p = rerandomized_p(pooled, t.arm, seed=SEED, blocks=blocks)
            self.notes.append(Note("lottery_p", {"p": p}))
        try:
            mean = restricted_mean_difference(days, event, t.arm, until=self.asked.horizon)
        except CannotTell:
            return
        self.notes.append(
            Note("restricted_mean", {"days": mean.estimate, "until": self.asked.horizon})
        )

    def _speed(self) -> Effect:
        """The time ratio less one: -.40 is 40 % faster."""
        t, level = self.table, self.asked.level
        days, event = _some(t.days), _some(t.event)
        if len(t.arm) < RERANDOMIZE_UNDER and t.clusters is None:
            blocks = None if t.strata is None else np.asarray(t.strata)
            followed = np.maximum(np.where(event, days.max(), days), 1e-9)
            logs = rerandomized_ratio(
                days, event, t.arm, followed=followed, seed=SEED, blocks=blocks, level=level
            )
        else:
            logs = time_ratio(
                days,
                event,
                t.arm,
                covariates=_beside_each_other(t.covariates, self._few_strata()),
                clusters=t.clusters,
                level=level,
            )
        return logs.as_change()

    def _takers(self) -> Effect:
        t = self.table
        took = _some(t.take_up)
        shares = float(took[t.arm].mean()), float(took[~t.arm].mean())
        self.notes.append(Note("take_up", {"offered": shares[0], "waiting": shares[1]}))
        if uneven(t.arm, t.strata):
            raise CannotTell("strata_differ", "The share offered differs between strata.")
        if self._of_time():
            if t.clusters is not None:
                raise CannotTell("takers_share_mentors", "Its test knows no clusters.")
            days, event = _some(t.days), _some(t.event)
            followed = np.where(event, days.max(), days)
            found = structural_time(
                days, event, t.arm, np.where(took, days, 0.0), followed, level=self.asked.level
            )
            return found.change()
        part: TakingPart = taking_part(
            self._values(), t.arm, took, clusters=t.clusters, level=self.asked.level
        )
        if not part.bounded:
            self.notes.append(Note("unbounded", {"shape": part.set_shape}))
        return part.effect

    def _association(self) -> Effect:
        t = self.table
        y = self._values()
        if t.covariates is None or not t.covariates.size:
            self.notes.append(Note("nothing_adjusted"))
            effect = mean_difference(y, t.arm, clusters=t.clusters, level=self.asked.level)
        else:
            chance = propensity(t.arm, t.covariates)
            inside = within_overlap(chance)
            if min(int((inside & side).sum()) for side in (t.arm, ~t.arm)) < OUTCOME_PEOPLE:
                raise CannotTell("no_overlap", "Too few who took part are like anybody else.")
            alike = balance(t.arm, t.covariates, chance)
            effect, people = aipw_att(y, t.arm, t.covariates, level=self.asked.level)
            self.notes.append(Note("overlap", {"people": people, "all": len(t.arm)}))
            worst = max((abs(one) for one in alike.after), default=0.0)
            self.notes.append(Note("balance", {"worst": worst}))
        share = float(y[~t.arm].mean())
        if self.asked.kind != "mean" and 0 < share < 1:
            strength = e_value(effect, baseline=share)
        else:
            strength = e_value(effect, spread=float(y.std()) or 1.0)
        self.notes.append(
            Note("e_value", {"estimate": strength.estimate, "interval": strength.interval})
        )
        return effect

    def _beside(self, effect: Effect, randomised: bool) -> None:
        t = self.table
        unit = self._unit()
        if self._of_time():
            days = _some(t.days)[~t.arm & _some(t.event)]
            shown = len(days) >= OUTCOME_PEOPLE
            self.notes.append(
                Note("baseline", {"value": float(np.median(days)), "unit": "days"})
                if shown
                else Note("baseline_hidden", {"people": len(days)})
            )
        else:
            value = float(self._values()[~t.arm].mean())
            self.notes.append(Note("baseline", {"value": value, "unit": unit}))
            if value > 0:
                self.notes.append(Note("relative", {"value": effect.estimate / value}))
        self.notes.append(
            Note(
                "interval",
                {
                    "low": "" if effect.low is None else effect.low,
                    "high": "" if effect.high is None else effect.high,
                    "unit": unit,
                    "level": effect.level,
                },
            )
        )
        self.notes.append(Note("looked" if self.asked.looked else "looks_unknown"))
        if randomised and effect.low is not None and effect.high is not None:
            z = float(norm.ppf((1 + effect.level) / 2))
            half = (effect.high - effect.low) / 2
            smallest = half * (z + float(norm.ppf(GOAL))) / z
            self.notes.append(Note("smallest", {"value": smallest, "unit": unit}))
        if t.strata is not None and randomised:
            self.notes.append(Note("strata", {"number": len(set(t.strata))}))
        if t.clusters is not None:
            used = randomised or t.covariates is None or not t.covariates.size
            number = {"number": len(set(t.clusters))}
            self.notes.append(Note("clusters", number) if used else Note("clusters_unused"))

    def _verdict(self, effect: Effect | None, randomised: bool) -> Verdict | None:
        if not randomised:
            return Verdict.ASSOCIATION
        claim = self.asked.claim
        if claim is None:
            self.notes.append(Note("no_claim"))
            return None
        if effect is None:
            return Verdict.CANNOT_TELL
        self.notes.append(Note("of_offered"))
        good = effect if claim > 0 else effect.turned()
        size, baseline = self._size(claim)
        bad: tuple[Refusal, ...] = ()
        if self._unit() != "amount":  # an amount has no upper end that a claim could pass
            in_points = self._unit() == "points" and claim > 0
            bad = refusals(Asked(claim=size, baseline=baseline, claim_in_points=in_points))
        elif baseline is None:
            bad = (Refusal(Refused.NO_BASELINE),)
        if self._unit() == "points" and claim < 0 and baseline is not None and size > baseline:
            bad = (Refusal(Refused.ABOVE_100, {"baseline": baseline, "claim": size}),)
        if bad:
            self.refused += bad
            return None
        return verdict(good.low, good.high, size)

    def _size(self, claim: float) -> tuple[float, float | None]:
        """The claim in the effect's unit, positive; and the baseline that it needs."""
        if self._of_time():
            return abs(claim), 2.0  # a time: any baseline, never a share
        baseline = float(self._values()[~self.table.arm].mean())
        if not self.asked.relative:
            return abs(claim), baseline
        return abs(claim) * abs(baseline), baseline if baseline else None


def _beside_each_other(*parts: Floats | None) -> Floats | None:
    given = [part for part in parts if part is not None]
    return np.column_stack(given) if given else None


def _some(value: T | None) -> T:
    if value is None:
        raise ValueError("A column that this kind of question needs is missing.")
    return value
