"""Hires on the pages: a way out by the link of a mail, and a file that is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories.outbox import deliver
from factories.world import NOW, World
from handrail.apps.cohorts.actions import open_intake
from handrail.apps.cohorts.models import Intake
from handrail.apps.hiring.actions import add_rule
from handrail.apps.organizations.scope import reading
from handrail.apps.programs.actions import create_program, start_program

SignedIn = Callable[[str], Client]
FILE = (
    "application,name,personal_email,job_title,start_date\n"
    "a1,Ada Moll,ada@home.example.org,Engineer,2026-02-16\n"
    "a2,Ben Moll,ben@home.example.org,Cook,2026-02-16\n"
)


class Settings(Protocol):
    MAIL_FOLDER: Path


@pytest.fixture
def intake(world: World) -> Intake:
    world.add("nora", role="mentor", minutes_per_week=60)
    with reading(world.organization):
        program = create_program(
            "first-twelve-weeks",
            starts_on=NOW.date(),
            ends_on=NOW.date() + timedelta(days=200),
            by=world.system,
            now=NOW,
            leads=[world.person("alice")],
        )
        start_program(program, by=world.system, now=NOW)
        add_rule(program, title="engineer", by=world.system, now=NOW)
        return open_intake(
            program,
            [world.person("nora")],
            opens_on=NOW.date(),
            closes_on=date(2026, 2, 13),
            starts_on=date(2026, 2, 23),
            hired_from=date(2026, 2, 9),
            by=world.system,
            now=NOW,
        )


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def read_in(client: Client, content: str) -> int:
    file = SimpleUploadedFile("hires.csv", content.encode())
    return client.post("/hires/file/", {"file": file}).status_code


def test_a_hire_takes_themself_out_by_the_mail_and_nobody_is_told(
    world: World, intake: Intake, signed_in_as: SignedIn, settings: Settings
) -> None:
    alice = signed_in_as("alice")
    assert read_in(alice, FILE.replace("2026-02-16", "soon")) == 422
    assert read_in(alice, FILE) == 302
    assert "2 hires wait for your word" in text(alice, "/")
    seen = text(alice, "/hires/")
    assert "Ada Moll · Engineer A seat is held. Nobody has told them yet." in seen
    assert "Ben Moll · Cook No program is named for this job." in seen
    assert "In: 1 of 8 seats" in text(alice, f"/intakes/{intake.public_id}/")
    alice.post("/hires/approve/")
    deliver(NOW)
    mail = next(
        body
        for path in sorted(settings.MAIL_FOLDER.rglob("*.eml"))
        if "ada@home.example.org" in (body := path.read_text().replace("=\n", ""))
    )
    link = re.search(r"/place/[\w:.-]+/", mail)
    assert link is not None
    reader = Client()
    assert "You are in" in text(reader, link[0])
    reader.post(link[0], {"do": "out"})
    assert "You are out" in text(reader, link[0])
    # For the lead the seat is free, and the hire's page says the same as before.
    assert "In: 0 of 8 seats" in text(alice, f"/intakes/{intake.public_id}/")
    assert "Ada Moll · Engineer First day Monday 16 February 2026" in text(alice, "/hires/")
    reader.post(link[0], {"do": "in"})
    assert "In: 1 of 8 seats" in text(alice, f"/intakes/{intake.public_id}/")
    assert Client().get("/place/guessed/").status_code == 404
