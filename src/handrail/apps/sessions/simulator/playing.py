"""A seeded play of a program's sessions: every step is a verb that the web calls too."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from handrail.apps.calendars.models import SeatRole
from handrail.apps.calendars.queries import free_starts
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.runner import drain
from handrail.apps.outbox.tasks import enqueue_rules
from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.models import Program
from handrail.apps.sessions import actions
from handrail.apps.sessions.actions.access import SIMULATOR
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.queries import room, session_for, sessions_of_program
from handrail.apps.sessions.simulator.words import (
    LEARNED,
    NEXT_STEP,
    NOTES_BEFORE,
    NOTES_DURING,
    say,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AT_ONCE = 500  # outbox rows that one turn of the runner delivers at most

# How a session goes, and how often out of a hundred.
STORIES = {
    "held": 62,
    "artifact chased": 11,
    "artifact missing": 2,
    "moved": 7,
    "mentee absent": 6,
    "mentor absent": 2,
    "late cancel": 6,
    "early cancel": 2,
    "nobody came": 2,
}


@dataclass
class Played:
    """What a play came to: how many sessions went which way, and how many steps were refused."""

    stories: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    refused: int = 0
    delivered: int = 0


def simulated_viewer(person: Person) -> Viewer:
    """A person's viewer whose steps are marked as played."""
    return replace(viewer_for_person(person), label=SIMULATOR)


def play(
    program: Program,
    *,
    by: Viewer,
    seed: int,
    now: datetime,
    until: datetime,
    on_day: Callable[[datetime], None] = lambda day: None,
) -> Played:
    """Play every session that starts between `now` and `until`, in the order of time.

    `by` runs the program. The outbox runner takes its turn before every step, so mails leave and
    the clock's own changes happen as they would in a served install. Same seed, same play.
    """
    stage = _Stage(program, seed, now)
    with reading(by.organization):
        sessions = [
            session
            for session in sessions_of_program(by, program)
            if session.state == SessionState.SCHEDULED and now <= session.booking.starts_at < until
        ]
        for session in sessions:
            stage.add(session)
        day = None
        for moment, step in stage.steps(until):
            if moment.date() != day:
                day = moment.date()
                on_day(moment)
            stage.turn(moment)
            stage.played.steps += 1
            try:
                step(moment)
            except Refusal:
                # People run into refusals too: the slot they wanted is gone, they come too late.
                stage.played.refused += 1
        stage.turn(until)
    return stage.played


Step = Callable[[datetime], None]


class _Stage:
    """The steps ahead, earliest first; a step may add later ones."""

    def __init__(self, program: Program, seed: int, now: datetime) -> None:
        self.program = program
        self.seed = seed
        self.now = now
        self.played = Played()
        self._ahead: list[tuple[datetime, int, Step]] = []
        self._count = 0
        self._viewers: dict[int, Viewer] = {}

    def at(self, moment: datetime, step: Step) -> None:
        self._count += 1
        heapq.heappush(self._ahead, (max(moment, self.now), self._count, step))

    def steps(self, until: datetime) -> Iterator[tuple[datetime, Step]]:
        while self._ahead and self._ahead[0][0] < until:
            moment, _number, step = heapq.heappop(self._ahead)
            self.now = moment
            yield moment, step

    def turn(self, now: datetime) -> None:
        """The outbox runner's turn."""
        enqueue_rules(now=now)
        self.played.delivered += drain(now=now, limit=AT_ONCE).delivered

    def viewer(self, person: Person) -> Viewer:
        if person.pk not in self._viewers:
            self._viewers[person.pk] = simulated_viewer(person)
        return self._viewers[person.pk]

    def add(self, session: Session) -> None:
        pair = _Pair.of(self, session)
        story = pair.rng.choices(list(STORIES), weights=list(STORIES.values()))[0]
        self.played.stories[story] += 1
        pair.plan(story)


@dataclass
class _Pair:
    """The two people of one session and what they are going to do."""

    stage: _Stage
    public_id: UUID
    starts_at: datetime
    minutes: int
    mentee: Person
    mentor: Person
    skill: str
    rng: Random

    @classmethod
    def of(cls, stage: _Stage, session: Session) -> _Pair:
        people = {seat.role: seat.person for seat in session.booking.seats.all()}
        mentee, mentor = people[SeatRole.MENTEE], people[SeatRole.MENTOR]
        starts_at = session.booking.starts_at
        # By the organisation's own ids: the random public ids differ from run to run.
        name = f"{stage.seed}:{mentee.external_id}:{mentor.external_id}:{starts_at.isoformat()}"
        skill = session.match.skill if session.match else ""
        return cls(
            stage=stage,
            public_id=session.public_id,
            starts_at=starts_at,
            minutes=session.minutes,
            mentee=mentee,
            mentor=mentor,
            skill=skill or session.objective.split()[-1],
            rng=Random(name),  # noqa: S311 - a play, not a secret
        )

    def session(self) -> Session:
        return session_for(self.stage.viewer(self.mentee), self.public_id)

    def plan(self, story: str) -> None:
        """Set the steps of a story, from days before to hours after."""
        self.stage.at(self.starts_at - DAY, self._nothing)  # the runner reminds
        self.stage.at(self.starts_at - HOUR, self._nothing)
        if story == "moved":
            self.stage.at(self.starts_at - self._minutes(20 * 60, 30 * 60), self._move)
        elif story == "late cancel":
            self.stage.at(self.starts_at - self._minutes(20, 110), self._cancel)
        elif story == "early cancel":
            self.stage.at(self.starts_at - self._minutes(4 * 60, 30 * 60), self._cancel)
        else:
            self._prepare()
            if story not in ("mentee absent", "nobody came"):
                self._come(self.mentee, -6, 2)
            if story not in ("mentor absent", "nobody came"):
                self._come(self.mentor, -4, 4)
            if story in ("held", "artifact chased", "artifact missing"):
                self._talk(story)
            else:
                self.stage.at(self.starts_at + 11 * MINUTE, self._nothing)

    def _minutes(self, least: int, most: int) -> timedelta:
        return self.rng.randint(least * 2, most * 2) * MINUTE / 2

    def _nothing(self, now: datetime) -> None:
        """A moment at which only the runner has something to do."""

    def _prepare(self) -> None:
        at = self.starts_at - self._minutes(25, 200)
        ticks = self.rng.randint(2, 4)
        self.stage.at(at, partial(self._tick, ticks))
        if self.rng.random() < 0.7:
            note = say(self.rng, NOTES_BEFORE, self.skill, self.mentor.name)
            self.stage.at(at + 5 * MINUTE, partial(self._note, self.mentee, note))

    def _come(self, person: Person, earliest: int, latest: int) -> None:
        self.stage.at(
            self.starts_at + self._minutes(earliest, latest), partial(self._check_in, person)
        )

    def _check_in(self, person: Person, now: datetime) -> None:
        actions.check_in(self.session(), by=self.stage.viewer(person), now=now)

    def _talk(self, story: str) -> None:
        chased = story == "artifact chased"
        for after in sorted(self.rng.sample(range(6, 15), self.rng.randint(1, 2))):
            writer = self.rng.choice((self.mentee, self.mentor))
            note = say(self.rng, NOTES_DURING, self.skill, self.mentor.name)
            self.stage.at(self.starts_at + after * MINUTE, partial(self._note, writer, note))
        if self.rng.random() < 0.3:
            self.stage.at(self.starts_at + self._minutes(16, 19), self._finish)
        wait = 2 * HOUR + self._minutes(10, 90) if chased else self._minutes(5, 12)
        at = self.starts_at + (self.minutes + 1) * MINUTE + wait
        writer = self.mentee if self.rng.random() < 0.8 else self.mentor
        if story == "artifact missing":
            self.stage.at(at, self._nothing)
        else:
            self.stage.at(at - 5 * MINUTE, self._nothing)  # the runner asks for it first
            self.stage.at(at, partial(self._hand_in, writer))

    def _tick(self, ticks: int, now: datetime) -> None:
        viewer = self.stage.viewer(self.mentee)
        session = self.session()
        for item in room(viewer, session, now).checklist[:ticks]:
            actions.tick(session, item.public_id, True, by=viewer, now=now)

    def _note(self, writer: Person, sentence: str, now: datetime) -> None:
        viewer = self.stage.viewer(writer)
        session = self.session()
        notes = room(viewer, session, now).texts["notes"]
        actions.save_text(
            session,
            "notes",
            f"{notes.body}\n{sentence}".strip(),
            base_rev=notes.rev,
            operation=UUID(int=self.rng.getrandbits(128), version=4),
            by=viewer,
            now=now,
        )

    def _finish(self, now: datetime) -> None:
        actions.finish(self.session(), by=self.stage.viewer(self.mentee), now=now)

    def _hand_in(self, writer: Person, now: datetime) -> None:
        actions.save_artifact(
            self.session(),
            learned=say(self.rng, LEARNED, self.skill, self.mentor.name),
            next_step=say(self.rng, NEXT_STEP, self.skill, self.mentor.name),
            owner=self.mentee if self.rng.random() < 0.85 else self.mentor,
            link="",
            by=self.stage.viewer(writer),
            now=now,
        )

    def _cancel(self, now: datetime) -> None:
        who = self.mentee if self.rng.random() < 0.7 else self.mentor
        actions.cancel(self.session(), by=self.stage.viewer(who), now=now)

    def _move(self, now: datetime) -> None:
        """Take the next time that both are free, then hold the session there."""
        viewer = self.stage.viewer(self.mentee)
        free = free_starts(
            [self.mentee, self.mentor],
            self.starts_at + HOUR,
            self.starts_at + 4 * DAY,
            self.minutes,
            now=now,
        )
        for start in free[:3]:
            with suppress(Refusal):
                actions.reschedule(self.session(), start, by=viewer, now=now)
                self.starts_at = start
                break
        self.plan("held")
