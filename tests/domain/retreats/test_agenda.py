"""Overlaps and blocks outside the retreat are told, in the zone of the place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from handrail.domain.retreats import Block, Finding, Trouble, days_of, troubles

LISBON = ZoneInfo("Europe/Lisbon")
AUCKLAND = ZoneInfo("Pacific/Auckland")
FIRST, LAST = date(2026, 2, 10), date(2026, 2, 11)


def block(key: str, day: int, hour: int, minutes: int, zone: ZoneInfo = LISBON) -> Block:
    return Block(key, datetime(2026, 2, day, hour, 0, tzinfo=zone), minutes)


def test_m23_an_overlap_is_told_once_and_touching_is_none() -> None:
    plan = [block("b", 10, 10, 90), block("a", 10, 9, 60), block("c", 10, 11, 30)]
    assert troubles(plan, FIRST, LAST, LISBON) == (Finding(Trouble.OVERLAP, "b", "c"),)


def test_m23_a_block_outside_the_days_is_told() -> None:
    plan = [block("early", 9, 22, 60), block("late", 11, 23, 120), block("last", 11, 22, 120)]
    told = troubles(plan, FIRST, LAST, LISBON)
    assert Finding(Trouble.OUTSIDE, "early") in told
    assert Finding(Trouble.OUTSIDE, "late") in told
    assert Finding(Trouble.OUTSIDE, "last") not in told


def test_the_days_are_those_of_the_place() -> None:
    # 20:00 UTC on the 9th is 09:00 on the 10th in Auckland.
    plan = [Block("a", datetime(2026, 2, 9, 20, 0, tzinfo=UTC), 60)]
    assert troubles(plan, FIRST, LAST, AUCKLAND) == ()
    one, two = days_of(plan, FIRST, LAST, AUCKLAND)
    assert (one.number, one.day, [b.key for b in one.blocks]) == (1, FIRST, ["a"])
    assert two.blocks == ()
    assert one.ends_at == datetime(2026, 2, 9, 21, 0, tzinfo=UTC)
