"""One working day: weekends and closed days do not count, and the wall time stays."""

from __future__ import annotations

from datetime import UTC, date, datetime

from handrail.domain.scheduling import next_working_day


def test_it_is_the_same_wall_time_on_the_next_day_on_which_people_work() -> None:
    thursday = datetime(2026, 3, 26, 15, 30, tzinfo=UTC)  # 16:30 in Berlin
    assert next_working_day(thursday, "Europe/Berlin") == datetime(2026, 3, 27, 15, 30, tzinfo=UTC)
    friday = datetime(2026, 3, 27, 15, 30, tzinfo=UTC)
    # The clocks change on Sunday: 16:30 on Monday is an hour earlier in UTC.
    assert next_working_day(friday, "Europe/Berlin") == datetime(2026, 3, 30, 14, 30, tzinfo=UTC)
    closed = {date(2026, 3, 30)}
    tuesday = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    assert next_working_day(friday, "UTC", closed=closed) == tuesday


def test_what_comes_on_a_day_off_is_due_by_the_end_of_the_next_working_day() -> None:
    saturday = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)
    assert next_working_day(saturday, "UTC") == datetime(2026, 3, 31, 0, 0, tzinfo=UTC)
