"""What `handrail estimate` answers, as JSON with unrounded fractions and as plain sentences."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from handrail.domain.evidence.effect import Effect
from handrail.domain.evidence.question import Answer, Question
from handrail.domain.evidence.refusals import refusal_sentence
from handrail.domain.evidence.statements import span
from handrail.domain.evidence.table_words import note_sentence, unit_words

LEADS = {
    "consistent with the claim": "The claim holds as far as can be seen",
    "real but smaller": "There is an effect, but a smaller one than claimed",
    "claim refuted": "The claim is refuted: an effect of that size is ruled out",
    "harmful": "It did harm",
    "cannot tell": "Too few people to tell",
    "association only": "These people chose for themselves: an association, whatever the figures",
}


def answer_json(answer: Answer, question: Question, outcome: str) -> str:
    """The answer as contracts name it; every number is finite or null."""
    document = {
        "outcome": outcome,
        "kind": question.kind,
        "design": question.design,
        "unit": answer.unit,
        "n": answer.people,
        "arms": {"offered": answer.offered, "waiting": answer.waiting},
        "offer_effect": _effect(answer.offer_effect),
        "take_up_effect": _effect(answer.take_up_effect),
        "claim": question.claim,
        "claim_is_relative": question.claim is not None and question.relative,
        "horizon": question.horizon if question.kind == "survival" else None,
        "verdict": None if answer.verdict is None else str(answer.verdict),
        "refused": [
            {"code": str(one.code), **_plain(one.params), "sentence": refusal_sentence(one)}
            for one in answer.refused
        ],
        "notes": [
            {"code": one.code, **_plain(one.params), "sentence": note_sentence(one)}
            for one in answer.notes
        ],
    }
    return json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def _plain(params: Any) -> dict[str, Any]:
    return {
        key: float(value) if isinstance(value, float) and math.isfinite(value) else value
        for key, value in params.items()
    }


def _effect(effect: Effect | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    return {
        "estimate": _finite(effect.estimate),
        "interval": [_finite(effect.low), _finite(effect.high)],
        "level": effect.level,
        "method": effect.method,
        "p": _finite(effect.p),
    }


def _finite(number: float | None) -> float | None:
    return None if number is None or not math.isfinite(number) else float(number)


def answer_lines(answer: Answer, question: Question, outcome: str) -> Iterator[str]:
    """The answer for people: the verdict leads, then effects, then what else must be said."""
    if answer.verdict is not None:
        yield f"{LEADS[str(answer.verdict)]}: {answer.verdict}."
    if answer.offer_effect is not None:
        randomised = question.design == "randomised"
        what = "Being offered it changed" if randomised else "Taking part goes together with"
        named = outcome
        if question.kind == "survival":
            named = f"the share without {outcome} at day {question.horizon:g}"
            if answer.unit == "percent":
                named = f"the time to {outcome}"
        yield (
            f"{what} {named} by {unit_words(answer.offer_effect.estimate, answer.unit)}"
            f"{_in_words(answer.offer_effect, answer.unit)}."
        )
    if answer.take_up_effect is not None:
        told = _finite(answer.take_up_effect.estimate)
        size = "an amount that cannot be told" if told is None else unit_words(told, answer.unit)
        yield f"Taking part changed it by {size}{_in_words(answer.take_up_effect, answer.unit)}."
    for refusal in answer.refused:
        yield refusal_sentence(refusal)
    for note in answer.notes:
        if note.code != "interval":
            yield note_sentence(note)


def _in_words(effect: Effect, unit: str) -> str:
    low = "" if effect.low is None else effect.low
    high = "" if effect.high is None else effect.high
    words = span(low, high, "" if unit == "amount" else unit)
    return f"; it could be {words} ({100 * effect.level:.0f} % interval, {effect.method})"
