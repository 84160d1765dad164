"""Retention with two dates for a leaving: what is known, not yet, and cannot be told."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from handrail.domain.evidence.retention import At, Basis, Spell, known_at, reporting_lag, retention

CUT = date(2026, 6, 30)
DAY = timedelta(days=1)
DATA_END = date(2026, 8, 22)
EXAMPLE = Path(__file__).parents[3] / "examples" / "remote-team-a"


def begun(days_ago: int, *, left_after: int | None = None, told_after: int = 0) -> Spell:
    """A spell that began before the cut; told_after counts from the last day here."""
    t0 = CUT - days_ago * DAY
    if left_after is None:
        return Spell(t0)
    ended = t0 + left_after * DAY
    return Spell(t0, ended, ended + told_after * DAY)


def at(day: int, *spells: Spell) -> At:
    [found] = retention(spells, cut=CUT, horizons=(day,)).at
    return found


def counts(found: At) -> tuple[int, int, int, int]:
    return found.people, found.reached, found.known, found.not_yet


def test_seven_of_eight_known_three_not_yet_90_days() -> None:
    old = [begun(100) for _ in range(7)]
    within_the_lag = [begun(92)]  # day 90 was two days ago; leavings are told within seven
    new = [begun(89) for _ in range(3)]
    found = at(90, *old, *within_the_lag, *new)
    assert counts(found) == (11, 8, 7, 3)
    assert found.unknown == 1


def test_day_90_is_reached_on_the_cut_itself() -> None:
    assert at(90, begun(90)).reached == 1


def test_day_90_is_known_from_seven_days_later() -> None:
    assert at(90, begun(97)).known == 1
    assert at(90, begun(96)).known == 0


def test_it_tells_for_whom_day_90_is_known() -> None:
    spells = [begun(97), begun(96), begun(89), begun(120, left_after=3)]
    assert known_at(spells, day=90, cut=CUT) == (True, False, False, True)


def test_who_leaves_on_day_90_is_not_here_at_its_end() -> None:
    assert at(90, begun(120, left_after=90)).here.value == 0.0


def test_who_leaves_on_day_91_is_here_at_the_end_of_day_90() -> None:
    assert at(90, begun(120, left_after=91)).here.value == 1.0


def test_a_leaving_that_is_told_after_the_cut_stays_invisible() -> None:
    found = retention([begun(120, left_after=50, told_after=71)], cut=CUT)
    assert found.left == 0


def test_a_leaving_that_is_told_on_the_cut_counts() -> None:
    spells = [begun(300)] * 20 + [begun(200, left_after=50, told_after=150)]
    history = [begun(400, left_after=10)] * 30
    found = retention(spells, cut=CUT, history=history)
    assert (found.lag[Basis.EMPLOYMENT], found.left) == (7, 1)


def test_a_leaving_within_the_lag_is_not_used_as_those_who_stay_are_not_known() -> None:
    found = retention([begun(100, left_after=98), begun(100)], cut=CUT)
    assert found.left == 0
    assert found.curve.at(93).value == 1.0
    assert found.curve.at(94).value is None


def test_the_estimate_uses_those_followed_for_part_of_the_way() -> None:
    # Settled up to day 43, 113 and 113; one of three at risk leaves on day 40.
    spells = [begun(50), begun(120), begun(120, left_after=40)]
    found = at(90, *spells)
    assert found.estimate.value == 2 / 3
    assert (found.here.hits, found.here.trials) == (1, 2)


def test_180_days_cannot_be_told_while_nobody_was_followed_so_long() -> None:
    assert at(180, begun(150)).estimate.value is None


def test_who_began_within_the_lag_is_not_followed_at_all() -> None:
    found = retention([begun(3), begun(30)], cut=CUT)
    assert (found.people, found.followed) == (2, 1)


def test_who_begins_after_the_cut_is_not_in_it() -> None:
    assert retention([Spell(CUT + DAY)], cut=CUT).people == 0


def test_nobody_gives_nothing_to_tell() -> None:
    found = at(90)
    assert counts(found) == (0, 0, 0, 0)
    assert found.estimate.value is None


def test_without_history_the_lag_is_seven_days() -> None:
    assert reporting_lag([], basis=Basis.EMPLOYMENT, cut=CUT) == 7


def test_the_lag_is_the_95th_percentile_by_nearest_rank() -> None:
    # Lags 1 to 20: the 19th of 20 values.
    spells = [begun(200, left_after=10, told_after=lag) for lag in range(1, 21)]
    assert reporting_lag(spells, basis=Basis.EMPLOYMENT, cut=CUT) == 19


def test_the_lag_knows_nothing_of_leavings_told_after_the_cut() -> None:
    spells = [begun(60, left_after=10, told_after=lag) for lag in (9, 51)]
    assert reporting_lag(spells, basis=Basis.EMPLOYMENT, cut=CUT) == 9


def test_activity_is_settled_only_180_days_back() -> None:
    old = Spell(CUT - 271 * DAY, basis=Basis.ACTIVITY)
    exact = Spell(CUT - 270 * DAY, basis=Basis.ACTIVITY)
    new = Spell(CUT - 269 * DAY, basis=Basis.ACTIVITY)
    assert counts(at(90, old, exact, new)) == (3, 3, 2, 0)


def test_activity_is_known_no_further_than_its_data() -> None:
    spell = Spell(CUT - 300 * DAY, known_until=CUT - 211 * DAY, basis=Basis.ACTIVITY)
    assert at(90, spell).known == 0
    assert at(89, spell).known == 1


def test_activity_and_employment_have_lags_of_their_own() -> None:
    spells = [begun(30, left_after=1, told_after=11), Spell(CUT - 400 * DAY, basis=Basis.ACTIVITY)]
    assert retention(spells, cut=CUT).lag == {Basis.EMPLOYMENT: 11, Basis.ACTIVITY: 180}


def example_spells() -> list[Spell]:
    """The example's newcomers under the rule for spells from activity, read with csv alone."""
    with (EXAMPLE / "people.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["role"] == "mentee"]
    spells = []
    for row in rows:
        t0 = date.fromisoformat(row["start_date"])
        if not row["last_active"]:
            spells.append(Spell(t0, None, None, DATA_END - 180 * DAY, Basis.ACTIVITY))
            continue
        ended = date.fromisoformat(row["last_active"])
        spells.append(Spell(t0, ended, ended + 180 * DAY, None, Basis.ACTIVITY))
    return spells


def test_example_baseline_knows_nothing_of_leaving_yet() -> None:
    # Activity is settled 180 days back, on 2025-08-05: before the first newcomer's start.
    # 15 began by 2025-11-03, ninety days before the cut.
    found = retention(example_spells(), cut=date(2026, 2, 1))
    assert (found.people, found.followed, found.left) == (44, 0, 0)
    assert [counts(row) for row in found.at] == [(44, 15, 0, 29), (44, 0, 0, 44)]


def test_example_at_the_end_of_its_data() -> None:
    # Settled up to 2026-02-23, so day 90 is known for who began by 2025-11-25, day 180 by
    # 2025-08-27. Of the 22 and 4 people who did, 3 and 2 stayed longer.
    found = retention(example_spells(), cut=DATA_END)
    assert [counts(row) for row in found.at] == [(44, 44, 22, 0), (44, 44, 4, 0)]
    assert [(row.here.hits, row.here.trials) for row in found.at] == [(3, 22), (2, 4)]
