"""What came in by mail, for the eyes of administrators."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.sessions.models import ReceivedMail
from handrail.apps.sessions.reply_models import FOLLOWED


def received_mails(viewer: Viewer, *, refused: bool = False) -> QuerySet[ReceivedMail]:
    """Every mail of the last 90 days and what became of it, newest first; or the refused alone."""
    if not viewer.is_administrator:
        raise NotAllowed(_("Only an administrator sees what came in by mail."))
    mails = ReceivedMail.objects.order_by("-received_at", "-pk")
    return mails.exclude(outcome__in=FOLLOWED) if refused else mails
