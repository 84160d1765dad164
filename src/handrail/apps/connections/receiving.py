"""A delivery comes in: proven from its raw bytes, reduced, stored; only then is it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from django.db import connection as database
from django.utils.module_loading import import_string

from handrail.apps.connections.keeping import kept, plain
from handrail.apps.connections.kinds import kind_of
from handrail.apps.connections.models import Connection, Event, EventState
from handrail.apps.connections.noting import note_event, note_failure, write_event
from handrail.apps.connections.queries import connection_for
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.outbox.actions import enqueue
from handrail.integrations.kinds import Kind, Receives, Reply
from handrail.integrations.webhooks import Proven, Rejected, Why, json_object, verify

KEPT = timedelta(days=30)  # of an event, put aside or done
FORM = "application/x-www-form-urlencoded"
UNREADABLE = "unreadable"
NAMES = ("action", "type", "object_kind", "event_type")  # under which senders say what happened


class Taken(StrEnum):
    """What became of a delivery."""

    STORED = "stored"
    AGAIN = "again"  # the same delivery was stored before
    NO_USE = "no-use"  # proven, and about nothing that is used here
    ANSWERED = "answered"  # at once, by a room


@dataclass(frozen=True, slots=True)
class Receipt:
    """What to answer, and what became of it."""

    taken: Taken
    reply: Reply = field(default_factory=Reply)


def receive(address: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Receipt:
    """Take one delivery that was sent to a connection's address; when it returns, it is stored.

    `headers` by names in small letters. Raises `NotFound` where nothing is connected under the
    address, switched off or absent alike, and `Rejected` where it is not proven.
    """
    connection = connection_for(address)
    if connection is None:
        raise NotFound("There is no such address.")
    kind = kind_of(connection.kind)
    with reading(connection.organization):
        if kind.answers:
            answer = import_string(kind.answers)
            return Receipt(Taken.ANSWERED, answer(connection, headers, body, now))
        if kind.receives is None:
            raise NotFound("There is no such address.")
        try:
            return _take(connection, kind, kind.receives, headers, body, now)
        except Rejected as rejected:
            note_failure(connection, rejected.why.value, now=now)
            raise


def _take(
    connection: Connection,
    kind: Kind,
    receives: Receives,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> Receipt:
    try:
        open_now = opened(connection, now=now)
    except Unsealable:
        raise Rejected(Why.NO_SECRET) from None
    scheme = receives.scheme(headers)
    secrets = open_now.secrets.get(receives.secrets.get(scheme.name, "signing"), ())
    if not secrets and receives.before_secret and len(body) < 1000:
        try:
            if receives.before_secret(json_object(body)):
                note_event(connection, "test", now=now)
                return Receipt(Taken.NO_USE)
        except Rejected:
            pass  # it is not that test: it must be proven like everything else
    if receives.ping and body.strip().strip(b'"') == receives.ping:
        return Receipt(Taken.NO_USE)  # it says nothing, so nothing about it has to be proven
    proven = verify(scheme, headers, body, secrets, now)
    try:
        content = json_object(_json_in(headers, body))
        event = receives.event(headers, content, open_now.settings)
    except Rejected:
        return _store(connection, receives, proven, UNREADABLE, {}, now)
    if not event:
        note_event(connection, _told(headers, content), now=now)
        return Receipt(Taken.NO_USE)
    return _store(connection, receives, proven, event, kept(content, receives.keeps), now)


def _json_in(headers: Mapping[str, str], body: bytes) -> bytes:
    """The JSON of a delivery: the body, or the field `payload` of a form (GitHub's other way)."""
    if not headers.get("content-type", "").startswith(FORM):
        return body
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=5)["payload"][0].encode()
    except (UnicodeDecodeError, ValueError, KeyError):
        raise Rejected(Why.UNREADABLE) from None


def _told(headers: Mapping[str, str], content: dict[str, Any]) -> str:
    """What a delivery of no use calls itself, for the connection's page; no text of anybody."""
    names = ("x-github-event", "x-forgejo-event", "x-gitea-event")
    header = next((headers[name] for name in names if name in headers), "")
    told = header or next(
        (content[name] for name in NAMES if name in content),
        "test" if content.get("test") is True else "",
    )
    plain = isinstance(told, str) and told.isascii() and told.isprintable()
    return told[:64] if plain and told else "other"


def _store(
    connection: Connection,
    receives: Receives,
    proven: Proven,
    event: str,
    fields: dict[str, Any],
    now: datetime,
) -> Receipt:
    """The event and who acts on it in one transaction, committed when this returns."""
    unreadable = event == UNREADABLE and not fields
    public_id = uuid4()
    with writing(connection.organization, durable=True):
        created = _insert(
            Event(
                organization=connection.organization,
                public_id=public_id,
                connection=connection,
                delivery=plain(proven.delivery[:200]),
                digest=proven.digest,
                kind=event[:64],
                fields=fields,
                state=EventState.PARKED if unreadable else EventState.RECEIVED,
                reason=UNREADABLE if unreadable else "",
                received_at=now,
                settled_at=now if unreadable else None,
                purge_on=(now + KEPT).date(),
            )
        )
        write_event(connection, event, now=now)
        if created and not unreadable:
            enqueue(
                receives.takes,
                ref={"event": str(public_id)},
                dedupe=f"event:{public_id}:1",
                due_at=now,
                # One stream a connection: what is told of one application is acted on in order.
                stream=f"connection:{connection.public_id}",
                now=now,
                organization=connection.organization,
            )
    return Receipt(Taken.STORED if created else Taken.AGAIN)


def _insert(event: Event) -> bool:
    """Write the row unless this delivery is there: False then. The database decides."""
    fields = [field for field in Event._meta.local_concrete_fields if not field.primary_key]
    quote = database.ops.quote_name
    names = ", ".join(quote(field.column or "") for field in fields)
    values = [field.get_db_prep_save(getattr(event, field.attname), database) for field in fields]
    marks = ", ".join(["%s"] * len(fields))
    # Raw: `bulk_create(ignore_conflicts=True)` does not tell whether the row went in.
    statement = (
        f"INSERT INTO {quote(Event._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608 - the names are ours
        " ON CONFLICT (organization_id, connection_id, delivery) DO NOTHING"
    )
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount == 1)
