"""`handrail import` as it is typed: what comes in, what is told, and code 2 for bad input."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factories.world import World, make_world
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outcomes.models import Source
from handrail.apps.outcomes.queries import data_health
from handrail.apps.people.models import CompetencyEvent, Person
from handrail.site.command_line import main
from integrations.git.repositories import Commit, repository

Typed = Callable[..., tuple[int, str, str]]
CLEO = "Cleo Ray <cleo@example.org>"
COLUMNS = (
    "person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,"
    "minutes_per_week"
)
PRIYA = "p1,Priya Rao,priya@example.org,mentor,Europe/Berlin,09:00-17:00,2024-01-08,,git:4,,60"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str]) -> Typed:
    """Code, answer and complaint of a command."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capfd.readouterr()
        return code, out, err

    return run


def people_file(folder: Path, *lines: str) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join([COLUMNS, *lines, ""]))
    return path


def team(folder: Path) -> Path:
    commits = [
        Commit(CLEO, "2026-01-10T10:00:00Z", committed="2026-01-13T10:00:00Z"),
        Commit(CLEO, "2026-01-20T10:00:00Z", committed="2026-01-21T10:00:00Z"),
        Commit("Dan Oh <root@localhost>", "2026-01-12T10:00:00Z", committed="2026-01-19T10:00:00Z"),
    ]
    return repository(folder, commits)


def test_people_come_in_and_a_dry_run_only_tells(
    world: World, typed: Typed, tmp_path: Path
) -> None:
    path = people_file(tmp_path, PRIYA)
    code, out, _err = typed("import", "people", path, "--dry-run")
    assert code == 0
    assert "new: Priya Rao (p1)" in out
    assert "Nothing was changed (--dry-run)." in out
    with reading(world.organization):
        assert not Person.objects.filter(external_id="p1").exists()
    code, out, _err = typed("import", "people", path)
    assert code == 0
    assert "1 new, 0 changed, 0 as before." in out


def test_imported_people_get_the_way_in_by_mail_when_asked(
    world: World, typed: Typed, tmp_path: Path
) -> None:
    path = people_file(tmp_path, PRIYA)
    told = typed("import", "people", path)[1].splitlines()[-1]
    assert told.startswith("1 person cannot sign in yet: --invite sends the way in by mail")
    assert typed("import", "people", path, "--invite")[1].splitlines()[-1] == (
        "1 person invited by mail."
    )
    with reading(world.organization):
        assert Person.objects.get(external_id="p1").membership is not None
        assert OutboxRow.objects.filter(kind="mail.welcome").count() == 1
    assert typed("import", "people", path)[1].splitlines()[-1] == "0 new, 0 changed, 1 as before."


def test_bad_lines_are_told_one_by_one_with_code_2(
    world: World, typed: Typed, tmp_path: Path
) -> None:
    path = people_file(tmp_path, PRIYA.replace("Europe/Berlin", "Nowhere"), PRIYA)
    code, out, err = typed("import", "people", path)
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "line 2, timezone: 'Nowhere' is not a time zone. Write one like Europe/Berlin.",
        "line 3, email: 'priya@example.org' is already in line 2. Each person is there once.",
        "line 3, person_id: 'p1' is already in line 2. Each person is there once.",
        "The file was not taken: 3 problems. Nothing was changed.",
    ]


def test_git_tells_a_baseline_without_any_database(typed: Typed, tmp_path: Path) -> None:
    code, out, _err = typed("import", "git", team(tmp_path), "--reference", "2026-02-01")
    assert code == 0
    assert (
        "3 changes by 2 people, up to 2026-01-21; 2 newcomers and 0 mentors at 2026-02-01." in out
    )
    # Cleo after 3 days, Dan after 7: half had one by day 3.
    assert "median 3 days (n = 2, not there yet: 0)" in out
    assert "1 person left no address that mail could reach" in out
    assert "people who never got a merge are not in it" in out


def test_git_writes_files_that_the_other_imports_take(
    world: World, typed: Typed, tmp_path: Path
) -> None:
    written = tmp_path / "team"
    asked = ("--reference", "2026-02-01", "--pseudonyms", "--out", written)
    assert typed("import", "git", team(tmp_path / "repository"), *asked)[0] == 0
    assert "Cleo" not in (written / "people.csv").read_text()
    assert typed("import", "people", written / "people.csv")[0] == 0
    code, out, _err = typed("import", "merges", written / "merges.csv")
    assert (code, out.splitlines()[-1]) == (0, "3 merged changes came in, 0 known before.")


def test_git_goes_into_the_database_and_a_second_time_changes_nothing(
    world: World, typed: Typed, tmp_path: Path
) -> None:
    folder = team(tmp_path)
    asked = ("import", "git", folder, "--reference", "2026-02-01", "--into-database")
    assert typed(*asked)[1].splitlines()[-1] == "2 new people, 0 changed; 3 merged changes."
    assert typed(*asked)[1].splitlines()[-1] == "0 new people, 0 changed; 0 merged changes."
    with reading(world.organization):
        assert CompetencyEvent.objects.filter(person__name="Cleo Ray").count() == 2


def test_data_health_shows_the_bots_and_the_unknown_that_git_left_out(
    world: World, typed: Typed, tmp_path: Path
) -> None:
    bot = "dependabot[bot] <bot@example.org>"
    commits = [
        Commit("Eve Long <eve@example.org>", "2024-01-10T10:00:00Z"),  # one change, long ago
        Commit(bot, "2026-01-08T10:00:00Z"),
        Commit(bot, "2026-01-09T10:00:00Z"),
        Commit("renovate <renovate@example.org>", "2026-01-09T11:00:00Z"),
        Commit(CLEO, "2026-01-10T10:00:00Z"),
    ]
    folder = repository(tmp_path, commits)
    _code, out, _err = typed(
        "import", "git", folder, "--reference", "2026-02-01", "--into-database"
    )
    assert "Left out: 2 bots, 1 person who" in out
    with reading(world.organization):
        health = data_health(world.viewer("ana"), now=datetime(2026, 2, 2, tzinfo=UTC))
    merges = next(one for one in health.sources if one.source == Source.MERGES)
    assert (merges.bots, merges.unlinked) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("people", "nowhere.csv"), "'nowhere.csv' cannot be read: No such file or directory."),
        (("git", "nowhere"), "'nowhere' is not a folder. Give the path of a repository."),
        (("git", "."), "'.' is no Git repository. Give the path of one."),
        (("people", "x.csv", "--data-end", "soon"), "'x.csv' cannot be read"),
        (("git", ".", "--reference", "1.2.2026"), "'1.2.2026' is not a date."),
    ],
)
def test_what_cannot_be_read_ends_with_code_2_and_one_sentence(
    world: World,
    typed: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _out, err = typed("import", *arguments)
    assert code == 2
    assert err.startswith(words)
    assert len(err.splitlines()) == 1


def test_before_init_a_command_says_how_to_begin(tmp_path: Path) -> None:
    path = people_file(tmp_path, PRIYA)
    front_door = "from handrail.site.command_line import main; main()"
    environment = {**os.environ, "HANDRAIL_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", front_door, "import", "people", str(path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("The database is not set up")
    assert "Traceback" not in done.stderr
