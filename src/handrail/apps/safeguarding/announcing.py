"""Which mails a report of harm causes; none of them says what it is about or whom."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import Person
from handrail.apps.safeguarding.models import HarmReport
from handrail.apps.safeguarding.queries import receivers

REPORTED = "mail.harm_reported"
REMINDER = "mail.harm_reminder"
ESCALATED = "mail.harm_escalated"
ANSWERED = "mail.harm_answered"


def tell_receivers(kind: str, report: HarmReport, now: datetime) -> None:
    """A mail to each who may read the report at this moment."""
    for person in receivers(report):
        _tell(kind, report, person, now)


def tell_reporter(kind: str, report: HarmReport, now: datetime) -> None:
    """A mail to who wrote it."""
    if report.reporter is not None:
        _tell(kind, report, report.reporter, now)


def _tell(kind: str, report: HarmReport, reader: Person, now: datetime) -> None:
    enqueue(
        kind,
        ref={"report": str(report.public_id), "person": str(reader.public_id)},
        dedupe=f"{kind}:{report.public_id}:{reader.pk}:{now.timestamp():.6f}",
        due_at=now,
        stream=f"harm:{report.public_id}:{reader.pk}",
        now=now,
        organization=report.organization,
    )
