"""From a posting to a report, as one way: every step is one that people or programs take."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest
from django.test import Client
from django.urls import reverse

from factories.outbox import deliver
from factories.world import World
from handrail.apps.answers.models import Audience
from handrail.apps.connections.models import Event
from handrail.apps.hiring.models import HireRecord
from handrail.apps.organizations.models import User
from handrail.apps.organizations.scope import reading
from handrail.apps.sessions.models import Session
from handrail.integrations.webhooks import SCHEMES, sign

SignedIn = Callable[[str], Client]
KEY = "the word that Greenhouse signs with"
NOVEMBER = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Clock(Protocol):
    now: datetime


def hired(application: int, first: str, start: str, job: str) -> bytes:
    """A hire in the shape that Greenhouse sends, with what must not be kept."""
    candidate = {
        "first_name": first,
        "last_name": "Moll",
        "email_addresses": [{"value": f"{first.lower()}@home.example.org", "type": "personal"}],
        "phone_numbers": [{"value": "+49 30 901820"}],
    }
    said = {
        "id": application,
        "candidate": candidate,
        "jobs": [{"id": job, "name": "Platform engineer", "departments": [{"name": "Platform"}]}],
        "offer": {"starts_at": start, "custom_fields": {"salary": {"value": 98765}}},
    }
    return json.dumps({"action": "hire_candidate", "payload": {"application": said}}).encode()


def send(address: str, body: bytes, delivery: str) -> int:
    headers = {
        "Signature": sign(SCHEMES["greenhouse"], KEY, body, time="", ident=delivery),
        "Greenhouse-Event-ID": delivery,
    }
    answer = Client().post(
        f"/hooks/{address}", body, content_type="application/json", headers=headers
    )
    return answer.status_code


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    page = re.sub(r"<script.*?</script>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def post(client: Client, path: str, form: dict[str, Any]) -> str:
    answer = client.post(path, form)
    assert answer.status_code == 302, (path, answer.status_code)
    assert "login" not in answer["Location"]
    return answer["Location"]


@pytest.fixture
def lead_and_intake(world: World, clock: Clock, signed_in_as: SignedIn) -> tuple[str, str]:
    """The addresses of a running cohort program that alice leads, and of its January intake."""
    clock.now = NOVEMBER
    world.add("nora", role="mentor", offers={"git": 4}, minutes_per_week=60)
    adam, alice = signed_in_as("adam"), signed_in_as("alice")
    program = post(
        adam,
        reverse("program_new"),
        {
            "template": "first-twelve-weeks",
            "name": "First weeks",
            "starts_on": "2026-11-02",
            "lead": str(world.person("alice").public_id),
        },
    )
    form = {"name": "First weeks", "starts_on": "2026-11-02", "ends_on": "2027-12-31"}
    page = adam.get(f"{program}edit/").content.decode()
    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    chosen = dict(
        re.findall(r'<select name="(\w+)".*?<option value="([^"]*)" selected', page, re.S)
    )
    post(alice, f"{program}edit/", {**kept, **chosen, **form})
    post(alice, f"{program}start/", {})
    nora = str(world.person("nora").public_id)
    post(alice, f"{program}enrol/", {"person": nora, "role": "mentor"})
    new = f"{program}intakes/new/"
    page = alice.get(new).content.decode()
    themes = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.S)
    assert themes is not None
    intake = post(
        alice,
        new,
        {
            "opens_on": "2026-11-02",
            "closes_on": "2026-12-28",
            "starts_on": "2027-01-11",
            "hired_from": "2026-11-02",
            "seats": "6",
            "tail_sessions": "0",
            "themes": themes[1],
            "mentors": nora,
        },
    )
    return program, intake


def test_m01_from_a_posting_to_a_report(
    world: World,
    clock: Clock,
    signed_in_as: SignedIn,
    lead_and_intake: tuple[str, str],
) -> None:
    program, intake = lead_and_intake
    rita, alice, adam = signed_in_as("rita"), signed_in_as("alice"), signed_in_as("adam")

    # The posting: a candidate reads what the live program offers, without an account or a cookie.
    job = post(
        rita,
        reverse("job_new"),
        {
            "title": "Platform engineer",
            "program": program.strip("/").split("/")[-1],
            "mentor_role": "a senior engineer of your team",
            "skills": ["git"],
            "ref": "J-7",
        },
    )
    post(rita, f"{job}do/", {"do": "publish"})
    public = re.search(r'/p/[\w-]+/[\w-]+/(?=["\s<])', rita.get(job).content.decode())
    assert public is not None
    candidate = Client()
    page = candidate.get(public[0])
    offer = "12 sessions of 30 minutes within 84 days"
    assert offer in words(candidate, public[0])
    assert not page.cookies

    # The hire: signed events of the hiring system, one of them twice; the worker takes them.
    made = adam.post(
        reverse("connection_new", args=["greenhouse"]), {"name": "Greenhouse", "signing": KEY}
    )
    assert made.status_code == 201
    hook = re.search(r"/hooks/([\w-]+)", made.content.decode())
    assert hook is not None
    for number, name, start in ((1, "Ada", "2027-01-04"), (2, "Ben", "2027-01-04")):
        body = hired(number, name, start, "J-7")
        for _retried in range(2):
            assert send(hook[1], body, f"event-{number}") == 200
    deliver(clock.now)
    with reading(world.organization):
        assert not Event.objects.exclude(fields={}).exists()
        hires = list(HireRecord.objects.order_by("application"))
    assert [hire.name for hire in hires] == ["Ada Moll", "Ben Moll"]
    assert "In: 2 of 6 seats" in words(alice, intake)

    # The lead lets the introductions go; each mail has a private way out.
    assert "Ada Moll" in words(alice, reverse("hires"))
    post(alice, reverse("hires_approve"), {})
    deliver(clock.now)
    assert "Nothing waits." in words(alice, reverse("hires"))
    assert "Ada Moll" not in words(signed_in_as("bob"), reverse("people"))

    # The work addresses come; on the first day an administrator lets them in.
    clock.now = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    alice, adam = signed_in_as("alice"), signed_in_as("adam")
    members = {}
    for hire, name in zip(hires, ("ada", "ben"), strict=True):
        address = f"{name}@northwind.example.org"
        post(
            alice,
            reverse("hire_answer", args=[hire.public_id]),
            {"do": "complete", "work_email": address},
        )
        with reading(world.organization):
            hire.refresh_from_db()
            assert hire.person is not None
            person = hire.person
        post(adam, reverse("person_invite", args=[person.public_id]), {})
        members[name] = Client()
        members[name].force_login(
            User.objects.get(email=address), "django.contrib.auth.backends.ModelBackend"
        )
    assert "Ada Moll" in words(signed_in_as("bob"), reverse("people"))

    # The match: a group and a time for it, then twelve sessions.
    post(alice, f"{intake}form/", {})
    page = alice.get(intake).content.decode()
    start = re.search(r'action="(/cohorts/[^"]+/start/)"', page)
    time = re.search(r'name="time" value="([^"]+)"', page)
    assert start is not None
    assert time is not None
    cohort = post(alice, start[1], {"time": time[1], "although_small": "yes"})

    # The session: three check in, the timebox starts, one writes the artifact.
    room = re.search(r"/sessions/[0-9a-f-]{36}/", members["ada"].get(cohort).content.decode())
    assert room is not None
    with reading(world.organization):
        session = Session.objects.select_related("booking").get(public_id=room[0].split("/")[2])
    clock.now = session.booking.starts_at
    nora = signed_in_as("nora")
    for one in (nora, *members.values()):
        post(one, f"{room[0]}check-in/", {})
    nora.post(f"{room[0]}start/")
    clock.now += timedelta(minutes=20)
    nora.post(f"{room[0]}finish/")
    with reading(world.organization):
        ada = str(hires[0].person.public_id)  # type: ignore[union-attr]
    post(
        members["ada"],
        f"{room[0]}artifact/",
        {"learned": "Rebase onto main first", "next_step": "Try it", "owner": ada, "link": ""},
    )

    # The answer: proposed, approved, found by a colleague.
    answer = post(members["ada"], reverse("answer_propose", args=[session.public_id]), {})
    everybody = dict.fromkeys(("question", "body", "next_step", "link"), str(int(Audience.PUBLIC)))
    post(members["ada"], f"{answer}approve/", {"revision": "1", **everybody})
    yes = {"field": "question", "upto": str(int(Audience.ORGANIZATION)), "revision": "1"}
    post(nora, f"{answer}agree/", yes)  # the question is hers
    assert "Rebase onto main first" in words(signed_in_as("bob"), answer)

    # The report: who is here since when, and what was held.
    clock.now += timedelta(days=90)
    report = post(
        signed_in_as("ana"),
        reverse("report_new"),
        {"program": program.strip("/").split("/")[-1], "cut": clock.now.date().isoformat()},
    )
    said = words(signed_in_as("ana"), report)
    assert "12 sessions are over." in said
    # From the first day on, not from November.
    assert "day 90 is known for 2 of 2 who reached it, 0 not yet 90 days" in said
