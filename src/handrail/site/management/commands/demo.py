"""`handrail demo`: a fresh database in which a real remote team plays the whole loop."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone, translation

import handrail
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.queries import demo_people
from handrail.apps.programs.queries import programs_for
from handrail.apps.sessions.models import SessionState
from handrail.apps.sessions.queries import sessions_of_program
from handrail.site.demo.files import monday_of, require_people
from handrail.site.demo.story import WEEKS_PLAYED, Inputs, Story
from handrail.site.demo.telling import Telling
from handrail.site.management.commands.serve import serve

EXAMPLE = "examples/remote-team-a"
MARKER = "demo.json"  # says that this folder is a demo's and what it was made from


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # it brings its own settings, and refuses at once
    help = (
        "Play the whole loop with a real remote team in a database of its own: people in, matched, "
        "booked and invited, sessions held, report. Then serve it on this machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today",
            metavar="DATE",
            help="the day on which the program starts; default: four weeks before this Monday",
        )
        parser.add_argument("--people", metavar="FILE", help="another team's people.csv")
        parser.add_argument("--merges", metavar="FILE", help="another team's merges.csv")
        parser.add_argument("--no-serve", action="store_true", help="end after the report")
        parser.add_argument("--seed", type=int, default=1, help="decides how sessions go")
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument("--home", metavar="DIR", help="where it is kept; default: var/demo")

    def handle(self, *args: Any, **options: Any) -> None:
        clock = timezone.now()
        inputs = _inputs(options, clock.date())
        home = _home(options["home"])
        if not options["no_serve"]:
            _require_free(options["port"])
        if options["port"] != 8000 and "HANDRAIL_BASE_URL" not in os.environ:
            settings.BASE_URL = f"http://localhost:{options['port']}"
            os.environ["HANDRAIL_BASE_URL"] = settings.BASE_URL  # read by the serving process
        tell = Telling(self._say)
        tell.line("Handrail: short, steady support while people climb.", indent=0)
        made = _made_before(home, inputs)
        if made is not None:
            tell.line(f"The demo of {inputs.today} is there already and is used again.", indent=0)
            tell.line(f"For a fresh one: delete {home}.", indent=0)
            call_command("migrate", verbosity=0, interactive=False)
        else:
            made = self._fresh(home, inputs, tell, clock if not options["today"] else None)
        self._how_to_sign_in(tell, options["port"])
        tell.line()
        for path in made:
            tell.line(f"Report: {path}", indent=0)
        if not options["no_serve"]:
            tell.line(f"Serving {settings.BASE_URL} until Ctrl-C.", indent=0)
            serve("127.0.0.1", options["port"], 8)

    def _say(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def _fresh(
        self, home: Path, inputs: Inputs, tell: Telling, clock: datetime | None
    ) -> list[Path]:
        with _refusals_in_words():
            require_people(inputs.people)  # before an earlier demo makes room for it
        if (home / MARKER).exists():
            tell.line(f"The earlier demo in {home} is replaced.")
        _clear(home)
        tell.begin("Preparing a database of its own")
        # Not waiting for the disk after every step: a demo that a power cut spoils is played again.
        _tell_sqlite("PRAGMA synchronous=OFF")
        call_command("migrate", verbosity=0, interactive=False)
        tell.more(" ... done")
        end = datetime.combine(monday_of(inputs.today), time(), UTC) + timedelta(weeks=WEEKS_PLAYED)
        story = Story(inputs, tell, home=home, clock=clock or end)
        with _refusals_in_words():
            made = story.play()
        _tell_sqlite("PRAGMA synchronous=FULL")
        _tell_sqlite("PRAGMA wal_checkpoint(TRUNCATE)")
        marker = {"inputs": _digest(inputs), "reports": [str(path) for path in made]}
        (home / MARKER).write_text(json.dumps(marker), encoding="utf-8")
        return made

    def _how_to_sign_in(self, tell: Telling, port: int) -> None:
        tell.heading(f"Sign in as one of them, without a password: http://localhost:{port}/demo/")
        shown: set[str] = set()
        for person in demo_people():
            roles = ["lead"] if person.leads.all() else []
            if person.membership is not None:
                roles += [grant.role for grant in person.membership.grants.all()]
            if person.external_id == "office-manager":
                roles.append("manager")
            roles += [person.role] if person.role else []
            if new := [role for role in roles if role not in shown]:
                shown.update(new)
                tell.line(f"{' and '.join(roles):<18} {person.name}")
        tell.line(f"Mails: http://localhost:{port}/demo/mails/ and in {settings.MAIL_FOLDER}")
        for organization in Organization.objects.filter(is_demo=True):
            with reading(organization):
                self._what_to_try(tell, organization, port)

    def _what_to_try(self, tell: Telling, organization: Organization, port: int) -> None:
        system = Viewer.system(organization, "demo")
        for program in programs_for(system):
            ahead = sessions_of_program(system, program).filter(state=SessionState.SCHEDULED)
            if (session := ahead.last()) is None:
                continue
            names = {seat.role: seat.person.name for seat in session.booking.seats.all()}
            tell.line(
                f"Try: {names['mentee']} and {names['mentor']} meet soon. Check in as both, start "
                f"early, write the artifact: http://localhost:{port}/sessions/{session.public_id}/"
            )


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    try:
        with translation.override("en"):
            yield
    except Refusal as refusal:
        lines = [str(refusal.message), *refusal.detail.get("lines", [])]
        raise CommandError("\n".join(lines), returncode=2) from refusal


def _inputs(options: dict[str, Any], today: date) -> Inputs:
    if bool(options["people"]) != bool(options["merges"]):
        raise CommandError("Give --people and --merges together.", returncode=2)
    day = monday_of(today) - timedelta(weeks=WEEKS_PLAYED)
    if options["today"]:
        try:
            day = date.fromisoformat(options["today"])
        except ValueError as error:
            raise CommandError(
                f"'{options['today']}' is not a date. Write one like 2026-02-02.", returncode=2
            ) from error
    folder = _example()
    return Inputs(
        today=day,
        seed=options["seed"],
        name="Another team" if options["people"] else "Remote team A",
        people=_content(Path(options["people"] or folder / "people.csv")),
        merges=_content(Path(options["merges"] or folder / "merges.csv")),
    )


def _example() -> Path:
    """The example of a checkout, from wherever the command is started."""
    beside = Path(handrail.__file__).resolve().parents[2] / EXAMPLE
    return beside if beside.is_dir() else Path(EXAMPLE)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            f"The file {path} cannot be read: {error.strerror}.", returncode=2
        ) from error


def _home(asked: str | None) -> Path:
    """The demo's folder; refuses every other one, as it is emptied."""
    home = settings.HOME
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    if (asked and Path(asked).resolve() != home) or database.parent != home:
        raise CommandError("Start it as `handrail demo`: it keeps to a folder.", returncode=2)
    if database.exists() and not (home / MARKER).exists() and not _is_unfinished_demo():
        raise CommandError(
            f"{home} holds an install that is no demo. Choose another folder with --home.",
            returncode=2,
        )
    return Path(home)


def _require_free(port: int) -> None:
    """Refuse a port on which somebody answers: two servers would share it and mix their demos."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise CommandError(
                f"Something serves on port {port} already. Stop it or choose another: --port 8001.",
                returncode=2,
            )


def _is_unfinished_demo() -> bool:
    """Whether the database holds nothing but demos, or nothing at all."""
    if Organization._meta.db_table not in connection.introspection.table_names():
        return not connection.introspection.table_names()
    return not Organization.objects.filter(is_demo=False).exists()


def _clear(home: Path) -> None:
    connection.close()
    for name in ("handrail.sqlite3", "handrail.sqlite3-wal", "handrail.sqlite3-shm", MARKER):
        (home / name).unlink(missing_ok=True)
    for name in ("mail", "reports"):
        shutil.rmtree(home / name, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)


def _tell_sqlite(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _made_before(home: Path, inputs: Inputs) -> list[Path] | None:
    """The reports of a complete demo from the same inputs, if it is there."""
    try:
        marker = json.loads((home / MARKER).read_text(encoding="utf-8"))
        made = [Path(path) for path in marker["reports"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    complete = marker.get("inputs") == _digest(inputs) and all(path.exists() for path in made)
    return made if complete else None


def _digest(inputs: Inputs) -> str:
    parts = (
        handrail.__version__.encode(),
        inputs.today.isoformat().encode(),
        str(inputs.seed).encode(),
        inputs.people,
        inputs.merges,
    )
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
