"""`handrail init`: an empty install with one organisation and its administrator."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from handrail.apps.people.actions import start_organization
from handrail.domain.scheduling import zones
from handrail.site.mail import require_mail


class Command(BaseCommand):
    help = (
        "Make an empty install for real use: create or update the database, one organisation, "
        "one administrator. The administrator gets a mail with the way in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="NAME")
        parser.add_argument("--admin", required=True, metavar="EMAIL")
        parser.add_argument("--admin-name", default="", metavar="NAME")
        parser.add_argument("--timezone", default="UTC", metavar="ZONE")
        parser.add_argument(
            "--language", default="en", choices=[code for code, _ in settings.LANGUAGES]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["admin"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(
                f"'{email}' is not an e-mail address. Give one like ada@example.org.", returncode=2
            ) from error
        if options["timezone"] not in zones():
            raise CommandError(
                f"'{options['timezone']}' is no time zone. Give one like Europe/Berlin.",
                returncode=2,
            )
        if not options["organisation"].strip():
            raise CommandError("Give the organisation a name.", returncode=2)
        require_mail(settings.MAIL)
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        organization = start_organization(
            options["organisation"].strip(),
            admin_email=email,
            admin_name=options["admin_name"] or email.partition("@")[0],
            timezone=options["timezone"],
            language=options["language"],
            now=timezone.now(),
        )
        mail = f"in the folder {settings.MAIL_FOLDER}" if settings.MAIL == "folder" else "by mail"
        self.stdout.write(
            f"{organization.name} is ready. Next:\n"
            f"  1. handrail serve\n"
            f"  2. open {settings.BASE_URL} and sign in as {email}: "
            f"ask for a code, it arrives {mail}\n"
            f"  3. handrail import people people.csv (or the page People, Import)\n"
            f"Mail is set by HANDRAIL_MAIL; see docs/operate/settings.md."
        )
