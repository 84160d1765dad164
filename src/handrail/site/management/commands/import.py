"""`handrail import people|merges|git`: bring people in, all or nothing, with problems by line."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.actions import import_outcomes, note_gap
from handrail.apps.outcomes.files import SHAPES
from handrail.apps.outcomes.models import Source
from handrail.apps.people import actions
from handrail.apps.people.git_files import merges_csv, people_csv
from handrail.apps.people.queries import without_sign_in
from handrail.domain.evidence.survival import kaplan_meier
from handrail.integrations.git import GitTeam, NotReadable, read_history, team_of

EPILOG = """\
examples:
  handrail import people people.csv --dry-run     show what would change
  handrail import people people.csv               do it
  handrail import people people.csv --invite      and send everybody the way in
  handrail import merges merges.csv --data-end 2026-08-22
  handrail import spells spells.csv               starts and leavings (events, roles, offers alike)
  handrail import git ../our-repository --pseudonyms --out team/
  handrail import git ../our-repository --into-database
"""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"'{text}' is not a date. Write it like 2026-02-01.", returncode=2
        ) from None


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


class Command(BaseCommand):
    help = "Bring people, merged changes and outcomes in from files, or from a Git history."

    _told = 0  # tenths of the writing that were announced

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
        people = kinds.add_parser("people", help="people from a CSV file")
        merges = kinds.add_parser("merges", help="merged changes from a CSV file")
        outcomes = [
            kinds.add_parser(kind, help=f"{words} from a CSV file")
            for kind, words in (
                ("events", "target tasks done"),
                ("spells", "starts and leavings"),
                ("roles", "roles, levels and teams"),
                ("offers", "job offers"),
            )
        ]
        for one in outcomes:
            one.add_argument("file", type=Path, help="a CSV file with a header line")
        git = kinds.add_parser("git", help="people and first merges from a local Git repository")
        for one in (people, merges):
            one.add_argument("file", type=Path, help="a CSV file with a header line")
            one.add_argument(
                "--data-end", default="", metavar="DATE", help="how far the data reach"
            )
        people.add_argument(
            "--invite", action="store_true", help="send everybody who cannot sign in yet the way in"
        )
        people.add_argument("--dry-run", action="store_true", help="show the changes, make none")
        git.add_argument("repository", type=Path, help="the folder of a whole clone")
        git.add_argument(
            "--reference",
            default="",
            metavar="DATE",
            help="newcomers began in the 26 weeks before it; default today",
        )
        git.add_argument("--pseudonyms", action="store_true", help="made-up names and addresses")
        git.add_argument("--out", type=Path, metavar="DIR", help="write people.csv and merges.csv")
        git.add_argument("--into-database", action="store_true", help="import them as well")
        for one in (people, merges, git, *outcomes):
            one.add_argument(
                "--organisation", default="", metavar="NAME", help="needed where there are several"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        kind = options["kind"]
        if kind == "git":
            self._git(options)
            return
        content = self._read(options["file"])
        data_end = _day(options["data_end"]) if options.get("data_end") else None
        organization = self._organization(options["organisation"])
        try:
            with reading(organization):
                if kind in SHAPES:
                    self._outcomes(kind, content, options["file"].name, organization)
                elif kind == "people":
                    self._people(content, options, organization, data_end)
                else:
                    self._merges(content, options["file"].name, organization, data_end)
        except Refusal as refusal:
            self._refused(refusal)

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(
                f"'{path}' cannot be read: {error.strerror}.", returncode=2
            ) from error

    def _organization(self, name: str) -> Organization:
        found = list(Organization.objects.filter(name=name) if name else Organization.objects.all())
        if len(found) == 1:
            return found[0]
        names = ", ".join(Organization.objects.order_by("name").values_list("name", flat=True))
        if not names:
            raise CommandError(
                "There is no organisation yet. Run 'handrail init' first.", returncode=2
            )
        raise CommandError(
            f"Say which organisation: --organisation NAME, one of: {names}.", returncode=2
        )

    def _people(
        self,
        content: bytes,
        options: dict[str, Any],
        organization: Organization,
        data_end: date | None,
    ) -> None:
        by, now = Viewer.system(organization, "import"), timezone.now()
        if is_large := len(content) > 200_000:
            self.stdout.write("Reading the file ...")
            self.stdout.flush()
        kept = actions.preview_people(
            content, options["file"].name, by=by, now=now, data_end=data_end
        )
        summary = kept.summary
        for warning in summary["warnings"]:
            self.stdout.write(f"warning: {warning}")
        for person in summary["new"]:
            self.stdout.write(f"new: {person['name']} ({person['id']})")
        self._more(summary["new_count"] - len(summary["new"]))
        for person in summary["changed"]:
            self.stdout.write(f"changed: {person['name']} ({person['id']})")
            for change in person["changes"]:
                self.stdout.write(
                    f"  {change['field']}: {change['before']!r} -> {change['after']!r}"
                )
        self._more(summary["changed_count"] - len(summary["changed"]))
        if summary["missing"]:
            self.stdout.write(f"not in the file, left as they are: {', '.join(summary['missing'])}")
            self._more(summary["missing_count"] - len(summary["missing"]))
        if options["dry_run"]:
            kept.delete()
            self.stdout.write("Nothing was changed (--dry-run).")
            return
        tell = self._progress if is_large else lambda done, of: None
        outcome = actions.apply_people_import(kept, by=by, now=now, on_progress=tell)
        self.stdout.write(
            f"{outcome.created} new, {outcome.changed} changed, {outcome.unchanged} as before."
        )
        if options["invite"]:
            invited = actions.invite_everybody(by=by, now=now)
            self.stdout.write(f"{_counted(invited, 'person', 'people')} invited by mail.")
        elif waiting := without_sign_in(by, now.date()).count():
            self.stdout.write(
                f"{_counted(waiting, 'person', 'people')} cannot sign in yet: --invite sends the "
                "way in by mail, or the page People does."
            )

    def _more(self, number: int) -> None:
        if number:
            self.stdout.write(f"and {number} more")

    def _progress(self, done: int, of: int) -> None:
        tenth = 10 * done // of
        if tenth > self._told:
            self._told = tenth
            self.stdout.write(f"Writing: {10 * tenth} %")
            self.stdout.flush()

    def _merges(
        self, content: bytes, filename: str, organization: Organization, data_end: date | None
    ) -> None:
        outcome = actions.import_merges(
            content,
            filename=filename,
            by=Viewer.system(organization, "import"),
            now=timezone.now(),
            data_end=data_end,
        )
        for warning in outcome.warnings:
            self.stdout.write(f"warning: {warning}")
        self.stdout.write(
            f"{_counted(outcome.created, 'merged change')} came in, {outcome.known} known before."
        )

    def _outcomes(
        self, kind: str, content: bytes, filename: str, organization: Organization
    ) -> None:
        by, now = Viewer.system(organization, "import"), timezone.now()
        came = import_outcomes(kind, content, filename=filename, by=by, now=now)
        for warning in came.warnings:
            self.stdout.write(f"warning: {warning}")
        self.stdout.write(
            f"{came.created} came in, {came.corrected} corrected, {came.known} known before."
        )

    def _git(self, options: dict[str, Any]) -> None:
        reference = _day(options["reference"]) if options["reference"] else timezone.now().date()
        self.stdout.write(f"Reading the history of {options['repository']} ...")
        self.stdout.flush()
        bots: set[str] = set()
        try:
            changes, authors = read_history(options["repository"], self._reading(), bots.add)
        except NotReadable as error:
            raise CommandError(str(error), returncode=2) from error
        if not changes:
            raise CommandError(
                "Only merges and bots in this history; nobody to read.", returncode=2
            )
        team = team_of(changes, authors, reference=reference, pseudonyms=options["pseudonyms"])
        self._tell(team, len(changes), len(authors))
        if options["out"]:
            options["out"].mkdir(parents=True, exist_ok=True)
            (options["out"] / "people.csv").write_bytes(people_csv(team))
            (options["out"] / "merges.csv").write_bytes(merges_csv(team))
            self.stdout.write(f"Written: {options['out'] / 'people.csv'} and merges.csv")
        if options["into_database"]:
            nobody = len(authors) - len(
                team.people
            )  # neither newcomer nor mentor: no merge comes in
            self._git_into_database(team, options["organisation"], bots=len(bots), nobody=nobody)
        elif not options["out"]:
            self.stdout.write(
                "Nothing was kept. Add --out DIR for files, --into-database to import."
            )

    def _reading(self) -> Callable[[int], None]:
        told = 0

        def tell(read: int) -> None:
            nonlocal told
            if read - told >= 10_000:
                told = read
                self.stdout.write(f"  {read} commits")
                self.stdout.flush()

        return tell

    def _git_into_database(self, team: GitTeam, name: str, *, bots: int, nobody: int) -> None:
        organization = self._organization(name)
        by, now = Viewer.system(organization, "import"), timezone.now()
        try:
            with writing(organization):  # people and merges: both or neither
                outcome = actions.import_people(
                    people_csv(team), filename="git", by=by, now=now, data_end=team.data_end
                )
                merges = actions.import_merges(
                    merges_csv(team), filename="git", by=by, now=now, data_end=team.data_end
                )
                note_gap(Source.MERGES, bots=bots, unlinked=nobody, by=by, now=now, note="git")
        except Refusal as refusal:
            self._refused(refusal)
        self.stdout.write(
            f"{_counted(outcome.created, 'new person', 'new people')}, {outcome.changed} changed; "
            f"{_counted(merges.created, 'merged change')}."
        )
        if bots or nobody:
            self.stdout.write(
                f"Left out: {_counted(bots, 'bot')}, {_counted(nobody, 'person', 'people')} who "
                "began earlier or left too little to be a mentor."
            )

    def _tell(self, team: GitTeam, changes: int, authors: int) -> None:
        self.stdout.write(
            f"{_counted(changes, 'change')} by {_counted(authors, 'person', 'people')}, up to "
            f"{team.data_end}; {_counted(len(team.newcomers), 'newcomer')} and "
            f"{_counted(len(team.mentors), 'mentor')} at {team.reference}."
        )
        if nowhere := len(team.without_address):
            self.stdout.write(
                f"{_counted(nowhere, 'person', 'people')} left no address that mail could reach: "
                "theirs ends in .invalid until you write the right one into people.csv."
            )
        if not team.newcomers:
            self.stdout.write(
                "No newcomer began in the 26 weeks before; there is no baseline to tell."
            )
            return
        first: dict[str, date] = {}
        zones = {person.person_id: ZoneInfo(person.timezone) for person in team.newcomers}
        for merge in team.merges:
            moment = datetime.fromisoformat(merge.merged_at)
            day = moment.astimezone(zones[merge.person_id]).date()
            first[merge.person_id] = min(day, first.get(merge.person_id, day))
        days, happened = [], []
        for person in team.newcomers:
            merged = first.get(person.person_id)
            seen = merged is not None and merged <= team.data_end
            until = merged if seen and merged is not None else team.data_end
            days.append(max(0, (until - person.start_date).days))
            happened.append(seen)
        median = kaplan_meier(days, happened).median().value
        waiting = happened.count(False)
        told = "cannot be told" if median is None else _counted(round(median), "day")
        self.stdout.write(
            f"Time from first change to first merge: median {told} "
            f"(n = {len(days)}, not there yet: {waiting})."
        )
        self.stdout.write(
            "A history holds only merged work: people who never got a merge are not in it."
        )

    def _refused(self, refusal: Refusal) -> NoReturn:
        for line in refusal.detail.get("lines", []):
            sys.stderr.write(f"{line}\n")
        raise CommandError(str(refusal.message), returncode=2)
