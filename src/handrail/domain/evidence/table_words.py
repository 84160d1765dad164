"""Words for what is said beside the figures of a table, in plain English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from handrail.domain.evidence.question import Note
from handrail.domain.evidence.refusals import Params, Value
from handrail.domain.evidence.statements import amount, span

SENTENCES: Final[Mapping[str, Callable[[Params], str]]] = {
    "design": lambda p: (
        f"{p['offered']} people were offered it and {p['waiting']} were not, by lot: that is "
        "your word."
        if p["design"] == "randomised"
        else f"{p['offered']} people took part and {p['waiting']} did not, as they chose: "
        "what is told is an "
        "association, not an effect."
    ),
    "no_ratio_test": lambda p: (
        "The sizes of the arms were not tested, as no planned ratio was given (--ratio)."
    ),
    "ratio_test": lambda p: (
        "The sizes of the arms against the planned ratio: p = "
        f"{float(p['p']):.2g}."
    ),
    "covariates_unused": lambda p: (
        "The covariates were not used: a difference of shares is told as it is."
    ),
    "log_rank": lambda p: (
        "As a check, the log-rank test over all days: p = "
        f"{float(p['p']):.2g}."
    ),
    "lottery_p": lambda p: (
        "Drawing the lottery again gives a difference as large by chance with p = "
        f"{float(p['p']):.2g}."
    ),
    "restricted_mean": lambda p: (
        f"As a check, {amount(p['days'], 'days')} without it in the first {p['until']:g}."
    ),
    "take_up": lambda p: (
        f"{100 * float(p['offered']):.0f} % of those offered took part, and "
        f"{100 * float(p['waiting']):.0f} % of the others."
    ),
    "unbounded": lambda p: (
        "Take-up differs too little to bound the effect of taking part: hardly any value is "
        "ruled out."
    ),
    "nothing_adjusted": lambda p: (
        "No covariates were given, so the two groups are compared as they are."
    ),
    "overlap": lambda p: (
        f"{p['people']} of {p['all']} people have somebody like them on the other side and "
        "are compared."
    ),
    "balance": lambda p: (
        f"After weighting, what was recorded differs by at most {float(p['worst']):.2f} "
        "standard deviations"
        + (": alike." if float(p["worst"]) < 0.1 else ": not alike, so do not rely on it.")
    ),
    "e_value": lambda p: (
        "Something unrecorded that makes both taking part and the outcome "
        f"{float(p['estimate']):.2f} times as likely would explain it away "
        f"({float(p['interval']):.2f} for the end of the interval)."
    ),
    "baseline": lambda p: (
        "Without it: "
        f"{amount(p['value'], 'percent' if p['unit'] == 'points' else '', signed=False)}"
        + (" days (median of those who got there)." if p["unit"] == "days" else ".")
    ),
    "baseline_hidden": lambda p: (
        "How long it took without it is not shown: "
        f"{p['people']} of those waiting got there, and outcomes need 10 people."
    ),
    "relative": lambda p: f"Relative to that, {amount(p['value'], 'percent')}.",
    "interval": lambda p: (
        f"The true difference could be {span(p['low'], p['high'], p['unit'])} "
        f"({100 * float(p['level']):.0f} % interval)."
    ),
    "looked": lambda p: "The data were looked at before, so the interval has 96 %.",
    "looks_unknown": lambda p: (
        "This holds for one look at the end. After weekly looks ask with --looked."
    ),
    "smallest": lambda p: (
        f"An effect under {unit_words(p['value'], p['unit'], signed=False)} could hardly have "
        "been seen."
    ),
    "strata": lambda p: f"The lottery was taken to be within {p['number']} strata.",
    "clusters": lambda p: (
        f"People in one of {p['number']} groups were not taken for independent."
    ),
    "clusters_unused": lambda p: (
        "The groups were not used: the interval of this association takes people for independent."
    ),
    "within_strata": lambda p: (
        "Strata were offered it in different shares, so people are compared within their strata."
    ),
    "of_offered": lambda p: "The verdict speaks of those who were offered it.",
    "no_claim": lambda p: "No claim was given (--claim), so there is no verdict.",
}  # fmt: skip


def note_sentence(note: Note) -> str:
    """The note in plain English."""
    return SENTENCES[note.code](note.params)


def unit_words(value: Value, unit: Value, *, signed: bool = True) -> str:
    """A figure of an answer in words: points, percent or the outcome's own unit."""
    return amount(value, "" if unit == "amount" else unit, signed=signed)
