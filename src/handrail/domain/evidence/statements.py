"""What every confirmatory report must say; codes here, translated words in the rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from handrail.domain.evidence.effect import Effect
from handrail.domain.evidence.refusals import Params, Value


class Said(StrEnum):
    """What must be said, in this order."""

    ASSIGNED = "who_was_assigned"
    LEFT = "left_or_censored"
    TAKE_UP = "take_up"
    DOSE = "dose"
    OFFER_FIRST = "offer_first_then_takers"
    INTERVAL = "interval_in_words"
    BASELINE = "baseline_and_unit"
    PLANNED = "planned_and_changed"
    UNSEEN = "could_not_have_seen"
    LOOKS = "early_looks"
    MULTIPLICITY = "multiplicity"
    CONTAMINATION = "contamination"
    GAPS = "data_gaps_and_waivers"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence to come: its code and what it names."""

    code: Said
    params: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report must be able to say; nothing has a default, so nothing is forgotten.

    `offer` and `takers` are in the good direction, in `unit` ("points", "days", "percent");
    shares and points are fractions. `takers` None: not shown, for a refusal says why.
    """

    offered: int
    waiting: int
    opted_out: int
    left: int
    censored: int
    took_part: int
    took_part_waiting: int
    sessions_held: int
    offer: Effect
    takers: Effect | None
    unit: str
    baseline: float
    horizon: int
    changes: int  # of the plan since it was frozen
    smallest: float  # the smallest effect of taking part that had 80 % power
    looks: int
    primaries: int
    contaminated: int
    contamination_sessions: int
    gaps: int
    waivers: tuple[str, ...]


def must_say(facts: Facts) -> tuple[Statement, ...]:
    """Return every statement of a report in order, also where its number is 0."""
    f = facts
    return (
        Statement(
            Said.ASSIGNED,
            {"offered": f.offered, "waiting": f.waiting, "opted_out": f.opted_out},
        ),
        Statement(Said.LEFT, {"left": f.left, "censored": f.censored}),
        Statement(
            Said.TAKE_UP,
            {"took": f.took_part, "offered": f.offered, "share": f.took_part / max(1, f.offered)},
        ),
        Statement(
            Said.DOSE,
            {"sessions": f.sessions_held, "each": f.sessions_held / max(1, f.took_part)},
        ),
        Statement(Said.OFFER_FIRST, _first(f)),
        Statement(Said.INTERVAL, {**_ends(f.offer), "unit": f.unit, "level": f.offer.level}),
        Statement(Said.BASELINE, {"baseline": f.baseline, "unit": f.unit, "horizon": f.horizon}),
        Statement(Said.PLANNED, {"changes": f.changes}),
        Statement(Said.UNSEEN, {"smallest": f.smallest, "unit": f.unit}),
        Statement(Said.LOOKS, {"looks": f.looks, "level": f.offer.level}),
        Statement(Said.MULTIPLICITY, {"primaries": f.primaries}),
        Statement(
            Said.CONTAMINATION,
            {
                "people": f.contaminated,
                "sessions": f.contamination_sessions,
                "waiting": f.waiting,
                "took": f.took_part_waiting,
            },
        ),
        Statement(Said.GAPS, {"gaps": f.gaps, "waivers": ", ".join(f.waivers)}),
    )


def _first(f: Facts) -> dict[str, Value]:
    shown: dict[str, Value] = {"offer": f.offer.estimate, "unit": f.unit, "shown": 0}
    if f.takers is not None:
        shown |= {"shown": 1, "takers": f.takers.estimate}
    return shown


def _ends(effect: Effect) -> dict[str, Value]:
    """Ends as numbers; an open end is an empty text."""
    return {
        "low": "" if effect.low is None else effect.low,
        "high": "" if effect.high is None else effect.high,
    }


def amount(value: Value, unit: Value, *, signed: bool = True) -> str:
    """A figure in its unit, as a person would say it."""
    number = float(value)
    sign = "+" if signed and number > 0 else "−" if number < 0 else ""
    size = abs(number)
    if unit == "points":
        return f"{sign}{100 * size:.0f} {'point' if round(100 * size) == 1 else 'points'}"
    if unit == "percent":
        return f"{sign}{100 * size:.0f} %"
    return f"{sign}{size:.3g}" + (f" {unit}" if unit else "")


def span(low: Value, high: Value, unit: Value) -> str:
    """From one end to the other, open ends said."""
    if low == "" and high == "":
        return "anything at all"
    if low == "":
        return f"anything up to {amount(high, unit)}"
    if high == "":
        return f"{amount(low, unit)} or anything above"
    return f"anything from {amount(low, unit)} to {amount(high, unit)}"


def _many(number: Value, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


SENTENCES: Final[Mapping[Said, Callable[[Params], str]]] = {
    Said.ASSIGNED: lambda p: (
        f"{_many(p['offered'], 'person was', 'people were')} offered mentoring by lot and "
        f"{p['waiting']} waited; {p['opted_out']} opted out and stay where they were assigned."
    ),
    Said.LEFT: lambda p: (
        f"{_many(p['left'], 'person', 'people')} left, and {p['censored']} were not followed "
        "to the end."
    ),
    Said.TAKE_UP: lambda p: (
        f"Of {p['offered']} offered, {p['took']} took part ({100 * float(p['share']):.0f} %): "
        "they attended at least once."
    ),
    Said.DOSE: lambda p: (
        f"{_many(p['sessions'], 'session was', 'sessions were')} held, {float(p['each']):.1f} "
        "for "
        "each person who took part."
    ),
    Said.OFFER_FIRST: lambda p: (
        f"Being offered it changed the outcome by {amount(p['offer'], p['unit'])}"
        + (
            f"; taking part, by {amount(p['takers'], p['unit'])}."
            if p["shown"]
            else "; what taking part changed is not shown."
        )
    ),
    Said.INTERVAL: lambda p: (
        f"The true difference could be {span(p['low'], p['high'], p['unit'])} "
        f"({100 * float(p['level']):.0f} % interval)."
    ),
    Said.BASELINE: lambda p: (
        "Those who waited had "
        f"{amount(p['baseline'], 'percent' if p['unit'] == 'points' else p['unit'], signed=False)} "
        f"at day {p['horizon']}; differences are in {p['unit']}."
    ),
    Said.PLANNED: lambda p: (
        "Everything was done as planned."
        if not p["changes"]
        else f"{_many(p['changes'], 'change', 'changes')} of the plan after the start: see "
        "the log."
    ),
    Said.UNSEEN: lambda p: (
        f"An effect of taking part under {amount(p['smallest'], p['unit'], signed=False)} could "
        "not have been seen by this pilot."
    ),
    Said.LOOKS: lambda p: (
        "Nobody looked at the outcomes before the end."
        if not p["looks"]
        else f"The outcomes were looked at {_many(p['looks'], 'time', 'times')} before the "
        "end, so the final "
        f"interval has {100 * float(p['level']):.0f} %."
    ),
    Said.MULTIPLICITY: lambda p: (
        "One primary measure was registered."
        if p["primaries"] == 1
        else f"{p['primaries']} primary measures were registered; an effect must pass for "
        "both together."
    ),
    Said.CONTAMINATION: lambda p: (
        f"Of {p['waiting']} waiting, {p['people']} had "
        f"{_many(p['sessions'], 'session', 'sessions')} all the same."
    ),
    Said.GAPS: lambda p: (
        (
            f"Data are missing for {_many(p['gaps'], 'person', 'people')}."
            if p["gaps"]
            else "Nothing is missing."
        )
        + (f" Waived in writing: {p['waivers']}." if p["waivers"] else " No source was waived.")
    ),
}  # fmt: skip


def statement_sentence(statement: Statement) -> str:
    """The statement in plain English."""
    return SENTENCES[statement.code](statement.params)
