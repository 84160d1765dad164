"""The same request twice has one effect and one answer.

`answered_once` is the only way in. Inside `reading(organization)`:

    answer = answered_once(
        by.actor, key, fingerprint, work, organization=by.organization, now=now
    )

- `work()` runs at most once per (organisation, principal, key) and returns `(status, body)`, the
  body being JSON. It runs in a savepoint of one durable transaction that also holds the key's row.
- A `Refusal` raised by `work` undoes the savepoint, is stored, committed and raised again; a repeat
  raises an equal refusal (same class, code, words and detail) without running `work`.
- Any other error undoes everything: nothing is stored and the key is free again.
- A twin that runs at the same time waits for the first and gets its stored answer
  (`answer.replayed`); after `patience` it gets 409 "in-flight".
- The same key with another fingerprint is refused: 422 "key-reused".

The caller checks permission before calling, on every try: an answer is replayed only to somebody
who may still ask. Code that runs inside `work` joins this transaction (`claim(key=None)`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import (
    Conflict,
    Invalid,
    Refusal,
    from_stored,
    to_stored,
)
from handrail.apps.outbox.models import IdempotencyKey

KEPT = timedelta(hours=72)
PATIENCE = timedelta(seconds=10)
LONGEST_KEY = 120
# PostgreSQL's answer when the twin has not finished within `lock_timeout`.
LOCK_NOT_AVAILABLE = "55P03"
REFUSAL = "$refusal"  # the one name in a stored body that `work` may not use

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and whether it was answered before."""

    status: int
    body: Body
    replayed: bool


def fingerprint_of(*parts: Any) -> str:
    """A digest of everything that makes two requests the same request."""
    text = json.dumps(parts, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def answered_once(
    principal: str,
    key: str,
    fingerprint: str,
    work: Callable[[], tuple[int, Body]],
    *,
    organization: Organization,
    now: datetime,
    patience: timedelta = PATIENCE,
) -> Answer:
    """Run `work` unless this caller's key was answered already; see the module's words."""
    _check_key(key)
    refused: Refusal | None = None
    with transaction.atomic(durable=True):
        if not _take(organization, principal, key, fingerprint, now=now, patience=patience):
            return _replay(principal, key, fingerprint)
        try:
            with transaction.atomic():
                status, body = work()
        except Refusal as refusal:
            if refusal.status >= 500:
                raise
            refused, status, body = refusal, refusal.status, {REFUSAL: to_stored(refusal)}
        if status < 500:
            body = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
            _mine(principal, key).update(status=status, body=body)
        else:
            # A failure of ours may be cured by trying again: the key stays free.
            transaction.set_rollback(True)
    if refused is not None:
        raise refused
    return Answer(status, body, replayed=False)


def is_known(principal: str, key: str) -> bool:
    """Whether this caller's key was used before: its answer is stored, or being made now."""
    return bool(_mine(principal, key).exists())


def forget_answers(*, now: datetime) -> int:
    """Delete this organisation's keys that are older than 72 hours; say how many."""
    deleted, _by_model = IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted


def _check_key(key: str) -> None:
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(
            _("Send an idempotency key of 1 to %(longest)d printable characters.")
            % {"longest": LONGEST_KEY},
            code="bad-key",
        )


def _take(
    organization: Organization,
    principal: str,
    key: str,
    fingerprint: str,
    *,
    now: datetime,
    patience: timedelta,
) -> bool:
    """Insert the key's row; False if it is there already, after waiting for whoever writes it."""
    table = connection.ops.quote_name(IdempotencyKey._meta.db_table)
    field = IdempotencyKey._meta.get_field("created_at")
    values = [
        organization.pk,
        principal,
        key,
        fingerprint,
        "{}",
        field.get_db_prep_value(now, connection),
    ]
    statement = (
        f"INSERT INTO {table} (organization_id, principal, key, fingerprint, body, created_at)"  # noqa: S608 - the table's name is ours
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
    )
    # Raw, because the cursor's row count is the answer on both engines and the ORM hides it.
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(statement, values)
            return bool(cursor.rowcount == 1)
        cursor.execute("SELECT current_setting('lock_timeout')")
        usual = cursor.fetchone()[0]
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true)",
            [f"{int(patience.total_seconds() * 1000)}ms"],
        )
        try:
            cursor.execute(statement, values)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE:
                raise _in_flight() from error
            raise
        taken = bool(cursor.rowcount == 1)
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])
        return taken


def _replay(principal: str, key: str, fingerprint: str) -> Answer:
    stored = _mine(principal, key).get()
    if stored.fingerprint != fingerprint:
        raise Invalid(
            _("This idempotency key was used for another request. Use a new key."),
            code="key-reused",
        )
    if stored.status is None:
        raise _in_flight()
    if REFUSAL in stored.body:
        raise from_stored(stored.status, stored.body[REFUSAL])
    return Answer(stored.status, stored.body, replayed=True)


def _mine(principal: str, key: str) -> Any:
    return IdempotencyKey.objects.filter(principal=principal, key=key)


def _in_flight() -> Conflict:
    return Conflict(
        _("The same request is still being answered. Ask again in a moment."), code="in-flight"
    )
