"""Answers that the tests speak of, made by the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from factories.world import MONDAY, NOW, World
from handrail.apps.answers import actions
from handrail.apps.answers.models import Answer, AnswerRevision, Audience, TextField
from handrail.apps.answers.rows import what_changed
from handrail.apps.office_hours import actions as office_hours
from handrail.apps.office_hours.models import Rota, RotaSlot
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.sessions.actions import book, check_in, finish, save_artifact, save_text
from handrail.apps.sessions.models import Artifact, Session

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)  # Tuesday, 11:00 in Berlin
LEARNED = "Rebasing replays my commits one by one on top of the other branch."
EVERYBODY = dict.fromkeys(TextField.values, int(Audience.ORGANIZATION))


@dataclass
class Scene:
    """A world with the artifact of one session, which bob handed in, and the answer of it."""

    world: World
    artifact: Artifact
    answer: Answer
    now: datetime

    def by(self, name: str) -> Viewer:
        return self.world.viewer(name)

    def fresh(self) -> Answer:
        return Answer.objects.get(pk=self.answer.pk)

    def approve(self, audiences: dict[str, int] | None = None, **more: Any) -> Answer:
        """Bob approves the last wording."""
        last = AnswerRevision.objects.filter(answer=self.answer).last()
        assert last is not None
        wanted = EVERYBODY if audiences is None else audiences
        words: dict[str, Any] = {"by": self.by("bob"), "now": self.now, **more}
        return actions.approve(self.answer, revision=last.n, audiences=wanted, **words)


def closed_session(
    world: World,
    *,
    now: datetime = START,
    save_first: tuple[str, str, str] | None = None,
    **words: Any,
) -> Artifact:
    """Alice and bob have met, and bob has handed in what came out of it.

    `save_first` is who typed what into which field while they talked.
    """
    assert world.program is not None
    people = world.person("bob"), world.person("alice")
    session = book(
        world.program, *people, now, "Rebase a branch without fear", by=world.viewer("bob"), now=NOW
    )
    for name in ("alice", "bob"):
        check_in(session, by=world.viewer(name), now=now)
    if save_first is not None:
        name, field, body = save_first
        typed = {"base_rev": 0, "operation": uuid4(), "now": now}
        save_text(session, field, body, by=world.viewer(name), **typed)
    finish(session, by=world.viewer("bob"), now=now + timedelta(minutes=15))
    told = {"learned": LEARNED, "next_step": "Rebase the docs branch", "link": "", **words}
    return save_artifact(
        session,
        owner=world.person("bob"),
        by=world.viewer("bob"),
        now=now + timedelta(minutes=18),
        **told,
    )


def make_scene(world: World, **words: Any) -> Scene:
    artifact = closed_session(world, **words)
    now = START + timedelta(minutes=20)
    answer = actions.propose_from_artifact(artifact, by=world.system, now=now)
    return Scene(world, artifact, answer, now)


def written(
    world: World,
    name: str,
    question: str,
    body: str,
    *,
    audience: int = Audience.ORGANIZATION,
    now: datetime = NOW,
    **more: Any,
) -> Answer:
    """An approved answer that one person wrote by themself."""
    by = world.viewer(name)
    made = actions.write_answer(question, body, by=by, now=now, **more)
    wanted = dict.fromkeys(TextField.values, int(audience))
    return actions.approve(made, revision=1, audiences=wanted, by=by, now=now)


@dataclass
class Device:
    """A device that keeps what it is told, as a browser does."""

    viewer: Viewer
    cursor: str = ""
    etag: str = ""
    told: int = 0

    def __post_init__(self) -> None:
        self.store: dict[str, dict[str, Any]] = {}

    def ask(self, *, limit: int = 500) -> bool:
        """Bring the store up to date; False where nothing had changed."""
        more, changed = True, False
        while more:
            reply = what_changed(
                self.viewer, cursor=self.cursor, unless=self.etag, today=NOW.date(), limit=limit
            )
            if reply.body is None:
                return False
            self.cursor, self.etag, more = reply.body["cursor"], reply.etag, reply.body["more"]
            for row in reply.body["rows"]:
                self.told += 1
                if row.get("deleted"):
                    self.store.pop(row["id"], None)
                else:
                    self.store[row["id"]] = row
            changed = True
        return changed

    @property
    def questions(self) -> set[str]:
        return {row["question"] for row in self.store.values()}


def open_office_hours(world: World, host: str = "marc") -> Rota:
    """Office hours that anybody may book: Wednesdays, 14:00 to 15:00 in Berlin."""
    if host not in world.people:
        world.add(host, role="mentor", offers={"git": 4}, minutes_per_week=60)
    by = world.system
    program = create_program(
        "office-hours", starts_on=MONDAY, by=by, now=NOW, leads=[world.person("mona")]
    )
    rota = Rota.objects.get(program=program)
    for slot in RotaSlot.objects.filter(rota=rota):
        office_hours.remove_slot(slot, by=by, now=NOW)
    office_hours.add_slot(rota, 2, 14 * 60, 60, "Europe/Berlin", by=by, now=NOW)
    start_program(program, by=by, now=NOW)
    enrol(program, world.person(host), EnrolmentRole.MENTOR, by=by, now=NOW)
    office_hours.plan(rota, by=by, now=NOW)
    return rota


def hold(session: Session, learned: str, *, mentee: str, host: str, world: World) -> datetime:
    """The two meet at the time booked, and the host hands the artifact in; says when."""
    starts_at = session.booking.starts_at
    for name in (mentee, host):
        check_in(session, by=world.viewer(name), now=starts_at)
    finish(session, by=world.viewer(host), now=starts_at + timedelta(minutes=15))
    end = starts_at + timedelta(minutes=18)
    save_artifact(
        session,
        learned=learned,
        next_step="Try it on a branch",
        owner=world.person(mentee),
        by=world.viewer(host),
        now=end,
    )
    return end
