"""Every reason of the engine has words here, in each language."""

from __future__ import annotations

import pytest

from handrail.apps.matches.wording import SENTENCES, sentence
from handrail.domain.matching import reasons

OWN = {"no_objective", "paused", "who"}


def test_every_code_of_the_engine_has_a_sentence_and_no_other_does() -> None:
    assert set(SENTENCES) - OWN == set(reasons.SENTENCES)


@pytest.mark.parametrize("code", ["not_available", "no_time_pair", "no_seats", "free_seat"])
def test_a_reason_without_parameters_reads_as_a_sentence(code: str) -> None:
    assert sentence({"code": code}).endswith(".")


def test_people_are_called_by_name() -> None:
    reason = {
        "code": "seat_worth_more",
        "params": {"mentor": "p1", "holders": ["p2", "p3"], "price": 40},
    }
    said = sentence(reason, {"p1": "Ada", "p2": "Bo", "p3": "Cy"})
    assert said == "Ada meets Bo and Cy instead; one more seat would be worth 40 points."


def test_why_not_somebody_names_them_and_the_rule() -> None:
    reason = {"code": "who", "params": {"mentor": "p1", "because": {"code": "not_available"}}}
    assert sentence(reason, {"p1": "Ada"}) == "Ada: Not available."


def test_a_private_exclusion_shows_as_not_available_only() -> None:
    assert reasons.shown("not_with") == "not_available"
    assert "not_with" not in SENTENCES
