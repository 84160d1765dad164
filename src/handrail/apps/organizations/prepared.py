"""Questions and new rows whose SQL is worked out once, for what a program says on end.

To make the SQL of a question takes Django many times longer than to have it answered. A `Question`
keeps it and hands in values. Of an organisation's rows it sees those of the organisation whose
scope is open and no others, and it raises where none is. An `Addition` does the same for new rows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import sql
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
        # Columns of the table itself come first, then those of the row that comes along.
        own = [column.target.model is rows.model for column in columns]
        names = [column.target.attname for column in columns]
        self.count = sum(own)
        self.names, self.names_along = names[: self.count], names[self.count :]
        self.converters = self.compiler.get_converters(columns)


class Question(Generic[_Row]):
    """Rows of one table, narrowed in one way; `by_key`: found before an organisation is known.

    `along` names a relation whose row comes along, as `select_related` brings it.
    """

    def __init__(
        self,
        model: type[_Row],
        narrow: Callable[[models.QuerySet[_Row]], models.QuerySet[_Row]],
        *,
        by_key: bool = False,
        along: str = "",
    ) -> None:
        self._model, self._narrow, self._by_key, self._along = model, narrow, by_key, along
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
            rows = list(made.compiler.apply_converters(rows, made.converters))
        found = [
            self._model.from_db(DEFAULT_DB_ALIAS, made.names, row[: made.count]) for row in rows
        ]
        if self._along:
            other: Any = self._model._meta.get_field(self._along).related_model
            for one, row in zip(found, rows, strict=True):
                came = other.from_db(DEFAULT_DB_ALIAS, made.names_along, row[made.count :])
                setattr(one, self._along, came)
        return found

    def first(self, **given: Given) -> _Row | None:
        """The only row, or the first of them."""
        return next(iter(self.all(**given)), None)

    def _make(self, database: Any) -> _Made:
        rows = self._model._base_manager.all()
        if self._scoped:
            rows = rows.filter(**{ORGANIZATION: Place(ORGANIZATION)})
        if self._along:
            rows = rows.select_related(self._along)
        return _Made(self._narrow(rows), database)


class Addition(Generic[_Row]):
    """New rows of one table; of an organisation's table, rows of the open organisation alone.

    Receivers of `pre_save` and `post_save` hear nothing: the house has none.
    """

    def __init__(self, model: type[_Row]) -> None:
        self._model, self._scoped = model, issubclass(model, Scoped)
        self._here = threading.local()

    def add(self, row: _Row) -> _Row:
        """Write the row, which was never written; it knows its key afterwards."""
        if self._scoped and row.organization_id != _open_organization():  # type: ignore[attr-defined]
            raise ScopeError("This row belongs to another organization than the one that is open.")
        database = connections[DEFAULT_DB_ALIAS]
        made: tuple[Any, str, list[Any]] | None = getattr(self._here, "made", None)
        if made is None or made[0] is not database:
            made = self._here.made = self._make(row, database)
        values = [
            field.get_db_prep_save(field.pre_save(row, True), connection=database)
            for field in made[2]
        ]
        with database.cursor() as cursor:
            cursor.execute(made[1], values)
            row.pk = cursor.fetchone()[0]
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
        return row

    def _make(self, row: _Row, database: Any) -> tuple[Any, str, list[Any]]:
        key = self._model._meta.pk
        fields = [one for one in self._model._meta.local_concrete_fields if one is not key]
        words = sql.InsertQuery(self._model)
        words.insert_values(fields, [row])
        compiler = words.get_compiler(connection=database)
        compiler.returning_fields = [key]
        return database, compiler.as_sql()[0][0], fields


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
