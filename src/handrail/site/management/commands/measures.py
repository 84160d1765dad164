"""`handrail measures FOLDER`: the company-wide figures from Parquet, or from the database."""

from __future__ import annotations

import csv
import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import reading
from handrail.apps.reports.company_wide.exporting import export
from handrail.apps.reports.company_wide.figures import figures_of
from handrail.apps.reports.company_wide.summing import sums_of
from handrail.apps.reports.inputs import moment_of

HEAD = ("program", "name", "arm", "stratum", "measure", "figure", "value")


class Command(BaseCommand):
    help = (
        "Attendance, completion by week, time to the first merge, who is still here at 90 and 180 "
        "days, and moves, of every program: from a folder of Parquet files, or from the database. "
        "Small groups are hidden. Writes CSV, or JSON where the file's name ends so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
        parser.add_argument("--from-database", action="store_true", help="this installation's own")
        parser.add_argument("--organisation", default="", metavar="NAME")
        parser.add_argument(
            "--cut", type=date.fromisoformat, metavar="DATE", help="last day that counts"
        )
        parser.add_argument("--out", type=Path, metavar="FILE.csv|FILE.json")
        parser.add_argument(
            "--keep", type=Path, metavar="FOLDER", help="keep the database's tables as Parquet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["folder"]) == options["from_database"]:
            raise _bad("Name a folder of Parquet files, or say --from-database.")
        now = timezone.now()
        found = self._of_database(options, now) if options["from_database"] else _of_folder(
            options["folder"], options["cut"] or now.date(), now
        )  # fmt: skip
        out = options["out"]
        if out is None:
            self._write_csv(self.stdout, found)
            return
        try:
            if out.suffix == ".json":
                out.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
            else:
                with out.open("w", encoding="utf-8", newline="") as lines:
                    self._write_csv(lines, found)
        except OSError as error:
            raise _bad(f"'{out}' cannot be written: {error.strerror}.") from error
        self.stdout.write(str(out.resolve()))

    def _write_csv(self, lines: Any, found: dict[str, Any]) -> None:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(_table(found))

    def _of_database(self, options: dict[str, Any], now: datetime) -> dict[str, Any]:
        organization = _organization(options["organisation"])
        cut = options["cut"] or now.astimezone(ZoneInfo(organization.timezone)).date()
        keep = options["keep"]
        with reading(organization), tempfile.TemporaryDirectory() as name:
            folder = keep or Path(name)
            try:
                folder.mkdir(parents=True, exist_ok=True)
                export(folder, organization=organization, cut=cut, now=now)
            except OSError as error:
                raise _bad(f"'{folder}' cannot be written: {error.strerror}.") from error
            return figures_of(sums_of(folder, cut=cut, moment=moment_of(organization, cut, now)))


def _of_folder(folder: Path, cut: date, now: datetime) -> dict[str, Any]:
    from handrail.integrations.measures_at_scale.embedded import NotATable  # late: DuckDB

    moment = min(datetime.combine(cut + timedelta(days=1), time(), UTC), now)
    try:
        return figures_of(sums_of(folder, cut=cut, moment=moment))
    except NotATable as error:
        raise _bad(str(error)) from error


def _table(found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """One line for each figure; what is hidden is a line that says so."""
    names = {one["program"]: (one["id"], one["name"]) for one in found["programs"]}
    rows = [(*names[one["program"]], "", "", one) for one in found["programs"]]
    rows += [(*names[one["program"]], one["arm"], one["stratum"], one) for one in found["groups"]]
    rows.append(("", "", "", "", {"attendance": found["whole"]}))
    for program, name, arm, stratum, one in rows:
        for measure, value in one.items():
            if isinstance(value, (dict, list)):
                for figure, number in _flat(value):
                    yield program, name, arm, stratum, measure, figure, number


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            named = inner.get("role") or inner.get("week") or inner.get("day", place)
            yield from _flat(inner, f"{path}.{named}" if path else str(named))
    else:
        yield path, "" if value is None else value


def _organization(name: str) -> Organization:
    organizations = list(Organization.objects.order_by("name"))
    found = [one for one in organizations if not name or name in (one.name, one.slug)]
    if len(found) != 1:
        names = ", ".join(one.name for one in organizations) or "none yet"
        raise _bad(f"Choose one with --organisation. There are: {names}.")
    return found[0]


def _bad(words: str) -> CommandError:
    return CommandError(words, returncode=2)
