"""Sums at a cut, from a folder of Parquet, as data that can be kept with a report."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from handrail.apps.reports.inputs import NEWCOMER_DAYS, STARTER_DAYS
from handrail.domain.evidence.attendance import CORRECTIONS
from handrail.domain.evidence.first_task import HORIZON
from handrail.domain.evidence.retention import HORIZONS, Basis, lag_of_counts

Rows = dict[str, Any]


def sums_of(folder: Path, *, cut: date, moment: datetime) -> Rows:
    """Add up a folder's tables; `moment` is UTC-aware. Raises `NotATable`.

    What comes back holds whole numbers and words alone, in a fixed order.
    """
    # Late: DuckDB, Ibis and SciPy are loaded when a report is made, not when a server starts.
    from handrail.domain.evidence.mobility import REORGANISED
    from handrail.integrations.measures_at_scale.embedded import found, leavings, opened, sums
    from handrail.integrations.measures_at_scale.expressions import When

    with opened(folder) as connection:
        counts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for row in leavings(connection).dicts():
            if row["ended_known"] is not None and row["ended_known"] <= cut:
                counts[row["basis"]][row["days"]] += row["leavings"]
        lag = {basis.value: lag_of_counts(counts[basis.value], basis=basis) for basis in Basis}
        when = When(
            cut=cut,
            moment=int(moment.astimezone(UTC).timestamp()),
            corrections=int(CORRECTIONS.total_seconds()),
            lag=lag,
            task_days=HORIZON,
            horizons=(HORIZONS[0], HORIZONS[1]),
            newcomer_days=NEWCOMER_DAYS,
            starter_days=STARTER_DAYS,
            reorganised=REORGANISED,
        )
        answers = sums(connection, when)
        programs = found(connection, "SELECT program, id, name FROM programs ORDER BY program")
    return {
        "lag": lag,
        "programs": [list(row) for row in programs.rows],
        "sums": {
            name: {
                "columns": list(answer.columns),
                "rows": sorted(
                    ([_plain(value) for value in row] for row in answer.rows), key=_order
                ),
            }
            for name, answer in answers.items()
        },
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _order(row: list[Any]) -> list[tuple[bool, str]]:
    return [(value is None, f"{value:020d}" if type(value) is int else str(value)) for value in row]
