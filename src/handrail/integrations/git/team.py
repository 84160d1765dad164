"""From changes to a team, by rules that are written down in the contract of the people file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from handrail.integrations.git.history import Author, Change
from handrail.integrations.git.names import pseudonym
from handrail.integrations.git.zones import zone_of

NEWCOMER_WEEKS = 26
STILL_ACTIVE = timedelta(days=180)
A_YEAR = timedelta(days=365)
ONE_DAY = timedelta(days=1)
ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
NOWHERE = "unknown.invalid"  # a domain that no mail ever reaches
MENTOR_CHANGES, MENTOR_LAST_YEAR = 20, 3
LEVELS = (8, 30, 100, 400)  # more changes than this in an area: one level up
MOST_SKILLS, MOST_WANTS = 8, 3
HOURS_FROM = 8  # commits; with fewer the hours of the day say nothing


@dataclass(frozen=True, slots=True)
class GitPerson:
    """One row of a people file."""

    person_id: str
    name: str
    email: str
    role: str
    timezone: str
    working_hours: str
    start_date: date
    last_active: date | None
    skills: dict[str, int]
    wants: dict[str, int]
    minutes_per_week: int | None


@dataclass(frozen=True, slots=True)
class GitMerge:
    """One row of a merges file, with the offsets of the history."""

    person_id: str
    authored_at: str
    merged_at: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GitTeam:
    """The people, the newcomers' merged changes, and how far the history reaches."""

    people: list[GitPerson]
    merges: list[GitMerge]
    reference: date
    data_end: date

    @property
    def newcomers(self) -> list[GitPerson]:
        """Who began in the weeks before the reference date."""
        return [person for person in self.people if person.role == "mentee"]

    @property
    def without_address(self) -> list[GitPerson]:
        """Who left no address in the history that mail could reach."""
        return [person for person in self.people if person.email.endswith(f"@{NOWHERE}")]

    @property
    def mentors(self) -> list[GitPerson]:
        """Who has enough changes, some of them lately, and is no newcomer."""
        return [person for person in self.people if person.role == "mentor"]


def team_of(
    changes: list[Change], authors: dict[str, Author], *, reference: date, pseudonyms: bool
) -> GitTeam:
    """The team as it stood on the reference date, followed to the end of the history."""
    by_author: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_author[change.author].append(change)
    data_end = max((change.merged_at.date() for change in changes), default=reference)
    people: list[GitPerson] = []
    merges: list[GitMerge] = []
    taken: set[str] = set()
    for key in sorted(by_author):
        own = sorted(by_author[key], key=lambda change: (change.authored_at, change.commit))
        role = _role(own, reference)
        if role is None:
            continue
        person = _person(authors[key], role, own, reference, data_end, pseudonyms, taken)
        people.append(person)
        if role == "mentee":
            merges += [
                _merge(person.person_id, change)
                for change in sorted(own, key=lambda change: (change.merged_at, change.commit))
            ]
    people.sort(key=lambda person: (person.role, person.person_id))
    return GitTeam(people, merges, reference, data_end)


def _merge(person_id: str, change: Change) -> GitMerge:
    """A merged change; where a clock was days ahead when it was written, the merge's counts."""
    ahead = change.authored_at - change.merged_at > ONE_DAY
    authored_at = change.merged_at if ahead else change.authored_at
    return GitMerge(person_id, authored_at.isoformat(), change.merged_at.isoformat(), change.areas)


def _role(own: list[Change], reference: date) -> str | None:
    first = own[0].authored_at.date()
    if reference - timedelta(weeks=NEWCOMER_WEEKS) <= first <= reference:
        return "mentee"
    before = [change for change in own if change.authored_at.date() <= reference]
    lately = [c for c in before if c.authored_at.date() > reference - A_YEAR]
    if len(before) >= MENTOR_CHANGES and len(lately) >= MENTOR_LAST_YEAR:
        return "mentor"
    return None


def _person(
    author: Author,
    role: str,
    own: list[Change],
    reference: date,
    data_end: date,
    pseudonyms: bool,
    taken: set[str],
) -> GitPerson:
    person_id = "p" + hashlib.sha256(author.key.encode()).hexdigest()[:8]
    last = max(change.authored_at.date() for change in own)
    until = [change for change in own if change.authored_at.date() <= reference]
    start = own[0].authored_at.date()
    return GitPerson(
        person_id=person_id,
        name=pseudonym(person_id, taken) if pseudonyms else author.name,
        email=_email(author, person_id, pseudonyms),
        role=role,
        timezone=zone_of([change.authored_at for change in own]),
        working_hours=_hours(own),
        start_date=start,
        last_active=None if last > data_end - STILL_ACTIVE else max(last, start),
        skills=_skills(until) if role == "mentor" else {},
        wants=_wants(own) if role == "mentee" else {},
        minutes_per_week=_minutes(until, reference) if role == "mentor" else None,
    )


def _email(author: Author, person_id: str, pseudonyms: bool) -> str:
    if pseudonyms:
        return f"{person_id}@example.org"
    return author.email if ADDRESS.fullmatch(author.email) else f"{person_id}@{NOWHERE}"


def _skills(own: list[Change]) -> dict[str, int]:
    counts = Counter(area for change in own for area in change.areas)
    best = sorted(counts, key=lambda area: (-counts[area], area))[:MOST_SKILLS]
    return {area: 1 + sum(counts[area] > more for more in LEVELS) for area in best}


def _wants(own: list[Change]) -> dict[str, int]:
    started_in = next((change.areas for change in own if change.areas), ())
    return {area: place for place, area in enumerate(started_in[:MOST_WANTS], start=1)}


def _minutes(own: list[Change], reference: date) -> int:
    lately = sum(change.authored_at.date() > reference - A_YEAR for change in own)
    return min(100, max(20, 20 * -(-lately // 25)))


def _hours(own: list[Change]) -> str:
    if len(own) < HOURS_FROM:
        return "09:00-17:00"
    counts = Counter(change.authored_at.hour for change in own)
    starts = range(17)
    best = max(starts, key=lambda start: (_within(counts, start), -abs(start - 9), -start))
    return f"{best:02d}:00-{best + 8:02d}:00"


def _within(counts: Counter[int], start: int) -> int:
    return sum(counts[hour] for hour in range(start, start + 8))
