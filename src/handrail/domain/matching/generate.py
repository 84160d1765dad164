"""Random teams for tests and benchmarks: scarce mentors, many zones, busy calendars."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from .excluded import CODES, ExcludedRows
from .problem import Problem
from .rows import MenteeRows, MentorRows
from .week import MINUTES_A_WEEK, WORDS

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

# offset from UTC in half hours, share of people
ZONES: Final = (
    *((-16, 8), (-14, 3), (-12, 6), (-10, 12), (-8, 2), (-6, 4), (-2, 1), (0, 9), (2, 14)),
    *((4, 7), (6, 3), (7, 1), (8, 2), (9, 1), (10, 3), (11, 10), (12, 1), (13, 1), (14, 2)),
    *((16, 5), (18, 3), (19, 1), (20, 2), (24, 1)),
)
LANGUAGES: Final = ("en", "de", "es", "fr", "hi", "ja", "pl", "pt", "uk", "ur", "vi", "zh")
TEAM: Final = 60
BLOCK: Final = 1 << 16  # calendars drawn at a time


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
    1-5 and have 2-8 seats in 2-5 windows of 1-2 hours (`tight`: 1-3 single hours). 15 % of the
    people speak no English; everybody is excluded from 1-4 colleagues of a team of about 60.
    """
    draw = np.random.default_rng([seed, mentees, int(tight)])
    count = max(1, mentees // 4) if mentors is None else mentors
    names = tuple(f"skill-{at:03d}" for at in range(skills))
    want_from, want_skill = _picked(draw, mentees, skills, 1, 4)
    starts = np.repeat(want_from[:-1], np.diff(want_from))
    speaks, first = _languages(draw, mentees)
    people = MenteeRows(
        people=tuple([f"mentee-{at:06d}" for at in range(mentees)]),
        week=_workdays(draw, mentees, step),
        want_from=want_from,
        want_skill=want_skill,
        want_priority=(1 + np.arange(len(starts)) - starts).astype(np.int16),
        want_level=draw.integers(0, 4, len(want_skill), np.int8),
        speaks=speaks,
        first_language=first,
        skills=names,
        languages=LANGUAGES,
    )
    skill_from, skill = _picked(draw, count, skills, 3, 8)
    offers = MentorRows(
        people=tuple([f"mentor-{at:06d}" for at in range(count)]),
        week=_windows(draw, count, step, tight),
        skill_from=skill_from,
        skill=skill,
        level=draw.integers(1, 6, len(skill), np.int8),
        speaks=_languages(draw, count)[0],
        seats=draw.integers(2, 9, count, np.int32),
        daily_cap=np.zeros(count, np.int32),
        offset_minutes=np.zeros(count, np.int32),
        skills=names,
        languages=LANGUAGES,
    )
    excluded = _colleagues(draw, people.people, offers.people)
    return Problem(week=week, mentees=people, mentors=offers, step=step, excluded=excluded)


def _picked(
    draw: np.random.Generator, people: int, skills: int, low: int, high: int
) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Bounds of each list and the lists, flat: a skill drawn again is put back."""
    share = np.cumsum(1 / np.arange(1, skills + 1))
    share /= share[-1]
    sizes = np.minimum(skills, draw.integers(low, high + 1, people))
    chosen = np.full((people, min(skills, high)), -1, np.int32)
    for place in range(chosen.shape[1]):
        left = np.flatnonzero(sizes > place)
        while len(left):
            drawn = np.searchsorted(share, draw.random(len(left)), side="right")
            again = np.any(chosen[left, :place] == drawn[:, None], axis=1)
            chosen[left[~again], place] = drawn[~again]
            left = left[again]
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]), chosen[chosen >= 0]


def _languages(draw: np.random.Generator, people: int) -> tuple[Words, npt.NDArray[np.int32]]:
    """Sets of languages, and which comes first: English for half of those who speak it."""
    own = draw.integers(1, len(LANGUAGES), people)
    english = draw.random(people) < 0.85
    first = np.where(english & (draw.random(people) < 0.5), 0, own)
    speaks = (np.uint64(1) << own.astype(np.uint64)) | english.astype(np.uint64)
    return speaks[:, None], first.astype(np.int32)


def _zones(draw: np.random.Generator, people: int) -> Ints:
    weights = np.array([weight for _, weight in ZONES], float)
    return draw.choice(len(ZONES), size=people, p=weights / weights.sum())


@cache
def _local(step: int) -> tuple[Ints, Ints]:
    """(zones, slots) the local day and minute at which each slot starts."""
    starts = np.arange(MINUTES_A_WEEK // step) * step
    offsets = np.array([30 * zone for zone, _ in ZONES])
    local = (starts[None, :] + offsets[:, None]) % MINUTES_A_WEEK
    return local // 1440, local % 1440


def _packed(free: Bools) -> Words:
    rows = np.zeros((len(free), WORDS * 8), np.uint8)
    filled = np.packbits(free, axis=1, bitorder="little")
    rows[:, : filled.shape[1]] = filled
    return rows.view("<u8").astype(np.uint64)


def _workdays(draw: np.random.Generator, people: int, step: int) -> Words:
    """Five days of 7.5 to 9.5 hours, of which 45 to 80 % are meetings."""
    day, minute = _local(step)
    week = np.empty((people, WORDS), np.uint64)
    for begin in range(0, people, BLOCK):
        size = min(BLOCK, people - begin)
        zone = _zones(draw, size)
        first = draw.integers(14, 21, size)[:, None] * 30
        last = first + draw.integers(15, 20, size)[:, None] * 30 - step
        busy = draw.uniform(0.45 * 256, 0.80 * 256, size)[:, None].astype(np.uint8)
        free = draw.integers(0, 256, (size, minute.shape[1]), np.uint8) >= busy
        free &= (day[zone] < 5) & (minute[zone] >= first) & (minute[zone] <= last)
        week[begin : begin + size] = _packed(free)
    return week


def _windows(draw: np.random.Generator, people: int, step: int, tight: bool) -> Words:
    """A few windows on workdays, starting between 8:00 and 16:30."""
    local_day, minute = _local(step)
    week = np.empty((people, WORDS), np.uint64)
    for begin in range(0, people, BLOCK):
        size = min(BLOCK, people - begin)
        zone = _zones(draw, size)
        count = draw.integers(1, 4, size) if tight else draw.integers(2, 6, size)
        free = np.zeros((size, minute.shape[1]), np.bool_)
        for window in range(int(count.max(initial=0))):
            mine = np.flatnonzero(count > window)
            day = draw.integers(5, size=len(mine))[:, None]
            first = draw.integers(16, 34, len(mine))[:, None] * 30
            length = np.full(len(mine), 2) if tight else draw.integers(2, 5, len(mine))
            last = first + length[:, None] * 30 - step
            at, starts = local_day[zone[mine]], minute[zone[mine]]
            free[mine] |= (at == day) & (starts >= first) & (starts <= last)
        week[begin : begin + size] = _packed(free)
    return week


def _colleagues(
    draw: np.random.Generator, mentees: tuple[str, ...], mentors: tuple[str, ...]
) -> ExcludedRows:
    """Every mentee with 1-4 mentors of the same team; of two codes for a pair the later stays."""
    teams = max(1, (len(mentees) + len(mentors)) // TEAM)
    team = np.arange(len(mentees)) % teams
    members = (len(mentors) - team + teams - 1) // teams
    wanted = np.minimum(members, draw.integers(1, 5, len(mentees)))
    chosen = draw.integers(0, np.maximum(members, 1)[:, None], (len(mentees), len(CODES)))
    mentee, code = np.nonzero(np.arange(len(CODES)) < wanted[:, None])
    mentor = team[mentee] + chosen[mentee, code] * teams
    order = np.lexsort((code, mentor, mentee))
    mentee, mentor, code = mentee[order], mentor[order], code[order]
    last = np.ones(len(order), np.bool_)
    last[:-1] = (np.diff(mentee) != 0) | (np.diff(mentor) != 0)
    return ExcludedRows(
        mentees=mentees,
        mentors=mentors,
        mentee=mentee[last].astype(np.int32),
        mentor=mentor[last].astype(np.int32),
        code=code[last].astype(np.int8),
    )
