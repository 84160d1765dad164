"""Verbs on connections: set one up, change, rotate, switch, test, take away; retry what waits."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from handrail.apps.connections.fields import checked_secrets, checked_settings
from handrail.apps.connections.kinds import kind_of
from handrail.apps.connections.models import (
    Connection,
    ConnectionSecret,
    Event,
    EventState,
)
from handrail.apps.connections.noting import note_failure, note_ok
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.queries import connection_of
from handrail.apps.connections.receiving import receive
from handrail.apps.connections.secrets import keep_secret, made_up, opened
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.integrations.kinds import Kind, Trouble
from handrail.integrations.webhooks import Rejected, sign

LONGEST_NAME = 80
MOST = 100  # connections of one organisation
PARKED_AGAIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Connected:
    """A new connection, and the secrets that were made up for it: shown this once only."""

    connection: Connection
    made: dict[str, str]


def connect(
    kind: str,
    name: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    *,
    by: Viewer,
    now: datetime,
    make: bool = True,
) -> Connected:
    """Connect a service; a secret that is left empty and may be made here is made up.

    Without `make` nothing is: what a program is answered is kept for its repeats, and no secret is.
    """
    _only_administrator(by)
    description = kind_of(kind)
    problems: dict[str, str] = {}
    name = _checked_name(name, problems)
    kept = checked_settings(description, settings, problems)
    given = checked_secrets(description, secrets, problems)
    missing = [
        field.name
        for field in description.fields
        if field.secret and field.made_here and field.name not in given
    ]
    if missing and not make and not given:
        problems[missing[0]] = _("Send a secret: none is made here.")
    made = {field: made_up() for field in missing} if make else {}
    if problems:
        raise Invalid(_("Nothing was connected. Correct the fields."), fields=problems)
    with writing(by.organization):
        if Connection.objects.count() >= MOST:
            raise Conflict(
                _("There are 100 connections, which is the most. Remove one first."),
                code="too-many-connections",
            )
        _name_is_free(name, None)
        connection = Connection.objects.create(
            organization=by.organization,
            public_id=uuid4(),
            kind=kind,
            name=name,
            address=randomness.token_urlsafe(24),
            settings=kept,
            connected_at=now,
            connected_by=by.actor,
        )
        for field, text in {**given, **made}.items():
            keep_secret(connection, field, text, now=now)
        _audit("connection.made", connection, by, now, {"kind": kind})
    return Connected(connection, made)


def change(
    public_id: UUID, name: str, settings: Mapping[str, Any], *, by: Viewer, now: datetime
) -> Connection:
    """Change a connection's name and what is set; secrets are rotated, not changed."""
    _only_administrator(by)
    with writing(by.organization):
        connection = _locked(public_id, by)
        problems: dict[str, str] = {}
        connection.name = _checked_name(name, problems)
        connection.settings = checked_settings(kind_of(connection.kind), settings, problems)
        if problems:
            raise Invalid(_("Nothing was changed. Correct the fields."), fields=problems)
        _name_is_free(name, connection)
        connection.save(update_fields=["name", "settings"])
        _audit("connection.changed", connection, by, now)
    return connection


def rotate_secret(
    public_id: UUID, field: str, text: str = "", *, by: Viewer, now: datetime, make: bool = True
) -> str:
    """Let a new secret count; the one before is accepted for another week, or until ended.

    Answers the secret where it was made up, to be shown this once; an empty text where it came in.
    """
    _only_administrator(by)
    with writing(by.organization):
        connection = _locked(public_id, by)
        description = kind_of(connection.kind).field(field)
        if description is None or not description.secret:
            raise NotFound(_("There is no such secret."))
        problems: dict[str, str] = {}
        given = checked_secrets(kind_of(connection.kind), {field: text}, problems, only=field)
        if problems:
            raise Invalid(_("Nothing was changed. Correct the fields."), fields=problems)
        made = "" if field in given else made_up()
        if not given and not (make and description.made_here):
            raise Invalid(
                _("Nothing was changed. Correct the fields."),
                fields={field: _("Enter the new secret.")},
            )
        keep_secret(connection, field, given.get(field, made), now=now)
        _audit("connection.secret_rotated", connection, by, now, {"field": field})
    return made


def end_old_secrets(public_id: UUID, *, by: Viewer, now: datetime) -> Connection:
    """Accept older secrets no more, because the other side uses the new one."""
    _only_administrator(by)
    with writing(by.organization):
        connection = _locked(public_id, by)
        ConnectionSecret.objects.filter(connection=connection).exclude(ends_at=None).delete()
        _audit("connection.old_secrets_ended", connection, by, now)
    return connection


def switch(public_id: UUID, *, on: bool, by: Viewer, now: datetime) -> Connection:
    """Switch a connection on or off; off, its address answers like one that never was."""
    _only_administrator(by)
    with writing(by.organization):
        connection = _locked(public_id, by)
        connection.is_on = on
        connection.stopped_for = ""
        changed = ["is_on", "stopped_for"]
        if on:
            connection.failures, connection.failure = 0, ""
            changed += ["failures", "failure"]
        connection.save(update_fields=changed)
        _audit("connection.switched_on" if on else "connection.switched_off", connection, by, now)
    return connection


def disconnect(public_id: UUID, *, by: Viewer, now: datetime) -> None:
    """Forget a connection, its secrets, and what waited in it; what was done stays done."""
    _only_administrator(by)
    with writing(by.organization):
        connection = _locked(public_id, by)
        _audit("connection.removed", connection, by, now, {"kind": connection.kind})
        connection.delete()


def send_test(public_id: UUID, *, by: Viewer, now: datetime) -> str:
    """Try a connection out: "" where it works, else the code of what is wrong.

    A service that is asked is asked now; for one that only sends, a delivery of our own takes the
    way that its deliveries take, signed with the secret that is set.
    """
    _only_administrator(by)
    with writing(by.organization):
        connection = _locked(public_id, by)
        _audit("connection.tested", connection, by, now)
    if not connection.is_on:
        raise Conflict(_("Switch the connection on first."), code="connection-off")
    why = _tried(connection, kind_of(connection.kind), now)
    if why:
        note_failure(connection, why, now=now)
    else:
        note_ok(connection, now=now)
    return why


def retry_event(public_id: UUID, event_id: UUID, *, by: Viewer, now: datetime) -> Event:
    """Have an event that was put aside taken once more."""
    _only_administrator(by)
    with writing(by.organization):
        event = _parked(public_id, event_id, by)
        retry(event, now=now)
        _audit("event.retried", event.connection, by, now, {"event": str(event.public_id)})
    return event


def drop_event(public_id: UUID, event_id: UUID, *, by: Viewer, now: datetime) -> Event:
    """Let an event that was put aside rest: its fields are forgotten."""
    _only_administrator(by)
    with writing(by.organization):
        event = _parked(public_id, event_id, by)
        event.state, event.reason, event.fields = EventState.IGNORED, "dropped", {}
        event.settled_at = now
        event.save(update_fields=["state", "reason", "fields", "settled_at"])
        _audit("event.dropped", event.connection, by, now, {"event": str(event.public_id)})
    return event


def retry(event: Event, *, now: datetime) -> None:
    """Put an event into the outbox again, in the caller's transaction: rooms retry what waited."""
    receives = kind_of(event.connection.kind).receives
    assert receives is not None
    event.state, event.reason, event.settled_at = EventState.RECEIVED, "", None
    event.tries += 1
    event.purge_on = (now + PARKED_AGAIN).date()
    event.save(update_fields=["state", "reason", "settled_at", "tries", "purge_on"])
    enqueue(
        receives.takes,
        ref={"event": str(event.public_id)},
        dedupe=f"event:{event.public_id}:{event.tries}",
        due_at=now,
        stream=f"connection:{event.connection.public_id}",
        now=now,
        organization=event.organization,
    )


def _tried(connection: Connection, kind: Kind, now: datetime) -> str:
    try:
        open_now = opened(connection, now=now)
        if kind.test is not None:
            kind.test(open_now, outbound())
        if kind.receives is not None:
            sample = kind.receives.sample
            headers = dict(sample.headers)
            scheme = kind.receives.scheme(headers)
            secret = open_now.secret(kind.receives.secrets.get(scheme.name, "signing"))
            time = str(int(now.timestamp())) if scheme.time_header else ""
            if scheme.time_header:
                headers[scheme.time_header] = time
            if scheme.id_header:
                headers.setdefault(scheme.id_header, f"test-{now:%Y%m%dT%H%M%S}")
            ident = headers.get(scheme.id_header, "") if scheme.id_header else ""
            if secret:
                headers[scheme.header] = sign(scheme, secret, sample.body, time=time, ident=ident)
            receive(connection.address, headers, sample.body, now=now)
    except Trouble as trouble:
        return trouble.why
    except Rejected as rejected:
        return rejected.why.value
    except Unsealable:
        return "sealed-elsewhere"
    return ""


def _only_administrator(by: Viewer) -> None:
    if not by.is_administrator or not by.may("connections:write"):
        raise NotAllowed(_("Only an administrator connects services."))


def _locked(public_id: UUID, by: Viewer) -> Connection:
    connection_of(by, public_id)
    found: Connection = Connection.objects.select_for_update().get(public_id=public_id)
    return found


def _parked(public_id: UUID, event_id: UUID, by: Viewer) -> Event:
    connection = connection_of(by, public_id)
    event = (
        Event.objects.select_for_update(of=("self",))
        .select_related("connection", "organization")
        .filter(connection=connection, public_id=event_id)
        .first()
    )
    if event is None:
        raise NotFound(_("There is no such event."))
    if event.state != EventState.PARKED:
        raise Conflict(_("This event does not wait for anybody."), code="event-not-parked")
    return event


def _checked_name(name: str, problems: dict[str, str]) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        problems["name"] = _("A name has 1 to 80 characters.")
    return name


def _name_is_free(name: str, connection: Connection | None) -> None:
    others = Connection.objects.all()
    if connection is not None:
        others = others.exclude(pk=connection.pk)
    if others.filter(name__iexact=name).exists():
        raise Invalid(
            _("There is a connection of this name."),
            fields={"name": _("There is a connection of this name. Choose another one.")},
        )


def _audit(
    verb: str,
    connection: Connection,
    by: Viewer,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="connection",
        object_id=connection.public_id,
        detail=detail,
        now=now,
    )
