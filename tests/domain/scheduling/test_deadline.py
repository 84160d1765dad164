"""By when somebody should have answered: hours of their weekdays, worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handrail.domain.scheduling import answer_by

FAR = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "hours", "zone", "expected"),
    [
        # Monday 09:00 in Berlin: Tuesday 09:00.
        ("2026-02-02T08:00", 24, "Europe/Berlin", "2026-02-03T08:00"),
        # Friday 18:00 in Berlin: six hours of Friday are left, the rest is Monday's.
        ("2026-02-06T17:00", 24, "Europe/Berlin", "2026-02-09T17:00"),
        # Saturday noon: the hours begin on Monday at midnight in Berlin.
        ("2026-02-07T11:00", 5, "Europe/Berlin", "2026-02-09T04:00"),
        # The same Friday evening in Berlin is Saturday in Auckland, which is 13 hours ahead.
        ("2026-02-06T17:00", 5, "Pacific/Auckland", "2026-02-08T16:00"),
        # Over the weekend in which New York's clocks go forward Monday begins at 04:00 UTC.
        ("2026-03-07T12:00", 1, "America/New_York", "2026-03-09T05:00"),
        # Saturday 00:00 in Berlin, over its change: Monday begins at 22:00 UTC of Sunday.
        ("2026-03-27T23:00", 24, "Europe/Berlin", "2026-03-30T22:00"),
        ("2026-02-02T08:00", 0, "Europe/Berlin", "2026-02-02T08:00"),
    ],
)
def test_hours_of_weekdays(asked: str, hours: int, zone: str, expected: str) -> None:
    at = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    found = answer_by(at, hours, zone, latest=FAR)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_never_later_than_the_latest() -> None:
    asked = datetime(2026, 2, 2, 8, tzinfo=UTC)
    latest = datetime(2026, 2, 2, 11, tzinfo=UTC)
    assert answer_by(asked, 24, "Europe/Berlin", latest=latest) == latest
    # Asked on a Saturday for the same Sunday: the weekend does not move the latest moment.
    saturday, sunday = datetime(2026, 2, 7, 8, tzinfo=UTC), datetime(2026, 2, 8, 8, tzinfo=UTC)
    assert answer_by(saturday, 24, "Europe/Berlin", latest=sunday) == sunday
