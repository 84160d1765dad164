"""The same expressions on Spark: every cell as on DuckDB, of ten thousand rows."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pytest
from ibis.config import Config

from factories.measures import CUT, MOMENT, made_up, written
from handrail.integrations.measures_at_scale.embedded import opened, sums
from handrail.integrations.measures_at_scale.expressions import When, kept, measures, sql_of
from handrail.integrations.measures_at_scale.tables import TABLES

pytestmark = [pytest.mark.nightly, pytest.mark.pure]
ROOT = Path(__file__).parents[3]
SPARK = ROOT / ".venv/spark/bin/python"
WHEN = When(cut=CUT, moment=MOMENT, corrections=86_400, lag={"employment": 14, "activity": 180})


class Unconnected(Config):
    """What Ibis sets when it connects: compiling needs no more, Spark runs apart."""

    treat_nan_as_null = False


def plain(columns: Any, rows: Any) -> list[Any]:
    """An answer that hangs on no order of rows and columns, every cell as it is written."""
    order = sorted(range(len(columns)), key=lambda place: columns[place])
    return [sorted(columns), *sorted(_row(row, order) for row in rows)]


def _row(row: Any, order: list[int]) -> list[str]:
    return [str(v) if isinstance(v, date) else repr(v).strip("'") for v in (row[i] for i in order)]


def test_every_cell_is_the_same_on_spark(tmp_path: Path) -> None:
    if not SPARK.exists():
        pytest.skip("Spark is not installed here: make .venv/done/spark")
    ibis.options.pyspark = Unconnected()
    folder = written(tmp_path, made_up(people=2_000, sessions=4_000, seed=7))
    with opened(folder) as connection:
        rows = sum(connection.table(name).count("*").fetchall()[0][0] for name in TABLES)
        ours = {name: plain(a.columns, a.rows) for name, a in sums(connection, WHEN).items()}
    asked = {
        "folder": str(folder),
        "tables": list(TABLES),
        "kept": {name: sql_of(one, "pyspark") for name, one in kept(WHEN).items()},
        "asked": {name: sql_of(one, "pyspark") for name, one in measures(WHEN).items()},
    }
    (tmp_path / "asked.json").write_text(json.dumps(asked))
    script = Path(__file__).with_name("on_spark.py")
    done = subprocess.run(
        [str(SPARK), str(script), str(tmp_path / "asked.json"), str(tmp_path / "out.json")],
        capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    theirs = json.loads((tmp_path / "out.json").read_text())

    assert rows >= 10_000
    assert {name: plain(*answer) for name, answer in theirs.items()} == ours
    cells = sum(len(row) for answer in ours.values() for row in answer[1:])
    sys.stdout.write("\n" + json.dumps({"judge": "spark", "rows": rows, "cells": cells}) + "\n")
