"""Answers that the tests speak of, made by the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from factories.world import NOW, World
from handrail.apps.answers import actions
from handrail.apps.answers.models import Answer, AnswerRevision, Audience, TextField
from handrail.apps.answers.rows import what_changed
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.sessions.actions import book, check_in, finish, save_artifact
from handrail.apps.sessions.models import Artifact

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


def closed_session(world: World, *, now: datetime = START, **words: Any) -> Artifact:
    """Alice and bob have met, and bob has handed in what came out of it."""
    assert world.program is not None
    people = world.person("bob"), world.person("alice")
    session = book(
        world.program, *people, now, "Rebase a branch without fear", by=world.viewer("bob"), now=NOW
    )
    for name in ("alice", "bob"):
        check_in(session, by=world.viewer(name), now=now)
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
