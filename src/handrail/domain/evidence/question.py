"""What is asked of one table of people, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from handrail.domain.evidence.effect import Bools, Effect, Floats
from handrail.domain.evidence.refusals import Params, Refusal
from handrail.domain.evidence.verdict import Verdict

Kind = Literal["binary", "mean", "survival"]
Design = Literal["randomised", "self-selected"]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a file, one entry a person; `outcome` or `days` and `event` are there.

    `arm` is True for those offered (self-selected: who took part). `groups` and `clusters` are
    labels; `covariates` (n, c).
    """

    arm: Bools
    outcome: Floats | None = None
    days: Floats | None = None
    event: Bools | None = None
    take_up: Bools | None = None
    covariates: Floats | None = None
    covariate_names: tuple[str, ...] = ()
    strata: tuple[str, ...] | None = None
    clusters: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a table.

    `claim` is in the outcome's unit (shares: a fraction; survival: points at `horizon`), or with
    `relative` a fraction of the baseline (survival: of the time, -.40 is 40 % faster). Its sign is
    the good direction. `ratio` is the planned size of the arms, offered first.
    """

    kind: Kind
    design: Design = "randomised"
    claim: float | None = None
    relative: bool = False
    ratio: tuple[float, float] | None = None
    horizon: float = 180.0
    looked: bool = False  # weekly before the end: the final interval has 96 %

    @property
    def level(self) -> float:
        return 0.96 if self.looked else 0.95


@dataclass(frozen=True, slots=True)
class Note:
    """Something said beside the figures."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be said of a table. Shares, points and relative effects are fractions."""

    people: int
    offered: int
    waiting: int
    unit: str  # "points", "amount" or "percent"
    offer_effect: Effect | None
    take_up_effect: Effect | None
    verdict: Verdict | None
    refused: tuple[Refusal, ...]
    notes: tuple[Note, ...]

    @property
    def blocked(self) -> bool:
        """Whether nothing at all is said."""
        return any(refusal.blocks for refusal in self.refused)
