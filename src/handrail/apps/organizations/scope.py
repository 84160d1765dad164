"""The one scope object: every query and every write happens inside an organisation.

Python keeps the organisation in a context variable (django-scopes); PostgreSQL keeps it in
session settings that its row security reads. This module is the only one that writes either.
Seven doors lead across organisations, each with its reason; nothing else may disable scopes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django_scopes import scope, scopes_disabled

from handrail.apps.organizations.models import Organization

OUTBOX_RUNNER = "outbox"


@dataclass(frozen=True, slots=True)
class _Told:
    """What row security knows about this thread; empty text is nobody."""

    organization: str = ""
    user: str = ""
    key_prefix: str = ""
    entry: str = ""
    answer: str = ""
    hook: str = ""
    way_in: str = ""
    runner: str = ""


_NOBODY = _Told()
_told: ContextVar[_Told] = ContextVar("handrail_told", default=_NOBODY)


@contextmanager
def reading(organization: Organization) -> Iterator[None]:
    """Queries inside see this organisation's rows and no others."""
    with scope(organization=organization), _telling(_Told(organization=str(organization.pk))):
        yield


@contextmanager
def writing(
    organization: Organization, *, durable: bool = False, savepoint: bool = True
) -> Iterator[None]:
    """One transaction inside this organisation: everything in it commits, or nothing does.

    Without a savepoint, what fails inside another transaction takes that one with it.
    """
    with reading(organization), transaction.atomic(durable=durable, savepoint=savepoint):
        yield


@contextmanager
def signing_in(user_id: int) -> Iterator[None]:
    """Only for finding a user's own memberships: nobody has chosen an organisation yet."""
    with scopes_disabled(), _telling(replace(_told.get(), user=str(user_id))):
        yield


@contextmanager
def presenting_key(prefix: str) -> Iterator[None]:
    """Only for finding an API key by its prefix: the key itself says which organisation it is."""
    with scopes_disabled(), _telling(replace(_told.get(), key_prefix=prefix)):
        yield


@contextmanager
def finding_entry(uid: str) -> Iterator[None]:
    """Only for finding the booking that a mail speaks of: its entry's name is all a mail has."""
    with scopes_disabled(), _telling(_Told(entry=uid)):
        yield


@contextmanager
def finding_answer(public_id: str) -> Iterator[None]:
    """Only for finding an answer that everybody may read: its id is all that a link has."""
    with scopes_disabled(), _telling(_Told(answer=public_id)):
        yield


@contextmanager
def finding_hook(address: str) -> Iterator[None]:
    """Only for finding the connection that is sent to: its address is all that a sender has."""
    with scopes_disabled(), _telling(_Told(hook=address)):
        yield


@contextmanager
def finding_way_in(named: str) -> Iterator[None]:
    """Only for finding a provider before a sign-in: by its id, or by an address's domain."""
    with scopes_disabled(), _telling(_Told(way_in=named)):
        yield


@contextmanager
def running_outbox() -> Iterator[None]:
    """Only for claiming and settling outbox rows: one runner serves every organisation."""
    with scopes_disabled(), _telling(_Told(runner=OUTBOX_RUNNER)):
        yield


@contextmanager
def _telling(told: _Told) -> Iterator[None]:
    before = _told.get()
    if told == before:
        yield
        return
    _told.set(told)
    _tell(connection)
    try:
        yield
    finally:
        _told.set(before)
        try:
            _tell(connection)
        except Exception:
            # Never leave a connection behind that still works for the organisation left.
            connection.close()
            raise


def _tell(database: BaseDatabaseWrapper) -> None:
    """Bring row security up to date, beside Django's cursor so that query counts stay equal."""
    raw: Any = database.connection
    if database.vendor != "postgresql" or raw is None or raw.closed:
        return  # a connection that opens later is told in `_tell_new_connection`
    if raw.info.transaction_status.name == "INERROR":
        return  # the rollback that must follow takes the setting back with it
    told = _told.get()
    raw.execute(
        "SELECT set_config('handrail.organization', %s, false),"
        " set_config('handrail.user', %s, false),"
        " set_config('handrail.key_prefix', %s, false),"
        " set_config('handrail.entry', %s, false),"
        " set_config('handrail.answer', %s, false),"
        " set_config('handrail.hook', %s, false),"
        " set_config('handrail.way_in', %s, false),"
        " set_config('handrail.runner', %s, false)",
        [
            told.organization,
            told.user,
            told.key_prefix,
            told.entry,
            told.answer,
            told.hook,
            told.way_in,
            told.runner,
        ],
    )


def _tell_new_connection(sender: object, connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    _tell(connection)


connection_created.connect(_tell_new_connection, dispatch_uid="handrail.organizations.scope")
