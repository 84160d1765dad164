"""A new database is made in one step a room, each table drawn once; the long way ends alike."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from factories.databases import ROOT, environment

# Django's own command, in a process that forgets which migrations replace others.
LONG_WAY = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "handrail.site.settings"
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db.migrations.loader import MigrationLoader
read = MigrationLoader.load_disk
def without(self):
    read(self)
    replacing = {key for key, one in self.disk_migrations.items() if one.replaces}
    for key in replacing:
        del self.disk_migrations[key]
    for one in self.disk_migrations.values():
        one.dependencies = [
            self.last_replaced.get(tuple(needed), needed) for needed in one.dependencies
        ]
names = {}
probe = MigrationLoader(None)
for key, one in probe.disk_migrations.items():
    if one.replaces:
        names[key] = one.replaces[-1]
MigrationLoader.last_replaced = names
MigrationLoader.load_disk = without
call_command(Command(), skip_checks=True, verbosity=0)
"""
# Ours, which draws a new table alone.
SHORT_WAY = LONG_WAY.replace("MigrationLoader.load_disk = without\n", "").replace(
    "call_command(Command()", 'call_command("migrate"'
)


def tables(path: Path) -> dict[str, object]:
    """Columns, keys and named objects of a database, in an order of their own."""
    with sqlite3.connect(path) as database:
        named = database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type != 'table'"
        )
        seen: dict[str, object] = {f"{kind} {name}": sql for kind, name, sql in named}
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            for what in ("table_info", "foreign_key_list"):
                found = database.execute(f'PRAGMA {what}("{table}")').fetchall()
                # The first number is a place in the list, which may differ.
                seen[f"{what} {table}"] = sorted(
                    str(row[2 if "key" in what else 1 :]) for row in found
                )
    return seen


def made(how: str, path: Path) -> dict[str, object]:
    subprocess.run(
        [sys.executable, "-c", how],
        cwd=ROOT,
        env=environment(f"sqlite:///{path}", path.parent),
        check=True,
    )
    return tables(path)


@pytest.mark.nightly
def test_step_by_step_and_one_step_a_room_end_alike(tmp_path: Path) -> None:
    short = made(SHORT_WAY, tmp_path / "short.sqlite3")

    assert made(LONG_WAY, tmp_path / "long.sqlite3") == short
    assert "table_info people_person" in short
