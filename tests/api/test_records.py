"""Records, hiring's rarer steps and switches over the wire: the pages' actions, scope by scope."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from factories.world import NOW, World, make_world
from handrail.apps.identity.models import Provider
from handrail.apps.organizations.actions import API_SCOPES, create_api_key
from handrail.apps.organizations.consent_texts import say
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.people.models import Person
from handrail.apps.records import attesting, badges, erasures
from handrail.integrations.greenhouse_board import parse
from web.test_records import done

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]
Ask = Callable[..., HttpResponse]


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: NOW)
    return make_world()


@pytest.fixture
def asking(world: World) -> Callable[..., Ask]:
    """Requests with this person's key; each has an Idempotency-Key of its own unless told."""

    def as_person(name: str, scopes: Iterable[str] = API_SCOPES) -> Ask:
        with writing(world.organization):
            secret = create_api_key("mine", tuple(scopes), by=world.viewer(name), now=NOW)[1]

        def ask(method: str, path: str, body: Any = None, once: str = "") -> HttpResponse:
            headers = {"Authorization": f"Bearer {secret}"}
            if once != "none":
                headers["Idempotency-Key"] = once or uuid.uuid4().hex
            return Client(raise_request_exception=False).generic(
                method,
                f"/api/v1{path}",
                json.dumps(body or {}) if method != "GET" else b"",
                "application/json",
                headers=headers,
            )

        return ask

    return as_person


def read(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def test_an_administrators_program_reads_and_sets_how_long_things_are_kept(
    asking: Callable[..., Ask],
) -> None:
    adam = asking("adam")
    kinds = {one["kind"]: one for one in read(adam("GET", "/retention"))}
    assert (kinds["events"]["days"], kinds["events"]["would_go"]) == (30, 0)
    answer = adam("PUT", "/retention", {"days": {"events": 7}})
    assert [one["days"] for one in read(answer) if one["kind"] == "events"] == [7]
    refused = adam("PUT", "/retention", {"days": {"events": 100000, "nothing": 1}})
    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    assert sorted(read(refused)["fields"]) == ["events", "nothing"]
    assert asking("bob")("GET", "/retention").status_code == 403
    lacking = asking("adam", ["people:read"])("GET", "/retention")
    assert (lacking.status_code, read(lacking)["type"].rsplit("/")[-1]) == (403, "scope-missing")


def test_an_export_is_asked_for_once_and_fetched_by_who_asked(asking: Callable[..., Ask]) -> None:
    bob, adam = asking("bob"), asking("adam")
    assert bob("POST", "/exports", {"kind": "person"}, once="none").status_code == 400
    made = bob("POST", "/exports", {"kind": "person"}, once="e-1")
    again = bob("POST", "/exports", {"kind": "person"}, once="e-1")
    assert (made.status_code, read(again)) == (201, read(made))
    assert again["Idempotent-Replayed"] == "true"
    assert bob("POST", "/exports", {"kind": "person"}).status_code == 409  # one is being made
    assert bob("POST", "/exports", {"kind": "organization"}).status_code == 403
    page = read(bob("GET", "/exports"))
    assert [one["id"] for one in page["data"]] == [read(made)["id"]]
    assert page["next"] is None
    where = f"/exports/{read(made)['id']}/file"
    assert bob("GET", where).status_code == 409  # not ready
    assert adam("GET", where).status_code == 404  # an own export is nobody else's
    assert adam("POST", "/exports", {"kind": "organization"}).status_code == 201
    assert len(read(adam("GET", "/exports?kind=organization"))["data"]) == 1
    assert read(bob("GET", "/exports?kind=organization"))["data"] == []


def test_a_wish_to_be_erased_is_decided_by_who_may(
    world: World, asking: Callable[..., Ask]
) -> None:
    with reading(world.organization):
        wish = erasures.ask_erasure("I leave.", by=world.viewer("bob"), now=NOW)
    alice, adam, bob = asking("alice"), asking("adam"), asking("bob")
    listed = read(alice("GET", "/erasures"))["data"]
    assert [(one["id"], one["word"]) for one in listed] == [(str(wish.public_id), "I leave.")]
    assert read(bob("GET", "/erasures"))["data"] == []  # nobody decides on their own
    where = f"/erasures/{wish.public_id}"
    assert bob("POST", where, {"grant": True}).status_code == 404
    assert asking("adam", ["records:read"])("POST", where, {"grant": True}).status_code == 403
    gone = adam("POST", where, {"grant": True})
    assert (gone.status_code, read(gone)["state"], read(gone)["word"]) == (200, "done", "")
    with reading(world.organization):
        assert not Person.objects.filter(name="Bob").exists()
        assert AuditEntry.objects.filter(verb="erasure.done").exists()
    assert alice("POST", where, {"grant": True}).status_code == 404  # decided already


def test_a_statement_is_shared_taken_along_and_taken_back(
    world: World, asking: Callable[..., Ask]
) -> None:
    session = done(world)
    with reading(world.organization):
        mentor, mentee = world.viewer("alice"), world.person("bob")
    say(world.person("alice").public_id, "attestation", True, channel="web", by=mentor, now=NOW)
    made = attesting.attest(session, mentee, "He rebases alone.", by=mentor, now=NOW)
    alice, bob, mona = asking("alice"), asking("bob"), asking("mona")
    where = f"/sessions/{session.public_id}/statements"
    for ask in (alice, bob):
        (one,) = read(ask("GET", where))
        assert (one["id"], one["address"]) == (str(made.public_id), None)
        assert one["document"]["statement"]["text"] == "He rebases alone."
    assert mona("GET", where).status_code == 404
    shared = f"/statements/{made.public_id}/shared"
    assert alice("PUT", shared, {"shared": True}).status_code == 403
    address = read(bob("PUT", shared, {"shared": True}))["address"]
    assert Client().get(address.removeprefix("http://localhost:8000")).status_code == 200
    badge = f"/statements/{made.public_id}/badge"
    assert bob("GET", badge).status_code == 404  # badges are off
    badges.switch_badges(True, by=world.viewer("adam"), now=NOW)
    taken = bob("GET", badge)
    assert taken["Content-Type"].startswith("text/plain")
    assert taken.content.count(b".") == 2
    assert alice("GET", badge).status_code == 404
    revoke = f"/statements/{made.public_id}/revoke"
    assert bob("POST", revoke).status_code == 403
    assert read(alice("POST", revoke))["revoked_at"] == "2026-02-02T08:00:00Z"
    assert bob("GET", badge).status_code == 409
    # What is said in a person's own name is not said by a program.
    assert alice("POST", where, {"statement": "Again."}).status_code == 405


def test_a_lottery_of_offers_starts_and_ends(asking: Callable[..., Ask]) -> None:
    adam, bob = asking("adam"), asking("bob")
    assert adam("POST", "/offers/lotteries/end").status_code == 409
    begun = adam("POST", "/offers/lotteries", {"unit": "offer"}, once="l-1")
    assert (begun.status_code, read(begun)["seed"], read(begun)["faults"]) == (201, None, None)
    assert read(adam("POST", "/offers/lotteries", {"unit": "offer"}, once="l-1")) == read(begun)
    assert adam("POST", "/offers/lotteries", {"unit": "offer"}).status_code == 409
    assert adam("POST", "/offers/lotteries", {"unit": "day"}).status_code == 422
    drawn = adam("POST", "/offers/draws", {"requisition": "R-1", "applicant": "a-1"})
    assert drawn.status_code == 201
    ended = read(adam("POST", "/offers/lotteries/end"))
    assert (ended["drawn"], ended["faults"], len(ended["seed"])) == (1, 0, 64)
    assert [one["id"] for one in read(adam("GET", "/offers/lotteries"))["data"]] == [ended["id"]]
    assert bob("GET", "/offers/lotteries").status_code == 403


def test_jobs_of_a_board_are_read_looked_at_and_taken_over(
    asking: Callable[..., Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {
        "jobs": [
            {
                "id": 1,
                "title": "Tester",
                "location": {"name": "Porto"},
                "absolute_url": "https://boards.example.org/jobs/1",
                "updated_at": "2026-01-05T09:00:00Z",
                "content": "Test.",
            }
        ]
    }
    jobs = parse(json.dumps(shown).encode())
    monkeypatch.setattr("handrail.apps.hiring.actions.board.read_board", lambda *_: jobs)
    adam, bob = asking("adam"), asking("bob")
    assert bob("POST", "/job-boards", {"board": "northwind"}).status_code == 403
    reading = adam("POST", "/job-boards", {"board": "northwind"})
    lines = [(one["what"], one["title"]) for one in read(reading)["jobs"]]
    assert (reading.status_code, lines) == (200, [("new", "Tester")])
    where = f"/job-boards/{read(reading)['id']}"
    assert read(adam("GET", where)) == read(reading)
    assert bob("POST", f"{where}/apply").status_code == 404
    taken = adam("POST", f"{where}/apply", once="j-1")
    assert read(taken) == {"new": 1, "changed": 0, "same": 0}
    assert read(adam("POST", f"{where}/apply", once="j-1")) == read(taken)
    assert adam("POST", f"{where}/apply").status_code == 409
    assert read(adam("GET", where))["jobs"] == []


def test_switches_are_read_and_a_secret_never_comes_out(
    world: World, asking: Callable[..., Ask]
) -> None:
    with writing(world.organization):
        Provider.objects.create(
            organization=world.organization,
            name="Login",
            issuer="https://login.example.org",
            client_id="handrail",
            sealed_secret="sealed",
            created_at=NOW,
        )
    adam, alice, bob = asking("adam"), asking("alice"), asking("bob")
    answer = adam("GET", "/sign-in")
    (provider,) = read(answer)["providers"]
    assert (provider["issuer"], provider["on"]) == ("https://login.example.org", False)
    assert (read(answer)["second_factor"], b"sealed" in answer.content) == (False, False)
    assert bob("GET", "/sign-in").status_code == 403
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert adam(method, "/sign-in", {"second_factor": False}).status_code == 405
    assert world.program is not None
    where = f"/programs/{world.program.public_id}/assistance"
    assert read(bob("GET", where)) == {"endpoint": False, "on": False}
    assert bob("PUT", where, {"on": True}).status_code == 403
    assert read(alice("PUT", where, {"on": True})) == {"endpoint": False, "on": True}
    assert read(bob("GET", where))["on"] is True
    assert read(bob("GET", "/promises")) == []
