"""HR systems: what they say over HTTP waits to be confirmed, once, with the day that they name."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from factories.outbox import deliver
from factories.world import NOW, World
from handrail.apps.connections.actions import (
    change,
    connect,
    retry_event,
    rotate_secret,
    send_test,
)
from handrail.apps.connections.models import Connection, Event
from handrail.apps.identity.actions.deciding import confirm
from handrail.apps.identity.models import Notice
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Person
from handrail.integrations.hibob import fake as fake_hibob
from handrail.integrations.webhooks import SCHEMES, sign

KEY = "handrail-test"


class System:
    """One HR system that was connected; it signs as its service does."""

    def __init__(self, world: World, code: str) -> None:
        self.world, self.scheme = world, SCHEMES[code]
        with reading(world.organization):
            by, now = world.viewer("adam"), timezone.now()
            made = connect(code, code, {}, {"signing": KEY}, by=by, now=now)
        self.connection: Connection = made.connection

    def post(self, body: bytes, **headers: str) -> int:
        address = f"/hooks/{self.connection.address}"
        answer = Client().post(address, body, content_type="application/json", headers=headers)
        return answer.status_code

    def says(self, content: Any) -> str:
        """Send it, let the runner work, and tell what became of it."""
        body = json.dumps(content).encode()
        time = str(int(timezone.now().timestamp())) if self.scheme.time_header else ""
        headers = {self.scheme.header: sign(self.scheme, KEY, body, time=time)}
        if time:
            headers[self.scheme.time_header] = time
        assert self.post(body, **headers) == 200
        deliver(timezone.now())
        with reading(self.world.organization):
            event = Event.objects.filter(connection=self.connection).order_by("-id")[0]
            return f"{event.state} {event.reason}".strip()

    def waiting(self) -> list[tuple[str, str, date | None]]:
        with reading(self.world.organization):
            found = Notice.objects.filter(state="open").select_related("person")
            return [(one.person.name, one.kind, one.effective_on) for one in found]


def bamboo(number: str, **fields: str) -> dict[str, Any]:
    named = {
        name.replace("_", " ").capitalize(): {"value": value} for name, value in fields.items()
    }
    return {"employees": [{"id": number, "action": "Updated", "fields": named}]}


def test_bamboohr_tells_of_who_came_moved_and_will_leave(fresh_world: World) -> None:
    world, system = fresh_world, System(fresh_world, "bamboohr")
    assert system.post(b"{}") == 401  # not signed
    # Created before there is an address: put aside, and nobody is made. Then told of whole.
    assert (
        system.says(bamboo("7", first_name="Nora", last_name="Lang")) == "parked field work email"
    )
    whole = {
        "first_name": "Nora",
        "last_name": "Lang",
        "work_email": "Nora@example.org",
        "hire_date": "2026-03-02",
        "termination_date": "0000-00-00",
        "job_title": "Engineer",
        "department": "Platform",
        "home_phone": "+49 30 1234",
    }
    assert system.says(bamboo("7", **whole)) == "done"
    assert system.says(bamboo("7", **whole)) in ("done", "ignored double")  # one delivery, once
    assert system.waiting() == [("Nora Lang", "joined", date(2026, 3, 2))]
    with reading(world.organization):
        nora = Person.objects.get(email="nora@example.org")
        assert nora.membership is None  # an HR system gives nobody a sign-in
        confirm(Notice.objects.get(), date(2026, 3, 2), by=world.system, now=NOW)
    # Another title is a move; a leaving in the future waits with its day, and ends nothing yet.
    assert system.says(bamboo("7", job_title="Lead engineer")) == "done"
    assert system.says(bamboo("7", termination_date="2026-06-30")) == "done"
    assert system.waiting() == [
        ("Nora Lang", "moved", None),
        ("Nora Lang", "left", date(2026, 6, 30)),
    ]
    with reading(world.organization):
        left = Notice.objects.get(kind="left")
        confirm(left, date(2026, 6, 30), by=world.system, now=NOW)
        assert nora.spells.get().ended_on == date(2026, 6, 30)
    # The same leaving told of again is known.
    assert system.says(bamboo("7", termination_date="2026-06-30", status="Inactive")) == "done"
    assert system.waiting() == [("Nora Lang", "moved", None)]


def test_hibob_pings_in_plain_text_and_finds_people_by_their_address(fresh_world: World) -> None:
    system = System(fresh_world, "hibob")
    assert system.post(b'"Ping test"') == 200
    assert system.post(b'"Pong test"') == 401
    bob = fresh_world.person("bob")
    employee = {"id": "b-1", "email": bob.email, "displayName": "Bob", "work": {"title": "Dev"}}
    assert system.says({"type": "employee.updated", "employee": employee}) == "done"
    assert system.waiting() == []  # what is heard first is no move
    moved = {**employee, "work": {"title": "Senior dev"}}
    assert system.says({"type": "employee.updated", "employee": moved}) == "done"
    gone = {**moved, "internal": {"terminationDate": "2026-02-27"}}
    assert system.says({"type": "employee.left", "employee": gone}) == "done"
    assert system.waiting() == [("Bob", "moved", None), ("Bob", "left", date(2026, 2, 27))]
    by_number = {"type": "employee.created", "data": {"employeeId": "b-2"}}
    assert system.says(by_number) == "parked number-alone"


def test_who_a_number_is_in_hibob_is_asked_of_its_api(fresh_world: World, settings: Any) -> None:
    world, system = fresh_world, System(fresh_world, "hibob")
    known = {
        "b-2": {
            "id": "b-2",
            "displayName": "Nora Lang",
            "email": "nora@example.org",
            "work.title": "Engineer",
            "work.startDate": "2026-03-02",
            "home.mobilePhone": "+49 30 1234",
        }
    }

    def told(number: str, kind: str = "employee.created") -> str:
        return system.says({"type": kind, "data": {"employeeId": number}})

    assert told("b-2") == "parked number-alone"
    with fake_hibob.serving(known) as bob, reading(world.organization):
        settings.INTERNAL_HOSTS = [*bob.internal]
        adam, now, own = world.viewer("adam"), timezone.now(), system.connection.public_id
        change(own, "hibob", {"service_user": fake_hibob.USER, "api": bob.url}, by=adam, now=now)
        rotate_secret(own, "service_token", "another", by=adam, now=now)
        assert send_test(own, by=adam, now=now) == "not-allowed-there"
        assert told("b-3") == "parked not-looked-up"
        rotate_secret(own, "service_token", fake_hibob.TOKEN, by=adam, now=now)
        assert send_test(own, by=adam, now=now) == ""
        retry_event(own, Event.objects.order_by("id")[0].public_id, by=adam, now=now)
        deliver(timezone.now())
        assert system.waiting() == [("Nora Lang", "joined", date(2026, 3, 2))]
        # Nobody of that number, and what could lead elsewhere: put aside, and nothing is asked.
        assert told("b-9") == "parked not-looked-up"
        asked = len(bob.seen)
        assert told("../search") == "parked not-looked-up"
        assert len(bob.seen) == asked
        wanted = json.loads(bob.seen[-2].body)["fields"]
        assert not [field for field in wanted if field.startswith(("home", "payroll", "personal"))]
    with reading(world.organization):
        nora = Person.objects.get(email="nora@example.org")
        assert nora.external_id == "hibob:b-2"
