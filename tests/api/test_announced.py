"""The API's description announces its errors: which, and how each looks."""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from jsonschema_rs import validator_for
from ninja.operation import Operation

from factories.world import NOW, World, make_world
from handrail.api.urls import api
from handrail.apps.organizations.actions import API_SCOPES, create_api_key
from handrail.apps.organizations.scope import writing

MATRIX = Path(__file__).resolve().parents[1] / "permissions/matrix.csv"
PROBLEM = "application/problem+json"
Document = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Document:
    told: Document = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return told


def operations(document: Document) -> dict[str, Document]:
    return {
        operation["operationId"]: operation
        for methods in document["paths"].values()
        for operation in methods.values()
    }


def announced(document: Document, operation: str, status: int | str) -> Document:
    """How the description says that this answer of this operation looks."""
    answer = operations(document)[operation]["responses"][str(status)]
    kind, name = answer["$ref"].split("/")[-2:]
    found: Document = document["components"][kind][name]
    return found


def wrong_in(document: Document, operation: str, status: int | str, told: Document) -> list[str]:
    """What of an answer is not as it was announced."""
    (shape,) = announced(document, operation, status)["content"].values()
    check = validator_for({**shape["schema"], "components": document["components"]})
    known = document["components"]["schemas"]["Problem"]["properties"]
    return [one.message for one in check.iter_errors(told)] + sorted(set(told) - set(known))


# Which -------------------------------------------------------------------------------------


def test_an_operation_announces_what_it_may_answer_and_no_more(document: Document) -> None:
    told = {name: " ".join(one["responses"]) for name, one in operations(document).items()}
    assert told["read_me"] == "200 401 default"
    assert told["list_people"] == "200 401 403 422 default"
    assert told["read_person"] == "200 401 403 404 422 default"
    assert told["edit_person"] == "200 400 401 403 404 409 412 413 422 default"
    assert told["remove_calendar"] == "204 401 403 404 409 422 default"
    assert told["check_in"] == "200 400 401 403 404 409 413 422 default"
    # What is named in the body, by an id or by a word, may not be there.
    assert told["connect_service"] == "201 400 401 403 404 409 413 422 default"
    assert told["book_session"] == "201 400 401 403 404 409 413 422 default"
    assert told["import_merges"] == "200 400 401 403 409 413 422 default"
    assert told["list_answers"] == "200 304 401 403 410 422 default"


def test_every_operation_has_words_for_what_nobody_foresaw(document: Document) -> None:
    for operation in operations(document).values():
        assert operation["responses"]["default"] == {"$ref": "#/components/responses/OtherError"}
    for answer in document["components"]["responses"].values():
        assert answer["description"].endswith(".")
        assert list(answer["content"]) == [PROBLEM]


def test_who_may_not_is_told_as_announced(document: Document) -> None:
    """What the permission matrix says by hand is among what the description says."""
    statuses = {"no": "403", "hidden": "404", "sign-in": "401"}
    known, missing = operations(document), set()
    with MATRIX.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "api":
                wanted = {statuses[word] for word in row.values() if word in statuses}
                missing |= {
                    (row["name"], one) for one in wanted - set(known[row["name"]]["responses"])
                }
    assert missing == set()


def _all() -> Iterator[Operation]:
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            yield from view.operations


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def _calls(view: Any, name: str, seen: set[Any]) -> bool:
    """Whether a view calls this, itself or by a function of its own file."""
    seen.add(view)
    for called in {called for code in _codes(view.__code__) for called in code.co_names}:
        other = view.__globals__.get(called)
        here = isinstance(other, FunctionType) and other.__module__ == view.__module__
        if called == name or (here and other not in seen and _calls(other, name, seen)):
            return True
    return False


@pytest.mark.parametrize(
    ("header", "call"), [("Idempotency-Key", "once"), ("If-Match", "require_unchanged")]
)
def test_whoever_looks_at_a_header_says_so(document: Document, header: str, call: str) -> None:
    looks = {one.operation_id for one in _all() if _calls(one.view_func, call, set())}
    told = {
        name: [one for one in operation["parameters"] if one["name"] == header]
        for name, operation in operations(document).items()
    }
    assert {name for name, found in told.items() if len(found) == 1} == looks
    assert len(looks) > 2


def test_a_key_is_asked_for_everywhere_and_a_cookie_where_it_is_taken(
    document: Document, settings: Any
) -> None:
    schemes = document["components"]["securitySchemes"]
    assert (schemes["ApiKey"]["type"], schemes["ApiKey"]["scheme"]) == ("http", "bearer")
    assert schemes["BrowserAuth"]["name"] == settings.SESSION_COOKIE_NAME
    assert document["security"] == [{"ApiKey": []}]
    told = operations(document)
    assert told["read_device"]["security"] == [{"ApiKey": []}, {"BrowserAuth": []}]
    assert "security" not in told["read_me"]


# How each looks ----------------------------------------------------------------------------


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: NOW)
    return make_world()


class Asker:
    """Asks with one person's key, and looks at what is answered."""

    def __init__(self, document: Document, world: World, name: str, *scopes: str) -> None:
        self.document = document
        with writing(world.organization):
            viewer = world.viewer(name)
            self.secret = create_api_key("mine", scopes or tuple(API_SCOPES), by=viewer, now=NOW)[1]

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        sent = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": uuid.uuid4().hex}
        content = body if isinstance(body, bytes) else json.dumps(body)
        return Client(raise_request_exception=False).generic(
            method, f"/api/v1{path}", content, "application/json", headers=sent | headers
        )

    def refused(
        self, operation: str, status: int, path: str, body: Any = None, **headers: str
    ) -> Document:
        """The error, which is one that this operation announced, of the shape it announced."""
        (method,) = (
            method
            for methods in self.document["paths"].values()
            for method, one in methods.items()
            if one["operationId"] == operation
        )
        answer = self.send(method.upper(), path, body, **headers)
        told: Document = json.loads(answer.content)
        assert answer.status_code == told["status"] == status, told
        assert answer["Content-Type"] == PROBLEM
        assert wrong_in(self.document, operation, status, told) == []
        for header in announced(self.document, operation, status).get("headers", {}):
            assert header in answer
        return told


@pytest.mark.django_db
def test_errors_look_as_announced(document: Document, world: World, settings: Any) -> None:
    assert world.program is not None
    bob, narrow = Asker(document, world, "bob"), Asker(document, world, "bob", "people:read")
    slot = {
        "program": str(world.program.public_id),
        "mentor": str(world.people["alice"].public_id),
        "starts_at": "2026-02-03T10:00:00Z",
    }
    himself = f"/people/{world.people['bob'].public_id}"

    told = bob.refused("read_me", 401, "/me", Authorization="Bearer hr_nobody")
    assert told["type"] == "/api/problems/no-valid-key"
    told = narrow.refused("book_session", 403, "/sessions", slot)
    assert told["type"] == "/api/problems/scope-missing"
    told = bob.refused("read_person", 404, f"/people/{uuid.uuid4()}")
    assert told["type"] == "/api/problems/not-found"
    told = bob.refused("book_session", 404, "/sessions", {**slot, "program": str(uuid.uuid4())})
    assert told["type"] == "/api/problems/not-found"
    told = bob.refused("book_session", 400, "/sessions", b"{")
    assert told["type"] == "/api/problems/refused"
    told = bob.refused("book_session", 400, "/sessions", slot, **{"Idempotency-Key": ""})
    assert told["type"] == "/api/problems/idempotency-key-missing"
    told = bob.refused("book_session", 422, "/sessions", {**slot, "mentor": "alice"})
    assert list(told["fields"]) == ["mentor"]
    told = bob.refused("list_people", 422, "/people?limit=0")
    assert list(told["fields"]) == ["limit"]
    told = bob.refused("edit_person", 412, himself, {"name": "Robert"}, **{"If-Match": '"old"'})
    assert told["type"] == "/api/problems/changed-meanwhile"

    assert bob.send("POST", "/sessions", slot, **{"Idempotency-Key": "once"}).status_code == 201
    told = bob.refused("book_session", 409, "/sessions", slot)
    assert told["type"] == "/api/problems/slot-taken"
    assert told["alternatives"] == [
        "2026-02-03T10:30:00+00:00",
        "2026-02-03T11:00:00+00:00",
        "2026-02-03T11:30:00+00:00",
    ]
    again = {**slot, "starts_at": "2026-02-04T10:00:00Z"}
    told = bob.refused("book_session", 422, "/sessions", again, **{"Idempotency-Key": "once"})
    assert told["type"] == "/api/problems/key-reused"
    gone = f"/answers?cursor={uuid.uuid4().hex}-1-x"
    told = bob.refused("list_answers", 410, gone)
    assert told["type"] == "/api/problems/start-again"

    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    told = bob.refused("edit_person", 413, himself, {"name": "R" * 100})
    assert told["type"] == "/api/problems/too-large"


@pytest.mark.django_db
def test_a_crash_looks_as_announced(
    document: Document, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("handrail.api.routers.people.queries.people_list", break_down)
    answer = Asker(document, world, "bob").send("GET", "/people")
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert wrong_in(document, "list_people", "default", json.loads(answer.content)) == []


def test_an_error_of_another_shape_is_found(document: Document) -> None:
    told = {"type": "/api/problems/conflict", "title": "No.", "status": 409, "request_id": "r"}
    assert wrong_in(document, "book_session", 409, told) == []
    for broken in (
        {**told, "status": "409"},
        {**told, "fields": ["mentor"]},
        {**told, "alternatives": [{}]},
        {**told, "hint": "a member that nobody announced"},
        {name: told[name] for name in ("type", "title", "status")},
    ):
        assert len(wrong_in(document, "book_session", 409, broken)) == 1
