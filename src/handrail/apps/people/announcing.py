"""What a change of a person is told to: outbox rows in the transaction of the change."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import Person


def announce_call_link(person: Person, now: datetime) -> None:
    """Have the sessions that this person has ahead follow where they take calls."""
    enqueue(
        "session.call_links",
        ref={"person": str(person.public_id)},
        dedupe=f"call-links:{person.public_id}:{now.isoformat()}",
        due_at=now,
        stream=f"call-links:{person.public_id}",
        now=now,
        organization=person.organization,
    )
