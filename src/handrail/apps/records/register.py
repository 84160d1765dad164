"""The privacy register: every column with its purpose, its retention, and what erasing does to it.

`register.csv` has one line a column. Exports and erasures read it and nothing else, and a column
without a line fails a test. `erasure` is one of:

  keep      names nobody, or a random id alone
  row       on a key to a person: the row goes with them
  unlink    on a key to a person: the key is emptied
  stays     on a key to a person: it goes on pointing at a row that has no name any more
  blank:X   emptied where X (a key to a person, or keys with commas) leads to them
  mention   their name, address and person id are taken out wherever they stand in it
  new       a column of the person's own row that is replaced
  import    of a file that was read: emptied with every erasure
  index     of a search index: the room that made it renews it
  ledger    of an append-only ledger: stays, as nothing in it may change; holds ids, dates and codes

`export` is `own` on a key to a person by which a row is theirs to take along, `hidden` where a
column leaves for nobody (secrets, sealed words, and what belongs to somebody else alone).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db import models

from handrail.apps.organizations.guards.tables import scoped_models

REGISTER = Path(__file__).with_name("register.csv")
RULES = frozenset(
    {"keep", "row", "unlink", "stays", "mention", "new", "import", "index", "ledger", "blank"}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One column of one table."""

    table: str
    column: str
    purpose: str
    retention: str
    erasure: str
    export: str

    @property
    def rule(self) -> str:
        return self.erasure.partition(":")[0]

    @property
    def owners(self) -> tuple[str, ...]:
        """The ways to the person for a column that is blanked."""
        return tuple(self.erasure.partition(":")[2].split(","))


@lru_cache(maxsize=1)
def register() -> Mapping[tuple[str, str], Entry]:
    """The whole register by table and column."""
    with REGISTER.open(newline="", encoding="utf-8") as file:
        return {(row["table"], row["column"]): Entry(**row) for row in csv.DictReader(file)}


def columns() -> set[tuple[str, str]]:
    """Every column of every table of organisations, as the models have them."""
    return {
        (model._meta.db_table, field.name)
        for model in scoped_models()
        for field in model._meta.local_concrete_fields
    }


def by_table(table: str) -> list[Entry]:
    """The lines of one table."""
    return [entry for (name, _column), entry in register().items() if name == table]


def tables() -> list[type[models.Model]]:
    """Every table that the register is about."""
    return scoped_models()
