"""Everything that a report must refuse, one test each; and what may be said is not refused."""

from __future__ import annotations

import pytest

from handrail.domain.evidence.refusals import (
    SENTENCES,
    Asked,
    Refused,
    refusal_sentence,
    refusals,
)


def refused(asked: Asked) -> list[Refused]:
    found = refusals(asked)
    for refusal in found:
        assert refusal_sentence(refusal).endswith(".")
    return [refusal.code for refusal in found]


def test_nothing_is_refused_where_nothing_is_wrong() -> None:
    fine = Asked(
        says_caused=True, randomised=True, horizon=180, followed=180, claim=0.15, baseline=0.7,
        claim_in_points=True, looked_before=True, interval_for_looks=True, people=10,
        subgroup="juniors", registered_subgroups=frozenset({"juniors"}), money=True,
        pilots_pooled=3, pooling_registered=True, ratio_p=0.001,
    )  # fmt: skip
    assert refused(fine) == []


def test_must_refuse_caused_without_randomisation() -> None:
    assert refused(Asked(says_caused=True, randomised=False)) == [Refused.CAUSED]


def test_must_refuse_lift_from_completers_against_the_rest() -> None:
    assert refused(Asked(completers_against_rest=True)) == [Refused.COMPLETERS]


def test_must_refuse_180_day_retention_before_180_days() -> None:
    assert refused(Asked(horizon=180, followed=179)) == [Refused.TOO_EARLY]
    assert refused(Asked(horizon=180)) == [Refused.TOO_EARLY]


def test_must_refuse_a_claim_without_baseline() -> None:
    assert refused(Asked(claim=0.15)) == [Refused.NO_BASELINE]


@pytest.mark.parametrize(("claim", "baseline", "points"), [(0.15, 0.90, True), (1.0, 20.0, False)])
def test_must_refuse_a_claim_above_100_percent(claim: float, baseline: float, points: bool) -> None:
    asked = Asked(claim=claim, baseline=baseline, claim_in_points=points)
    assert refused(asked) == [Refused.ABOVE_100]
    assert refused(Asked(claim=0.10, baseline=0.90, claim_in_points=True)) == []


def test_must_refuse_a_fixed_interval_after_peeking() -> None:
    assert refused(Asked(looked_before=True)) == [Refused.PEEKED]


def test_must_refuse_cells_under_10() -> None:
    assert refused(Asked(people=9)) == [Refused.SMALL]


def test_must_refuse_one_persons_effect() -> None:
    assert refused(Asked(one_person=True)) == [Refused.ONE_PERSON]


def test_must_refuse_unregistered_subgroup_winners() -> None:
    asked = Asked(subgroup="seniors", registered_subgroups=frozenset({"juniors"}))
    assert refused(asked) == [Refused.SUBGROUP]


def test_must_refuse_names_of_people_who_moved_because_of_mentoring() -> None:
    assert refused(Asked(names_movers=True)) == [Refused.NAMES]


def test_must_refuse_money_when_the_interval_holds_0() -> None:
    assert refused(Asked(money=True, holds_zero=True)) == [Refused.MONEY]
    assert refused(Asked(money=True, randomised=False)) == [Refused.MONEY]


def test_must_refuse_pooling_pilots_by_eye() -> None:
    assert refused(Asked(pilots_pooled=2)) == [Refused.POOLED]


def test_must_refuse_the_report_when_the_replay_failed() -> None:
    found = refusals(Asked(replay_faults=2, one_person=True))
    assert [one.code for one in found] == [Refused.REPLAY, Refused.ONE_PERSON]
    assert [one.blocks for one in found] == [True, False]


def test_must_refuse_the_report_when_the_ratio_test_is_below_one_in_a_thousand() -> None:
    found = refusals(Asked(ratio_p=0.0009))
    assert [(one.code, one.blocks) for one in found] == [(Refused.RATIO, True)]


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Refused)
