"""From what was told of a hire to what is done about it: a place, a wait with its reason, an end.

Deliveries come late, twice and in any order. What is known is therefore reckoned anew from all
that was told, and what is done follows from what is known and what stands: whoever asks again
gets "nothing" for an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Told:
    """What one delivery said of one application; an empty field said nothing.

    `key` names the delivery: the same one twice is one. `occurred_at` is the sender's own clock
    and may be missing; all moments are in UTC.
    """

    key: str
    received_at: datetime
    occurred_at: datetime | None = None
    undone: bool = False
    start_date: date | None = None
    job: str = ""
    job_title: str = ""
    department: str = ""
    name: str = ""
    work_email: str = ""

    @property
    def at(self) -> datetime:
        """When it happened as far as anybody knows."""
        return self.occurred_at or self.received_at


@dataclass(frozen=True, slots=True)
class Known:
    """One application as all deliveries together tell it.

    `doubtful`: somebody undid the hire, and a delivery that may be older says hired. `start_known`
    is the moment since which this start date is known.
    """

    undone: bool
    doubtful: bool = False
    start_date: date | None = None
    start_known: datetime | None = None
    job: str = ""
    job_title: str = ""
    department: str = ""
    name: str = ""
    work_email: str = ""


def known_from(told: Iterable[Told]) -> Known:
    """What all deliveries about one application come to, whatever order they came in.

    The later word counts, field by field. An undoing counts more than a hire that is not provably
    later: either the hire's own clock says so, or it stays doubtful and a person decides.
    """
    once = {one.key: one for one in sorted(told, key=lambda one: (one.received_at, one.key))}
    rows = sorted(once.values(), key=lambda one: (one.at, one.received_at, one.key))
    named = _named(rows)
    undoings = [one for one in rows if one.undone]
    hires = [one for one in rows if not one.undone]
    live = [one for one in hires if all(_is_later(one, undoing) for undoing in undoings)]
    if not live:
        doubtful = bool(undoings) and any(
            all(_may_be_later(one, undoing) for undoing in undoings) for one in hires
        )
        return replace(named, doubtful=doubtful)
    start, since = _start(live)
    return replace(named, undone=False, start_date=start, start_known=since)


def _named(rows: Sequence[Told]) -> Known:
    """Nothing but the texts, each the last that was said."""

    def last(values: Iterable[str]) -> str:
        return next((value for value in reversed(list(values)) if value), "")

    return Known(
        undone=True,
        job=last(one.job for one in rows),
        job_title=last(one.job_title for one in rows),
        department=last(one.department for one in rows),
        name=last(one.name for one in rows),
        work_email=last(one.work_email for one in rows),
    )


def _is_later(hire: Told, undoing: Told) -> bool:
    """Whether the hire's own clock says that it came after the undoing."""
    return hire.occurred_at is not None and hire.occurred_at > undoing.at


def _may_be_later(hire: Told, undoing: Told) -> bool:
    """Whether nobody can tell: the hire has no clock, and reached us after the undoing."""
    return hire.occurred_at is None and hire.received_at > undoing.received_at


def _start(rows: Sequence[Told]) -> tuple[date | None, datetime | None]:
    """The start date that holds, and since when it is known without another one in between."""
    dated = [one for one in rows if one.start_date is not None]
    if not dated:
        return None, None
    start = dated[-1].start_date
    since = dated[-1].received_at
    for one in reversed(dated):
        if one.start_date != start:
            break
        since = min(since, one.received_at)
    return start, since


@dataclass(frozen=True, slots=True)
class Rule:
    """Which jobs lead to which program; an empty field asks nothing.

    `job` is the hiring system's own reference and must be equal; a title need only contain its
    words; a department must be equal. Case and blanks never matter.
    """

    key: str
    program: str
    job: str = ""
    title: str = ""
    department: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it asks nothing at all, and would take everybody."""
        return not (_plain(self.job) or _plain(self.title) or _plain(self.department))

    def takes(self, job: str, title: str, department: str) -> bool:
        """Whether a hire for this job comes under the rule."""
        if self.is_empty:
            return False
        return (
            _plain(self.job) in ("", _plain(job))
            and _plain(self.title) in _plain(title)
            and _plain(self.department) in ("", _plain(department))
        )


def rule_for(rules: Iterable[Rule], job: str, title: str, department: str) -> Rule | None:
    """The rule that takes this job: one that names the reference comes before all others."""
    taking = [rule for rule in rules if rule.takes(job, title, department)]
    named = [rule for rule in taking if _plain(rule.job)]
    return next(iter(named or taking), None)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class Window:
    """An intake that has not started: the last day on which hires come in, and its first day."""

    key: str
    closes_on: date
    starts_on: date


@dataclass(frozen=True, slots=True)
class Held:
    """What a hire has in a program now.

    `intake` is empty where the program has none and the person simply takes part. `start_date` is
    the one the place was given for; `begun` says that its group has met or is booked.
    """

    program: str
    start_date: date
    intake: str = ""
    starts_on: date | None = None
    begun: bool = False


class Do(StrEnum):
    """What is done about a hire."""

    SEAT = "seat"  # a seat in an intake, or a place on its waiting list
    MOVE = "move"  # the same in another intake
    ENROL = "enrol"  # part in a program without intakes, from the first day on
    RELEASE = "release"  # give back what is held
    WAIT = "wait"  # in the queue, with a reason
    NOTHING = "nothing"


class Why(StrEnum):
    """Why a hire waits, and what a lead has to do."""

    NO_JOB = "no_job"  # no rule takes the job
    NO_DATE = "no_date"  # nobody said when the person starts
    NO_NAME = "no_name"  # nobody said who it is
    NO_INTAKE = "no_intake"  # no intake starts on that day or later
    DOUBTFUL = "doubtful"  # undone, and perhaps hired again
    HERE_ALREADY = "here_already"  # the person has been here since an earlier day
    FIRST_DAY = "first_day"  # nothing to do: the first day has not come


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do; `effect` is the same for the same effect, so that it happens once."""

    do: Do
    intake: str = ""
    why: Why | None = None

    def effect(self, application: str, start_date: date | None) -> str:
        """The key of this effect for one application of one connection."""
        day = start_date.isoformat() if start_date else ""
        return ":".join((application, self.do, self.intake, day, self.why or ""))


NOTHING = Decision(Do.NOTHING)


def decide(
    known: Known,
    *,
    program: str | None,
    has_intakes: bool,
    windows: Iterable[Window],
    held: Held | None,
    out: bool,
    here_already: bool,
    today: date,
) -> Decision:
    """What is done about a hire now.

    `program` is the one that the job leads to; who holds a place keeps to its program. `out`: the
    person took themself out, which nothing undoes. Days are those of the organisation.
    """
    if known.undone:
        if held is not None:
            return Decision(Do.RELEASE)
        return Decision(Do.WAIT, why=Why.DOUBTFUL) if known.doubtful else NOTHING
    if out:
        return NOTHING
    if held is not None:
        return _about_place(known, held, windows, today)
    if program is None:
        return Decision(Do.WAIT, why=Why.NO_JOB)
    if known.start_date is None:
        return Decision(Do.WAIT, why=Why.NO_DATE)
    if not known.name:
        return Decision(Do.WAIT, why=Why.NO_NAME)
    if here_already:
        return Decision(Do.WAIT, why=Why.HERE_ALREADY)
    if has_intakes:
        first = first_intake(windows, known.start_date, today)
        if first is None:
            return Decision(Do.WAIT, why=Why.NO_INTAKE)
        return Decision(Do.SEAT, intake=first.key)
    if known.start_date > today:
        return Decision(Do.WAIT, why=Why.FIRST_DAY)
    return Decision(Do.ENROL)


def _about_place(known: Known, held: Held, windows: Iterable[Window], today: date) -> Decision:
    """What another first day makes of a place that is held; the same one changes nothing."""
    if known.start_date is None or known.start_date == held.start_date:
        return NOTHING
    if not held.intake:
        return Decision(Do.RELEASE) if known.start_date > today else NOTHING
    first = first_intake(windows, known.start_date, today)
    fits = held.starts_on is not None and held.starts_on >= known.start_date
    if fits and (held.begun or first is None or not _is_before(first, held)):
        return NOTHING
    return Decision(Do.RELEASE) if first is None else Decision(Do.MOVE, intake=first.key)


def _is_before(first: Window, held: Held) -> bool:
    return held.starts_on is not None and first.starts_on < held.starts_on


def first_intake(windows: Iterable[Window], start_date: date, today: date) -> Window | None:
    """The first intake that starts on that day or later and still takes people in.

    Who is told of after a window has closed is late, and comes into the next one.
    """
    fitting = [one for one in windows if one.starts_on >= start_date and one.closes_on >= today]
    return min(fitting, key=lambda one: (one.starts_on, one.closes_on, one.key), default=None)
