"""`handrail recover`: lets somebody in who cannot sign in any more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from handrail.apps.identity.actions.recovering import recover
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Print one link that signs this address in: once, within 15 minutes. For administrators who"
        " lost their device, or whom a directory or a provider locked out. It is on the record."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="who is let in")
        parser.add_argument(
            "--organisation", default="", help="which one, where --administrator is said"
        )
        parser.add_argument(
            "--administrator",
            action="store_true",
            help="give a place in the organisation and the role of an administrator, too",
        )
        parser.add_argument(
            "--without-second-factor",
            action="store_true",
            help="forget the person's passkeys and authenticator apps, where they are lost",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organization = None
        if name := options["organisation"]:
            organization = Organization.objects.filter(name__iexact=name).first()
            organization = organization or Organization.objects.filter(slug=name).first()
            if organization is None:
                raise CommandError(f"There is no organisation called {name}.")
        try:
            word = recover(
                options["email"],
                organization=organization,
                administrator=options["administrator"],
                without_second_factor=options["without_second_factor"],
                now=timezone.now(),
            )
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from None
        link = settings.BASE_URL + reverse("let_in", args=[word])
        self.stdout.write(f"Open this once, within 15 minutes:\n{link}")
