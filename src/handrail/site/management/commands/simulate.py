"""`handrail simulate`: a made-up company with a planted truth, as CSV files."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from handrail.apps.people.table import ON_DISK, Unreadable, read_table
from handrail.domain.evidence import company_files as files
from handrail.domain.evidence.company import Company, hire

PLAIN = Company()
SETTINGS = {  # option: (field of Company, what it says)
    "hires": ("hires", int, "people who start"),
    "hires-per-week": ("hires_per_week", float, "how many start a week"),
    "time-ratio": ("time_ratio", float, "planted: time to the first merge of who takes part"),
    "retention-with": ("retention_with", float, "planted: here after 180 days if all took part"),
    "contamination": ("contamination", float, "share of those waiting who are mentored anyway"),
    "spill-over": ("spill_over", float, "share of the effect that reaches a mentored team"),
    "crossover-day": ("crossover_day", float, "day on which those waiting are offered it"),
    "cohort-spread": ("cohort_spread", float, "sd of log time between mentors"),
    "reporting-lag": ("reporting_lag", float, "mean days until a leaving is known"),
    "unlinked": ("unlinked", float, "share whose merges cannot be linked"),
    "attendance": ("attendance", float, "share of booked sessions attended"),
}
SHARES = ("contamination", "spill_over", "unlinked", "attendance", "retention_with")


class Command(BaseCommand):
    help = (
        "Make up a company with a known truth: people.csv and merges.csv as imports take them, "
        "sessions.csv, and outcomes.csv as `handrail estimate` takes it. Same seed, same files."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--first", default="2025-01-06", metavar="DATE", help="the first day")
        parser.add_argument(
            "--cut",
            type=float,
            metavar="DAYS",
            help="what is known so many days after the first; default: all followed 180 days",
        )
        parser.add_argument(
            "--arms",
            type=Path,
            metavar="FILE",
            help="person_id,arm: who was offered it by a lottery elsewhere, such as a pilot's",
        )
        parser.add_argument("--mondays", action="store_true", help="all start on a Monday")
        parser.add_argument("--null", action="store_true", help="mentoring changes nothing")
        parser.add_argument(
            "--self-selected", action="store_true", help="no lottery: people choose"
        )
        parser.add_argument(
            "--referral", action="store_true", help="with --self-selected: strugglers are sent"
        )
        parser.add_argument(
            "--into-database", action="store_true", help="import people and merges as well"
        )
        parser.add_argument(
            "--organisation", default="", metavar="NAME", help="needed where there are several"
        )
        for name, (field, kind, words) in SETTINGS.items():
            usual = getattr(PLAIN, field)
            parser.add_argument(f"--{name}", type=kind, default=usual, help=f"{words} ({usual})")

    def handle(self, *args: Any, **options: Any) -> None:
        company = _company(options)
        try:
            first = date.fromisoformat(options["first"])
        except ValueError:
            raise _bad(f"--first is a date like 2025-01-06, not '{options['first']}'.") from None
        arms = _arms(options["arms"], company.hires) if options["arms"] else None
        drawn = hire(company, seed=options["seed"], arms=arms)
        cut = options["cut"]
        if cut is None:
            cut = float(drawn.start_day.max()) + 181
        if cut < 0:
            raise _bad("--cut is a number of days after the first one.")
        out: Path = options["out"]
        tables: tuple[tuple[str, tuple[str, ...], Iterable[files.Row]], ...] = (
            ("people.csv", files.PEOPLE, files.people_rows(drawn, first=first, cut=cut)),
            ("merges.csv", files.MERGES, files.merge_rows(drawn, first=first, cut=cut)),
            ("sessions.csv", files.SESSIONS, files.session_rows(drawn, first=first, cut=cut)),
            ("outcomes.csv", files.OUTCOMES, files.outcome_rows(drawn, first=first, cut=cut)),
        )
        try:
            out.mkdir(parents=True, exist_ok=True)
            for name, header, rows in tables:
                with (out / name).open("w", encoding="utf-8", newline="") as lines:
                    writer = csv.writer(lines, lineterminator="\n")
                    writer.writerow(header)
                    writer.writerows(rows)
                    self.stdout.write(f"{out / name}")
        except OSError as error:
            raise _bad(f"'{out}' cannot be written: {error.strerror}.") from error
        truth = "Planted: no effect." if company.null else (
            f"Planted: time to the first merge times {company.time_ratio:g}, and "
            f"{company.retention:.0%} here after 180 days become {company.retention_with:.0%}, "
            "of who takes part."
        )  # fmt: skip
        self.stdout.write(truth)
        if options["into_database"]:
            for kind in ("people", "merges"):
                call_command(
                    "import", kind, str(out / f"{kind}.csv"),
                    organisation=options["organisation"], stdout=self.stdout,
                )  # fmt: skip


def _company(options: dict[str, Any]) -> Company:
    fields: dict[str, Any] = {}
    for name, (field, _kind, _words) in SETTINGS.items():
        value = fields[field] = options[name.replace("-", "_")]
        if value is not None and not 0 <= value < float("inf"):
            raise _bad(f"--{name} is not below 0 and not infinite.")
        if field in SHARES and value > 1:
            raise _bad(f"--{name} is a share from 0 to 1.")
    if fields["hires"] < 4 or not fields["hires_per_week"] > 0 or not fields["time_ratio"] > 0:
        raise _bad("At least 4 hires, at a pace and with a time ratio above 0.")
    if not 0 < fields["retention_with"] < 1:
        raise _bad("--retention-with lies between 0 and 1.")
    if options["referral"] and not options["self_selected"]:
        raise _bad("--referral goes with --self-selected.")
    return replace(
        PLAIN,
        null=options["null"],
        lottery=not options["self_selected"],
        referral=options["referral"],
        mondays=options["mondays"],
        **fields,
    )


def _arms(path: Path, hires: int) -> dict[int, bool]:
    """The arms that another lottery drew, by place."""
    try:
        lines, problems = read_table(
            path.read_bytes(), required=("person_id", "arm"), limits=ON_DISK
        )
    except OSError as error:
        raise _bad(f"'{path}' cannot be read: {error.strerror}.") from error
    except Unreadable as error:
        raise _bad(str(error)) from error
    places = {files.hire_id(place): place for place in range(hires)}
    found: dict[int, bool] = {}
    for line in lines:
        name, arm = line.get("person_id"), line.get("arm")
        if name not in places:
            raise _bad(f"line {line.number}, person_id: '{name}' is nobody of these {hires} hires.")
        if arm not in ("0", "1"):
            raise _bad(f"line {line.number}, arm: write 1 (offered) or 0 (waiting), not '{arm}'.")
        found[places[name]] = arm == "1"
    if problems:
        raise _bad(str(problems[0]))
    return found


def _bad(words: str) -> CommandError:
    return CommandError(words, returncode=2)
