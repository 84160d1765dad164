"""Who is in and who waits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.domain.cohorts import Hire, in_line, lot_of

DAY = datetime(2027, 1, 4, tzinfo=UTC)


def hire(name: str, day: int = 0, first: int = 0, lot: int = 0) -> Hire:
    return Hire(name, DAY + timedelta(days=day), date(2027, 1, 1) + timedelta(days=first), lot)


def test_m11_the_line_runs_by_eligibility_then_first_day_then_lot() -> None:
    people = [hire("d", 1, 0, 9), hire("a", 0, 2), hire("c", 1, 0, 3), hire("b", 0, 5)]
    assert in_line(people, 3) == (["a", "b", "c"], ["d"])
    assert in_line(people, 1, by_lot=True) == (["a"], ["b", "c", "d"])


def test_a_lot_depends_on_seed_and_person_alone() -> None:
    assert lot_of(1, "ada") == lot_of(1, "ada")
    assert lot_of(1, "ada") != lot_of(2, "ada")
    assert lot_of(1, "ada") != lot_of(1, "ben")


HIRES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 5)), max_size=12
).map(lambda rows: [hire(f"p{n:02}", *row) for n, row in enumerate(rows)])


@settings(deadline=None)
@given(HIRES, st.integers(0, 8), st.randoms(use_true_random=False))
def test_m11_nobody_gets_lost_and_the_order_of_rows_never_matters(
    people: list[Hire], seats: int, chance: object
) -> None:
    seated, waiting = in_line(people, seats)
    assert sorted(seated + waiting) == sorted(one.person for one in people)
    assert len(seated) == min(seats, len(people))
    mixed = list(people)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert in_line(mixed, seats) == (seated, waiting)


@settings(deadline=None)
@given(HIRES, st.integers(1, 8), st.data())
def test_m11_who_leaves_moves_up_all_behind_and_nobody_else(
    people: list[Hire], seats: int, data: st.DataObject
) -> None:
    if not people:
        return
    gone = data.draw(st.sampled_from(people))
    before = [name for part in in_line(people, seats) for name in part]
    left = [one for one in people if one != gone]
    after = [name for part in in_line(left, seats) for name in part]
    assert after == [name for name in before if name != gone.person]


@settings(deadline=None)
@given(HIRES, st.integers(1, 8))
def test_m11_a_later_hire_takes_nobodys_seat(people: list[Hire], seats: int) -> None:
    late = hire("late", 9)
    assert (
        in_line([*people, late], seats)[0][: len(in_line(people, seats)[0])]
        == (in_line(people, seats)[0])
    )
