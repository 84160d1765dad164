"""What is done about a hire, whatever order its deliveries come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.domain.hiring import (
    Decision,
    Do,
    Held,
    Known,
    Rule,
    Told,
    Why,
    Window,
    decide,
    known_from,
    rule_for,
)

MOMENT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
JAN_4, JAN_11, FEB_1 = date(2027, 1, 4), date(2027, 1, 11), date(2027, 2, 1)
JANUARY = Window("january", closes_on=date(2026, 12, 20), starts_on=JAN_11)
MARCH = Window("march", closes_on=date(2027, 2, 20), starts_on=date(2027, 3, 1))


def told(key: str, hours: int, *, clock: int | None = None, **more: object) -> Told:
    occurred = MOMENT + timedelta(hours=clock) if clock is not None else None
    return Told(key, MOMENT + timedelta(hours=hours), occurred, **more)  # type: ignore[arg-type]


def hired(start: date | None = JAN_4) -> Known:
    return Known(undone=False, start_date=start, start_known=MOMENT, name="Ada Moll")


def decided(known: Known, held: Held | None = None, **more: object) -> Decision:
    said: dict[str, object] = {
        "program": "first-weeks",
        "has_intakes": True,
        "windows": (MARCH, JANUARY),
        "out": False,
        "here_already": False,
        "today": TODAY,
        **more,
    }
    return decide(known, held=held, **said)  # type: ignore[arg-type]


def test_the_later_word_counts_field_by_field() -> None:
    offer = told("offer", 1, start_date=JAN_11)
    hire = told("hire", 2, name="Ada Moll", job="7", job_title="Engineer")
    moved = told("moved", 30, start_date=FEB_1)
    known = known_from([moved, hire, offer])
    assert known == Known(
        undone=False,
        start_date=FEB_1,
        start_known=MOMENT + timedelta(hours=30),
        job="7",
        job_title="Engineer",
        name="Ada Moll",
    )


def test_a_start_date_that_is_said_again_is_known_since_it_was_first_said() -> None:
    rows = [told("a", 1, start_date=JAN_4), told("b", 9, start_date=JAN_4)]
    assert known_from(rows).start_known == MOMENT + timedelta(hours=1)
    back = [told("a", 1, start_date=JAN_4), told("b", 2, start_date=FEB_1)]
    assert known_from([*back, told("c", 3, start_date=JAN_4)]).start_known == (
        MOMENT + timedelta(hours=3)
    )


@pytest.mark.parametrize(
    ("hire", "undoing", "undone", "doubtful"),
    [
        # With both clocks their order counts, not that of arrival.
        (told("h", 5, clock=1), told("u", 1, clock=2, undone=True), True, False),
        (told("h", 1, clock=3), told("u", 5, clock=2, undone=True), False, False),
        (told("h", 1, clock=2), told("u", 5, clock=2, undone=True), True, False),
        # Without: a hire before its undoing is over, one after it is for a person to decide.
        (told("h", 1), told("u", 2, undone=True), True, False),
        (told("h", 2), told("u", 1, undone=True), True, True),
        # The hire's clock alone may prove that it came after all.
        (told("h", 9, clock=8), told("u", 1, undone=True), False, False),
    ],
)
def test_an_undoing_counts_unless_the_hire_is_provably_later(
    hire: Told, undoing: Told, undone: bool, doubtful: bool
) -> None:
    known = known_from([hire, undoing])
    assert (known.undone, known.doubtful) == (undone, doubtful)


def test_hired_again_without_a_date_does_not_bring_the_old_date_back() -> None:
    rows = [
        told("h", 1, clock=1, start_date=JAN_4, name="Ada"),
        told("u", 2, clock=2, undone=True),
        told("again", 3, clock=3),
    ]
    assert known_from(rows) == Known(undone=False, name="Ada")


def test_a_rule_that_names_the_job_comes_before_titles_and_an_empty_one_takes_nobody() -> None:
    title = Rule("t", "P", title="engineer")
    part = Rule("d", "Q", title="engineer", department="Platform")
    job = Rule("j", "R", job="J-7")
    empty = Rule("e", "S", title="  ")
    rules = [empty, part, title, job]
    assert rule_for(rules, "j-7", "Designer", "") == job
    assert rule_for(rules, "J-77", "Senior  Engineer", "") == title
    assert rule_for(rules, "", "engineer", " platform") == part
    assert rule_for(rules, "J-8", "Designer", "Platform") is None


def test_m11_a_hire_comes_into_the_first_intake_on_or_after_the_first_day() -> None:
    assert decided(hired(JAN_4)) == Decision(Do.SEAT, "january")
    assert decided(hired(JAN_11)) == Decision(Do.SEAT, "january")
    assert decided(hired(date(2027, 1, 12))) == Decision(Do.SEAT, "march")
    # Told of after the window has closed: late, so the next one.
    late = date(2026, 12, 21)
    assert decided(hired(JAN_4), today=late) == Decision(Do.SEAT, "march")
    assert decided(hired(date(2027, 3, 2))).why is Why.NO_INTAKE


def test_what_is_missing_waits_with_its_reason() -> None:
    assert decided(hired(), program=None).why is Why.NO_JOB
    assert decided(hired(None)).why is Why.NO_DATE
    assert decided(replace(hired(), name="")).why is Why.NO_NAME
    assert decided(hired(), here_already=True).why is Why.HERE_ALREADY
    assert decided(Known(undone=True, doubtful=True)).why is Why.DOUBTFUL
    assert decided(Known(undone=True)) == Decision(Do.NOTHING)


def test_a_program_without_intakes_begins_on_the_first_day() -> None:
    assert decided(hired(), has_intakes=False).why is Why.FIRST_DAY
    assert decided(hired(), has_intakes=False, today=JAN_4) == Decision(Do.ENROL)
    held = Held("first-weeks", JAN_4)
    assert decided(hired(FEB_1), held, today=JAN_4) == Decision(Do.RELEASE)


def test_a_moved_date_moves_the_seat_and_the_same_date_moves_nothing() -> None:
    held = Held("first-weeks", JAN_4, "january", JAN_11)
    assert decided(hired(), held) == Decision(Do.NOTHING)
    assert decided(hired(JAN_11), held) == Decision(Do.NOTHING)
    assert decided(hired(FEB_1), held) == Decision(Do.MOVE, "march")
    assert decided(hired(date(2027, 3, 2)), held) == Decision(Do.RELEASE)
    later = Held("first-weeks", FEB_1, "march", MARCH.starts_on)
    assert decided(hired(JAN_4), later) == Decision(Do.MOVE, "january")
    # A group that is booked keeps who can still come to its first week.
    begun = replace(later, begun=True)
    assert decided(hired(JAN_4), begun) == Decision(Do.NOTHING)
    assert decided(Known(undone=True), begun) == Decision(Do.RELEASE)


def test_who_is_out_stays_out_whatever_else_is_told() -> None:
    held = Held("first-weeks", JAN_4, "january", JAN_11)
    assert decided(hired(FEB_1), held, out=True) == Decision(Do.NOTHING)
    assert decided(hired(), None, out=True) == Decision(Do.NOTHING)


TOLD = st.builds(
    lambda number, hours, clock, undone, start: told(
        f"d{number}", hours, clock=clock, undone=undone, start_date=start, name="Ada"
    ),
    st.integers(0, 99),
    st.integers(0, 20),
    st.integers(0, 20),
    st.booleans(),
    st.sampled_from([None, JAN_4, JAN_11, FEB_1]),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(TOLD, max_size=7, unique_by=lambda one: one.key), st.data())
def test_order_and_repetition_of_deliveries_never_matter(
    rows: list[Told], data: st.DataObject
) -> None:
    mixed = data.draw(st.permutations(rows))
    again = data.draw(st.lists(st.sampled_from(rows), max_size=4)) if rows else []
    assert known_from([*mixed, *again]) == known_from(rows)


@settings(deadline=None)
@given(
    st.lists(TOLD, max_size=6, unique_by=lambda one: one.key),
    st.sampled_from([TODAY, JAN_4, date(2027, 2, 10)]),
    st.booleans(),
    st.booleans(),
)
def test_done_once_there_is_nothing_left_to_do(
    rows: list[Told], today: date, has_intakes: bool, begun: bool
) -> None:
    held: Held | None = None
    for count in range(len(rows) + 1):
        known = known_from(rows[:count])
        for _again in range(3):  # given back, then given anew: at most two steps
            decision = decided(known, held, today=today, has_intakes=has_intakes)
            held = after(decision, known, held, begun)
        assert decision.do in (Do.NOTHING, Do.WAIT)
        assert not (known.undone and held)
        if held is not None and held.starts_on and known.start_date == held.start_date:
            assert known.start_date is None or held.starts_on >= known.start_date


def after(decision: Decision, known: Known, held: Held | None, begun: bool) -> Held | None:
    if decision.do in (Do.SEAT, Do.MOVE):
        assert known.start_date is not None
        window = {one.key: one for one in (JANUARY, MARCH)}[decision.intake]
        return Held("first-weeks", known.start_date, window.key, window.starts_on, begun)
    if decision.do is Do.ENROL:
        assert known.start_date is not None
        return Held("first-weeks", known.start_date)
    return None if decision.do is Do.RELEASE else held


def test_one_effect_has_one_key() -> None:
    decision = Decision(Do.SEAT, "january")
    assert decision.effect("42", JAN_4) == "42:seat:january:2027-01-04:"
    assert decision.effect("42", JAN_4) != Decision(Do.MOVE, "january").effect("42", JAN_4)
