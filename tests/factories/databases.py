"""A database that is migrated once, and copied by every test process and test that needs one.

It is kept under var/tests and named by what the code says of the database, so that the next run
finds it, and makes another one where that has changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var/tests/migrated"
PREFIX = "handrail_migrated_"


def environment(url: str, home: Path) -> dict[str, str]:
    """What a process of its own needs to work on this database."""
    here = os.pathsep.join([str(ROOT / "src"), *filter(None, sys.path)])
    return {**os.environ, "DATABASE_URL": url, "HANDRAIL_HOME": str(home), "PYTHONPATH": here}


def migrated_sqlite() -> Path:
    """A SQLite file with all migrations applied; read it, never write it."""
    path = KEPT / f"{_digest()}.sqlite3"
    with _one_at_a_time():
        if not path.exists():
            for old in KEPT.glob("*.sqlite3*"):
                old.unlink()
            fresh = KEPT / "fresh.sqlite3"
            migrate(f"sqlite:///{fresh}")
            fresh.rename(path)
    return path


def copied_sqlite(path: Path) -> str:
    """The URL of a copy at this path."""
    shutil.copyfile(migrated_sqlite(), path)
    return f"sqlite:///{path}"


def keep_in_memory(name: str) -> sqlite3.Connection:
    """A copy in memory under this shared name; it lives as long as somebody is connected."""
    memory = sqlite3.connect(name, uri=True)
    with sqlite3.connect(f"file:{migrated_sqlite()}?immutable=1", uri=True) as kept:
        kept.backup(memory)
    return memory


def migrated_postgres(url: str) -> str:
    """The name of a migrated database on this server, for CREATE DATABASE ... TEMPLATE."""
    name = f"{PREFIX}{_digest()}"
    with _one_at_a_time():
        names = [row[0] for row in _ask(url, "SELECT datname FROM pg_database")]
        if name not in names:
            for old in names:
                if old.startswith(PREFIX):
                    _ask(url, f"DROP DATABASE {old} WITH (FORCE)")
            fresh = f"{PREFIX}fresh"
            _ask(url, f"CREATE DATABASE {fresh}")
            migrate(_beside(url, fresh))
            _ask(url, f"ALTER DATABASE {fresh} RENAME TO {name}")
    return name


@contextmanager
def copied_postgres(url: str, name: str) -> Iterator[str]:
    """The URL of a copy with this name, which is dropped afterwards."""
    _ask(url, f"CREATE DATABASE {name} TEMPLATE {migrated_postgres(url)}")
    try:
        yield _beside(url, name)
    finally:
        _ask(url, f"DROP DATABASE {name} WITH (FORCE)")


def _digest() -> str:
    """Changes with every migration, model and guard, and with every version of what we stand on."""
    rooms = ROOT / "src/handrail/apps"
    wanted = ("*/migrations/*.py", "*/models*.py", "*/models/*.py", "*/guards/*.py")
    files = {path for pattern in wanted for path in rooms.glob(pattern)}
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(url: str) -> None:
    """Bring a database up to the code, in a process of its own."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"],
        cwd=ROOT,
        env=environment(url, KEPT),
        check=True,
    )


def _beside(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _ask(url: str, statement: str) -> list[tuple[str, ...]]:
    import psycopg

    address = url.replace("postgres://", "postgresql://", 1)
    with psycopg.connect(address, autocommit=True) as database:
        asked = database.execute(statement)
        return asked.fetchall() if asked.description else []
