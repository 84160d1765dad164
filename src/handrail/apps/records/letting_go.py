"""What goes when its period is over, of the rooms below: counted and let go by one query each."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.connections.models import Event
from handrail.apps.organizations.models import AuditEntry, Organization
from handrail.apps.organizations.purging import old_rows_may_go
from handrail.apps.programs.models import Program
from handrail.apps.records.ledger import forget_salts
from handrail.apps.sessions.models import RoomOperation, RoomRevision, RoomText


def events(organization: Organization, before: datetime, do: bool) -> int:
    """Events of connections that came before then, whatever became of them."""
    old = Event.objects.filter(received_at__lt=before)
    return old.delete()[0] if do else old.count()


def notes(organization: Organization, before: datetime, do: bool) -> int:
    """Texts of rooms of programs that ended before then; artifacts were handed in and stay."""
    ended = Program.objects.filter(ends_on__lt=before.date()).values("pk")
    n = 0
    for model in (RoomText, RoomRevision, RoomOperation):
        old = model.objects.filter(session__program__in=ended)
        n += old.delete()[0] if do else old.count()
    return n


def audit(organization: Organization, before: datetime, do: bool) -> int:
    """Lines of who did what before then; their seals stay and tell nothing any more."""
    old = AuditEntry.objects.filter(at__lt=before)
    if not do:
        return old.count()
    with old_rows_may_go(organization, before):
        n = old.delete()[0]
    forget_salts(before)
    return n
