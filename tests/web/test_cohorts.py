"""A cohort as people meet it: the lead opens, forms and starts; a new hire opts out in private."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from factories.world import NOW, World
from handrail.apps.cohorts import actions
from handrail.apps.cohorts.models import Cohort, Intake, SeatHold
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.people.models import EmploymentSpell
from handrail.apps.programs.models import Program

SignedIn = Callable[[str], Client]
NAMES = ("ada", "ben", "cem", "dora", "emil", "fay", "gus", "hana", "ivo")


@pytest.fixture
def program(world: World, signed_in_as: SignedIn) -> Program:
    """The template's program in two clicks, by an administrator; alice leads."""
    world.add("nora", role="mentor", minutes_per_week=60)
    for name in NAMES:
        zone = "America/New_York" if name == "ben" else "Europe/Berlin"
        works = (8 * 60, 20 * 60)
        person = world.add(name, role="mentee", timezone=zone, works=works)
        with writing(world.organization):
            EmploymentSpell.objects.filter(person=person).update(
                started_on=date(2026, 1, 12), start_known_since=date(2026, 1, 12)
            )
    adam = signed_in_as("adam")
    answer = adam.post(
        "/programs/new/",
        {
            "template": "first-twelve-weeks",
            "name": "First weeks",
            "starts_on": "2026-02-02",
            "lead": str(world.person("alice").public_id),
        },
    )
    assert adam.post(f"{answer['Location']}start/").status_code == 302
    with reading(world.organization):
        return Program.objects.get(name="First weeks")


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_m03_a_lead_runs_a_cohort_from_the_template_to_its_twelve_weeks(
    world: World, program: Program, signed_in_as: SignedIn
) -> None:
    alice = signed_in_as("alice")
    new = f"/programs/{program.public_id}/intakes/new/"
    page = alice.get(new).content.decode()
    assert "Say what works here, what does not, and what I need first" in page
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    themes = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.S)
    assert themes is not None
    form |= {"themes": themes[1], "mentors": str(world.person("nora").public_id), "seats": "8"}
    form |= {"hired_from": "2026-01-12", "tail_sessions": "3"}
    form.pop("by_lot", None)
    answer = alice.post(new, form)
    assert answer.status_code == 302, answer.content.decode()
    intake = answer["Location"]
    assert "In: 8 of 8 seats" in text(alice, intake)
    assert "Waiting list" in text(alice, intake)
    # A new hire opts out: nobody is told, and whoever waited moves up.
    cem = signed_in_as("cem")
    assert "You are in" in text(cem, "/")
    cem.post(f"{intake}place/", {"do": "out"})
    assert "You opted out of this group" in text(cem, intake)
    assert "Cem" not in text(alice, intake)
    assert "Waiting list" not in text(alice, intake)
    alice.post(f"{intake}form/")
    page = text(alice, intake)
    assert "everybody in 12 of 12 weeks" in page
    # New York changes its clocks on 8 March 2026, three weeks before Berlin.
    assert re.search(r"Ben: at \d\d:00 by their clock from week", page)
    with reading(world.organization):
        cohort = Cohort.objects.get()
    time = re.search(r'name="time" value="([^"]+)"', alice.get(intake).content.decode())
    assert time is not None
    start = f"/cohorts/{cohort.public_id}/start/"
    assert alice.post(start, {"time": "nonsense"}).status_code == 422
    assert alice.post(start, {"time": time[1]}).status_code == 302
    for name in ("alice", "nora", "ben"):
        page = text(signed_in_as(name), f"/cohorts/{cohort.public_id}/")
        assert page.count("scheduled") == 12, name
    assert "By your clock at" in text(signed_in_as("ben"), f"/cohorts/{cohort.public_id}/")
    assert signed_in_as("cem").get(f"/cohorts/{cohort.public_id}/").status_code == 404
    ben = signed_in_as("ben")
    assert "Nora (group of 9)" in text(ben, "/sessions/")
    room = re.search(r'href="(/sessions/[0-9a-f-]{36}/)"', ben.get("/").content.decode())
    assert room is not None
    page = text(ben, room[1])
    assert "The timer starts with the mentor and one of you" in page
    assert "All of you see the ticks." in page
    assert "Give back my seat" in text(ben, f"{room[1]}cancel/")
    assert ben.post(f"{room[1]}cancel/")["Location"] == "/sessions/"
    assert "Come after all" in text(ben, f"/cohorts/{cohort.public_id}/")
    ben.post(f"/cohorts/{cohort.public_id}/seat/", {"number": "1"})
    assert ben.get(room[1]).status_code == 200
    # Nobody books alone here.
    booked = ben.post(
        f"/programs/{program.public_id}/book/",
        {
            "mentor": str(world.person("nora").public_id),
            "objective": "Rebase a branch",
            "starts_at": "2026-02-04T10:00:00+00:00",
        },
    )
    assert booked.status_code in (409, 422)


@pytest.mark.nightly
def test_m03_fewer_than_six_is_a_warning_that_a_lead_may_pass_over(
    world: World, program: Program, signed_in_as: SignedIn
) -> None:
    alice = signed_in_as("alice")
    with writing(world.organization):
        for name in NAMES[5:]:
            world.person(name).spells.all().delete()
    with writing(world.organization):
        intake = actions.open_intake(
            program,
            [world.person("nora")],
            opens_on=date(2026, 2, 2),
            closes_on=date(2026, 2, 6),
            starts_on=date(2026, 2, 16),
            hired_from=date(2026, 1, 12),
            by=world.viewer("alice"),
            now=NOW,
        )
    path = f"/intakes/{intake.public_id}/"
    assert "5 of 6." in text(alice, path)
    alice.post(f"{path}form/")
    with reading(world.organization):
        start = f"/cohorts/{Cohort.objects.get().public_id}/start/"
    refused = alice.post(start, {"time": "2026-02-16 600"})
    assert refused.status_code == 409
    assert "5 of 6: a cohort works from six people on" in refused.content.decode()
    answer = alice.post(start, {"time": "2026-02-16 600", "although_small": "yes"})
    assert answer.status_code == 302
    with reading(world.organization):
        assert Intake.objects.get().state == "started"


def test_m11_a_lead_sees_the_seats_held_for_accepted_offers_and_decides(
    world: World, program: Program, signed_in_as: SignedIn
) -> None:
    lead = world.viewer("alice")
    with reading(world.organization):
        intake = actions.open_intake(
            program,
            [world.person("nora")],
            opens_on=date(2026, 2, 2),
            closes_on=date(2026, 2, 13),
            starts_on=date(2026, 2, 23),
            hired_from=date(2026, 2, 1),  # nobody is in yet
            by=lead,
            now=NOW,
        )
        hold = actions.hold_seat(intake, "k", "Platform engineer (J-7)", by=lead, now=NOW)
    alice, page = signed_in_as("alice"), f"/intakes/{intake.public_id}/"
    said = text(alice, page)
    assert "1 seat is held for an accepted offer" in said
    assert "Platform engineer (J-7) held since Mon 2 Feb 2026, until Fri 13 Feb 2026" in said
    assert "waiting list" not in said
    with reading(world.organization):  # past midnight where alice is
        SeatHold.objects.update(held_at=datetime(2026, 2, 2, 23, 30, tzinfo=UTC))
    assert "held since Tue 3 Feb 2026" in text(alice, page)
    asked = {"hold": str(hold.public_id), "do": "until", "until": "2026-02-10"}
    assert alice.post(f"{page}held/", asked).status_code == 302
    assert "until Tue 10 Feb 2026" in text(alice, page)
    assert alice.post(f"{page}held/", asked | {"until": "2026-02-14"}).status_code == 422
    assert alice.post(f"{page}held/", asked | {"until": "soon"}).status_code == 422
    assert alice.post(f"{page}held/", asked | {"do": "release"}).status_code == 302
    assert "held for" not in text(alice, page)
    assert alice.post(f"{page}held/", asked).status_code == 404
