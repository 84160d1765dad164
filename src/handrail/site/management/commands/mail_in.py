"""`handrail mail-in`: follow answers to invitations that came by mail."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from handrail.apps.sessions.replies import receive
from handrail.apps.sessions.reply_models import FOLLOWED
from handrail.integrations.inbox import LARGEST, Letter, Shut
from handrail.site.mail_in import read_mail_in, require_mail_in

TRY_AGAIN = 75  # what mail servers understand as "keep it and come back"
SHUT = {
    "unreachable": "The mail server does not answer.",
    "starttls": "The mail server does not take STARTTLS.",
    "sign-in": "The mail server does not let us in with this user and password.",
    "folder": "There is no such folder, or it cannot be opened.",
}


class Command(BaseCommand):
    help = "Read the mailbox of HANDRAIL_MAIL_IN once, or one mail from a mail server (-)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "mail", nargs="?", choices=["-"], help="read one mail from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        require_mail_in()
        if options["mail"] == "-":
            self._one()
            return
        if not settings.MAIL_IN:
            raise CommandError(
                "No mail comes in: HANDRAIL_MAIL_IN is not set. See docs/operate/mail-in.md.",
                returncode=2,
            )
        try:
            outcomes = read_mail_in(timezone.now)
        except Shut as shut:
            said = SHUT.get(shut.code, "The mail server answers in a way that nobody understands.")
            raise CommandError(f"{said} See HANDRAIL_MAIL_IN.", returncode=2) from shut
        if not outcomes:
            self.stdout.write("Nothing new came in.")
        for outcome, count in sorted(outcomes.items()):
            word = "followed" if outcome in FOLLOWED else "refused"
            self.stdout.write(f"{count} {word}: {outcome.label}")

    def _one(self) -> None:
        """What a mail server pipes to us; refused or not, it is ours then."""
        if not settings.MAIL_IN_HOST:
            raise CommandError(
                "HANDRAIL_MAIL_IN_HOST is not set. See docs/operate/mail-in.md.", returncode=2
            )
        content = sys.stdin.buffer.read(LARGEST + 1)
        letter = Letter(content[:LARGEST], is_whole=len(content) <= LARGEST)
        try:
            receive(letter, host=settings.MAIL_IN_HOST, now=timezone.now())
        except DatabaseError as error:
            raise CommandError("The database is away.", returncode=TRY_AGAIN) from error
