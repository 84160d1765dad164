"""A demo of this file's own whose server is killed, behind a wire that misbehaves on demand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from feed import Feed, row
from stage import Served
from wire import Killable, Wire, copy_of

QUESTIONS = (
    ("How do I undo a rebase that went wrong?", "The reflog still has the old branch."),
    ("Who may approve a database migration?", "Whoever owns the table, and one more person."),
    ("Where do I write what happened on call?", "Into the incident review, the same day."),
)


@pytest.fixture
def feed() -> Feed:
    made = [row(n, asked, told) for n, (asked, told) in enumerate(QUESTIONS, 1)]
    return Feed(made)


@pytest.fixture(scope="module")
def killable(demo: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    server = Killable(copy_of(demo, tmp_path_factory.mktemp("killable")))
    yield server
    server.kill()


@pytest.fixture
def wire(killable: Killable, feed: Feed) -> Iterator[Wire]:
    made = Wire(killable)
    made.feeds(feed)
    if killable.extra:  # a test before had another release, or something switched off
        killable.kill()
        killable.extra = {}
    if killable.process is None:
        killable.start()
    yield made
    made.close()
