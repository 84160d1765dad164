"""Internal mobility in three numbers: associated, expected anyway, attributed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from handrail.domain.evidence.effect import LEVEL, Effect
from handrail.domain.evidence.shares import risk_difference

REORGANISED = 5  # people of one team on one day
WINDOWS = (90, 180, 365)


class Change(StrEnum):
    """What kind of change a record is."""

    FAMILY = "role_family"
    LEVEL = "level"
    TEAM = "team"
    TITLE = "title"  # the title alone: no move
    PROBATION = "probation"  # its end: no move


@dataclass(frozen=True, slots=True)
class Move:
    """One change of somebody's role, with both dates and what it needs."""

    person: str
    change: Change
    team: str  # that they left
    decided: date
    effective: date
    hiring_manager: str = ""
    needs: frozenset[str] = frozenset()  # skills the new role needs
    needed_before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Attended:
    """One session that somebody attended: when, with whom, on which skill."""

    person: str
    day: date
    mentor: str
    skill: str


@dataclass(frozen=True, slots=True)
class Rule:
    """When a move counts as associated; frozen before the start, every change logged."""

    first_after: int = 30  # days from the first attended session to the decision
    last_after: int = 180
    sessions: int = 2  # attended before the decision
    skill: bool = True  # a session was on a skill that the new role needs and the old did not


@dataclass(frozen=True, slots=True)
class Associated:
    """A move that the rule counts; `flagged` where the mentor was the hiring manager."""

    move: Move
    flagged: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """Group numbers in one window from t0: never a person's, never part of "associated"."""

    offered: int
    waiting: int
    moved_offered: int
    moved_waiting: int
    expected_anyway: float  # moves that those offered would have made at the waiting rate
    attributed: float  # excess rate x number offered
    low: float | None
    high: float | None
    level: float
    least_share_caused: float  # excess fraction: a lower bound on the share that is due to it

    @property
    def distinguishable(self) -> bool:
        """Whether the interval leaves 0 out; otherwise no attribution and no money."""
        return (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0)


def real_moves(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Return the moves that count: no title-only change, no end of probation, no reorganisation.

    A reorganisation is 5 or more people of one team, effective on one day.
    """
    kept = [move for move in moves if move.change not in (Change.TITLE, Change.PROBATION)]
    together = Counter(key for key in {(move.team, move.effective, move.person) for move in kept})
    sizes = Counter((team, day) for team, day, _ in together)
    return tuple(move for move in kept if sizes[(move.team, move.effective)] < REORGANISED)


def associated(
    moves: Iterable[Move], sessions: Iterable[Attended], rule: Rule
) -> tuple[Associated, ...]:
    """Return the moves that the rule associates with mentoring: a count, not an effect.

    From the first attended session to the *decision* pass `first_after` to `last_after` days, at
    least `sessions` were attended before it, one of them on a skill that only the new role needs.
    """
    attended: dict[str, list[Attended]] = {}
    for session in sessions:
        attended.setdefault(session.person, []).append(session)
    found = []
    for move in real_moves(moves):
        own = attended.get(move.person, [])
        if not own:
            continue
        passed = (move.decided - min(session.day for session in own)).days
        before = [session for session in own if session.day < move.decided]
        new = move.needs - move.needed_before
        if not rule.first_after <= passed <= rule.last_after or len(before) < rule.sessions:
            continue
        if rule.skill and not any(session.skill in new for session in before):
            continue
        flagged = bool(move.hiring_manager) and any(
            session.mentor == move.hiring_manager for session in before
        )
        found.append(Associated(move, flagged))
    return tuple(found)


def attributed(
    moves: Iterable[Move],
    start: Mapping[str, date],
    offered: Mapping[str, bool],
    *,
    window: int,
    first: int = 30,
    level: float = LEVEL,
) -> Attribution:
    """Return (rate offered - rate waiting) x number offered, in days first..window from t0.

    `start` and `offered`: by person, everybody assigned whose window is over. The window runs
    from t0 in both arms and asks for neither sessions nor skills, which a waiting hire cannot
    have: so it is not a subset of what is associated. Interval: Newcombe's. Excess fraction
    max(0, (p1 - p0) / p1) bounds the share caused from below (J. Tian and J. Pearl, Annals of
    Mathematics and Artificial Intelligence 28 (2000) 287-313). Raises CannotTell like
    `risk_difference`.
    """
    people = sorted(start)
    moved = {
        move.person
        for move in real_moves(moves)
        if move.person in start
        and timedelta(first) <= move.effective - start[move.person] <= timedelta(window)
    }
    arm = [offered[person] for person in people]
    hit = [person in moved for person in people]
    effect: Effect = risk_difference(hit, arm, level=level)
    ours = sum(arm)
    others = len(people) - ours
    moved_ours = sum(h and a for h, a in zip(hit, arm, strict=True))
    moved_others = sum(hit) - moved_ours
    rate, usual = moved_ours / ours, moved_others / others
    return Attribution(
        offered=ours,
        waiting=others,
        moved_offered=moved_ours,
        moved_waiting=moved_others,
        expected_anyway=usual * ours,
        attributed=effect.estimate * ours,
        low=None if effect.low is None else effect.low * ours,
        high=None if effect.high is None else effect.high * ours,
        level=level,
        least_share_caused=max(0.0, (rate - usual) / rate) if rate else 0.0,
    )


def expected_by_match(
    people: Sequence[tuple[str, str, str, bool]], moved: Iterable[str], mentored: Iterable[str]
) -> float | None:
    """Return moves to be expected without a waiting arm, from people matched cell by cell.

    `people`: (person, role family and level, tenure band, recommended). For each mentored person
    the rate of those not mentored in the same cell; None where a mentored person has no match.
    Marked "not causal" wherever it is shown: nobody was assigned by lot.
    """
    went, with_mentor = set(moved), set(mentored)
    cells: dict[tuple[str, str, bool], list[bool]] = {}
    for person, role, tenure, recommended in people:
        if person not in with_mentor:
            cells.setdefault((role, tenure, recommended), []).append(person in went)
    total = 0.0
    for person, role, tenure, recommended in people:
        if person in with_mentor:
            others = cells.get((role, tenure, recommended))
            if not others:
                return None
            total += sum(others) / len(others)
    return total
