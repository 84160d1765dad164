"""`handrail verify`: whether a signed statement holds, on files alone."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from handrail.domain.records import Problem, judge

LARGEST = 1_000_000  # bytes of a file
WHY = {
    Problem.NO_PROOF: "It has no proof.",
    Problem.OTHER_SUITE: "Its proof is not of the suite eddsa-jcs-2022.",
    Problem.OTHER_KEY: "Its proof does not name an Ed25519 key by itself (did:key).",
    Problem.CONTEXT_DIFFERS: "Its proof was made for another @context.",
    Problem.MALFORMED: "Its proof cannot be read.",
    Problem.WRONG_SIGNATURE: "The signature is not of this text: one of them was changed.",
}


class Command(BaseCommand):
    help = (
        "Checks a signed statement about an artifact, without a database and without a network. "
        "Ends with 1 where something does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the signed file, as its page gives it")
        parser.add_argument("--keys", type=Path, help="the organisation's list of keys")
        parser.add_argument("--revoked", type=Path, help="its list of what was taken back")

    def handle(self, *args: Any, **options: Any) -> None:
        signed = _read(options["file"])
        keys = _read(options["keys"]) if options["keys"] else None
        revoked = _read(options["revoked"]) if options["revoked"] else None
        found = judge(signed, keys=keys, revoked=revoked)
        if found.problem is not None:
            raise CommandError(f"It does not hold. {WHY[found.problem]}", returncode=1)
        statement = signed.get("statement")
        if isinstance(statement, dict):
            self.stdout.write(f"{statement.get('text', '')}\n  {statement.get('by', '')}\n")
        self.stdout.write(f"The signature holds. Key: {found.key}")
        if found.is_known is None:
            self.stdout.write("Whose key it is tells the organisation's list: --keys")
        elif not found.is_known:
            raise CommandError("The key is not one of this organisation's.", returncode=1)
        else:
            self.stdout.write("It is a key of this organisation.")
        if found.is_revoked is None:
            self.stdout.write("Whether it was taken back tells another list: --revoked")
        elif found.is_revoked:
            raise CommandError("It was taken back by who signed it.", returncode=1)
        else:
            self.stdout.write("It was not taken back, as of that list.")


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than 1 MB.", returncode=2)
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as JSON: {error}", returncode=2) from None
    if not isinstance(found, dict):
        raise CommandError(f"{path} holds no document.", returncode=2)
    return found
