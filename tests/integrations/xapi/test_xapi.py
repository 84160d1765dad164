"""One statement for each completed session, the same for ever, with nobody's name in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from handrail.integrations.kinds import Opened, Trouble
from handrail.integrations.xapi import Completed, send, statement_of
from handrail.integrations.xapi import test as ask_store

ONE = Completed(
    home="https://rail.example",
    session="5d3c",
    mentees=("bob-id",),
    mentor="alice-id",
    at=datetime(2026, 2, 3, 10, 25, tzinfo=UTC),
    minutes=20,
)
STORE = Opened(
    kind="xapi",
    settings={"address": "https://lrs.example/xapi/", "user": "rail"},
    secrets={"password": ("word",)},
)


@dataclass
class Store:
    """A store that remembers what it was asked and answers as it is told."""

    status: int = 204
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def ask(self, address: str, *, method: str, headers: dict[str, str], content: Any) -> Any:
        self.asked.append((method, address, headers))
        return SimpleNamespace(status=self.status)


def test_a_statement_follows_from_the_session_alone_and_names_accounts() -> None:
    statement = statement_of(ONE)
    assert statement == statement_of(ONE)
    assert statement["actor"]["account"] == {"homePage": "https://rail.example", "name": "bob-id"}
    assert statement["context"]["instructor"]["account"]["name"] == "alice-id"
    assert statement["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
    assert statement["object"]["id"] == "https://rail.example/sessions/5d3c/"
    assert statement["result"]["duration"] == "PT20M"
    assert statement["timestamp"] == "2026-02-03T10:25:00Z"
    several = statement_of(Completed(**{**_fields(), "mentees": ("a", "b")}))
    assert [one["account"]["name"] for one in several["actor"]["member"]] == ["a", "b"]
    assert several["id"] == statement["id"]


def test_it_is_put_under_its_own_id_and_a_second_one_is_no_trouble() -> None:
    store, statement = Store(), statement_of(ONE)
    for status in (204, 409):
        store.status = status
        assert send(STORE, store, statement) == status  # type: ignore[arg-type]
    method, address, headers = store.asked[0]
    assert method == "PUT"
    assert address == f"https://lrs.example/xapi/statements?statementId={statement['id']}"
    assert headers["X-Experience-API-Version"] == "1.0.3"
    assert headers["Authorization"] == "Basic cmFpbDp3b3Jk"  # rail:word
    for status, why in ((401, "not-allowed-there"), (503, "broken-there"), (400, "refused")):
        store.status = status
        with pytest.raises(Trouble) as trouble:
            ask_store(STORE, store)  # type: ignore[arg-type]
        assert trouble.value.why == why


def _fields() -> dict[str, Any]:
    return {name: getattr(ONE, name) for name in Completed.__slots__}
