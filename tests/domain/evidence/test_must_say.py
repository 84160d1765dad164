"""Everything that a report must say, one test each."""

from __future__ import annotations

from dataclasses import replace

from handrail.domain.evidence.effect import Effect
from handrail.domain.evidence.statements import (
    SENTENCES,
    Facts,
    Said,
    must_say,
    statement_sentence,
)

FACTS = Facts(
    offered=120, waiting=118, opted_out=3, left=36, censored=2, took_part=80,
    took_part_waiting=1, sessions_held=212,
    offer=Effect(0.07, -0.02, 0.16, 0.96, "km_newcombe"),
    takers=Effect(0.105, -0.03, 0.24, 0.96, "wald_delta"),
    unit="points", baseline=0.81, horizon=90, changes=1, smallest=0.17, looks=11, primaries=2,
    contaminated=4, contamination_sessions=6, gaps=5, waivers=("first merge",),
)  # fmt: skip


def said(code: Said, facts: Facts = FACTS) -> str:
    (found,) = [statement_sentence(one) for one in must_say(facts) if one.code is code]
    return found


def test_every_statement_is_made_in_order_and_has_a_sentence() -> None:
    assert [one.code for one in must_say(FACTS)] == list(Said)
    assert set(SENTENCES) == set(Said)
    bare = replace(FACTS, takers=None, looks=0, gaps=0, waivers=(), primaries=1, changes=0)
    assert [one.code for one in must_say(bare)] == list(Said)


def test_must_say_who_was_assigned() -> None:
    assert said(Said.ASSIGNED) == (
        "120 people were offered mentoring by lot and 118 waited; 3 opted out and stay where they "
        "were assigned."
    )


def test_must_say_how_many_left_or_are_censored() -> None:
    assert said(Said.LEFT) == "36 people left, and 2 were not followed to the end."


def test_must_say_take_up() -> None:
    assert said(Said.TAKE_UP) == (
        "Of 120 offered, 80 took part (67 %): they attended at least once."
    )


def test_must_say_the_dose() -> None:
    assert said(Said.DOSE) == "212 sessions were held, 2.6 for each person who took part."


def test_must_say_the_offer_effect_first_and_takers_second() -> None:
    told = said(Said.OFFER_FIRST)
    assert told == (
        "Being offered it changed the outcome by +7 points; taking part, by +10 points."
    )
    hidden = said(Said.OFFER_FIRST, replace(FACTS, takers=None))
    assert hidden.endswith("what taking part changed is not shown.")


def test_must_say_the_interval_in_words() -> None:
    assert said(Said.INTERVAL) == (
        "The true difference could be anything from −2 points to +16 points (96 % interval)."
    )
    open_end = replace(FACTS, offer=Effect(0.07, None, 0.16, 0.95, "x"))
    assert "anything up to +16 points" in said(Said.INTERVAL, open_end)


def test_must_say_baseline_and_unit() -> None:
    assert said(Said.BASELINE) == (
        "Those who waited had 81 % at day 90; differences are in points."
    )


def test_must_say_planned_against_changed() -> None:
    assert said(Said.PLANNED) == "1 change of the plan after the start: see the log."
    assert said(Said.PLANNED, replace(FACTS, changes=0)) == "Everything was done as planned."


def test_must_say_the_effect_this_pilot_could_not_have_seen() -> None:
    assert said(Said.UNSEEN) == (
        "An effect of taking part under 17 points could not have been seen by this pilot."
    )


def test_must_say_early_looks() -> None:
    assert "looked at 11 times before the end" in said(Said.LOOKS)
    assert said(Said.LOOKS, replace(FACTS, looks=0)).startswith("Nobody looked")


def test_must_say_multiplicity() -> None:
    assert said(Said.MULTIPLICITY).startswith("2 primary measures were registered")


def test_must_say_contamination() -> None:
    assert said(Said.CONTAMINATION) == "Of 118 waiting, 4 had 6 sessions all the same."


def test_must_say_data_gaps_and_waivers() -> None:
    assert said(Said.GAPS) == ("Data are missing for 5 people. Waived in writing: first merge.")
    whole = replace(FACTS, gaps=0, waivers=())
    assert said(Said.GAPS, whole) == "Nothing is missing. No source was waived."
