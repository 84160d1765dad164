"""The words of evidence: the same codes as in the domain, in both languages."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from handrail.apps.reports.evidence_words import (
    REFUSALS,
    STATEMENTS,
    refusal_words,
    span_words,
    statement_words,
    verdict_words,
)
from handrail.domain.evidence.effect import Effect
from handrail.domain.evidence.refusals import Refusal, Refused
from handrail.domain.evidence.statements import Facts, Said, must_say
from handrail.domain.evidence.verdict import Verdict

pytestmark = pytest.mark.pure
PARAMS = {
    "horizon": 180, "followed": 91, "baseline": 0.9, "claim": 0.15, "people": 7, "pilots": 2,
    "subgroup": "Team 3", "faults": 1, "p": 0.0002,
}  # fmt: skip
FACTS = Facts(
    offered=120, waiting=118, opted_out=1, left=36, censored=2, took_part=80,
    took_part_waiting=1, sessions_held=212, offer=Effect(0.07, -0.02, 0.16, 0.96, "x"),
    takers=Effect(0.105, -0.03, 0.24, 0.96, "x"), unit="points", baseline=0.81, horizon=90,
    changes=1, smallest=0.17, looks=11, primaries=2, contaminated=4, contamination_sessions=6,
    gaps=5, waivers=("merge",),
)  # fmt: skip


def test_every_code_of_the_domain_has_words() -> None:
    assert set(REFUSALS) == set(Refused)
    assert set(STATEMENTS) == set(Said)
    assert len({verdict_words(verdict) for verdict in Verdict}) == len(Verdict)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_sentence_is_whole_in_both_languages(language: str) -> None:
    with override("en"):
        english = [refusal_words(Refusal(code, PARAMS)) for code in Refused]
        english += [statement_words(one) for one in must_say(FACTS)]
    with override(language):
        told = [refusal_words(Refusal(code, PARAMS)) for code in Refused]
        told += [statement_words(one) for one in must_say(FACTS)]
    for words, plain in zip(told, english, strict=True):
        assert words.endswith(".")
        assert "%(" not in words
        assert (words == plain) == (language == "en")


def test_the_interval_and_a_claim_above_100_read_as_people_say_it() -> None:
    with override("en"):
        (interval,) = [one for one in must_say(FACTS) if one.code is Said.INTERVAL]
        assert statement_words(interval) == (
            "The true difference could be anything from −2 points to +16 points (96 % interval)."
        )
        above = refusal_words(Refusal(Refused.ABOVE_100, {"baseline": 0.9, "claim": 0.15}))
        assert above == "The claim is not judged: 90 % and 15 % more pass 100 %."
        assert span_words("", "", "points") == "anything at all"
        assert span_words(-2.5, "", "days") == "−2.5 days or anything above"
    with override("de"):
        assert span_words("", 2.5, "days") == "alles bis +2,5 Tage"
