"""`handrail report`: files written, and clear words where it cannot."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from factories.world import make_world

from .conftest import Team


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("report", *arguments, stdout=out)
    return out.getvalue().splitlines()


def refused(*arguments: str) -> CommandError:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    return error.value


def test_it_writes_page_and_data_and_prints_where(pilot: Team, tmp_path: Path) -> None:
    page, data = tmp_path / "page.html", tmp_path / "data.json"
    lines = run("--cut", "2026-02-01", "--out", str(page), "--json", str(data))
    assert lines == [str(page), str(data)]
    assert "<h1>Report: Team A</h1>" in page.read_text(encoding="utf-8")
    assert json.loads(data.read_text(encoding="utf-8"))["cut"] == "2026-02-01"


def test_it_makes_the_report_of_one_program(pilot: Team, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert pilot.program is not None
    program = str(pilot.program.public_id)
    run("--program", program, "--cut", "2026-02-01", "--out", str(page))
    assert "<h1>Report: Tooling start</h1>" in page.read_text(encoding="utf-8")


def test_it_writes_german_on_request(pilot: Team, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run("--cut", "2026-02-01", "--language", "de", "--out", str(page))
    assert "<h1>Bericht: Team A</h1>" in page.read_text(encoding="utf-8")


def test_a_cut_that_is_no_date_is_named(team: Team) -> None:
    error = refused("--cut", "yesterday")
    assert str(error) == "--cut yesterday is not a date. Write it like 2026-02-01."
    assert error.returncode == 2


def test_a_cut_in_the_future_is_refused(team: Team) -> None:
    assert "Choose today or an earlier day." in str(refused("--cut", "2999-01-01"))


def test_an_unknown_program_lists_those_there_are(pilot: Team) -> None:
    assert pilot.program is not None
    error = str(refused("--program", "tooling"))
    assert error.splitlines() == [
        "There is no program 'tooling'. The programs are:",
        f"  {pilot.program.public_id}  Tooling start",
    ]


def test_of_several_organisations_one_must_be_chosen(team: Team) -> None:
    make_world("Northwind")
    assert str(refused()) == "Choose one with --organisation: Northwind, Team A."


def test_a_place_that_cannot_be_written_is_named(team: Team, tmp_path: Path) -> None:
    error = refused("--cut", "2026-02-01", "--out", str(tmp_path / "no" / "such" / "page.html"))
    assert "cannot be written (No such file or directory). Choose another file." in str(error)
