"""DuckDB, in this process: Parquet in, sums out, by its own cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from handrail.integrations.measures_at_scale.asked import Expression
from handrail.integrations.measures_at_scale.expressions import When, kept, lags, measures, sql_of
from handrail.integrations.measures_at_scale.tables import TABLES

DIALECT = "duckdb"
MEMORY = "400MB"
ASKED_AT_ONCE = 2


class NotATable(Exception):
    """A folder lacks a table, or one of its columns; the message says which."""


@contextmanager
def opened(folder: Path, *, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that knows the folder's tables; raises NotATable."""
    with duckdb.connect(":memory:", config={"memory_limit": memory}) as connection:
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET preserve_insertion_order = false")
        for name, columns in TABLES.items():
            _view(connection, folder, name, columns)
        yield connection


def _view(
    connection: duckdb.DuckDBPyConnection, folder: Path, name: str, columns: dict[str, str]
) -> None:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise NotATable(f"{path} is not there.")
    try:
        table = connection.read_parquet(str(path))
        types = {
            column: PLAIN.get(str(kind), str(kind).lower())
            for column, kind in zip(table.columns, table.types, strict=True)
        }
    except duckdb.Error as error:
        raise NotATable(f"{path} is no Parquet file: {str(error).splitlines()[0]}") from error
    for column, kind in columns.items():
        if column not in types:
            raise NotATable(f"{path} has no column {column}.")
        if types[column] != kind:
            raise NotATable(f"{path}: {column} is {types[column]}, but should be {kind}.")
    table.create_view(name)


NEVER_UNKNOWN = ("arm", "stratum", "team")
PLAIN = {
    "INTEGER": "int32", "BIGINT": "int64", "BOOLEAN": "boolean", "DATE": "date",
    "VARCHAR": "string",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: names of its columns, and rows in no order."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> Iterator[dict[str, Any]]:
        """The rows, each with its names."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


Sums = dict[str, Found]


def found(connection: duckdb.DuckDBPyConnection, sql: str) -> Found:
    """The answer to a question."""
    cursor = connection.execute(sql)
    return Found(tuple(column[0] for column in cursor.description or ()), cursor.fetchall())


def leavings(connection: duckdb.DuckDBPyConnection) -> Found:
    """Leavings by basis, day known and lag: what the reporting lag is read from."""
    return found(connection, sql_of(lags(), DIALECT))


def sums(connection: duckdb.DuckDBPyConnection, when: When) -> Sums:
    """Every sum there is at a cut."""
    tables = _worded(kept, when)

    def answer(sql: str) -> Found:
        with connection.cursor() as own:
            return found(own, sql)

    with ThreadPoolExecutor(ASKED_AT_ONCE) as beside:
        # The questions are put into words while the engine reads the long tables.
        questions = beside.submit(_worded, measures, when)
        for name, sql in tables.items():
            connection.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")  # for all cursors
        # One answer is read, row by row on one processor, while the engine works at the next.
        answers = {name: beside.submit(answer, sql) for name, sql in questions.result().items()}
        return {name: one.result() for name, one in answers.items()}


def _worded(asked: Callable[[When], dict[str, Expression]], when: When) -> dict[str, str]:
    return {name: sql_of(expression, DIALECT) for name, expression in asked(when).items()}


def to_parquet(lines: Path, folder: Path, name: str) -> None:
    """Turn one table from CSV, its header the table's columns, into Parquet; empty is not known."""
    kinds = {kind: engine for engine, kind in PLAIN.items()}
    with duckdb.connect(":memory:") as connection:
        table = connection.read_csv(
            str(lines),
            header=True,
            auto_detect=False,
            delimiter=",",
            quotechar='"',
            escapechar='"',
            columns={column: kinds[kind] for column, kind in TABLES[name].items()},
        )
        # What is text and empty is empty; only days, numbers and marks may be unknown.
        table.select(
            *(
                duckdb.CoalesceOperator(
                    duckdb.ColumnExpression(column), duckdb.ConstantExpression("")
                ).alias(column)
                if column in NEVER_UNKNOWN
                else duckdb.ColumnExpression(column)
                for column in TABLES[name]
            )
        ).write_parquet(str(folder / f"{name}.parquet"))
