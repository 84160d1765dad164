"""One wall time over twelve weeks, and what other clocks make of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from handrail.domain.cohorts import blocks, moments, never_together, over_at, shifts

FIRST = date(2027, 2, 9)  # a Tuesday; clocks change on 14 March (US) and 28 March (EU)


def test_m03_a_series_keeps_its_wall_time_and_others_are_told_when_theirs_moves() -> None:
    starts = moments(FIRST, 15 * 60, "Europe/Berlin", range(12))
    assert starts[0] == datetime(2027, 2, 9, 14, 0, tzinfo=UTC)
    assert starts[6] == datetime(2027, 3, 23, 14, 0, tzinfo=UTC)
    assert starts[7] == datetime(2027, 3, 30, 13, 0, tzinfo=UTC)
    assert shifts(starts, "Europe/Berlin") == []
    told = [(one.index, one.minutes) for one in shifts(starts, "America/New_York")]
    assert told == [(5, 60), (7, -60)]
    assert [(one.index, one.minutes) for one in shifts(starts, "Asia/Kolkata")] == [(7, -60)]


def test_m03_twelve_weeks_end_after_84_local_days_though_one_had_23_hours() -> None:
    assert over_at(FIRST, "Europe/Berlin") == datetime(2027, 5, 3, 22, 0, tzinfo=UTC)
    assert over_at(FIRST, "America/New_York") == datetime(2027, 5, 4, 4, 0, tzinfo=UTC)


def test_who_keeps_a_group_apart_and_by_how_much() -> None:
    free = {
        "ada": [0b0111, 0b0111],
        "ben": [0b0110, 0b0011],
        "cem": [0b1000, 0b1000],
    }
    assert never_together(free)
    assert [(one.person, one.weeks, one.starts) for one in blocks(free)] == [("cem", 2, 2.0)]
    assert not never_together({"ada": [1, 0], "ben": [1, 0]})
