"""The database backend named in the settings for SQLite."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base, operations

from handrail.site.sqlite.gate import Gate, GateTimeout, gate_beside

WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|VACUUM|REINDEX)\b", re.I)
# Closing may checkpoint, so it queues too; but it is not worth waiting for long.
PATIENCE_TO_CLOSE = 1.0


class DatabaseOperations(operations.DatabaseOperations):
    """Django's own operations; emptying the whole database steps over the append-only guards."""

    def sql_flush(self, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = super().sql_flush(style, tables, **options)
        if not statements:
            return statements
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
                " AND name LIKE 'handrail!_append!_only!_%%' ESCAPE '!' ORDER BY name"
            )
            guards = cursor.fetchall()
        away = [f"DROP TRIGGER {self.quote_name(name)}" for name, _sql in guards]
        return [*away, *statements, *(sql for _name, sql in guards)]


class GatedCursor(base.SQLiteCursorWrapper):
    """A cursor whose writes outside a transaction pass the gate, each by itself."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        if not self.wrapper.must_queue(query):
            return super().execute(query, params)
        self.wrapper.enter_gate()
        try:
            return super().execute(query, params)
        finally:
            self.wrapper.leave_gate_if_done()

    def executemany(self, query: str, param_list: Any) -> Any:
        if not self.wrapper.must_queue(query):
            return super().executemany(query, param_list)
        self.wrapper.enter_gate()
        try:
            return super().executemany(query, param_list)
        finally:
            self.wrapper.leave_gate_if_done()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own wrapper; writers queue in order at the gate before BEGIN IMMEDIATE."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._entered: Gate | None = None

    def must_queue(self, query: str) -> bool:
        """Whether this statement writes by itself, outside any transaction."""
        return (
            self._entered is None
            and self.connection is not None
            and not self.connection.in_transaction
            and WRITE.match(query) is not None
        )

    def enter_gate(self, timeout: float | None = None) -> None:
        """Wait for our turn; "database is locked" if it does not come within the timeout."""
        if self._entered is not None or self.is_in_memory_db():
            return
        gate = gate_beside(self.settings_dict["NAME"])
        patience = self.settings_dict["OPTIONS"].get("timeout", 5.0) if timeout is None else timeout
        try:
            gate.enter(timeout=patience)
        except GateTimeout:
            raise sqlite3.OperationalError("database is locked: no turn at the gate") from None
        except OSError as error:
            raise sqlite3.OperationalError(f"the gate beside the database: {error}") from error
        self._entered = gate

    def leave_gate_if_done(self) -> None:
        """Let the next writer in, unless our transaction is still open (a COMMIT may fail)."""
        open_still = self.connection is not None and self.connection.in_transaction
        if self._entered is not None and not open_still:
            gate, self._entered = self._entered, None
            gate.leave()

    def create_cursor(self, name: str | None = None) -> GatedCursor:
        cursor: GatedCursor = self.connection.cursor(factory=GatedCursor)
        cursor.wrapper = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            self.enter_gate()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self.leave_gate_if_done()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # not in the stubs
        finally:
            self.leave_gate_if_done()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in the stubs
        finally:
            self.leave_gate_if_done()

    def _close(self) -> None:
        # Closing beside a writer is safe, only less tidy: no turn, no matter.
        with contextlib.suppress(sqlite3.OperationalError):
            self.enter_gate(PATIENCE_TO_CLOSE)
        try:
            super()._close()  # type: ignore[misc]  # not in the stubs
        finally:
            if self._entered is not None:
                gate, self._entered = self._entered, None
                gate.leave()
