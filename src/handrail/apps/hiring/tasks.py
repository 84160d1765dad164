"""What the outbox runner calls for hiring."""

from __future__ import annotations

import hashlib
from datetime import datetime

from handrail.apps.connections.events import (
    DONE,
    DOUBLE,
    Outcome,
    claim_effect,
    hire_told,
    ignored,
    take,
)
from handrail.apps.connections.models import Event
from handrail.apps.hiring.actions.telling import take_hire
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.integrations.webhooks.parsed import HireEvent


def take_event(row: OutboxRow, now: datetime) -> None:
    """Take one event of a hiring system: whoever was hired is in, or waits with a reason."""
    take(row, now, _take_hire)


def _take_hire(event: Event, now: datetime) -> Outcome:
    hire = hire_told(event)
    if hire is None:
        return ignored("not-a-hire")
    if not claim_effect(event, about=hire.application, fact=_fact_of(hire)):
        return ignored(DOUBLE)
    take_hire(
        hire,
        connection=event.connection.public_id.hex,
        delivery=event.delivery[:160],
        by=Viewer.system(event.connection.organization, "hires"),
        now=now,
    )
    return DONE


def _fact_of(hire: HireEvent) -> str:
    """What an event says, in a word: two that say the same have one effect.

    Two that name the same first day may still differ: one knows the job, the other the name.
    """
    said = (hire.name, hire.work_email, hire.job, hire.job_title, hire.department)
    more = (hire.personal_email, hire.occurred_at)
    digest = hashlib.sha256(repr((*said, *more)).encode()).hexdigest()[:16]
    return f"undone {digest}" if hire.undone else f"hired {hire.start_date} {digest}"
