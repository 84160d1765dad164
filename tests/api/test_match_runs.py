"""Match runs over the API: at once or by a worker, how far they are, two of them compared."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories.world import NOW, World, make_world
from handrail.api.routers import matches as router
from handrail.apps.matches import actions
from handrail.apps.matches.models import MatchRun, RunStatus, Stage
from handrail.apps.organizations.actions import create_api_key
from handrail.apps.organizations.scope import writing
from handrail.apps.programs.actions import enrol, set_objective

Ask = Callable[..., HttpResponse]
SCOPES = ("matches:read", "matches:write", "people:read", "programs:read", "programs:write")


# A key's answer is kept in a transaction of its own, which a test's own would not allow.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: NOW)
    return make_world()


@pytest.fixture
def ask(world: World) -> Ask:
    """Ask as alice: ask("GET", "/match-runs/…"), ask("POST", …, body)."""
    with writing(world.organization):
        secret = create_api_key("mine", SCOPES, by=world.viewer("alice"), now=NOW)[1]

    def ask(method: str, path: str, body: Any = None, key: str = "") -> HttpResponse:
        return Client(raise_request_exception=False).generic(
            method,
            f"/api/v1{path}",
            json.dumps(body or {}) if method != "GET" else "",
            "application/json",
            headers={
                "Authorization": f"Bearer {secret}",
                "Idempotency-Key": key or uuid.uuid4().hex,
            },
        )

    return ask


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 0)


def propose(world: World, ask: Ask, key: str = "", **more: Any) -> HttpResponse:
    path = f"/programs/{world.program.public_id}/match-runs"
    return ask("POST", path, {"week": "2026-02-02", **more}, key)


def take_part(world: World, name: str, *, objective: bool = True) -> None:
    world.add(name, role="mentee", wants={"git": 1})
    with writing(world.organization):
        part = enrol(world.program, world.person(name), "mentee", by=world.system, now=NOW)
        if objective:
            set_objective(part, f"{name}'s first change", by=world.system, now=NOW)


def move(world: World, run_id: str, **values: Any) -> None:
    with writing(world.organization):
        MatchRun.objects.filter(public_id=run_id).update(**values)


def test_a_small_program_is_answered_with_its_proposals(world: World, ask: Ask) -> None:
    take_part(world, "dora", objective=False)
    answer = propose(world, ask)
    run = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/match-runs/{run['id']}"
    (match,) = run["matches"]
    assert match["mentee"] == str(world.person("bob").public_id)
    assert (match["runner_up"], match["others"]) == ("", [])
    assert run["unmatched"] == [
        {
            "person": str(world.person("dora").public_id),
            "reasons": ["No objective yet. Without one nothing can be booked."],
        }
    ]
    assert (run["status"], run["stage"], run["why"], run["more"]) == ("preview", "", "", False)
    assert run["rules"]["keep_published"] == "ties"
    assert run["advice"]["skills"][0]["skill"] == "git"


def test_a_large_program_is_promised_and_followed_to_its_end(
    world: World, ask: Ask, large: None
) -> None:
    answer = propose(world, ask, key="once")
    run_id = answer.json()["id"]
    status = f"/api/v1/match-runs/{run_id}/status"
    assert (answer.status_code, answer["Location"], answer["Retry-After"]) == (202, status, "1")
    again = propose(world, ask, key="once")
    assert (again.status_code, again["Location"], again["Idempotent-Replayed"]) == (
        202,
        status,
        "true",
    )

    told = ask("GET", f"/match-runs/{run_id}/status")
    assert (told.status_code, told["Retry-After"]) == (202, "1")
    assert told.json() == {
        "id": run_id,
        "status": "running",
        "stage": "waiting",
        "step": 0,
        "steps": 7,
    }
    move(world, run_id, stage=Stage.EXPLAINING)
    assert ask("GET", f"/match-runs/{run_id}/status").json()["stage"] == "explaining"
    move(world, run_id, status=RunStatus.PREVIEW)
    done = ask("GET", f"/match-runs/{run_id}/status")
    assert (done.status_code, done["Location"]) == (200, f"/api/v1/match-runs/{run_id}")
    assert (done.json()["stage"], done.json()["step"]) == ("", 7)


def test_a_failed_run_is_a_problem_document(world: World, ask: Ask, large: None) -> None:
    run_id = propose(world, ask).json()["id"]
    failure = {"code": "too_long", "params": {"minutes": 15}}
    move(world, run_id, status=RunStatus.FAILED, failure=failure)
    told = ask("GET", f"/match-runs/{run_id}/status")
    assert (told.status_code, told["Content-Type"]) == (422, "application/problem+json")
    assert told.json()["type"] == "/api/problems/match-run-failed"
    assert told.json()["title"] == "It took longer than 15 minutes and was ended."
    assert told.json()["detail_data"] == {"reason": "too_long"}
    assert ask("GET", f"/match-runs/{run_id}").json()["why"] == told.json()["title"]


def test_a_run_is_stopped_once(world: World, ask: Ask, large: None) -> None:
    run_id = propose(world, ask).json()["id"]
    assert ask("POST", f"/match-runs/{run_id}/stop").json()["status"] == "stopped"
    assert ask("POST", f"/match-runs/{run_id}/stop").status_code == 409
    told = ask("GET", f"/match-runs/{run_id}/status")
    assert (told.status_code, told.json()["type"]) == (409, "/api/problems/match-run-stopped")


def test_two_plans_are_compared_the_earlier_first(world: World, ask: Ask) -> None:
    first = propose(world, ask).json()["id"]
    bob, alice = (str(world.person(name).public_id) for name in ("bob", "alice"))
    ask(
        "POST",
        f"/programs/{world.program.public_id}/pair-decisions",
        {"kind": "forbid", "mentee": bob, "mentor": alice},
    )
    second = propose(world, ask).json()["id"]
    found = ask("GET", f"/match-runs/{second}/compare/{first}").json()
    assert (found["before"]["run"], found["after"]["run"]) == (first, second)
    assert (found["before"]["served"], found["after"]["served"]) == (1, 0)
    assert found["counts"] == {
        "another_mentor": 0,
        "another_time": 0,
        "newly_served": 0,
        "lost_place": 1,
        "unchanged": 0,
    }
    (lost,) = found["lost_place"]
    assert (lost["mentee"], lost["before"]["mentor"], lost["after"]) == (bob, alice, None)
    assert lost["why"][0] == "Nobody who fits may be paired: 1 mentor ruled out."
    assert found["decided_since"] == ["Bob and Alice: do not pair"]


def test_runs_of_two_weeks_are_not_compared(world: World, ask: Ask) -> None:
    first = propose(world, ask).json()["id"]
    second = propose(world, ask, week="2026-02-09").json()["id"]
    answer = ask("GET", f"/match-runs/{first}/compare/{second}")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_a_long_plan_is_read_page_by_page(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(router, "LARGEST_PAGE", 1)
    take_part(world, "dora")
    take_part(world, "emil", objective=False)
    run = propose(world, ask).json()
    assert (len(run["matches"]), len(run["unmatched"]), run["more"]) == (1, 1, True)
    first = ask("GET", f"/match-runs/{run['id']}/matches?limit=1").json()
    rest = ask("GET", f"/match-runs/{run['id']}/matches?limit=1&cursor={first['next']}").json()
    served = {match["mentee"] for page in (first, rest) for match in page["data"]}
    assert served == {str(world.person(name).public_id) for name in ("bob", "dora")}
    assert rest["next"] is None
    left = ask("GET", f"/match-runs/{run['id']}/unmatched").json()
    assert [row["person"] for row in left["data"]] == [str(world.person("emil").public_id)]


def test_a_page_of_three_asks_the_database_no_more_than_a_page_of_one(
    world: World, ask: Ask
) -> None:
    for name in ("dora", "emil"):
        take_part(world, name)
    run_id = propose(world, ask).json()["id"]
    path = f"/match-runs/{run_id}/matches"
    ask("GET", path)  # the key's use is written down once an hour
    with CaptureQueriesContext(connection) as one:
        assert len(ask("GET", f"{path}?limit=1").json()["data"]) == 1
    with CaptureQueriesContext(connection) as three:
        assert len(ask("GET", f"{path}?limit=3").json()["data"]) == 3
    assert len(three) == len(one)


def test_the_rules_about_plans_are_part_of_a_program(world: World, ask: Ask) -> None:
    program = ask("GET", f"/programs/{world.program.public_id}").json()
    assert (program["keep_published"], program["again_after_weeks"]) == ("ties", 0)
    assert (program["quality_floor"], program["share_load"]) == (30, "fit")


def test_a_program_that_changes_its_rules_about_fit_matches_by_them(world: World, ask: Ask) -> None:
    path = f"/programs/{world.program.public_id}"
    changed = ask("PATCH", path, {"quality_floor": 60, "share_load": "evenly"}).json()
    assert (changed["quality_floor"], changed["share_load"]) == (60, "evenly")
    run = propose(world, ask).json()
    assert (run["rules"]["quality_floor"], run["rules"]["share_load"]) == (60, "evenly")
    asked = run["certificate"]["options"]
    assert (asked["floor"], asked["seat_price"]) == (60, 2000)


@pytest.mark.parametrize("changes", [{"quality_floor": 101}, {"share_load": "never"}])
def test_rules_about_fit_that_cannot_stand_are_refused(
    world: World, ask: Ask, changes: dict[str, object]
) -> None:
    answer = ask("PATCH", f"/programs/{world.program.public_id}", changes)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == set(changes)
