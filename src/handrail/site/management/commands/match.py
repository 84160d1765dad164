"""`handrail match PEOPLE.csv`: match the people of a file, with reasons and a certificate."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from handrail.apps.matches.plain_files import (
    Matched,
    certificate_json,
    default_week,
    match_file,
    plan_csv,
)
from handrail.apps.people.people_file import parse_people
from handrail.apps.people.table import MEGABYTE, ON_DISK
from handrail.domain.matching import ProblemError, sentence
from handrail.integrations.dask_cluster import DaskMissing, dask_spread


def _stage(stage: str) -> None:
    sys.stderr.write(f"  {stage} ...\n")


def _silence(stage: str) -> None:
    pass


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
            "--dask",
            default="",
            metavar="ADDRESS",
            help="spread a large match over the Dask cluster of this scheduler",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["people"].read_bytes()
        except OSError as error:
            raise CommandError(
                f"'{options['people']}' cannot be read: {error.strerror}.", returncode=2
            ) from error
        if len(content) > 2 * MEGABYTE:
            sys.stderr.write(f"Reading {len(content) // MEGABYTE} MB of people ...\n")
        file = parse_people(content, limits=ON_DISK)
        for problem in file.warnings:
            sys.stderr.write(f"warning: {problem}\n")
        if file.errors:
            for problem in file.errors:
                sys.stderr.write(f"{problem}\n")
            raise CommandError(f"{len(file.errors)} problems; nothing was matched.", returncode=2)
        if not 1 <= options["sessions"] <= 3:
            raise CommandError("--sessions is 1, 2 or 3.", returncode=2)
        week = self._week(options["week"]) if options["week"] else default_week(file)
        if len(file.rows) > 500:
            sys.stderr.write(f"Matching {len(file.rows)} people ...\n")
        large = len(file.rows) > 500
        try:
            with dask_spread(options["dask"]) if options["dask"] else nullcontext() as spread:
                matched = match_file(
                    file,
                    model=options["model"],
                    sessions=options["sessions"],
                    week=week,
                    seed=options["seed"],
                    progress=_stage if large else _silence,
                    spread=spread,
                )
        except (ProblemError, DaskMissing) as error:
            raise CommandError(str(error), returncode=2) from error
        self._write(options["out"], plan_csv(matched))
        self._write(options["certificate"], certificate_json(matched))
        self._tell(matched, plan_shown=options["out"] is None)

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

    def _write(self, path: Path | None, text: str) -> None:
        if path is None:
            return
        try:
            path.write_text(text)
        except OSError as error:
            raise CommandError(
                f"'{path}' cannot be written: {error.strerror}.", returncode=2
            ) from error

    def _tell(self, matched: Matched, *, plan_shown: bool) -> None:
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
        for row in plan.unmatched:
            self.stdout.write(f"not matched: {row.person}: {sentence(row.reason)}")
