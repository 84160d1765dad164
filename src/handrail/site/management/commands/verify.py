"""`handrail verify`: whether a signed statement or badge holds, on files alone."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from handrail.domain.records import (
    BadgeJudgement,
    BadgeProblem,
    Judgement,
    Problem,
    judge,
    judge_badge,
    looks_like_badge,
)

LARGEST = 1_000_000  # bytes of a file
WHY = {
    Problem.NO_PROOF: "It has no proof.",
    Problem.OTHER_SUITE: "Its proof is not of the suite eddsa-jcs-2022.",
    Problem.OTHER_KEY: "Its proof does not name an Ed25519 key by itself (did:key).",
    Problem.CONTEXT_DIFFERS: "Its proof was made for another @context.",
    Problem.MALFORMED: "Its proof cannot be read.",
    Problem.WRONG_SIGNATURE: "The signature is not of this text: one of them was changed.",
}

WHY_BADGE = {
    BadgeProblem.MALFORMED: "It cannot be read as a badge.",
    BadgeProblem.OTHER_ALGORITHM: "It is not signed with RS256.",
    BadgeProblem.NO_KEY: "No RSA key of 2048 bits or more belongs to it.",
    BadgeProblem.WRONG_SIGNATURE: "The signature is not of this text: one of them was changed.",
    BadgeProblem.CLAIMS_DIFFER: "Its claims say otherwise than the badge in it.",
    BadgeProblem.NO_BADGE: "What was signed is no Open Badges 3.0 credential.",
    BadgeProblem.NOT_YET: "It holds from a later time on.",
    BadgeProblem.EXPIRED: "Its time is over.",
}


class Command(BaseCommand):
    help = (
        "Checks a signed statement about an artifact, or an Open Badges 3.0 file that was made of "
        "one, without a database and without a network. "
        "Ends with 1 where something does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the signed file, as its page gives it")
        parser.add_argument("--keys", type=Path, help="the organisation's list of keys")
        parser.add_argument("--revoked", type=Path, help="its list of what was taken back")

    def handle(self, *args: Any, **options: Any) -> None:
        text = _text(options["file"])
        keys = _read(options["keys"]) if options["keys"] else None
        revoked = _read(options["revoked"]) if options["revoked"] else None
        found: Judgement | BadgeJudgement
        if looks_like_badge(text):
            found = judge_badge(text, timezone.now(), keys=keys, revoked=revoked)
            if found.problem is not None:
                raise CommandError(f"It does not hold. {WHY_BADGE[found.problem]}", returncode=1)
            self.stdout.write(_badge_words(found.credential))
        else:
            signed = _document(options["file"], text)
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


def _badge_words(credential: dict[str, Any]) -> str:
    subject, issuer = credential["credentialSubject"], credential["issuer"]
    said = subject.get("achievement")
    words = said.get("description", "") if isinstance(said, dict) else ""
    return f"{words}\n  {issuer.get('name', '') if isinstance(issuer, dict) else issuer}\n"


def _read(path: Path) -> dict[str, Any]:
    return _document(path, _text(path))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than 1 MB.", returncode=2)
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}", returncode=2) from None


def _document(path: Path, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise CommandError(f"{path} cannot be read as JSON: {error}", returncode=2) from None
    if not isinstance(found, dict):
        raise CommandError(f"{path} holds no document.", returncode=2)
    return found
