"""The runner: claims what is due in any organisation, has it delivered, writes down what happened.

Delivered exactly once is impossible, so a row is marked done *after* it was delivered: whoever is
killed in between delivers it again, under the same public id, and the receiver drops the double.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from handrail.apps.organizations.scope import reading, running_outbox
from handrail.apps.outbox.handlers import SLOW, Handler, Undeliverable, handler_for
from handrail.apps.outbox.models import OutboxRow

log = logging.getLogger("handrail.outbox")

# Longer than any door may take: a door gives up after 30 seconds.
LEASE = timedelta(minutes=2)
MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Drained:
    """How many rows one call delivered, will try again, and gave up."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class _Outcome:
    row: OutboxRow
    error: str = ""  # a class or code, never the words of an error: they may hold an address
    hopeless: bool = False


def drain(
    *,
    now: datetime,
    limit: int = 100,
    handlers: Mapping[str, Handler | str] | None = None,
    clock: Callable[[], datetime] | None = None,
    lease: timedelta = LEASE,
    stopped: Callable[[], bool] = lambda: False,
    slow: bool | None = None,
) -> Drained:
    """Deliver up to `limit` due rows, one after the other; `clock` (default: `now`) moves on.

    `slow` limits it to what may take minutes (True) or to all else (False).

    Within a stream a row waits for those due before it, also while they are tried again; a dead
    one is no longer waited for. Any number of runners may drain at the same time.
    """
    moment = clock or (lambda: now)
    counts = {"delivered": 0, "failed": 0, "dead": 0}
    outcome: _Outcome | None = None
    for turn in range(limit + 1):
        more = turn < limit and not stopped()
        # One transaction settles the last row and claims the next one.
        settled, row = _step(outcome, claim=more, now=moment(), lease=lease, slow=slow)
        if settled:
            counts[settled] += 1
        if row is None:
            break
        outcome = _deliver(row, moment(), handlers)
    return Drained(**counts)


def _deliver(
    row: OutboxRow, now: datetime, handlers: Mapping[str, Handler | str] | None
) -> _Outcome:
    try:
        handler = handler_for(row.kind, handlers)
        with reading(row.organization):
            handler(row, now)
    except Undeliverable as error:
        return _Outcome(row, error=error.code, hopeless=True)
    except Exception as error:
        log.warning("outbox row %s (%s) failed: %s", row.public_id, row.kind, type(error).__name__)
        return _Outcome(row, error=type(error).__name__)
    return _Outcome(row)


def _step(
    outcome: _Outcome | None, *, claim: bool, now: datetime, lease: timedelta, slow: bool | None
) -> tuple[str, OutboxRow | None]:
    with running_outbox(), transaction.atomic():
        settled = _settle(outcome, now=now) if outcome else ""
        return settled, (_claim(now=now, lease=lease, slow=slow) if claim else None)


def _settle(outcome: _Outcome, *, now: datetime) -> str:
    row = outcome.row
    # Whoever lost the lease meanwhile says nothing: the row has another runner now.
    ours = OutboxRow.objects.filter(pk=row.pk, lease_token=row.lease_token)
    if not outcome.error:
        done = ours.update(done_at=now, lease_until=None, lease_token=None, last_error="")
        return "delivered" if done else ""
    if outcome.hopeless or row.attempts >= MOST_TRIES:
        dead = ours.update(
            dead_at=now, lease_until=None, lease_token=None, last_error=outcome.error[:300]
        )
        return "dead" if dead else ""
    again = ours.update(
        lease_until=now + pause_after(row.attempts, row.public_id),
        lease_token=None,
        last_error=outcome.error[:300],
    )
    return "failed" if again else ""


def _claim(*, now: datetime, lease: timedelta, slow: bool | None) -> OutboxRow | None:
    while (row := _due(now, slow)) is not None:
        if row.attempts < MOST_TRIES:
            break
        # Its runner died in the last try: it may be what kills runners.
        OutboxRow.objects.filter(pk=row.pk).update(
            dead_at=now, lease_until=None, lease_token=None, last_error="runner lost"
        )
    if row is None:
        return None
    row.lease_token = uuid.uuid4()
    row.lease_until = now + lease
    row.attempts += 1
    OutboxRow.objects.filter(pk=row.pk).update(
        lease_token=row.lease_token, lease_until=row.lease_until, attempts=F("attempts") + 1
    )
    return row


# Asked after every row delivered: building these few lines anew took longer than answering them.
DUE = """
    SELECT mine.* FROM outbox_outboxrow mine
    WHERE mine.done_at IS NULL AND mine.dead_at IS NULL AND mine.cancelled_at IS NULL
      AND mine.due_at <= %(now)s AND (mine.lease_until IS NULL OR mine.lease_until <= %(now)s)
      AND NOT EXISTS (
        SELECT 1 FROM outbox_outboxrow earlier
        WHERE earlier.organization_id = mine.organization_id AND earlier.stream = mine.stream
          AND earlier.done_at IS NULL AND earlier.dead_at IS NULL AND earlier.cancelled_at IS NULL
          AND (earlier.due_at, earlier.id) < (mine.due_at, mine.id))
      {kinds}
    ORDER BY mine.due_at, mine.id LIMIT 1 {lock}
"""


def _due(now: datetime, slow: bool | None) -> OutboxRow | None:
    """The first row due that nobody holds and that waits for no other of its stream."""
    kinds = {f"kind{n}": kind for n, kind in enumerate(sorted(SLOW))} if slow is not None else {}
    named = ", ".join(f"%({name})s" for name in kinds)
    question = DUE.format(
        kinds=f"AND mine.kind {'' if slow else 'NOT'} IN ({named})" if kinds else "",
        lock=(
            "FOR UPDATE OF mine SKIP LOCKED" if connection.features.has_select_for_update else ""
        ),
    )
    asked = {"now": connection.ops.adapt_datetimefield_value(now), **kinds}
    return next(iter(OutboxRow.objects.raw(question, asked)), None)


def pause_after(tries: int, public_id: uuid.UUID) -> timedelta:
    """The wait before the next try: doubling from 30 seconds to 6 hours, ± 25 % by the row's id."""
    plain: timedelta = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
    digest = hashlib.sha256(f"{public_id}:{tries}".encode()).digest()
    share = int.from_bytes(digest[:4]) / 2**32  # 0 to 1, the same for the same row and try
    return plain * (0.75 + share / 2)
