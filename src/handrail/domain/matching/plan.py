"""What a matching run answers: pairs with slots, reasons, prices and a certificate."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from .problem import Options

Value = str | int | list[str] | list[int] | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with parameters; `sentence` and the rooms turn it into words."""

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The reason as plain JSON values."""
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Terms:
    """The integer parts of a score; a full match would have 10,000."""

    skill: int
    time: int
    language: int

    @property
    def score(self) -> int:
        """Their sum."""
        return self.skill + self.time + self.language


@dataclass(frozen=True, slots=True)
class Pair:
    """One proposed session: who meets whom, in which slot of the week, and why.

    `skill` is the wish that counts most in the score ("" where a pin overrides the skills).
    """

    mentee: str
    mentor: str
    slot: int
    terms: Terms
    skill: str
    reasons: tuple[Reason, ...]
    session: int = 1
    pinned: bool = False

    @property
    def score(self) -> int:
        """Points out of 10,000."""
        return self.terms.score


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A mentee without a session, and the one reason that binds."""

    person: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Prices:
    """Shadow prices, integers ≥ 0, zero where absent; they prove the bound.

    `person` is what serving one more person is worth (more than all points together). Sessions:
    `mentor`, (mentor, local day) and (mentor, slot). Cohorts: `mentee`.
    """

    person: int
    mentor: Mapping[str, int] = field(default_factory=dict)
    day: Mapping[tuple[str, int], int] = field(default_factory=dict)
    slot: Mapping[tuple[str, int], int] = field(default_factory=dict)
    mentee: Mapping[str, int] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The prices as plain JSON values: days and slots as [mentor, number, price]."""
        return {
            "person": self.person,
            "mentor": dict(sorted(self.mentor.items())),
            "day": [[who, day, price] for (who, day), price in sorted(self.day.items())],
            "slot": [[who, slot, price] for (who, slot), price in sorted(self.slot.items())],
            "mentee": dict(sorted(self.mentee.items())),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Prices:
        """Prices read back from `document`; raises KeyError or ValueError on another shape."""
        return cls(
            person=int(document["person"]),
            mentor={str(who): int(price) for who, price in document["mentor"].items()},
            day={(str(who), int(day)): int(price) for who, day, price in document["day"]},
            slot={(str(who), int(slot)): int(price) for who, slot, price in document["slot"]},
            mentee={str(who): int(price) for who, price in document["mentee"].items()},
        )


@dataclass(frozen=True, slots=True)
class Certificate:
    """How far from the best a plan can be, proven by prices over all feasible pairs.

    `served` counts people, `sessions` sessions. `fit` is the sum of scores in points, `value` the
    same with bonuses for kept pairs and less what further seats cost; no plan with as many people
    and sessions has a `value` above `bound`. `method`: exact, or rounds (2-3 sessions with
    another mentor each), or relaxation (cohorts).
    """

    served: int
    served_bound: int
    sessions: int
    sessions_bound: int
    fit: int
    value: int
    bound: int
    scope: str
    week: date
    seed: int
    version: str
    method: str = "exact"

    @property
    def gap(self) -> float:
        """(bound - value) / fit, a fraction; 0 when fit is 0."""
        return (self.bound - self.value) / self.fit if self.fit else 0.0


class LazyPairs(Sequence[Pair]):
    """Pairs of a large plan, by mentee and session, each built when it is asked for."""

    @property
    @abstractmethod
    def mentees(self) -> Sequence[str]:
        """The mentee of each pair, without building it."""

    @property
    @abstractmethod
    def mentors(self) -> Sequence[str]:
        """The mentor of each pair, without building it."""

    @property
    @abstractmethod
    def slots(self) -> Sequence[int]:
        """The slot of each pair, without building it."""

    @property
    @abstractmethod
    def scores(self) -> Sequence[int]:
        """The points of each pair, without building it."""


@dataclass(frozen=True)
class Plan:
    """The answer to a problem: pairs by mentee and session, the unmatched, and the proof.

    `prices` prove how many people can be served (and the fit, for one session each);
    with several, `session_prices` prove the number of sessions, and `fit_prices` the fit of any
    plan with as many sessions (there `person` is any number: what one more would be worth).
    """

    pairs: Sequence[Pair]
    unmatched: tuple[Unmatched, ...]
    prices: Prices
    certificate: Certificate
    options: Options
    seed: int
    session_prices: Prices | None = None
    fit_prices: Prices | None = None

    def pair_of(self, mentee: str) -> Pair | None:
        """The mentee's first session, None when unmatched."""
        place = self._first_of.get(mentee)
        return None if place is None else self.pairs[place]

    @cached_property
    def sessions(self) -> tuple[tuple[str, str, int, int], ...]:
        """(mentee, mentor, slot, score) of each pair in their order; builds no pair."""
        pairs = self.pairs
        if isinstance(pairs, LazyPairs):
            return tuple(zip(pairs.mentees, pairs.mentors, pairs.slots, pairs.scores, strict=True))
        return tuple((pair.mentee, pair.mentor, pair.slot, pair.score) for pair in pairs)

    @cached_property
    def held(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """For each mentor with a session: (mentee, slot) of every one, in the plan's order."""
        found: dict[str, list[tuple[str, int]]] = {}
        for mentee, mentor, slot, _ in self.sessions:
            found.setdefault(mentor, []).append((mentee, slot))
        return {mentor: tuple(sessions) for mentor, sessions in found.items()}

    @cached_property
    def notes(self) -> dict[str, Any]:
        """What is worked out about this plan once and read many times, by who worked it out."""
        return {}

    @cached_property
    def _first_of(self) -> dict[str, int]:
        names = [mentee for mentee, _, _, _ in self.sessions]
        return {name: at for at, name in reversed(list(enumerate(names)))}


def certificate_document(plan: Plan) -> dict[str, Any]:
    """CERT.json as plain values: fit and bound in full matches (points / 10,000), prices beside.

    `gap` is (bound - fit) / fit; where bonuses or seat prices are on, bound and value replace fit.
    """
    certificate = plan.certificate
    return {
        "served": certificate.served,
        "served_bound": certificate.served_bound,
        "sessions": certificate.sessions,
        "sessions_bound": certificate.sessions_bound,
        "fit": certificate.fit / 10_000,
        "bound": (certificate.fit + certificate.bound - certificate.value) / 10_000,
        "gap": certificate.gap,
        "scope": certificate.scope,
        "week": certificate.week.isoformat(),
        "seed": certificate.seed,
        "version": certificate.version,
        "method": certificate.method,
        "points": {
            "fit": certificate.fit,
            "value": certificate.value,
            "bound": certificate.bound,
        },
        "options": {
            "model": plan.options.model,
            "sessions": plan.options.sessions,
            "floor": plan.options.floor,
            "time_term": plan.options.time_term,
            "seat_price": plan.options.seat_price,
            "keep_pair": plan.options.keep_pair,
            "keep_slot": plan.options.keep_slot,
            "another_mentor": plan.options.another_mentor,
            "smallest_cohort": plan.options.smallest_cohort,
            "largest_cohort": plan.options.largest_cohort,
        },
        "prices": plan.prices.document(),
        "session_prices": plan.session_prices.document() if plan.session_prices else None,
        "fit_prices": plan.fit_prices.document() if plan.fit_prices else None,
    }
