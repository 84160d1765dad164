"""What is mailed about a session is said in chats too: to whom it is for, where it is wanted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handrail.apps.chat.linking import accounts_of
from handrail.apps.chat.talking import CHATS
from handrail.apps.connections.delivering import announce
from handrail.apps.connections.queries import connections_of_kind
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.signals import mailing

# The mail -> what it is called in chats.
PERSONAL = {
    "mail.invitation": "booked",
    "mail.update": "moved",
    "mail.cancellation": "cancelled",
    "mail.call_link": "call-link",
    "mail.reminder": "reminder",
    "mail.artifact": "artifact",
}
PUBLIC = frozenset({"booked", "moved", "cancelled"})


@receiver(mailing, dispatch_uid="handrail.chat.say_it_too")
def say_it_too(
    sender: object, row: OutboxRow, session: Session, reader: Person, now: datetime, **_more: Any
) -> None:
    """Write what is to be said into the outbox, once for each account and channel."""
    what = PERSONAL.get(row.kind)
    if what is None:
        return
    chats = list(connections_of_kind(*CHATS))
    if not chats:
        return
    with writing(row.organization):
        for account in accounts_of(reader):
            announce(
                account.connection,
                what,
                {"account": str(account.public_id), **row.ref},
                row.organization,
                once=f"chat:{account.pk}:{row.public_id}",
                stream=f"chat:{account.public_id}",
                now=now,
            )
        for chat in chats:
            if what not in PUBLIC or what not in chat.settings.get("news", []):
                continue
            at = f"{session.public_id}:{row.ref.get('sequence', 0)}"
            announce(
                chat,
                what,
                dict(row.ref),
                row.organization,
                once=f"channel:{chat.pk}:{what}:{at}",
                stream=f"channel:{chat.public_id}",
                now=now,
            )
