"""Questions whose SQL is worked out once, for what a program asks thousands of times on end.

To make the SQL of a question takes Django many times longer than to have it answered. A `Question`
keeps it and hands in values. Of an organisation's rows it sees those of the organisation whose
scope is open and no others, and it raises where none is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Expression
from django_scopes import ScopeError, get_scope

from handrail.apps.organizations.models import Scoped

_Row = TypeVar("_Row", bound=models.Model)
Given = str | int | UUID
ORGANIZATION = "organization"


class Place(Expression):
    """Where a value is handed in later, by its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A place in the SQL, and itself as what stands there."""
        return "%s", [self]


class _Made:
    """One question as the engine of this thread is asked it."""

    def __init__(self, rows: models.QuerySet[Any], database: Any) -> None:
        self.compiler: Any = rows.query.get_compiler(connection=database)
        self.sql, self.values = self.compiler.as_sql()
        columns = [column for column, _sql, _alias in self.compiler.select]
        self.names = [column.target.attname for column in columns]
        self.converters = self.compiler.get_converters(columns)


class Question(Generic[_Row]):
    """Rows of one table, narrowed in one way; `by_key`: found before an organisation is known."""

    def __init__(
        self,
        model: type[_Row],
        narrow: Callable[[models.QuerySet[_Row]], models.QuerySet[_Row]],
        *,
        by_key: bool = False,
    ) -> None:
        self._model, self._narrow, self._by_key = model, narrow, by_key
        self._scoped = issubclass(model, Scoped) and not by_key
        self._here = threading.local()  # connections are a thread's own, and so are answers' forms

    def all(self, **given: Given) -> list[_Row]:
        """Every row that the values name."""
        if self._scoped:
            given[ORGANIZATION] = _open_organization()
        elif self._by_key and get_scope().get("_enabled", True):
            raise ScopeError("This question is only for finding a key.")
        database = connections[DEFAULT_DB_ALIAS]
        made: _Made | None = getattr(self._here, "made", None)
        if made is None or made.compiler.connection is not database:
            made = self._here.made = self._make(database)
        values = [
            _as_kept(given[one.name], database) if isinstance(one, Place) else one
            for one in made.values
        ]
        with database.cursor() as cursor:
            cursor.execute(made.sql, values)
            rows: Any = cursor.fetchall()
        if rows and made.converters:
            rows = made.compiler.apply_converters(rows, made.converters)
        return [self._model.from_db(DEFAULT_DB_ALIAS, made.names, row) for row in rows]

    def first(self, **given: Given) -> _Row | None:
        """The only row, or the first of them."""
        return next(iter(self.all(**given)), None)

    def _make(self, database: Any) -> _Made:
        rows = self._model._base_manager.all()
        if self._scoped:
            rows = rows.filter(**{ORGANIZATION: Place(ORGANIZATION)})
        return _Made(self._narrow(rows), database)


def _open_organization() -> int:
    scope = get_scope()
    organization = scope.get(ORGANIZATION) if scope.get("_enabled", True) else None
    if organization is None:
        raise ScopeError("A scope on dimension(s) organization needs to be active for this query.")
    return int(organization.pk)


def _as_kept(value: Given, database: Any) -> Given:
    if isinstance(value, UUID) and not database.features.has_native_uuid_field:
        return value.hex
    return value
