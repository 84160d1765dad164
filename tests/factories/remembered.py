"""What a builder of tests wrote to the database is written again, row by row.

A world is made by the product's own actions, which takes a tenth of a second, and nearly every test
wants one. The first test of a process makes it; for the others the same rows are put in place.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from graphlib import TopologicalSorter
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, connection, transaction

P = ParamSpec("P")
T = TypeVar("T")
Row = tuple[object, ...]
Rows = dict[str, dict[Row, None]]  # of each table, in the order they were written


@dataclass(frozen=True)
class Kept:
    """What a builder gave, and the rows that it added."""

    made: bytes
    added: dict[str, list[Row]]

    def write(self) -> bool:
        """Put the rows in place; False, and nothing is written, where others have their keys."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for table, rows in self.added.items():
                    places = ", ".join(["%s"] * len(rows[0]))
                    cursor.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)
        except IntegrityError:
            return False
        return True


def remembered(build: Callable[P, T]) -> Callable[P, T]:
    """A builder that is asked once for each process and its arguments; on PostgreSQL every time.

    Only a builder that adds rows can be remembered: one that changes others is asked every time.
    """
    known: dict[bytes, Kept | None] = {}

    @wraps(build)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        if connection.vendor != "sqlite":
            return build(*args, **kwargs)
        key = pickle.dumps((args, kwargs))
        if (kept := known.get(key)) is not None and kept.write():
            made: T = pickle.loads(kept.made)
            return made
        if key in known:
            return build(*args, **kwargs)
        before = _rows()
        made = build(*args, **kwargs)
        known[key] = _kept(made, before, _rows())
        return made

    return again


def _kept(made: object, before: Rows, after: Rows) -> Kept | None:
    """What was added, or None if what was there before is not there as it was."""
    if any(set(rows) - set(after[table]) for table, rows in before.items()):
        return None
    added = {
        table: [row for row in rows if row not in before[table]] for table, rows in after.items()
    }
    changed = [table for table, rows in added.items() if rows]
    return Kept(pickle.dumps(made), {table: added[table] for table in _parents_first(changed)})


def _parents_first(tables: list[str]) -> Iterator[str]:
    """The tables with those first that others point at: guards look for what a row names."""
    before: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'PRAGMA foreign_key_list("{table}")')
            before[table] = {str(row[2]) for row in cursor.fetchall()} & set(tables) - {table}
    return TopologicalSorter(before).static_order()


def _rows() -> Rows:
    """All rows of all tables, but for the counters that SQLite keeps by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%%'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%%'"
        )
        tables = [str(name) for (name,) in cursor.fetchall()]
        rows: Rows = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = dict.fromkeys(cursor.fetchall())
    return rows
