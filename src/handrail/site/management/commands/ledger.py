"""`handrail ledger`: tells where somebody has been at the ledgers, if anybody has."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.records.ledger import seal_ledgers, verify_ledgers

SHOWN = 50
WORDS = {
    "altered": "was altered after it was sealed",
    "missing": "was sealed and is not there any more",
    "moved": "has the content of another row",
    "link_broken": "has a seal that was not made with this install's key",
    "link_missing": "has no seal: the chain was cut there",
}


class Command(BaseCommand):
    help = (
        "Checks every row of the audit record and of the record of consent against the chain of "
        "seals over them, and names each row that was altered, deleted or moved. Ends with 1 "
        "where something does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", default="", help="only the one of this name")
        parser.add_argument("--seal", action="store_true", help="seal first what is not sealed yet")
        parser.add_argument(
            "--head", default="", help="a last link that was written down before: must be in it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        named = Organization.objects.order_by("pk")
        if options["organisation"]:
            named = named.filter(name=options["organisation"])
        if not named:
            raise CommandError("There is no such organisation.", returncode=2)
        is_whole = True
        for organization in named:
            by = Viewer.system(organization, "operator")
            if options["seal"]:
                seal_ledgers(by=by, now=timezone.now())
            verdict = verify_ledgers(by=by, head=options["head"])
            self.stdout.write(
                f"{organization.name}: {verdict.sealed} rows under seal, {verdict.unsealed} wait "
                f"for theirs. Last link: {verdict.head or 'none'}"
            )
            for finding in verdict.findings[:SHOWN]:
                row = finding.row or "a row"
                self.stdout.write(f"  place {finding.n}: {row} {WORDS[finding.kind]}")
            if len(verdict.findings) > SHOWN:
                self.stdout.write(f"  and {len(verdict.findings) - SHOWN} more")
            if not verdict.knows_head:
                self.stdout.write("  the last link that you gave is not in it: it was cut short")
            is_whole = is_whole and verdict.is_whole
        if not is_whole:
            raise CommandError("The ledgers are not as they were written.", returncode=1)
        self.stdout.write("Everything is as it was written.")
