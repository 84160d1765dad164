"""Every reason of the engine has words here, in each language."""

from __future__ import annotations

import pytest

from handrail.apps.matches.gain_words import gained
from handrail.apps.matches.wording import SENTENCES, people_in, sentence, why_failed
from handrail.domain.matching import reasons

OWN = {"no_objective", "objectives_missing", "paused", "who", "runner_up", "help_seat", "help_hour"}


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


def runner_up(code: str, difference: int) -> str:
    because = {"code": code, "params": {"mentor": "p1", "holders": ["p2"], "price": 9}}
    if code == "lower_score":
        because = {"code": code, "params": {"difference": difference}}
    params = {"mentor": "p1", "because": because, "difference": difference}
    return sentence({"code": "runner_up", "params": params}, {"p1": "Priya", "p2": "Bo"})


def test_the_runner_up_comes_with_the_difference_in_words() -> None:
    assert runner_up("lower_score", 300) == (
        "Runner-up: Priya, 300 points less; a perfect fit has 10,000."
    )
    assert runner_up("seat_worth_more", 40) == (
        "Runner-up: Priya, at least 40 points less for everybody together: that seat suits"
        " somebody else more."
    )
    assert runner_up("tie", 0) == (
        "Runner-up: Priya, just as good for everybody; the draw decided."
    )
    assert runner_up("scarce", 900) == ("Runner-up: Priya, but then fewer people would be served.")


def test_a_time_is_told_by_the_readers_clock() -> None:
    reason = {"code": "more_time", "params": {"slot": 3, "when": "Mon 01:30 UTC", "mentor": "p1"}}
    assert sentence(reason, {}, lambda slot: f"slot {slot}") == (
        "Would be served if free at slot 3."
    )
    assert sentence(reason) == "Would be served if free at Mon 01:30 UTC."


def test_everybody_named_in_reasons_is_found() -> None:
    reasons = [
        {"code": "seat_worth_more", "params": {"mentor": "a", "holders": ["b", "c"], "price": 1}},
        {"code": "who", "params": {"mentor": "d", "because": {"code": "tie", "params": {}}}},
        {"code": "no_group", "params": {"mentor": "e", "blockers": ["f"], "others": 0}},
    ]
    assert people_in(reasons) == {"a", "b", "c", "d", "e", "f"}


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ({"code": "too_long", "params": {"minutes": 15}}, "It took longer than 15 minutes"),
        ({"code": "memory"}, "This machine has too little memory"),
        ({"code": "killed"}, "The work was interrupted twice."),
        ({"code": "broken"}, "The work was interrupted twice."),
        ({"code": "faulty"}, "The plan did not pass its own check"),
        (
            {"code": "problem", "params": {"person": "p1", "field": "x", "message": "is odd"}},
            "Ada: is odd",
        ),
    ],
)
def test_why_a_run_came_to_nothing(failure: dict, words: str) -> None:
    assert why_failed(failure, {"p1": "Ada"}).startswith(words)


def gain(least: int, most: int | None, low: int, high: int | None) -> str:
    return gained(
        {
            "people_at_least": least,
            "people_at_most": most,
            "points_at_least": low,
            "points_at_most": high,
            "proven": False,
        }
    )


def test_what_is_only_a_bound_is_told_as_one() -> None:
    assert gain(1, 1, 8000, 8000) == (
        "1 person more gets a session, and the fit of all pairs together grows by 8,000 points"
    )
    assert gain(2, 2, 8000, None) == (
        "2 people more get a session, and the fit of all pairs together grows by at least 8,000"
        " points"
    )
    assert gain(1, 2, 8000, None) == "at least 1 and at most 2 people more get a session"
    assert gain(0, 1, 0, None) == "at most 1 person more gets a session"
    assert gain(1, None, 8000, None) == "at least 1 person more gets a session"
    assert gain(0, 0, 0, 1500) == (
        "nobody more gets a session; all pairs together fit better by at most 1,500 points"
    )
    assert gain(0, 0, 1500, 1500) == (
        "nobody more gets a session, but all pairs together fit better by 1,500 points"
    )
    assert gain(1, 1, -20, -20) == (
        "1 person more gets a session, and the fit of all pairs together falls by 20 points"
    )


def test_whoever_is_named_in_the_reason_is_not_named_twice() -> None:
    because = {"code": "no_skill_pair", "params": {"mentor": "p1"}}
    reason = {"code": "who", "params": {"mentor": "p1", "because": because}}
    assert sentence(reason, {"p1": "Ada"}) == "Ada is not ahead in any wished skill."


def test_a_change_that_serves_nobody_more_has_no_takers() -> None:
    gain = {
        "people_at_least": 0,
        "people_at_most": 0,
        "points_at_least": 40,
        "points_at_most": 40,
        "proven": True,
    }
    params = {"mentor": "p1", "gain": gain, "waiting": 0}
    assert sentence({"code": "help_seat", "params": params}, {"p1": "Ada"}) == (
        "One more seat of Ada: nobody more gets a session, but all pairs together fit better by"
        " 40 points."
    )
