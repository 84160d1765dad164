"""Which mails a hire causes: rows in the transaction of the change."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.cohorts.models import Intake
from handrail.apps.hiring.models import HireRecord
from handrail.apps.outbox.actions import enqueue

IN = "mail.hire_in"
MOVED = "mail.hire_moved"


def announce_in(hire: HireRecord, now: datetime) -> None:
    """Tell a hire that they are in from their first days on, and how to take themself out."""
    _tell(IN, hire, now)


def announce_moved(hire: HireRecord, intake: Intake, now: datetime) -> None:
    """Tell a hire whose first day has moved that their place has moved with it."""
    _tell(MOVED, hire, now, intake=str(intake.public_id))


def _tell(kind: str, hire: HireRecord, now: datetime, **ref: str) -> None:
    enqueue(
        kind,
        ref={"hire": str(hire.public_id), **ref},
        dedupe=f"{kind}:{hire.public_id}:{now.isoformat()}",
        due_at=now,
        stream=f"hire:{hire.public_id}",
        now=now,
        organization=hire.organization,
    )
