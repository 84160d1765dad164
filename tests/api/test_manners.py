"""The manners of the API: keys and scopes, one effect per key, problem documents, pages."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories.world import NOW, World, make_world
from handrail.apps.organizations.actions import API_SCOPES, create_api_key, revoke_api_key
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.programs.models import Program
from handrail.apps.sessions.models import Session

pytestmark = pytest.mark.django_db
Ask = Callable[..., HttpResponse]
TUESDAY = "2026-02-03T10:00:00Z"
WEDNESDAY = "2026-02-04T10:00:00Z"


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: NOW)
    return make_world()


def secret_of(world: World, name: str, scopes: tuple[str, ...] = tuple(API_SCOPES)) -> str:
    with writing(world.organization):
        return create_api_key("mine", scopes, by=world.viewer(name), now=NOW)[1]


def asking(secret: str) -> Ask:
    def ask(
        method: str, path: str, body: Any = None, *, key: str | None = "", **headers: str
    ) -> HttpResponse:
        sent = {"Authorization": f"Bearer {secret}", **headers}
        if key is not None:
            sent["Idempotency-Key"] = key or uuid.uuid4().hex
        content = body if isinstance(body, bytes) else json.dumps(body or {})
        return Client(raise_request_exception=False).generic(
            method, f"/api/v1{path}", content, "application/json", headers=sent
        )

    return ask


@pytest.fixture
def bob(world: World) -> Ask:
    return asking(secret_of(world, "bob"))


@pytest.fixture
def adam(world: World) -> Ask:
    return asking(secret_of(world, "adam"))


def booking(world: World, at: str = TUESDAY) -> dict[str, str]:
    assert world.program is not None
    return {
        "program": str(world.program.public_id),
        "mentor": str(world.people["alice"].public_id),
        "starts_at": at,
    }


def problem(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that must be one."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert told["type"] == f"/api/problems/{code}"
    assert told["status"] == status
    assert told["title"]
    assert told["request_id"] == response["X-Request-Id"]
    return told


# Keys --------------------------------------------------------------------------------------


def test_a_key_says_whose_it_is_and_what_it_may_do(world: World) -> None:
    ask = asking(secret_of(world, "bob", ("sessions:read",)))
    told = json.loads(ask("GET", "/me").content)
    assert told["person"] == str(world.people["bob"].public_id)
    assert told["scopes"] == ["sessions:read"]


@pytest.mark.parametrize("secret", ["", "hr_000000000000_nonsense", "Bearer", "é" * 20])
def test_without_a_key_that_holds_every_door_is_closed_alike(world: World, secret: str) -> None:
    response = Client().get("/api/v1/people", headers={"Authorization": f"Bearer {secret}"})
    problem(response, 401, "no-valid-key")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_and_an_expired_key_look_like_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(world.organization):
        viewer = world.viewer("bob")
        revoked, secret = create_api_key("a", ["people:read"], by=viewer, now=NOW)
        ends = NOW + timedelta(days=1)
        expiring = create_api_key("b", ["people:read"], by=viewer, now=NOW, expires_at=ends)[1]
        revoke_api_key(revoked.public_id, by=viewer, now=NOW)
    problem(asking(secret)("GET", "/me"), 401, "no-valid-key")
    assert asking(expiring)("GET", "/me").status_code == 200
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: ends)
    problem(asking(expiring)("GET", "/me"), 401, "no-valid-key")


def test_a_browsers_sign_in_opens_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.users["bob"], "django.contrib.auth.backends.ModelBackend")
    problem(client.get("/api/v1/me"), 401, "no-valid-key")


def test_a_key_does_no_more_than_its_scopes(world: World) -> None:
    ask = asking(secret_of(world, "bob", ("sessions:read", "people:read")))
    told = problem(ask("POST", "/sessions", booking(world)), 403, "scope-missing")
    assert "sessions:write" in told["title"]
    with reading(world.organization):
        assert not Session.objects.exists()


# One effect per key ------------------------------------------------------------------------


def test_the_same_request_twice_books_once_and_gets_the_same_answer(world: World, bob: Ask) -> None:
    first = bob("POST", "/sessions", booking(world), key="once")
    again = bob("POST", "/sessions", booking(world), key="once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert json.loads(first.content) == json.loads(again.content)
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    with reading(world.organization):
        assert Session.objects.count() == 1


def test_the_same_key_for_another_request_is_refused(world: World, bob: Ask) -> None:
    bob("POST", "/sessions", booking(world), key="once")
    problem(bob("POST", "/sessions", booking(world, WEDNESDAY), key="once"), 422, "key-reused")


def test_a_post_without_its_key_does_nothing(world: World, bob: Ask) -> None:
    problem(bob("POST", "/sessions", booking(world), key=None), 400, "idempotency-key-missing")
    with reading(world.organization):
        assert not Session.objects.exists()


def test_a_taken_slot_is_answered_with_the_next_three_again_and_again(
    world: World, bob: Ask
) -> None:
    bob("POST", "/sessions", booking(world))
    first = problem(bob("POST", "/sessions", booking(world), key="late"), 409, "slot-taken")
    assert first["alternatives"] == [
        "2026-02-03T10:30:00+00:00",
        "2026-02-03T11:00:00+00:00",
        "2026-02-03T11:30:00+00:00",
    ]
    again = problem(bob("POST", "/sessions", booking(world), key="late"), 409, "slot-taken")
    assert again["alternatives"] == first["alternatives"]


# Problem documents -------------------------------------------------------------------------


def test_fields_that_cannot_be_taken_are_named(world: World, bob: Ask) -> None:
    told = problem(bob("POST", "/sessions", {"program": "x"}), 422, "invalid")
    assert {"program", "mentor", "starts_at"} <= set(told["fields"])


def test_what_is_no_json_is_told(bob: Ask) -> None:
    problem(bob("POST", "/sessions", b"{"), 400, "refused")


def test_what_is_not_there_and_what_is_foreign_look_alike(world: World, bob: Ask) -> None:
    neighbour = make_world("Southwind")
    absent = problem(bob("GET", f"/people/{uuid.uuid4()}"), 404, "not-found")
    foreign = problem(
        bob("GET", f"/people/{neighbour.people['alice'].public_id}"), 404, "not-found"
    )
    assert {**absent, "request_id": ""} == {**foreign, "request_id": ""}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/like/this", 404, "not-found"),
        ("DELETE", "/me", 405, "method-not-allowed"),
        ("GET", "/people/not-an-id", 422, "invalid"),
        ("GET", "/people?limit=0", 422, "invalid"),
        ("GET", "/people?limit=many", 422, "invalid"),
        ("GET", "/people?cursor=made-up", 422, "invalid"),
        ("GET", "/people?search=%00", 422, "invalid"),
    ],
)
def test_errors_before_any_action_are_problems_too(
    bob: Ask, method: str, path: str, status: int, code: str
) -> None:
    problem(bob(method, path), status, code)


def test_a_body_that_is_too_large_is_told(adam: Ask, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    told = problem(adam("POST", "/people/imports", b"x" * 1001), 413, "too-large")
    assert "1000" in told["title"]


def test_a_crash_is_a_problem_with_an_id_and_without_a_trace(
    bob: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr("handrail.api.routers.people.queries.people_list", break_down)
    response = bob("GET", "/people")
    told = problem(response, 500, "crash")
    assert "secret" not in response.content.decode()
    assert told["request_id"] in caplog.text


def test_what_the_database_cannot_keep_is_told(bob: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")

    monkeypatch.setattr("handrail.api.routers.people.queries.people_list", refuse)
    problem(bob("GET", "/people"), 400, "bad-request")


# Pages -------------------------------------------------------------------------------------


def test_pages_hold_everybody_once(world: World, bob: Ask) -> None:
    seen: list[str] = []
    cursor = ""
    for _turn in range(4):
        told = json.loads(bob("GET", f"/people?limit=3&cursor={cursor}").content)
        seen += [person["name"] for person in told["data"]]
        cursor = told["next"] or ""
        if not cursor:
            break
    assert sorted(seen) == sorted(person.name for person in world.people.values())
    assert cursor == ""


def test_somebody_who_comes_meanwhile_shifts_nothing(world: World, bob: Ask) -> None:
    first = json.loads(bob("GET", "/people?limit=4").content)
    world.add("aaron")
    second = json.loads(bob("GET", f"/people?limit=50&cursor={first['next']}").content)
    names = [person["name"] for person in [*first["data"], *second["data"]]]
    assert len(names) == len(set(names)) == 9


def test_a_cursor_opens_no_other_list(world: World, bob: Ask) -> None:
    cursor = json.loads(bob("GET", "/people?limit=1").content)["next"]
    problem(bob("GET", f"/sessions?cursor={cursor}"), 422, "invalid")


# The same actions as the pages --------------------------------------------------------------


def test_an_import_is_looked_at_and_then_applied(world: World, adam: Ask) -> None:
    csv = (
        b"person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,"
        b"minutes_per_week\n"
        b"p1,Pia Roe,pia@example.org,mentee,Europe/Berlin,09:00-17:00,2026-01-05,,,git:1,\n"
    )
    seen = json.loads(adam("POST", "/people/imports", csv).content)
    assert seen["summary"]["new"] == [{"id": "p1", "name": "Pia Roe"}]
    adam("POST", f"/people/imports/{seen['id']}/apply")
    found = json.loads(adam("GET", "/people?search=Pia").content)
    assert [one["email"] for one in found["data"]] == ["pia@example.org"]
    told = problem(
        adam("POST", "/people/imports", csv.replace(b"Europe/Berlin", b"Nowhere")), 422, "invalid"
    )
    assert told["detail_data"]["lines"] == [
        "line 2, timezone: 'Nowhere' is not a time zone. Write one like Europe/Berlin."
    ]


def test_another_persons_address_is_not_in_the_directory(world: World, bob: Ask) -> None:
    told = json.loads(bob("GET", "/people?limit=50").content)["data"]
    assert [one["name"] for one in told if one.get("email")] == ["Bob"]


def test_a_session_goes_from_booking_to_artifact(
    world: World, bob: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = asking(secret_of(world, "alice"))
    session = json.loads(bob("POST", "/sessions", booking(world)).content)
    path = f"/sessions/{session['id']}"
    start = NOW.replace(day=3, hour=10)
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: start)
    problem(bob("POST", f"{path}/start"), 409, "not-both-here")
    for ask in (bob, alice):
        assert ask("POST", f"{path}/check-in").status_code == 200
    later = start + timedelta(minutes=21)
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: later)
    assert json.loads(bob("GET", path).content)["state"] == "awaiting_artifact"
    words = {"learned": "A rebase replays.", "next_step": "Try it.", "link": ""}
    owner = str(world.people["bob"].public_id)
    assert bob("PUT", f"{path}/artifact", {**words, "owner": owner}).status_code == 200
    assert json.loads(bob("GET", path).content)["state"] == "closed"


def test_the_documentation_names_every_operation(world: World) -> None:
    page = Client().get("/api/openapi.json")
    told = json.loads(page.content)
    assert "/api/v1/sessions" in told["paths"]
    assert Client().get("/api/docs").status_code == 200
    with reading(world.organization):
        assert Program.objects.count() == 1


def test_a_list_of_one_and_of_many_sessions_costs_the_same_questions(
    world: World, bob: Ask
) -> None:
    bob("POST", "/sessions", booking(world))
    with CaptureQueriesContext(connection) as one:
        bob("GET", "/sessions")
    for day in (4, 5):
        bob("POST", "/sessions", booking(world, f"2026-02-0{day}T10:00:00Z"))
    with CaptureQueriesContext(connection) as many:
        assert len(json.loads(bob("GET", "/sessions").content)["data"]) == 3
    assert len(many) == len(one)


# Changes that others made meanwhile ---------------------------------------------------------


def test_a_change_of_what_somebody_else_changed_is_refused(world: World, adam: Ask) -> None:
    path = f"/people/{world.people['bob'].public_id}"
    read = adam("GET", path)["ETag"]
    assert adam("PATCH", path, {"name": "Robert"}, **{"If-Match": read}).status_code == 200
    problem(adam("PATCH", path, {"name": "Bert"}, **{"If-Match": read}), 412, "changed-meanwhile")
    assert json.loads(adam("GET", path).content)["name"] == "Robert"
    fresh = adam("GET", path)["ETag"]
    assert adam("PATCH", path, {"name": "Bert"}, **{"If-Match": fresh}).status_code == 200
    assert adam("PATCH", path, {"name": "Bob"}).status_code == 200


def test_a_programs_rules_are_changed_once_for_each_reading(world: World, adam: Ask) -> None:
    assert world.program is not None
    path = f"/programs/{world.program.public_id}"
    read = adam("GET", path)["ETag"]
    change = {"ends_on": "2026-03-20"}
    assert adam("PATCH", path, change, **{"If-Match": read}).status_code == 200
    problem(adam("PATCH", path, change, **{"If-Match": read}), 412, "changed-meanwhile")
    assert json.loads(adam("GET", path).content)["ends_on"] == "2026-03-20"


def test_what_the_pages_can_the_api_can(world: World, bob: Ask, adam: Ask) -> None:
    path = f"/people/{world.people['bob'].public_id}"
    skills = {"offers": [{"skill": "docs", "level": 2}], "wants": ["git", "tests"]}
    told = json.loads(bob("PUT", f"{path}/skills", skills).content)
    assert told["offers"] == [{"skill": "docs", "level": 2}]
    assert [want["skill"] for want in told["wants"]] == ["git", "tests"]
    told = json.loads(bob("PUT", f"{path}/pause", {"until": "2026-02-20"}).content)
    assert told["pause_until"] == "2026-02-20"
    csv = (
        b"person_id,kind,authored_at,merged_at,areas\n"
        b"bob,merge,2026-01-13T09:00:00Z,2026-01-14T09:00:00Z,docs\n"
    )
    told = json.loads(adam("POST", "/people/merges", csv).content)
    assert told == {"created": 1, "known": 0, "warnings": []}
    assert world.program is not None
    charlie = {"person": str(world.people["charlie"].public_id)}
    assert adam("POST", f"/programs/{world.program.public_id}/leads", charlie).status_code == 200


def test_a_lead_corrects_who_was_there(
    world: World, bob: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = asking(secret_of(world, "alice"))
    session = json.loads(bob("POST", "/sessions", booking(world)).content)
    later = NOW.replace(day=3, hour=11)
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: later)
    path = f"/sessions/{session['id']}"
    assert json.loads(bob("GET", path).content)["state"] == "not_held"
    for name in ("alice", "bob"):
        came = {"person": str(world.people[name].public_id), "attendance": "attended"}
        problem(bob("PUT", f"{path}/attendance", came), 403, "not-allowed")
        assert alice("PUT", f"{path}/attendance", came).status_code == 200
    assert json.loads(bob("GET", path).content)["state"] == "awaiting_artifact"
