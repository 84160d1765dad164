"""Fair use against a plain count of every stretch of days."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from handrail.domain.scheduling import first_day_allowed

START = date(2027, 3, 20)  # clocks change on the 28th


def day(number: int) -> date:
    return START + timedelta(days=number)


def by_counting(used: list[date], wanted: date, limit: int, days: int) -> date:
    """The first day whose every stretch of so many days, that day in it, has room for one more."""
    at = wanted
    while limit:
        stretches = (at - timedelta(days=back) for back in range(days))
        uses = [sum(0 <= (use - begin).days < days for use in used) for begin in stretches]
        if max(uses) < limit:
            break
        at += timedelta(days=1)
    return at


@settings(max_examples=150, deadline=None)
@given(
    used=st.lists(st.integers(0, 40), max_size=12),
    wanted=st.integers(0, 40),
    limit=st.integers(0, 4),
    days=st.integers(1, 15),
)
@example(used=[3, 3, 4], wanted=4, limit=1, days=7)  # the limit was lowered after the third
@example(used=[0, 7], wanted=3, limit=1, days=7)  # between two uses there is no room
def test_the_first_day_is_that_of_a_plain_count(
    used: list[int], wanted: int, limit: int, days: int
) -> None:
    uses = [day(number) for number in used]
    found = first_day_allowed(uses, day(wanted), limit, days)
    assert found == by_counting(uses, day(wanted), limit, days)


def test_by_hand() -> None:
    # Two in seven days: the 20th and the 22nd are used, so the third comes on the 27th.
    assert first_day_allowed([day(0), day(2)], day(3), 2, 7) == day(7)
    assert first_day_allowed([day(0), day(2)], day(8), 2, 7) == day(8)
    # A later use counts too: on the 22nd and the 25th, so the 21st has no room either.
    assert first_day_allowed([day(2), day(5)], day(1), 2, 7) == day(9)
