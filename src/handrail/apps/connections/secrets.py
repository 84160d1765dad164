"""The secrets of a connection: sealed for their row alone, two live while one takes over."""

from __future__ import annotations

import base64
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from handrail.apps.connections.kinds import kind_of
from handrail.apps.connections.models import Connection, ConnectionSecret
from handrail.apps.organizations.sealing import open_sealed, seal
from handrail.integrations.kinds import Opened

OVERLAP = timedelta(days=7)  # for which the old secret is accepted beside the new one


def place_of(connection: Connection, row: uuid.UUID, field: str) -> str:
    """Where a secret is sealed for: organisation, table, row and column, and whose row it is."""
    return f"{connection.organization_id}:connection_secret:{connection.public_id}:{row}:{field}"


def made_up() -> str:
    """A new secret of 24 random bytes, in the form of Standard Webhooks; any sender takes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


def keep_secret(connection: Connection, field: str, text: str, *, now: datetime) -> None:
    """Let this secret count from now on; what stood before is accepted for another week.

    Of two that are live already the older one ends. In the caller's transaction.
    """
    mine = ConnectionSecret.objects.filter(connection=connection, field=field)
    mine.exclude(ends_at=None).delete()
    mine.update(ends_at=now + OVERLAP)
    row = uuid.uuid4()
    ConnectionSecret.objects.create(
        organization_id=connection.organization_id,
        public_id=row,
        connection=connection,
        field=field,
        sealed=seal(text, place=place_of(connection, row, field)),
        made_at=now,
    )


def opened(connection: Connection, *, now: datetime) -> Opened:
    """The connection with its live secrets, newest first, as integrations take it.

    Raises `Unsealable` where one was sealed with another key, or for another place.
    """
    found: dict[str, list[str]] = {}
    live = ConnectionSecret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now))
    for one in live.filter(connection=connection).order_by("-made_at", "-id"):
        place = place_of(connection, one.public_id, one.field)
        found.setdefault(one.field, []).append(open_sealed(one.sealed, place=place))
    return Opened(
        kind=connection.kind,
        settings=settings_of(connection),
        secrets={name: tuple(texts) for name, texts in found.items()},
        at=now,
    )


def settings_of(connection: Connection) -> dict[str, Any]:
    """What is set, and what holds where nothing is."""
    fields = kind_of(connection.kind).fields
    return {
        **{field.name: field.default for field in fields if field.default},
        **connection.settings,
    }
