"""Bands: what may be said of a hit, and where the edge moves by what people said."""

from __future__ import annotations

import pytest

from handrail.domain.text import Edges, Label, band_of, curve, likeness_of


@pytest.mark.parametrize(
    ("score", "expired", "band"),
    [
        (0.65, False, "answer"),
        (0.6499, False, "perhaps"),
        (0.50, False, "perhaps"),
        (0.4999, False, "ask"),
        (0.99, True, "perhaps"),
        (0.10, True, "ask"),
    ],
)
def test_the_band_of_a_hit(score: float, expired: bool, band: str) -> None:
    assert band_of(score, Edges(), expired=expired) == band


def test_edges_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="perhaps not above answer"):
        Edges(answer=0.5, perhaps=0.6)


def test_what_looks_the_same() -> None:
    told = [likeness_of(score) for score in (0.63, 0.62, 0.50, 0.49)]
    assert told == ["same", "related", "related", ""]


def labels(wrong_at: float, right_at: float, wrong: int, right: int) -> list[Label]:
    return [Label(wrong_at, False)] * wrong + [Label(right_at, True)] * right


def test_the_lowest_edge_that_is_right_often_enough_is_proposed() -> None:
    # At .55 to .60: 180 of 200 are right, .90. From .61 on 180 of 180.
    told = curve(labels(0.605, 0.70, wrong=20, right=180))
    assert told.proposed == Edges(answer=0.61, perhaps=0.46)
    at_60 = next(point for point in told.points if point.edge == 0.60)
    assert (at_60.shown, at_60.right, at_60.precision) == (200, 180, 0.9)
    # Wilson by hand: p=.9, n=200 gives .8506 to .9343.
    assert (round(at_60.low, 4), round(at_60.high, 4)) == (0.8506, 0.9343)


def test_exactly_ninety_five_in_a_hundred_is_enough() -> None:
    assert curve(labels(0.57, 0.75, wrong=10, right=190)).proposed == Edges(0.55, 0.40)


def test_nothing_is_proposed_from_too_few_labels() -> None:
    told = curve(labels(0.3, 0.9, wrong=0, right=199))
    assert told.proposed is None
    assert told.labels == 199
    assert len(told.points) == 26


def test_nothing_is_proposed_where_no_edge_is_right_often_enough() -> None:
    assert curve(labels(0.9, 0.9, wrong=50, right=150)).proposed is None


def test_what_nobody_was_shown_proves_nothing() -> None:
    told = curve(labels(0.3, 0.3, wrong=100, right=150))
    assert told.proposed is None
    assert (told.points[0].shown, told.points[0].precision) == (0, None)
    assert (told.points[0].low, told.points[0].high) == (0.0, 1.0)
