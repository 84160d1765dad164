"""The wizard of a pilot by its four pages, its own page, and how good the data are."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories.world import MONDAY, NOW, World
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import CompetencyEvent, EmploymentSpell, Skill
from handrail.apps.pilots.models import Pilot
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole, Program


@pytest.fixture
def trial(world: World) -> Program:
    """A running program that alice leads, marked by nobody enrolled yet."""
    with reading(world.organization):
        program = create_program(
            "tooling-start", starts_on=MONDAY, by=world.system, now=NOW,
            leads=[world.person("alice")], name="Trial",
        )  # fmt: skip
        start_program(program, by=world.system, now=NOW)
        enrol(program, world.person("alice"), EnrolmentRole.MENTOR, by=world.system, now=NOW)
        Skill.objects.get_or_create(organization=world.organization, name="docs")
        EmploymentSpell.objects.filter(person=world.person("bob")).update(
            started_on=MONDAY, start_known_since=MONDAY
        )
    return program


def signed_in(client: Client, world: World, name: str) -> Client:
    client.force_login(world.users[name], "django.contrib.auth.backends.ModelBackend")
    return client


QUESTION = {
    "measure": "task", "task": "First ticket closed", "claim": "40", "unit": "faster",
    "whom": "took_part", "comparison": "lottery", "waits_days": "91", "planned_hires": "12",
    "take_up": "70", "hires_per_mentor": "1", "looks": "on",
}  # fmt: skip


def test_m19_a_pilot_is_planned_on_four_pages_and_started(
    client: Client, world: World, trial: Program
) -> None:
    lead = signed_in(client, world, "alice")
    team = world.person("bob").team
    assert team is not None
    first = lead.post(
        "/pilots/new/",
        {
            "program": str(trial.public_id), "name": "Does it help?", "team": str(team.public_id),
            "starts_on": MONDAY.isoformat(), "sponsor": "Paula Ruiz",
        },
    )  # fmt: skip
    assert first.status_code == 302
    with reading(world.organization):
        pilot = Pilot.objects.get()
    at = f"/pilots/{pilot.public_id}/"
    assert lead.post(f"{at}edit/", QUESTION).headers["Location"] == f"{at}hires/"
    page = lead.get(f"{at}hires/").content.decode()
    assert "Does a task with git alone" in page
    bob = world.person("bob").public_id
    objectives = {
        f"{bob}-skill_1": "git", f"{bob}-seen_1": "Rebases a branch alone",
        f"{bob}-skill_2": "docs", f"{bob}-seen_2": "Has a page published",
    }  # fmt: skip
    assert lead.post(f"{at}hires/", objectives).headers["Location"] == f"{at}plan/"
    plan = lead.get(f"{at}plan/").content.decode()
    assert "Feasibility only: will neither prove nor refute." in plan
    assert "Nothing ever came from: target tasks done." in plan
    assert lead.post(f"{at}plan/").status_code == 422
    waiver = {"do": "waive", "source": "tasks", "reason": "Two people tick it from now on.",
              "signed": "Paula Ruiz"}  # fmt: skip
    assert lead.post(f"{at}do/", waiver).status_code == 302
    assert lead.post(f"{at}plan/").headers["Location"] == at
    shown = lead.get(at).content.decode()
    assert "0 of 1 known" in shown
    data = json.loads(lead.get(f"{at}plan.json").content)
    assert (data["frozen"], data["sha256"]) == (True, data["now_sha256"])
    assert "Plan of the pilot: Does it help?" in lead.get(f"{at}plan.html").content.decode()
    # The analyst sees the same hire by a pseudonym.
    seen = signed_in(client, world, "ana").get(at).content.decode()
    assert "Hire 1" in seen
    assert "Bob" not in seen
    # Mentee and mentor say that the task is done: then it counts.
    tick = {"do": "tick", "person": str(bob), "done_on": MONDAY.isoformat()}
    with reading(world.organization):
        enrol(trial, world.person("bob"), EnrolmentRole.MENTEE, by=world.system, now=NOW)
    for name in ("bob", "alice"):
        assert signed_in(client, world, name).post(f"{at}mine/", tick).status_code == 302
    with reading(world.organization):
        assert CompetencyEvent.objects.get(kind="task").task == "First ticket closed"
    # Out, by one's own word.
    me = signed_in(client, world, "bob")
    assert "You are part of a pilot:" in me.get("/").content.decode()
    me.post(f"{at}mine/", {"do": "out"})
    assert "You are out, by your own word." in me.get(f"{at}mine/").content.decode()


def test_the_page_of_data_tells_gaps_and_takes_files(client: Client, world: World) -> None:
    admin = signed_in(client, world, "adam")
    wrong = SimpleUploadedFile("x.csv", b"person_id,task,occurred_at\nbob,A task,soon\n")
    answer = admin.post("/reports/data/", {"kind": "events", "file": wrong})
    assert answer.status_code == 422
    assert "line 2, occurred_at" in answer.content.decode()
    right = SimpleUploadedFile("x.csv", b"person_id,task,occurred_at\nbob,A task,2026-01-12\n")
    answer = admin.post("/reports/data/", {"kind": "events", "file": right}, follow=True)
    assert "1 came in, 0 were corrected, 0 were known before." in answer.content.decode()
    assert "1 mentee here has nothing in it" in answer.content.decode()
