"""What waits, and what could not be delivered."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow


def dead_letters(viewer: Viewer) -> QuerySet[OutboxRow]:
    """What was given up after too many tries, newest first; for administrators."""
    if not viewer.is_administrator:
        raise NotAllowed(_("Only an administrator sees undelivered messages."))
    return OutboxRow.objects.exclude(dead_at=None).order_by("-dead_at", "-id")


def waiting(viewer: Viewer) -> QuerySet[OutboxRow]:
    """What is still to be delivered, in order of its due time; for administrators."""
    if not viewer.is_administrator:
        raise NotAllowed(_("Only an administrator sees waiting messages."))
    return OutboxRow.objects.filter(done_at=None, dead_at=None, cancelled_at=None).order_by(
        "due_at", "id"
    )
