"""What the outbox runner calls when an HR system told of somebody."""

from __future__ import annotations

import hashlib
from datetime import datetime

from handrail.apps.connections.events import (
    DONE,
    DOUBLE,
    Outcome,
    claim_effect,
    ignored,
    park,
    take,
    waiting_event,
)
from handrail.apps.connections.models import Event
from handrail.apps.connections.noting import note_failure, note_ok
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.secrets import opened
from handrail.apps.identity.actions.staff import hear_of
from handrail.apps.identity.saml import forget_answers, providers_that_end
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import tell_administrators
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.runner import MOST_TRIES
from handrail.integrations import hibob
from handrail.integrations.kinds import Content, Trouble
from handrail.integrations.webhooks.staff import STAFF

NUMBER_ALONE, NOT_LOOKED_UP = "number-alone", "not-looked-up"


def take_staff(row: OutboxRow, now: datetime) -> None:
    """Take one event of an HR system: what it says waits to be confirmed."""
    event = waiting_event(row)
    if event is None:
        return
    fields = event.fields
    number = hibob.number_alone(fields) if event.connection.kind == hibob.KIND.code else ""
    if number:
        # Before the transaction of what follows: nothing waits for another's server in one.
        found = _looked_up(row, event, number, now)
        if found is None:
            return
        fields = found
    take(row, now, lambda one, at: _take(one, fields, at))


def _looked_up(row: OutboxRow, event: Event, number: str, now: datetime) -> Content | None:
    """The event as if it had come whole; None where it is put aside. Raises to be tried again."""
    fields: Content = event.fields
    connection, kind = event.connection, fields.get("type")
    try:
        found = opened(connection, now=now)
        if not found.secret("service_token"):
            if kind == "employee.left":
                return fields  # that somebody left is news by their number alone
            park(row, NUMBER_ALONE, now=now)
            return None
        person = hibob.person_of(found, outbound(), number)
    except Unsealable:
        note_failure(connection, "sealed-elsewhere", now=now)
        park(row, NOT_LOOKED_UP, now=now)
        return None
    except Trouble as trouble:
        note_failure(connection, trouble.why, now=now)
        if not trouble.hopeless and row.attempts < MOST_TRIES:
            raise
        park(row, NOT_LOOKED_UP, now=now)
        return None
    note_ok(connection, now=now)
    return {"type": kind, "employee": person}


def _take(event: Event, fields: Content, now: datetime) -> Outcome:
    told = STAFF[event.connection.kind](fields)
    about = ",".join(one.person for one in told)
    fact = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
    if not claim_effect(event, about=f"staff {about}", fact=fact):
        return ignored(DOUBLE)
    by = Viewer.system(event.connection.organization, event.connection.kind)
    for one in told:
        hear_of(one, by=by, now=now)
    return DONE


def tidy_sign_ins(row: OutboxRow, now: datetime) -> None:
    """Forget answers of SAML providers that are good no more, and say whose keys end soon."""
    with writing(row.organization):
        forget_answers(now)
        for provider in providers_that_end(now):
            tell_administrators(
                "mail.certificate_ends",
                ref={"provider": str(provider.public_id)},
                dedupe=f"certificate:{provider.public_id}:{now.date()}",
                stream=f"provider:{provider.public_id}",
                now=now,
                organization=row.organization,
            )
