"""What a live program offers, and when it offers nothing; days and weeks worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from handrail.domain.hiring import (
    Facts,
    Intake,
    Kind,
    Missing,
    NotOffered,
    Support,
    facts_of,
    stretches_of,
    weeks_of,
)

TODAY = date(2026, 2, 4)  # a Wednesday
SUPPORT = Support(
    kind=Kind.SPEED,
    is_running=True,
    starts_on=date(2026, 1, 5),
    ends_on=date(2026, 12, 31),
    minutes=20,
    sessions=3,
    within_days=30,
    mentors=2,
    intakes=(),
    mentor_role="an engineer of your team",
    skills=("git", "tests"),
    taught=frozenset({"git", "tests", "docs"}),
)
COHORT = replace(
    SUPPORT,
    kind=Kind.COHORT,
    minutes=30,
    sessions=12,
    within_days=84,
    intakes=(
        Intake(date(2026, 1, 30), date(2026, 2, 9), 8),  # takes nobody in any more
        Intake(date(2026, 3, 27), date(2026, 4, 6), 7),
        Intake(date(2026, 2, 27), date(2026, 3, 9), 6),
    ),
)


def why_not(support: Support) -> tuple[Missing, str]:
    with pytest.raises(NotOffered) as refused:
        facts_of(support, TODAY)
    return refused.value.why, refused.value.what


def test_what_is_offered_begins_on_the_monday_after_today() -> None:
    assert facts_of(SUPPORT, TODAY) == Facts(
        kind=Kind.SPEED,
        sessions=3,
        minutes=20,
        within_days=30,
        seats=1,
        mentor_role="an engineer of your team",
        skills=("git", "tests"),
        next_intake=date(2026, 2, 9),
    )
    monday = facts_of(SUPPORT, date(2026, 2, 9))
    assert monday.next_intake == date(2026, 2, 16)
    later = facts_of(replace(SUPPORT, starts_on=date(2026, 3, 2)), TODAY)
    assert later.next_intake == date(2026, 3, 2)


def test_a_cohort_begins_with_the_first_intake_that_still_takes_people_in() -> None:
    facts = facts_of(COHORT, TODAY)
    assert (facts.next_intake, facts.seats, facts.weeks) == (date(2026, 3, 9), 6, 12)
    assert why_not(replace(COHORT, intakes=COHORT.intakes[:1])) == (Missing.NO_INTAKE, "")


def test_nothing_is_offered_that_is_not_so() -> None:
    assert why_not(replace(SUPPORT, is_running=False)) == (Missing.NOT_RUNNING, "")
    assert why_not(replace(SUPPORT, mentors=0)) == (Missing.NO_MENTOR, "")
    assert why_not(replace(SUPPORT, skills=())) == (Missing.NO_SKILL, "")
    assert why_not(replace(SUPPORT, skills=("git", "rust"))) == (Missing.NO_MENTOR_FOR, "rust")
    # From Monday the 9th thirty days end on Tuesday 10 March.
    assert facts_of(replace(SUPPORT, ends_on=date(2026, 3, 10)), TODAY).sessions == 3
    too_soon = why_not(replace(SUPPORT, ends_on=date(2026, 3, 9)))
    assert too_soon == (Missing.ENDS_TOO_SOON, "2026-03-10")
    assert why_not(replace(SUPPORT, ends_on=date(2026, 2, 8))) == (Missing.NO_INTAKE, "")


def test_the_first_twelve_weeks_hold_the_sessions_evenly() -> None:
    weeks = weeks_of(facts_of(SUPPORT, TODAY))  # three sessions in five weeks
    assert [week.number for week in weeks] == list(range(1, 13))
    planned = [(week.number, week.sessions, week.minutes, week.skill) for week in weeks]
    assert [one for one in planned if one[1]] == [
        (1, 1, 20, "git"),
        (2, 1, 20, "git"),
        (4, 1, 20, "tests"),
    ]
    every = weeks_of(facts_of(COHORT, TODAY))
    assert [(week.sessions, week.skill) for week in every] == [(1, "git")] * 6 + [(1, "tests")] * 6
    # Twelve in 26 weeks: 1, 3, 5, 7, 9 and 11 lie in the first twelve.
    slow = facts_of(replace(SUPPORT, sessions=12, within_days=182), TODAY)
    assert [week.number for week in weeks_of(slow) if week.sessions] == [1, 3, 5, 7, 9, 11]
    busy = facts_of(replace(SUPPORT, sessions=4, within_days=7), TODAY)
    assert [(week.sessions, week.minutes) for week in weeks_of(busy)][:2] == [(4, 80), (0, 0)]
    assert weeks_of(busy)[0].skill == "git, tests"


def test_weeks_in_which_nothing_is_planned_are_told_as_one_stretch() -> None:
    weeks = stretches_of(weeks_of(facts_of(SUPPORT, TODAY)))
    assert [(week.number, week.last) for week in weeks] == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 12)]
    every = weeks_of(facts_of(COHORT, TODAY))
    assert [week.last for week in stretches_of(every)] == list(range(1, 13))


def test_kept_facts_are_the_same_facts_and_others_have_another_digest() -> None:
    facts = facts_of(COHORT, TODAY)
    assert Facts.from_json(facts.as_json()) == facts
    assert facts.digest == facts_of(COHORT, TODAY).digest
    assert replace(facts, minutes=25).digest != facts.digest
