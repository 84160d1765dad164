"""Put into the outbox, and take back what was not sent yet; sending is the runner's."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.queries import administrators
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.queries import dead_letters
from handrail.apps.outbox.runner import Drained, drain

__all__ = [
    "Drained",
    "cancel_pending",
    "drain",
    "enqueue",
    "forget_delivered",
    "keep_lease",
    "retry_dead",
    "tell_administrators",
]


def enqueue(
    kind: str,
    *,
    ref: dict[str, Any],
    dedupe: str,
    due_at: datetime,
    stream: str,
    now: datetime,
    organization: Organization,
) -> bool:
    """Write one row in the caller's transaction; False if `dedupe` was written before.

    `ref` holds ids, never text. Rows of one stream leave in the order of (due_at, written).
    """
    for name, text in (("kind", kind), ("stream", stream), ("dedupe", dedupe)):
        longest = getattr(OutboxRow._meta.get_field(name), "max_length", 0)
        if len(text) > longest:  # SQLite would take it, and PostgreSQL break in somebody's request
            raise ValueError(f"{name} holds {longest} characters: {text!r}")
    field = OutboxRow._meta.get_field("due_at")
    public_id = OutboxRow._meta.get_field("public_id")
    table = connection.ops.quote_name(OutboxRow._meta.db_table)
    values = [
        organization.pk,
        public_id.get_db_prep_value(uuid.uuid4(), connection),
        kind,
        stream,
        json.dumps(ref),
        dedupe,
        field.get_db_prep_value(due_at, connection),
        field.get_db_prep_value(now, connection),
        0,
        "",
    ]
    # Raw: `bulk_create(ignore_conflicts=True)` does not tell whether the row went in.
    statement = (
        f"INSERT INTO {table} (organization_id, public_id, kind, stream, ref, dedupe, due_at,"  # noqa: S608 - the table's name is ours
        " created_at, attempts, last_error) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (organization_id, dedupe) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount == 1)


def tell_administrators(
    kind: str,
    *,
    ref: dict[str, Any],
    dedupe: str,
    stream: str,
    now: datetime,
    organization: Organization,
    but: int | None = None,
) -> None:
    """Write one row for each administrator's place, in the caller's transaction, due at once.

    `ref` and `dedupe` are those of `enqueue`; each row's `ref` also names its place, as
    `membership`. `but` is a place that needs no telling, as its holder did it.
    """
    for place in administrators().exclude(pk=but or 0):
        enqueue(
            kind,
            ref={**ref, "membership": place.pk},
            dedupe=f"{dedupe}:{place.pk}",
            due_at=now,
            stream=stream,
            now=now,
            organization=organization,
        )


def cancel_pending(
    stream: str, kinds: Iterable[str], *, organization: Organization, now: datetime
) -> int:
    """Take back the stream's rows of these kinds that were not delivered; say how many.

    A row that is being delivered at this very moment may still arrive: its handler looks at how
    things stand before it sends.
    """
    return OutboxRow.objects.filter(
        organization=organization,
        stream=stream,
        kind__in=list(kinds),
        done_at=None,
        dead_at=None,
        cancelled_at=None,
    ).update(cancelled_at=now)


def keep_lease(row: OutboxRow, *, until: datetime) -> bool:
    """Hold a row that is being delivered for longer; False if another runner has it by now."""
    return bool(
        OutboxRow.objects.filter(pk=row.pk, lease_token=row.lease_token).update(lease_until=until)
    )


def retry_dead(public_id: uuid.UUID, *, by: Viewer, now: datetime) -> OutboxRow:
    """Give a dead letter another eight tries, starting now."""
    with writing(by.organization):
        row = dead_letters(by).select_for_update().filter(public_id=public_id).first()
        if row is None:
            raise NotFound(_("There is no such undelivered message."))
        row.dead_at = None
        row.attempts = 0
        row.lease_until = None
        row.lease_token = None
        row.save(update_fields=["dead_at", "attempts", "lease_until", "lease_token"])
        record_audit(
            by=by, verb="retry", object_type="outbox row", object_id=row.public_id, now=now
        )
    return row


def forget_delivered(*, before: datetime) -> int:
    """Delete this organisation's rows that were settled before then; dead letters stay."""
    settled = OutboxRow.objects.filter(done_at__lt=before) | OutboxRow.objects.filter(
        cancelled_at__lt=before, done_at=None
    )
    deleted, _by_model = settled.delete()
    return deleted
