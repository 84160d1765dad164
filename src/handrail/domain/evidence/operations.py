"""The week of a program: what was planned and held, how soon mentors answered, who is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handrail.domain.evidence.attendance import Ending

REPLY_WITHIN = timedelta(hours=48)
QUIET_AFTER = timedelta(days=14)
FEWEST = 5  # below it no share is told, only counts


@dataclass(frozen=True, slots=True)
class Planned:
    """One session at its last agreed start (UTC-aware); `ending` None: not over yet."""

    starts_at: datetime
    mentor: str
    mentees: tuple[str, ...]
    ending: Ending | None
    artifact: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One mentor who was asked; any reply stops the clock, also a question back."""

    asked_at: datetime
    replied_at: datetime | None = None
    taken_back_at: datetime | None = None  # by the mentee, before there was a reply


@dataclass(frozen=True, slots=True)
class Rate:
    """`met` of `of`; `share` is a fraction, None for fewer than five."""

    met: int
    of: int

    @property
    def share(self) -> float | None:
        return self.met / self.of if self.of >= FEWEST else None

    def below(self, line: float) -> bool:
        """Whether there are enough to tell, and the share lies under the line (a fraction)."""
        return self.share is not None and self.share < line


@dataclass(frozen=True, slots=True)
class Week:
    """What became of the sessions and requests of one week.

    `completed` is held of (held + not held + late-cancelled): sessions cancelled in time count
    nowhere, those not over yet or not recorded stand apart. `artifacts`: of those held. `replies`:
    within 48 hours, of the asks of that week whose 48 hours are over or that were answered.
    """

    start: datetime
    end: datetime
    completed: Rate
    not_held: int
    late_cancelled: int
    ahead: int
    artifacts: Rate
    replies: Rate
    waiting: int


def week_of(
    sessions: Iterable[Planned],
    asks: Iterable[Asked],
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    reply_within: timedelta = REPLY_WITHIN,
) -> Week:
    """The week [start, end) as it is known at `now`; all moments are UTC-aware."""
    here = [one for one in sessions if start <= one.starts_at < end]
    endings = Counter(one.ending for one in here)
    held = endings[Ending.HELD]
    decided = held + endings[Ending.NOT_HELD] + endings[Ending.LATE_CANCELLED]
    written = sum(one.artifact for one in here if one.ending is Ending.HELD)
    in_time = late = waiting = 0
    for ask in asks:
        if not start <= ask.asked_at < end:
            continue
        due = ask.asked_at + reply_within
        if ask.replied_at is not None and ask.replied_at <= due:
            in_time += 1
        elif ask.taken_back_at is not None and ask.taken_back_at <= due:
            continue  # nobody had to answer any more
        elif now >= due or ask.replied_at is not None:
            late += 1
        else:
            waiting += 1
    return Week(
        start=start,
        end=end,
        completed=Rate(held, decided),
        not_held=endings[Ending.NOT_HELD],
        late_cancelled=endings[Ending.LATE_CANCELLED],
        ahead=endings[None],
        artifacts=Rate(written, held),
        replies=Rate(in_time, in_time + late),
        waiting=waiting,
    )


def repeat_booking(sessions: Sequence[Planned]) -> Rate:
    """Of the mentees with a session held, those who have another one later, held or ahead."""
    held: dict[str, datetime] = {}
    for one in sessions:
        if one.ending is Ending.HELD:
            for mentee in one.mentees:
                held[mentee] = min(one.starts_at, held.get(mentee, one.starts_at))
    again = {
        mentee
        for one in sessions
        if one.ending in (Ending.HELD, None)
        for mentee in one.mentees
        if mentee in held and one.starts_at > held[mentee]
    }
    return Rate(len(again), len(held))


def load(sessions: Iterable[Planned], start: datetime, end: datetime) -> dict[str, int]:
    """How many sessions each mentor gives or gave in [start, end); cancelled ones do not count."""
    given = Counter(
        one.mentor
        for one in sessions
        if start <= one.starts_at < end and one.ending in (Ending.HELD, None, Ending.NOT_HELD)
    )
    return dict(given)


def left_out(
    joined: Mapping[str, datetime],
    sessions: Iterable[Planned],
    *,
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
) -> list[tuple[str, datetime]]:
    """Mentees with nothing ahead and nothing held for `quiet_after`, each with since when.

    Since their last session held, or since they joined; the longest first, ties by name.
    """
    since = dict(joined)
    served: set[str] = set()
    for one in sessions:
        for mentee in one.mentees:
            if mentee not in since:
                continue
            if one.ending is None:
                served.add(mentee)
            elif one.ending is Ending.HELD:
                since[mentee] = max(since[mentee], one.starts_at)
    quiet = [
        (mentee, moment)
        for mentee, moment in since.items()
        if mentee not in served and now - moment >= quiet_after
    ]
    return sorted(quiet, key=lambda row: (row[1], row[0]))
