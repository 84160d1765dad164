"""`handrail match PEOPLE.csv`: match the people of a file, with reasons and a certificate."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from handrail.apps.matches.plain_check import (
    NotWhatWasWritten,
    Said,
    faults_of_files,
    read_certificate,
)
from handrail.apps.matches.plain_files import (
    Matched,
    certificate_json,
    default_week,
    match_problem,
    plan_csv,
    problem_of,
    reasons_json,
)
from handrail.apps.matches.weights import SEAT_PRICE
from handrail.apps.people.people_file import PeopleFile, parse_people
from handrail.apps.people.table import MEGABYTE, ON_DISK
from handrail.domain.matching import Fault, Options, ProblemError, sentence, verify
from handrail.domain.matching.solve import MANY
from handrail.integrations.dask_cluster import DaskMissing, dask_spread

LARGE = 500  # people from which on a line is said before anything that may take seconds
SHOWN = 20  # faults of a plan that are named one by one
PATIENCE = 2.0  # seconds of silence
FLOOR = Options().floor
TOLD = ("model", "sessions", "floor", "seat_price")  # of the options, whatever they are


def _stage(stage: str) -> None:
    sys.stderr.write(f"  {stage} ...\n")


def _silence(stage: str) -> None:
    pass


def _told_now_and_then(what: str) -> Callable[[int, int], None]:
    """Says how far something is, not more often than every two seconds."""
    last = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last >= PATIENCE:
            last = monotonic()
            sys.stderr.write(f"  {what}: {done} of {total} ...\n")

    return tell


class Command(BaseCommand):
    help = (
        "Match the people of a CSV file: who meets whom, when, and why. Needs no database. "
        "The same file gives the same plan."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "people", type=Path, metavar="PEOPLE.csv", help="the columns of a people file"
        )
        parser.add_argument("--model", choices=["speed", "cohort", "project"], default="speed")
        parser.add_argument("--sessions", type=int, default=1, help="sessions a mentee, 1 to 3")
        parser.add_argument(
            "--floor",
            type=int,
            metavar="PERCENT",
            help="least share of a mentee's wishes that a mentor must cover, 0 to 100; 0: any help "
            f"with a wish will do; default: {FLOOR}",
        )
        parser.add_argument(
            "--share-load",
            choices=list(SEAT_PRICE),
            help="fit: by fit alone (default); gently, evenly: sessions go to mentors who have "
            "fewer, at the price of a slightly or clearly worse fit; as many people get a session",
        )
        parser.add_argument(
            "--week",
            default="",
            metavar="MONDAY",
            help="default: the first Monday after the last start",
        )
        parser.add_argument("--seed", type=int, default=1, help="decides between equals")
        parser.add_argument(
            "--out", type=Path, metavar="PLAN.csv", help="write the plan here, not to the screen"
        )
        parser.add_argument(
            "--certificate",
            type=Path,
            metavar="CERT.json",
            help="write the figures that prove how good the plan is",
        )
        parser.add_argument(
            "--reasons",
            type=Path,
            metavar="REASONS.jsonl",
            help="write for each mentee why this one, the runner-up, and what would change it",
        )
        parser.add_argument(
            "--verify",
            action="store_true",
            help="check the plan again from people, plan and prices alone before it is written",
        )
        parser.add_argument(
            "--check",
            nargs=2,
            type=Path,
            metavar=("PLAN.csv", "CERT.json"),
            help="match nobody: check a plan and its certificate that were written before",
        )
        parser.add_argument(
            "--dask",
            default="",
            metavar="ADDRESS",
            help="spread a large match over the Dask cluster of this scheduler",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(options)
            return
        asked = _asked(options)
        file = self._people(options["people"])
        week = self._week(options["week"]) if options["week"] else default_week(file)
        large = len(file.rows) > LARGE
        if large:
            sys.stderr.write(f"Matching {len(file.rows)} people ...\n")
        problem = problem_of(file, week=week)
        del file  # a large team's rows are not kept while it is matched
        people = len(problem.mentees) + len(problem.mentors)
        if asked.sessions > 1 and asked.seat_price and people > MANY:
            raise CommandError(
                f"With several sessions each, --share-load takes at most {MANY} people, and "
                f"{people} take part. Leave out --share-load or --sessions.",
                returncode=2,
            )
        try:
            with dask_spread(options["dask"]) if options["dask"] else nullcontext() as spread:
                matched = match_problem(
                    problem,
                    asked,
                    seed=options["seed"],
                    progress=_stage if large else _silence,
                    spread=spread,
                )
        except (ProblemError, DaskMissing) as error:
            raise CommandError(str(error), returncode=2) from error
        if options["verify"]:
            self._verify(matched)
        self._write(options["out"], plan_csv(matched))
        self._write(options["certificate"], certificate_json(matched))
        if options["reasons"]:
            tell = _told_now_and_then("reasons")
            self._write(options["reasons"], _counted(reasons_json(matched), matched, tell))
        self._tell(matched, plan_shown=options["out"] is None)
        if options["verify"]:
            self.stdout.write("Checked again from people, plan and prices alone: nothing is wrong.")

    def _people(self, path: Path) -> PeopleFile:
        content = _read(path)
        if len(content) > 2 * MEGABYTE:
            sys.stderr.write(f"Reading {len(content) // MEGABYTE} MB of people ...\n")
        file = parse_people(content, limits=ON_DISK)
        for problem in file.warnings:
            sys.stderr.write(f"warning: {problem}\n")
        if file.errors:
            for problem in file.errors:
                sys.stderr.write(f"{problem}\n")
            raise CommandError(f"{len(file.errors)} problems; nothing was matched.", returncode=2)
        return file

    def _verify(self, matched: Matched) -> None:
        tell = _told_now_and_then("checking")
        faults = verify(matched.problem, matched.plan, progress=tell)
        if faults:
            self._refuse(faults, "This plan does not pass its own check; nothing was written.")

    def _check(self, options: dict[str, Any]) -> None:
        others = ("out", "certificate", "reasons", "verify", "dask", "week", "floor", "share_load")
        for name in others:
            if options[name] or (name == "floor" and options[name] is not None):  # 0 is a floor
                raise CommandError(
                    f"--check only reads; leave out --{name.replace('_', '-')}. Model, week, "
                    "seed, floor and load are those of the certificate.",
                    returncode=2,
                )
        plan_path, certificate_path = options["check"]
        file = self._people(options["people"])
        try:
            said = read_certificate(_text(certificate_path))
        except NotWhatWasWritten as error:
            raise CommandError(f"'{certificate_path}' {error}", returncode=2) from error
        problem = problem_of(file, week=said.certificate.week)
        del file
        tell = _told_now_and_then("checking")
        try:
            with _opened(plan_path) as lines:
                matched, faults = faults_of_files(problem, said, lines, progress=tell)
        except NotWhatWasWritten as error:
            raise CommandError(f"'{plan_path}', {error}", returncode=2) from error
        if faults:
            self._refuse(faults, "Refused: the plan and its certificate are not both true.")
        self._tell(matched, plan_shown=False, unmatched_shown=False)
        self.stdout.write(_accepted(said))

    def _refuse(self, faults: tuple[Fault, ...], words: str) -> None:
        for fault in faults[:SHOWN]:
            about = ", ".join(part for part in (fault.code, fault.person) if part)
            sys.stderr.write(f"{about}: {fault.message}\n")
        if len(faults) > SHOWN:
            sys.stderr.write(f"and {len(faults) - SHOWN} more\n")
        raise CommandError(words, returncode=1)

    def _week(self, text: str) -> date:
        try:
            week = date.fromisoformat(text)
        except ValueError:
            raise CommandError(
                f"'{text}' is not a date. Write a Monday like 2026-02-02.", returncode=2
            ) from None
        if week.weekday() != 0:
            raise CommandError(f"{week} is no Monday. A week starts on one.", returncode=2)
        return week

    def _write(self, path: Path | None, pieces: Iterable[str]) -> None:
        """The whole file or, where something goes wrong, what was there before."""
        if path is None:
            return
        whole = not path.exists() or path.is_file()
        target = path.resolve()
        part = target.with_name(f".{target.name}.{os.getpid()}.part") if whole else target
        try:
            try:
                with part.open("w", encoding="utf-8", newline="") as out:
                    out.writelines(pieces)
                if whole:
                    part.replace(target)
            finally:
                if whole:
                    part.unlink(missing_ok=True)
        except OSError as error:
            raise CommandError(
                f"'{path}' cannot be written: {error.strerror}.", returncode=2
            ) from error

    def _tell(self, matched: Matched, *, plan_shown: bool, unmatched_shown: bool = True) -> None:
        plan, certificate = matched.plan, matched.plan.certificate
        if plan_shown:
            for pair in plan.pairs:
                start = matched.problem.starts_at(pair.slot)
                why = "; ".join(sentence(reason) for reason in pair.reasons)
                self.stdout.write(
                    f"{pair.mentee} meets {pair.mentor} at {start:%a %H:%M} UTC: {why}"
                )
        people = len(matched.problem.mentees)
        bound = (certificate.fit + certificate.bound - certificate.value) / 10_000
        self.stdout.write(
            f"Week of {certificate.week}: {certificate.served} of {people} people served "
            f"(at most {certificate.served_bound} can be), "
            f"total fit {certificate.fit / 10_000:.2f}, bound {bound:.2f}, "
            f"gap {certificate.gap:.4%}, scope {certificate.scope}."
        )
        for row in plan.unmatched if unmatched_shown else ():
            self.stdout.write(f"not matched: {row.person}: {sentence(row.reason)}")


def _asked(options: dict[str, Any]) -> Options:
    """What the plan is asked for; refuses what no plan can be asked."""
    if not 1 <= options["sessions"] <= 3:
        raise CommandError("--sessions is 1, 2 or 3.", returncode=2)
    floor = FLOOR if options["floor"] is None else options["floor"]
    if not 0 <= floor <= 100:
        raise CommandError(f"--floor is a percentage from 0 to 100, not {floor}.", returncode=2)
    seat_price = SEAT_PRICE[options["share_load"] or "fit"]
    if seat_price and options["model"] == "cohort":
        raise CommandError(
            "--share-load does not apply to cohorts: there a mentor leads whole groups. "
            "Leave it out.",
            returncode=2,
        )
    return Options(
        model=options["model"],
        sessions=options["sessions"],
        floor=floor,
        seat_price=seat_price,
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"'{path}' cannot be read: {error.strerror}.", returncode=2) from error


def _text(path: Path) -> str:
    try:
        return _read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"'{path}' is not UTF-8.", returncode=2) from None


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield lines
    except OSError as error:
        raise CommandError(f"'{path}' cannot be read: {error.strerror}.", returncode=2) from error
    except UnicodeDecodeError:
        raise CommandError(f"'{path}' is not UTF-8.", returncode=2) from None


def _counted(
    pieces: Iterable[str], matched: Matched, tell: Callable[[int, int], None]
) -> Iterator[str]:
    for done, piece in enumerate(pieces):
        tell(done, len(matched.problem.mentees))
        yield piece


def _accepted(said: Said) -> str:
    proof, usual = said.certificate, Options()
    asked = [
        f"{name} {value}"
        for name, value in asdict(said.options).items()
        if name in TOLD or value != getattr(usual, name)
    ]
    return (
        "Accepted: every session is permitted, within seats and hours, and scored right; going "
        f"through all pairs, the prices prove at most {proof.served_bound} people and the bound. "
        f"Asked of the plan: {', '.join(asked)}."
    )
