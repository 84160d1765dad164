"""Random teams for tests and benchmarks: scarce mentors, many zones, busy calendars."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from .problem import Code, Mentee, Mentor, Problem, Want
from .week import MINUTES_A_WEEK

# offset from UTC in half hours, share of people
ZONES: Final = (
    *((-16, 8), (-14, 3), (-12, 6), (-10, 12), (-8, 2), (-6, 4), (-2, 1), (0, 9), (2, 14)),
    *((4, 7), (6, 3), (7, 1), (8, 2), (9, 1), (10, 3), (11, 10), (12, 1), (13, 1), (14, 2)),
    *((16, 5), (18, 3), (19, 1), (20, 2), (24, 1)),
)
LANGUAGES: Final = ("en", "de", "es", "fr", "hi", "ja", "pl", "pt", "uk", "ur", "vi", "zh")
TEAM = 60


def generate(
    *,
    seed: int,
    mentees: int,
    mentors: int | None = None,
    tight: bool = False,
    skills: int = 200,
    step: int = 30,
    week: date = date(2026, 1, 5),
) -> Problem:
    """A team of `mentees` and, unless given, a quarter as many mentors; the same for a seed.

    Skills follow Zipf's law; wishes are 1-4 at own level 0-3; mentors offer 3-8 skills at level
    1-5 and have 2-8 seats in 2-5 windows of 1-2 hours (`tight`: 1-3 single hours). A fifth of the
    people speak no English; everybody is excluded from 1-4 colleagues of a team of about 60.
    """
    draw = np.random.default_rng([seed, mentees, int(tight)])
    count = max(1, mentees // 4) if mentors is None else mentors
    share = 1 / np.arange(1, skills + 1)
    share /= share.sum()
    zones = np.array([zone for zone, _ in ZONES])
    weights = np.array([weight for _, weight in ZONES], float)
    weights /= weights.sum()

    def spoken() -> tuple[str, ...]:
        own = str(draw.choice(LANGUAGES[1:]))
        if draw.random() < 0.85:
            return ("en", own) if draw.random() < 0.5 else (own, "en")
        return (own,)

    def pick(low: int, high: int) -> list[str]:
        size = min(skills, int(draw.integers(low, high + 1)))
        chosen = draw.choice(skills, size=size, replace=False, p=share)
        return [f"skill-{at:03d}" for at in chosen]

    people = [
        Mentee(
            person=f"mentee-{at:06d}",
            wants=tuple(
                Want(skill, priority, int(draw.integers(0, 4)))
                for priority, skill in enumerate(pick(1, 4), start=1)
            ),
            free=_workday(draw, int(draw.choice(zones, p=weights)), step),
            languages=spoken(),
        )
        for at in range(mentees)
    ]
    offers = [
        Mentor(
            person=f"mentor-{at:06d}",
            skills=tuple((skill, int(draw.integers(1, 6))) for skill in pick(3, 8)),
            seats=int(draw.integers(2, 9)),
            free=_windows(draw, int(draw.choice(zones, p=weights)), step, tight),
            languages=spoken(),
        )
        for at in range(count)
    ]
    teams = max(1, (mentees + count) // TEAM)
    excluded: dict[tuple[str, str], Code] = {}
    codes: tuple[Code, ...] = ("reporting_line", "not_with", "recent", "conflict")
    for at, mentee in enumerate(people):
        team = offers[at % teams :: teams]
        for other in range(min(len(team), int(draw.integers(1, 5)))):
            chosen = team[int(draw.integers(len(team)))].person
            excluded[mentee.person, chosen] = codes[other]
    return Problem(week=week, mentees=people, mentors=offers, step=step, excluded=excluded)


def _window(day: int, first_minute: int, minutes: int, zone: int, step: int) -> int:
    """Bits of a local window: starts from which a whole step fits."""
    begin = day * 1440 + first_minute - zone * 30
    bits = 0
    for start in range(-(-begin // step), (begin + minutes - step) // step + 1):
        bits |= 1 << (start * step % MINUTES_A_WEEK) // step
    return bits


def _workday(draw: np.random.Generator, zone: int, step: int) -> int:
    """Five days of 7.5 to 9.5 hours, of which 45 to 80 % are meetings."""
    first = int(draw.integers(14, 21)) * 30
    length = int(draw.integers(15, 20)) * 30
    open_bits = 0
    for day in range(5):
        open_bits |= _window(day, first, length, zone, step)
    busy = draw.uniform(0.45, 0.80)
    kept = draw.random(MINUTES_A_WEEK // step) >= busy
    return sum(1 << int(slot) for slot in np.nonzero(kept)[0]) & open_bits


def _windows(draw: np.random.Generator, zone: int, step: int, tight: bool) -> int:
    bits = 0
    for _ in range(int(draw.integers(1, 4) if tight else draw.integers(2, 6))):
        length = 60 if tight else int(draw.integers(2, 5)) * 30
        bits |= _window(int(draw.integers(5)), int(draw.integers(16, 34)) * 30, length, zone, step)
    return bits
