"""What the outbox calls for outcomes: a code host told of a merged change."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handrail.apps.connections.events import (
    AUTHOR_UNKNOWN,
    BOT,
    DONE,
    DOUBLE,
    Outcome,
    claim_effect,
    ignored,
    merge_told,
    take,
)
from handrail.apps.connections.models import Event, EventState
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outcomes.accounts import account_name, person_of
from handrail.apps.outcomes.queries import HOOK
from handrail.apps.people.models import CompetencyEvent


def take_merge(row: OutboxRow, now: datetime) -> None:
    """Count a merged change for whoever wrote it; it waits while nobody is linked to them."""
    take(row, now, _count)


def _count(event: Event, now: datetime) -> Outcome:
    told = merge_told(event)
    if told is None:
        return ignored("not-a-merge")
    if told.by_bot:
        return ignored(BOT)
    host = told.host.lower()
    person = person_of(host, told.author)
    if person is None:
        Event.objects.filter(pk=event.pk).update(about=account_name(host, told.author))
        return Outcome(EventState.PARKED, AUTHOR_UNKNOWN)
    if not claim_effect(event, about=f"{host}/{told.repository}!{told.change}", fact="merged"):
        return ignored(DOUBLE)
    CompetencyEvent.objects.get_or_create(
        organization=event.organization,
        person=person,
        kind="merge",
        occurred_at=told.merged_at,
        authored_at=None,
        defaults={
            "source": f"{HOOK}{host}"[:64],
            "known_since": now.astimezone(ZoneInfo(person.timezone)).date(),
        },
    )
    return DONE
