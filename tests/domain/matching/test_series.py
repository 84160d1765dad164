"""A weekly series keeps its wall time while UTC moves under it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Problem,
    ProblemError,
    Series,
    Want,
    bits_of,
    fold_weeks,
    rank_starts,
    slots_of,
    solve,
)

# Berlin leaves summer time on Sunday 2027-10-31, New York on 2027-11-07.
AUTUMN = date(2027, 9, 27)  # twelve weeks from here: five in summer time, seven in winter time
BERLIN = Series(AUTUMN, ZoneInfo("Europe/Berlin"))
NEW_YORK = Series(AUTUMN, ZoneInfo("America/New_York"))
ALWAYS = [(1 << 336) - 1] * 13


def at(weekday: int, hour: int, minute: int = 0) -> int:
    return weekday * 48 + hour * 2 + minute // 30


def test_the_same_wall_time_on_both_sides_of_the_change():
    starts = BERLIN.starts(at(1, 8))  # Tuesday 10:00 in Berlin, still summer
    assert len(starts) == 12
    assert starts[0] == datetime(2027, 9, 28, 8, tzinfo=UTC)
    assert starts[4] == datetime(2027, 10, 26, 8, tzinfo=UTC)
    assert starts[5] == datetime(2027, 11, 2, 9, tzinfo=UTC)
    assert {start.astimezone(BERLIN.zone).hour for start in starts} == {10}


def test_who_keeps_local_hours_keeps_the_series_though_the_utc_slots_differ():
    local_ten = [bits_of([at(1, 8)])] * 5 + [bits_of([at(1, 9)])] * 7
    assert list(slots_of(fold_weeks("a", local_ten, BERLIN))) == [at(1, 8)]


def test_who_keeps_utc_hours_loses_the_weeks_after_the_change():
    # 08:00 UTC is 10:00 in the five weeks of summer time and 09:00 in the seven after
    utc_eight = [bits_of([at(1, 8)])] * 12
    assert fold_weeks("a", utc_eight, BERLIN, may_miss=4) == 0
    assert list(slots_of(fold_weeks("a", utc_eight, BERLIN, may_miss=5))) == [at(1, 7)]
    assert list(slots_of(fold_weeks("a", utc_eight, BERLIN, may_miss=7))) == [at(1, 7), at(1, 8)]


def test_another_zone_changes_on_another_sunday():
    # Tuesday 10:00 in Berlin is 08:00 UTC, then 09:00; New York's 04:00 moves a week later
    berliner = [bits_of([at(1, 8)])] * 5 + [bits_of([at(1, 9)])] * 7
    found = rank_starts({"berliner": berliner}, NEW_YORK)[0]
    # New York keeps 08:00 UTC for six weeks: the berliner misses the sixth alone
    assert (found.slot, found.weekday, found.minute) == (at(1, 8), 1, 4 * 60)
    assert found.all_free == 11
    assert found.missing == {"berliner": (6,)}


def test_ranks_by_weeks_with_everybody_and_names_who_misses_which():
    summer, winter = at(1, 8), at(1, 9)
    later, later_winter = at(2, 8), at(2, 9)
    always = [bits_of([summer, later])] * 5 + [bits_of([winter, later_winter])] * 7
    # away in weeks 2 and 9 at the first time, in week 3 at the second
    away = list(always)
    away[1], away[8] = bits_of([later]), bits_of([later_winter])
    away[2] = bits_of([summer])
    best, second, *_ = rank_starts({"anna": always, "ben": away}, BERLIN)
    assert (best.weekday, best.minute, best.all_free) == (2, 600, 11)
    assert best.missing == {"ben": (3,)}
    assert (second.weekday, second.minute, second.all_free) == (1, 600, 10)
    assert second.missing == {"ben": (2, 9)}


def test_with_nobody_always_free_the_fewest_absences_come_first():
    anna = [bits_of([at(0, 8), at(0, 12)])] + [bits_of([at(0, 12)])] * 11
    ben = [0] * 12
    best = rank_starts({"anna": anna, "ben": ben}, Series(AUTUMN, UTC))[0]
    assert (best.slot, best.all_free) == (at(0, 12), 0)
    assert best.missing == {"ben": tuple(range(1, 13))}


def test_a_time_that_does_not_exist_moves_forward_and_back_again():
    # Berlin skips 02:00-03:00 on Sunday 2027-03-28: 02:30 becomes 03:30, which is 01:30 UTC
    spring = Series(date(2027, 3, 15), ZoneInfo("Europe/Berlin"), weeks=3)
    starts = spring.starts(at(6, 1, 30))
    assert starts == (
        datetime(2027, 3, 21, 1, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        datetime(2027, 4, 4, 0, 30, tzinfo=UTC),
    )


def test_a_repeated_time_is_the_first_one():
    autumn = Series(date(2027, 10, 25), ZoneInfo("Europe/Berlin"), weeks=2)
    # Sunday 31 October 02:30 comes twice; the first is 00:30 UTC
    assert autumn.starts(at(6, 0, 30))[0] == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_start_that_moves_over_sunday_midnight_needs_the_week_after():
    # Sunday 19:30 in New York: 23:30 UTC in summer, 00:30 UTC on Monday in winter
    late = at(6, 23, 30)
    assert fold_weeks("a", ALWAYS, NEW_YORK) >> late & 1
    assert not fold_weeks("a", ALWAYS[:12], NEW_YORK) >> late & 1


def test_half_an_hour_of_summer_time():
    # Lord Howe turns its clocks by 30 minutes on Sunday 2027-10-03
    island = Series(AUTUMN, ZoneInfo("Australia/Lord_Howe"), weeks=2)
    first, second = island.starts(at(1, 0))
    assert second == datetime(2027, 10, 4, 23, 30, tzinfo=UTC)
    assert first == datetime(2027, 9, 28, 0, 0, tzinfo=UTC)


def test_a_zone_of_quarter_hours_has_local_starts_on_the_quarter():
    found = rank_starts({"a": ALWAYS}, Series(AUTUMN, ZoneInfo("Asia/Kathmandu")), most=336)
    assert {each.minute % 30 for each in found} == {15}
    assert {each.all_free for each in found} == {12}


@pytest.mark.parametrize(
    ("weeks", "series", "person", "field"),
    [
        ([0] * 11, BERLIN, "a", "free"),
        ([0] * 11 + [1 << 336], BERLIN, "a", "free"),
        ([0] * 11 + [-1], BERLIN, "a", "free"),
        ([0] * 12, Series(date(2027, 9, 28), UTC), "", "week"),
    ],
)
def test_bad_input_names_person_and_field(weeks, series, person, field):
    with pytest.raises(ProblemError) as refused:
        fold_weeks("a", weeks, series)
    assert (refused.value.person, refused.value.field) == (person, field)


def test_a_cohort_keeps_its_wall_time_over_twelve_weeks():
    slots = [at(3, 13), at(4, 13)]  # 15:00 in Berlin
    local = [bits_of(slots)] * 5 + [bits_of(slot + 2 for slot in slots)] * 7
    # g keeps UTC hours on Thursday, so that Thursday loses the winter
    odd = [bits_of(slots)] * 5 + [bits_of([slots[0], slots[1] + 2])] * 7
    names = "abcdefg"
    folded = {name: fold_weeks(name, odd if name == "g" else local, BERLIN) for name in names}
    mentor = Mentor("xena", (("git", 2),), 1, fold_weeks("xena", local, BERLIN))
    problem = Problem(
        AUTUMN, [Mentee(name, (Want("git"),), folded[name]) for name in names], [mentor]
    )
    plan = solve(problem, seed=1, options=Options(model="cohort"))
    assert {pair.slot for pair in plan.pairs} == {slots[1]}
    assert len(plan.pairs) == 7
