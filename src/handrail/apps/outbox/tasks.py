"""What happens by the clock: one outbox row for each organisation, rule and due time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.actions import enqueue, forget_delivered
from handrail.apps.outbox.handlers import RULES
from handrail.apps.outbox.idempotency import forget_answers
from handrail.apps.outbox.models import OutboxRow

KEPT = timedelta(days=30)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def enqueue_rules(*, now: datetime, rules: Mapping[str, timedelta] = RULES) -> int:
    """Write what each rule has due now, in every organisation; say how many rows are new.

    The due time is part of a row's key: two workers, or a clock set back, write nothing twice.
    """
    new = 0
    for organization in Organization.objects.filter(erasing_since=None).order_by("pk"):
        for rule, every in rules.items():
            due_at = EPOCH + ((now - EPOCH) // every) * every
            dedupe = f"{rule}:{due_at:%Y-%m-%dT%H:%M:%SZ}"
            with writing(organization):
                new += enqueue(
                    rule,
                    ref={},
                    dedupe=dedupe,
                    due_at=due_at,
                    stream=rule,
                    now=now,
                    organization=organization,
                )
    return new


def tidy_outbox(row: OutboxRow, now: datetime) -> None:
    """Forget what was delivered a month ago and answers older than 72 hours."""
    with writing(row.organization):
        forget_delivered(before=now - KEPT)
        forget_answers(now=now)
