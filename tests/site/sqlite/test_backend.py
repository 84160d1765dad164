"""Django's transactions pass the gate, and leave it however they end."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.db.transaction import Atomic
from pytest_django import DjangoDbBlocker

from handrail.site.sqlite.base import DatabaseWrapper
from handrail.site.sqlite.gate import gate_beside


def wrapper(path: Path, timeout: float = 0.05) -> DatabaseWrapper:
    """A connection of its own, set up as the settings do it."""
    return DatabaseWrapper(
        {
            "ENGINE": "handrail.site.sqlite",
            "NAME": str(path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": timeout,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON",
            },
            "TIME_ZONE": None,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": False,
            "AUTOCOMMIT": True,
            "ATOMIC_REQUESTS": False,
        },
        alias="gated",
    )


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker):
    made = wrapper(tmp_path / "test.sqlite3")
    # `atomic` finds its connection by alias: for these tests there is one alias more.
    monkeypatch.setattr(transaction, "get_connection", lambda using=None: made)
    with django_db_blocker.unblock():
        run(made, "CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        run(
            made,
            "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER"
            " REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
        )
        yield made
        made.close()


def gate_is_free(database: DatabaseWrapper) -> bool:
    gate = gate_beside(database.settings_dict["NAME"])
    gate.enter(timeout=0.05)
    gate.leave()
    return True


def run(database: DatabaseWrapper, statement: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(statement)


def block() -> Atomic:
    return Atomic(using="gated", savepoint=True, durable=False)


def test_a_transaction_holds_the_gate_until_it_commits(database: DatabaseWrapper) -> None:
    neighbour = wrapper(Path(database.settings_dict["NAME"]))
    with block():
        run(database, "INSERT INTO parent VALUES (1)")
        with pytest.raises(OperationalError, match="no turn at the gate"):
            run(neighbour, "INSERT INTO parent VALUES (2)")
    run(neighbour, "INSERT INTO parent VALUES (2)")
    neighbour.close()
    with database.cursor() as cursor:
        assert cursor.execute("SELECT id FROM parent ORDER BY id").fetchall() == [(1,), (2,)]


def test_a_reader_does_not_wait_for_a_writer(database: DatabaseWrapper) -> None:
    neighbour = wrapper(Path(database.settings_dict["NAME"]))
    with block():
        run(database, "INSERT INTO parent VALUES (1)")
        with neighbour.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM parent").fetchone() == (0,)
    neighbour.close()


def test_a_savepoint_does_not_queue_again(database: DatabaseWrapper) -> None:
    with block(), block(), block():
        run(database, "INSERT INTO parent VALUES (1)")
    assert gate_is_free(database)


def test_a_rollback_leaves_the_gate(database: DatabaseWrapper) -> None:
    with pytest.raises(KeyError), block():
        raise KeyError
    assert gate_is_free(database)


def test_an_inner_rollback_keeps_the_gate(database: DatabaseWrapper) -> None:
    neighbour = wrapper(Path(database.settings_dict["NAME"]))
    with block():
        with pytest.raises(KeyError), block():
            raise KeyError
        with pytest.raises(OperationalError):
            run(neighbour, "INSERT INTO parent VALUES (2)")
    neighbour.close()
    assert gate_is_free(database)


def test_a_failing_commit_leaves_the_gate(database: DatabaseWrapper) -> None:
    with pytest.raises(IntegrityError), block():
        run(database, "INSERT INTO child VALUES (1, 77)")
    assert gate_is_free(database)


def test_a_single_write_passes_the_gate_and_leaves_it(database: DatabaseWrapper) -> None:
    run(database, "INSERT INTO parent VALUES (1)")
    assert gate_is_free(database)


def test_a_single_write_that_fails_leaves_the_gate(database: DatabaseWrapper) -> None:
    with pytest.raises(DatabaseError):
        run(database, "INSERT INTO no_such_table VALUES (1)")
    assert gate_is_free(database)


def test_a_connection_closed_inside_a_transaction_leaves_the_gate(
    database: DatabaseWrapper,
) -> None:
    atomic = block()
    atomic.__enter__()
    database.close()
    assert gate_is_free(database)
    atomic.__exit__(None, None, None)


def test_who_cannot_begin_leaves_the_gate(database: DatabaseWrapper) -> None:
    """A writer of another program knows no gate: SQLite's own lock refuses, the gate stays free."""
    neighbour = wrapper(Path(database.settings_dict["NAME"]))
    neighbour.ensure_connection()
    neighbour.connection.execute("BEGIN IMMEDIATE")  # beside Django, so beside the gate
    with pytest.raises(OperationalError, match="locked"), block():
        run(database, "INSERT INTO parent VALUES (1)")
    neighbour.connection.rollback()
    neighbour.close()
    assert gate_is_free(database)


def test_a_gate_that_cannot_be_opened_is_a_database_error(database: DatabaseWrapper) -> None:
    gate = gate_beside(database.settings_dict["NAME"])
    Path(f"{database.settings_dict['NAME']}-gate").unlink()
    Path(f"{database.settings_dict['NAME']}-gate").mkdir()
    with pytest.raises(OperationalError, match="gate beside the database"):
        run(database, "INSERT INTO parent VALUES (1)")
    Path(f"{database.settings_dict['NAME']}-gate").rmdir()
    run(database, "INSERT INTO parent VALUES (1)")
    assert gate.waiting() == 0
