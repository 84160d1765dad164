"""How a connection does is noted by whoever uses it: in, out, or both ways."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from handrail.apps.connections.models import Connection
from handrail.apps.organizations.scope import writing

ONCE = timedelta(seconds=10)  # a flood of forged deliveries is no flood of writes


def note_ok(connection: Connection, *, now: datetime) -> None:
    """It worked: a row of failures ends."""
    with writing(connection.organization):
        Connection.objects.filter(pk=connection.pk).update(ok_at=now, failures=0, failure="")


def note_failure(connection: Connection, why: str, *, now: datetime) -> None:
    """It did not work; `why` is a code with words in `words.py`. Once in ten seconds at most."""
    with writing(connection.organization):
        Connection.objects.filter(
            Q(failed_at=None) | Q(failed_at__lt=now - ONCE) | ~Q(failure=why[:48]),
            pk=connection.pk,
        ).update(failed_at=now, failure=why[:48], failures=F("failures") + 1)


def note_event(connection: Connection, kind: str, *, now: datetime) -> None:
    """A proven delivery came, of use or not."""
    with writing(connection.organization):
        write_event(connection, kind, now=now)


def write_event(connection: Connection, kind: str, *, now: datetime) -> None:
    """The same in the caller's transaction, without a savepoint in it."""
    Connection.objects.filter(pk=connection.pk).update(
        event_at=now, event_kind=kind[:64], ok_at=now, failures=0, failure=""
    )
