"""What happens to an event that came in: a room takes it once, or it is put aside with a reason.

For a room's outbox handler:

    def take_event(row: OutboxRow, now: datetime) -> None:
        take(row, now, _enrol)

    def _enrol(event: Event, now: datetime) -> Outcome:
        hire = hire_told(event)            # raises Unfit: the event is put aside, never guessed
        if hire is None:
            return ignored("nothing to do")
        if not claim_effect(event, about=hire.application, fact=f"hired {hire.start_date}"):
            return ignored(DOUBLE)
        ...                                # actions, in the same transaction as the event's state
        return DONE

`work` runs in one transaction with the event's new state: both hold, or neither. What it raises as
`Parked` or `Unfit` undoes what it wrote and puts the event aside; any other error is tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from handrail.apps.connections.models import Event, EventState
from handrail.apps.connections.secrets import settings_of
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.models import OutboxRow
from handrail.integrations.webhooks.hires import HIRES
from handrail.integrations.webhooks.merges import EVENT_HEADERS, MERGES
from handrail.integrations.webhooks.parsed import HireEvent, MergeEvent, Unfit, within

DOUBLE = "double"  # the same was told before, and still holds
AUTHOR_UNKNOWN = "author-unknown"  # of a change; `about` says who wrote it
BOT = "bot"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event; `reason` is a code with words in `words.py`."""

    state: str
    reason: str = ""


DONE = Outcome(EventState.DONE)


class Parked(Exception):
    """The event is put aside until somebody helps; `reason` is a code with words in `words.py`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ignored(reason: str) -> Outcome:
    """Of no use, and why."""
    return Outcome(EventState.IGNORED, reason)


def waiting_event(row: OutboxRow) -> Event | None:
    """The event that a row names, to be looked at before it is taken; None where it was taken."""
    found = Event.objects.select_related("connection__organization", "organization")
    return found.filter(public_id=row.ref["event"], state=EventState.RECEIVED).first()


def take(row: OutboxRow, now: datetime, work: Callable[[Event, datetime], Outcome]) -> None:
    """Have a room act on the event that a row names, exactly once."""
    try:
        with writing(row.organization):
            event = _waiting(row)
            if event is None:
                return
            _settle(event, work(event, now), now)
    except Parked as parked:
        park(row, parked.reason, now=now)
    except Unfit as unfit:
        park(row, f"field {unfit.field}", now=now)


def park(row: OutboxRow, reason: str, *, now: datetime) -> None:
    """Put the event of a row aside with its reason; its fields stay until it is retried or old."""
    with writing(row.organization):
        event = _waiting(row)
        if event is not None:
            _settle(event, Outcome(EventState.PARKED, reason), now)


def claim_effect(event: Event, *, about: str, fact: str) -> bool:
    """Whether this is news: False where the same fact about the same thing was the last word.

    From now on it is the last word. In the caller's transaction; the database decides, so that two
    deliveries of one fact, under different ids, never both have an effect.
    """
    about, fact = about[:200], fact[:120]
    same = Event.objects.filter(connection_id=event.connection_id, about=about, holds=True)
    try:
        with transaction.atomic():
            same.exclude(fact=fact).update(holds=False)
            Event.objects.filter(pk=event.pk).update(about=about, fact=fact, holds=True)
    except IntegrityError:
        return False
    return True


def hire_told(event: Event) -> HireEvent | None:
    """The hire that an event of a hiring system tells of; None where it is about something else.

    Raises `Unfit` where a field that is needed is missing or has another shape.
    """
    read = HIRES[event.connection.kind]
    return read(event.fields, settings_of(event.connection))


def merge_told(event: Event) -> MergeEvent | None:
    """The merged change that an event of a code host tells of; None for what is none.

    Whoever the connection names as a program counts as one. Raises `Unfit` as `hire_told` does.
    """
    kind, settings = event.connection.kind, settings_of(event.connection)
    headers = dict.fromkeys(EVENT_HEADERS, event.kind)
    told = MERGES[kind](headers, event.fields, str(settings["host"]).strip().lower())
    if told is None or str(told.author) not in str(settings.get("bots", "")).split():
        return told
    return replace(told, by_bot=True)


def author_of(event: Event) -> tuple[str, int, str]:
    """Host, number and name there of whoever wrote the change of an event that waits for them."""
    host, _hash, number = event.about.rpartition("#")
    login = within(event.fields, "pull_request.user.login")
    return host, int(number), login if isinstance(login, str) else ""


def _waiting(row: OutboxRow) -> Event | None:
    return (
        Event.objects.select_for_update(of=("self",))
        .select_related("connection__organization")
        .filter(public_id=row.ref["event"], state=EventState.RECEIVED)
        .first()
    )


def _settle(event: Event, outcome: Outcome, now: datetime) -> None:
    event.state, event.reason, event.settled_at = outcome.state, outcome.reason[:120], now
    if outcome.state != EventState.PARKED:
        event.fields = {}
    event.save(update_fields=["state", "reason", "settled_at", "fields"])
