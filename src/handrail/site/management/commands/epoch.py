"""`handrail epoch`: tells every device that an older backup was put back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.restoring import begin_new_epoch
from handrail.apps.organizations.viewer import Viewer


class Command(BaseCommand):
    help = (
        "Run this once after an older backup was put back. Devices then read everything anew and "
        "send again what they have saved in the last 14 days, so that no text is lost."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = list(Organization.objects.order_by("pk"))
        for organization in organizations:
            begin_new_epoch(by=Viewer.system(organization, "operator"), now=timezone.now())
            self.stdout.write(f"{organization.name}: devices will send their last 14 days again.")
        if not organizations:
            self.stdout.write("There is no organisation yet, so there is nothing to tell.")
