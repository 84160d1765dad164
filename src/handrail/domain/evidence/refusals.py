"""What a report must refuse, whoever asks; codes here, translated words in the rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from handrail.domain.evidence.assignment import RATIO_ALPHA
from handrail.domain.evidence.groups import OUTCOME_PEOPLE

Value = str | int | float
Params = Mapping[str, Value]


class Refused(StrEnum):
    """Why something is not said."""

    CAUSED = "caused_without_randomisation"
    COMPLETERS = "completers_against_rest"
    TOO_EARLY = "horizon_not_reached"
    NO_BASELINE = "claim_without_baseline"
    ABOVE_100 = "claim_above_100"
    NO_CLAIM = "claim_not_positive"
    PEEKED = "fixed_interval_after_peeking"
    SMALL = "fewer_than_ten"
    ONE_PERSON = "one_persons_effect"
    SUBGROUP = "unregistered_subgroup"
    NAMES = "names_of_movers"
    MONEY = "money_interval_holds_zero"
    POOLED = "pooled_by_eye"
    REPLAY = "replay_failed"
    RATIO = "ratio_differs"
    # what the data cannot give, by the codes of `CannotTell`
    NO_EVENTS = "no_events"
    NO_EVENTS_IN_ARM = "no_events_in_arm"
    ALL_EVENTS = "all_events"
    ALL_CENSORED = "all_censored"
    NOT_MATURE = "not_mature"
    ONE_ARM = "one_arm"
    ONE_CLUSTER = "one_cluster"
    ONE_DRAW = "one_draw"
    STRATA = "strata_differ"
    NO_VARIATION = "no_variation"
    NO_MAXIMUM = "no_maximum"
    NO_ROOT = "no_root"
    NO_OVERLAP = "no_overlap"
    SEPARATED = "separated"
    TAKE_UP = "take_up_alike"
    EXPOSURE = "exposure_alike"
    TAKERS_SHARE = "takers_share_mentors"


BLOCKING: Final = frozenset({Refused.REPLAY, Refused.RATIO})


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is not said, with what its sentence names."""

    code: Refused
    params: Params = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether the whole report is refused, not this figure alone."""
        return self.code in BLOCKING


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to be said, and the facts that decide it.

    Everything is "not asked" unless it is set: `followed` are the days since t0 of whoever was
    assigned last, `people` the smallest group (denominator) that would show.
    """

    says_caused: bool = False
    randomised: bool = True
    completers_against_rest: bool = False
    horizon: int | None = None
    followed: int | None = None
    claim: float | None = None
    baseline: float | None = None
    claim_in_points: bool = False
    looked_before: bool = False
    interval_for_looks: bool = False
    people: int | None = None
    one_person: bool = False
    subgroup: str = ""
    registered_subgroups: frozenset[str] = frozenset()
    names_movers: bool = False
    money: bool = False
    holds_zero: bool = False
    pilots_pooled: int = 1
    pooling_registered: bool = False
    replay_faults: int = 0
    ratio_p: float | None = None


def refusals(asked: Asked) -> tuple[Refusal, ...]:
    """Return everything that must be refused, the blocking ones first; empty: it may be said."""
    found = [Refusal(code, params(asked)) for code, (rule, params) in RULES.items() if rule(asked)]
    return tuple(sorted(found, key=lambda refusal: not refusal.blocks))


def _nothing(asked: Asked) -> Params:
    return {}


RULES: Final[Mapping[Refused, tuple[Callable[[Asked], bool], Callable[[Asked], Params]]]] = {
    Refused.REPLAY: (lambda a: a.replay_faults > 0, lambda a: {"faults": a.replay_faults}),
    Refused.RATIO: (
        lambda a: a.ratio_p is not None and a.ratio_p < RATIO_ALPHA,
        lambda a: {"p": a.ratio_p or 0.0},
    ),
    Refused.CAUSED: (lambda a: a.says_caused and not a.randomised, _nothing),
    Refused.COMPLETERS: (lambda a: a.completers_against_rest, _nothing),
    Refused.TOO_EARLY: (
        lambda a: a.horizon is not None and (a.followed is None or a.followed < a.horizon),
        lambda a: {"horizon": a.horizon or 0, "followed": a.followed or 0},
    ),
    Refused.NO_BASELINE: (lambda a: a.claim is not None and a.baseline is None, _nothing),
    Refused.NO_CLAIM: (lambda a: a.claim is not None and not a.claim > 0, _nothing),
    Refused.ABOVE_100: (
        lambda a: (
            a.claim is not None
            and a.baseline is not None
            and (a.baseline + a.claim > 1 + 1e-12 if a.claim_in_points else a.claim >= 1)
        ),
        lambda a: {"baseline": a.baseline or 0.0, "claim": a.claim or 0.0},
    ),
    Refused.PEEKED: (lambda a: a.looked_before and not a.interval_for_looks, _nothing),
    Refused.SMALL: (
        lambda a: a.people is not None and a.people < OUTCOME_PEOPLE,
        lambda a: {"people": a.people or 0},
    ),
    Refused.ONE_PERSON: (lambda a: a.one_person, _nothing),
    Refused.SUBGROUP: (
        lambda a: bool(a.subgroup) and a.subgroup not in a.registered_subgroups,
        lambda a: {"subgroup": a.subgroup},
    ),
    Refused.NAMES: (lambda a: a.names_movers, _nothing),
    Refused.MONEY: (lambda a: a.money and (a.holds_zero or not a.randomised), _nothing),
    Refused.POOLED: (
        lambda a: a.pilots_pooled > 1 and not a.pooling_registered,
        lambda a: {"pilots": a.pilots_pooled},
    ),
}


def _percent(value: Value) -> str:
    return f"{100 * float(value):.0f} %"


SENTENCES: Final[Mapping[Refused, Callable[[Params], str]]] = {
    Refused.CAUSED: lambda p: (
        "Not said that mentoring caused anything: nobody was assigned by lot."
    ),
    Refused.COMPLETERS: lambda p: (
        "Not compared: those who completed with the rest. Whoever completes has stayed, and "
        "wanted "
        "to; that gap shows without any effect."
    ),
    Refused.TOO_EARLY: lambda p: (
        f"Not said for day {p['horizon']}: the last person assigned is at day {p['followed']}."
    ),
    Refused.NO_BASELINE: lambda p: "The claim is not judged: it names no baseline.",
    Refused.NO_CLAIM: lambda p: "The claim is not judged: it claims nothing above 0.",
    Refused.ABOVE_100: lambda p: (
        f"The claim is not judged: {_percent(p['baseline'])} and {_percent(p['claim'])} more "
        "pass 100 %."
        if float(p["baseline"]) <= 1
        else "The claim is not judged: nobody can be faster by 100 % or more."
    ),
    Refused.PEEKED: lambda p: (
        "No ordinary interval: the data were looked at before, so it would exclude no effect too "
        "often. Use the one for weekly looks."
    ),
    Refused.SMALL: lambda p: (
        f"Not shown: a group of {p['people']}. Outcomes need {OUTCOME_PEOPLE} people."
    ),
    Refused.ONE_PERSON: lambda p: "Not said: an effect on one person. There is none to be seen.",
    Refused.SUBGROUP: lambda p: (
        f"Not said for {p['subgroup']}: this group was not registered before the start."
    ),
    Refused.NAMES: lambda p: (
        "Not named: who moved because of mentoring. Only a number of people can be known."
    ),
    Refused.MONEY: lambda p: (
        "No money: the effect could be nought, or was not told by lot, so there is nothing "
        "to value."
    ),
    Refused.POOLED: lambda p: (
        f"{p['pilots']} pilots are not added up by eye; that takes a plan made before them."
    ),
    Refused.REPLAY: lambda p: (
        f"The report is blocked: drawing the lottery again found {p['faults']} differences."
    ),
    Refused.RATIO: lambda p: (
        "The report is blocked: the arms are of such different size that people must have been "
        f"lost or added (p = {float(p['p']):.2g})."
    ),
    Refused.NO_EVENTS: lambda p: "Not said: it happened to nobody.",
    Refused.NO_EVENTS_IN_ARM: lambda p: "Not said: in one arm it happened to nobody.",
    Refused.ALL_EVENTS: lambda p: "Not said: it happened to everybody.",
    Refused.ALL_CENSORED: lambda p: "Not said: nobody was followed that far.",
    Refused.NOT_MATURE: lambda p: "Not said yet: not everybody has been followed to the end.",
    Refused.ONE_ARM: lambda p: "Not said: an arm has fewer than two people.",
    Refused.ONE_CLUSTER: lambda p: "Not said: an arm has fewer than two groups.",
    Refused.ONE_DRAW: lambda p: "Not said: the blocks leave nothing to draw by lot.",
    Refused.STRATA: lambda p: (
        "Not said: the share offered differs from stratum to stratum, so the arms are not alike. "
        "Ask for each stratum in a file of its own."
    ),
    Refused.NO_VARIATION: lambda p: "Not said: in each arm everybody has the same outcome.",
    Refused.NO_MAXIMUM: lambda p: "Not said: too few have got there to settle a ratio of times.",
    Refused.NO_ROOT: lambda p: "Not said: no factor makes the arms alike.",
    Refused.NO_OVERLAP: lambda p: "Not said: hardly anybody who took part is like anybody else.",
    Refused.SEPARATED: lambda p: (
        "Not said: the covariates tell wholly who took part, so nobody can be compared."
    ),
    Refused.TAKE_UP: lambda p: (
        "The effect of taking part is not shown: take-up differs by fewer than 20 points."
    ),
    Refused.EXPOSURE: lambda p: (
        "The effect of taking part is not shown: both arms were mentored for as long."
    ),
    Refused.TAKERS_SHARE: lambda p: (
        "The effect of taking part on time is not shown: its test takes people who share a mentor "
        "for independent."
    ),
}  # fmt: skip


def refusal_sentence(refusal: Refusal) -> str:
    """The refusal in plain English."""
    return SENTENCES[refusal.code](refusal.params)
