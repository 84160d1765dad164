"""Two organisations with an empty outbox, and a real database for tests with many processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from factories.databases import ROOT, copied_sqlite, environment
from handrail.apps.organizations.actions import create_organization
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import running_outbox, writing
from handrail.apps.outbox.actions import enqueue
from handrail.apps.outbox.models import OutboxRow

NOW = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
STORM = Path(__file__).with_name("storm.py")

Put = Callable[..., None]
Storm = Callable[..., str]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def northwind(db: None) -> Organization:
    return create_organization("Northwind", now=NOW)


@pytest.fixture
def southwind(db: None) -> Organization:
    return create_organization("Southwind", now=NOW)


@pytest.fixture
def put(northwind: Organization) -> Put:
    """Put a row of kind "probe" into the outbox; its name is in `ref` and is its key."""

    def put(name: str, **changes: Any) -> None:
        row = {
            "kind": "probe",
            "ref": {"name": name},
            "dedupe": name,
            "due_at": NOW,
            "stream": name,
            "now": NOW,
            "organization": northwind,
            **changes,
        }
        with writing(row["organization"]):
            enqueue(row.pop("kind"), **row)

    return put


@pytest.fixture
def row() -> Callable[[str], OutboxRow]:
    """The row of this name as it stands."""

    def row(name: str) -> OutboxRow:
        with running_outbox():
            return OutboxRow.objects.get(dedupe=name)

    return row


@pytest.fixture
def storm(transactional_db: None, tmp_path: Path) -> Storm:
    """Run storm.py with these arguments, in processes of their own on the engine under test."""
    if connection.vendor == "postgresql":
        chosen = connection.settings_dict
        who = quote(chosen["USER"] or "") + (
            f":{quote(chosen['PASSWORD'])}" if chosen["PASSWORD"] else ""
        )
        where = f"{quote(chosen['HOST'] or '', safe='')}:{chosen['PORT'] or ''}".rstrip(":")
        url = f"postgres://{who}@{where}/{chosen['NAME']}"
    else:
        url = copied_sqlite(tmp_path / "handrail.sqlite3")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, str(STORM), *arguments, str(tmp_path)],
            cwd=ROOT,
            env=environment(url, tmp_path),
            capture_output=True,
            text=True,
            timeout=1500,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    return run
