"""`handrail report`: make the report of an organisation or program, as page and as data."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.pilots.models import Pilot
from handrail.apps.programs.models import Program
from handrail.apps.reports.actions import build_pilot_report, build_report
from handrail.apps.reports.models import Report
from handrail.apps.reports.queries import report_html, report_json


class Command(BaseCommand):
    help = (
        "Make the report of a program, or of the whole organisation: attendance, time to the "
        "first merge, who is still here. It is kept with its inputs; the same cut gives the same "
        "report. Without --out the page is written to report.html."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", metavar="NAME", help="needed where there are several")
        parser.add_argument("--program", metavar="ID", help="a program's id; default: everybody")
        parser.add_argument(
            "--pilot", metavar="ID", help="a pilot's id: the report of its question"
        )
        parser.add_argument(
            "--cut", metavar="DATE", help="last day that counts, as 2026-02-01; default: today"
        )
        parser.add_argument("--out", metavar="FILE.html", type=Path, default=Path("report.html"))
        parser.add_argument("--json", metavar="FILE.json", type=Path, help="also as data")
        parser.add_argument(
            "--language",
            choices=[code for code, _ in settings.LANGUAGES],
            help="default: the organisation's",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        organization = _organization(options["organisation"])
        cut = _cut(options["cut"]) or now.astimezone(ZoneInfo(organization.timezone)).date()
        with (
            reading(organization),
            translation.override(options["language"] or organization.language),
        ):
            try:
                report = self._made(options, organization, cut, now)
            except Conflict as refusal:
                raise CommandError(refusal.message, returncode=2) from refusal
            except Invalid as refusal:
                why = " ".join([refusal.message, *refusal.fields.values()])
                raise CommandError(f"--cut {cut}: {why}", returncode=2) from refusal
            self._write(options["out"], report_html(report))
            if options["json"]:
                self._write(options["json"], report_json(report))

    def _made(
        self, options: dict[str, Any], organization: Organization, cut: date, now: datetime
    ) -> Report:
        by = Viewer.system(organization, "report")
        if options["pilot"]:
            return build_pilot_report(pilot=_pilot(options["pilot"]), cut=cut, by=by, now=now)
        return build_report(program=_program(options["program"]), cut=cut, by=by, now=now)

    def _write(self, path: Path, text: str) -> None:
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written ({error.strerror}). Choose another file.", returncode=2
            ) from error
        self.stdout.write(str(path.resolve()))


def _organization(name: str | None) -> Organization:
    organizations = list(Organization.objects.order_by("name"))
    if not organizations:
        raise CommandError("There is no organisation yet. Begin with: handrail init", returncode=2)
    if name is None and len(organizations) == 1:
        return organizations[0]
    names = ", ".join(organization.name for organization in organizations)
    found = [o for o in organizations if name in (o.name, o.slug)]
    if len(found) != 1:
        raise CommandError(f"Choose one with --organisation: {names}.", returncode=2)
    return found[0]


def _program(text: str | None) -> Program | None:
    if text is None:
        return None
    known = list(Program.objects.order_by("-starts_on", "name"))
    try:
        public_id = UUID(text)
    except ValueError:
        public_id = None
    for program in known:
        if program.public_id == public_id:
            return program
    lines = "".join(f"\n  {program.public_id}  {program.name}" for program in known)
    raise CommandError(
        f"There is no program '{text}'. The programs are:{lines or ' none yet.'}", returncode=2
    )


def _pilot(text: str) -> Pilot:
    known = list(Pilot.objects.select_related("program").order_by("-starts_on", "name"))
    for pilot in known:
        if text in (str(pilot.public_id), pilot.name):
            return pilot
    lines = "".join(f"\n  {pilot.public_id}  {pilot.name}" for pilot in known)
    raise CommandError(
        f"There is no pilot '{text}'. The pilots are:{lines or ' none yet.'}", returncode=2
    )


def _cut(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"--cut {text} is not a date. Write it like 2026-02-01.", returncode=2
        ) from error
