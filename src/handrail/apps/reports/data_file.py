"""DATA.csv of `handrail estimate`: columns that the user names, checked row by row."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from handrail.apps.people.table import ON_DISK, Line, Problem, Reader, read_table
from handrail.domain.evidence.question import Kind, Table

YES = frozenset(
    {"1", "true", "yes", "offered", "offer", "treated", "treatment", "mentored", "took_part"}
)
NO = frozenset(
    {"0", "false", "no", "waiting", "control", "waitlist", "untreated", "not mentored", "did_not"}
)
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
LARGEST = 1e12  # squares and sums of it stay finite


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the file are meant."""

    arm: str
    outcome: str = ""
    time: str = ""
    event: str = ""
    take_up: str = ""
    covariates: tuple[str, ...] = ()
    strata: str = ""
    cluster: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that must be in the file, each once."""
        one = (self.arm, self.outcome, self.time, self.event, self.take_up, self.strata)
        names = (*one, self.cluster, *self.covariates)
        return tuple(dict.fromkeys(name for name in names if name))


def read_data(
    content: bytes, columns: Columns, kind: Kind | None
) -> tuple[Table | None, Kind, list[Problem]]:
    """The table of a file, its kind, and what is wrong with single lines.

    Without `kind` it is survival where time and event are named, binary where every outcome is 0
    or 1, else mean. The table is None where anything is wrong. Raises Unreadable like `read_table`.
    """
    lines, problems = read_table(
        content, required=columns.named, optional=_header(content, columns), limits=ON_DISK
    )
    if not lines and not problems:
        problems.append(Problem(1, "", _("There are no rows below the header. Add people.")))
    if kind is None:
        kind = _kind(lines, columns)
    rows = [_row(line, columns, kind, problems) for line in lines]
    if any(problem.is_error for problem in problems):
        return None, kind, problems
    return _table(rows, columns, kind), kind, problems


def _header(content: bytes, columns: Columns) -> list[str]:
    """The other columns of the file: they may stand there, and are not read."""
    first = content.decode("utf-8-sig", errors="replace").splitlines()[:1]
    try:
        names = [name.strip() for name in next(csv.reader(io.StringIO("".join(first))), [])]
    except csv.Error:
        return []
    return [name for name in names if name not in columns.named]


def _kind(lines: Sequence[Line], columns: Columns) -> Kind:
    if columns.time and columns.event:
        return "survival"
    return (
        "binary" if all(_flag(line.get(columns.outcome)) is not None for line in lines) else "mean"
    )


def _flag(text: str) -> bool | None:
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    number = _plain(text)
    return bool(number) if number in (0.0, 1.0) else None


def _plain(text: str) -> float | None:
    """A number written with figures, a point, a sign, an exponent; None: it is no finite one."""
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _row(line: Line, columns: Columns, kind: Kind, problems: list[Problem]) -> dict[str, Any]:
    reader = Reader(line, problems)
    row: dict[str, Any] = {"arm": _mark(reader, columns.arm)}
    if kind == "survival":
        row["days"] = _days(reader, columns)
        row["event"] = _mark(reader, columns.event)
    elif kind == "binary":
        row["outcome"] = _mark(reader, columns.outcome)
    else:
        row["outcome"] = _number(reader, columns.outcome)
    if columns.take_up:
        row["take_up"] = _sessions(reader, columns.take_up) > 0
    row["covariates"] = [_number(reader, name, words=_flag) for name in columns.covariates]
    for key, name in (("strata", columns.strata), ("cluster", columns.cluster)):
        if name:
            row[key] = reader.text(name, longest=200)
    return row


def _mark(reader: Reader, column: str) -> bool:
    text = reader.line.get(column)
    found = _flag(text)
    if not text:
        reader.wrong(column, _("Empty. Write 1 or 0."))
    elif found is None:
        reader.wrong(
            column,
            _("'%(value)s' is neither 1 (offered, yes) nor 0 (waiting, no).") % {"value": text},
        )
    return bool(found)


def _days(reader: Reader, columns: Columns) -> float:
    text = reader.line.get(columns.time)
    if not text and _flag(reader.line.get(columns.event)):
        reader.wrong(
            columns.time, _("It happened, but no day is given. Write on which day after the start.")
        )
        return 0.0
    days = _number(reader, columns.time)
    if days < 0:
        reader.wrong(
            columns.time,
            _("The outcome lies %(days)s days before the start. Days are counted from 0.")
            % {"days": f"{-days:g}"},
        )
    return days


def _sessions(reader: Reader, column: str) -> float:
    attended = _number(reader, column, words=_flag)
    if attended < 0:
        reader.wrong(
            column,
            _("'%(value)s' is below 0. Write 1 or 0, or how many sessions were attended.")
            % {"value": reader.line.get(column)},
        )
    return attended


def _number(
    reader: Reader, column: str, *, words: Callable[[str], bool | None] | None = None
) -> float:
    text = reader.line.get(column)
    if not text:
        reader.wrong(column, _("Empty. Fill it in, or leave out the row or the column."))
        return 0.0
    if words is not None and (flag := words(text)) is not None:
        return float(flag)
    number = _plain(text)
    if number is None:
        reader.wrong(
            column, _("'%(value)s' is not a number. Write one like 12 or 0.5.") % {"value": text}
        )
        return 0.0
    if abs(number) > LARGEST:
        reader.wrong(
            column,
            _("'%(value)s' is too large to reckon with. Choose a larger unit.") % {"value": text},
        )
        return 0.0
    return number


def _table(rows: Sequence[dict[str, Any]], columns: Columns, kind: Kind) -> Table:
    def numbers(key: str) -> Any:
        return np.array([row[key] for row in rows], dtype=np.float64)

    def flags(key: str) -> Any:
        return np.array([row[key] for row in rows], dtype=np.bool_)

    def labels(key: str, name: str) -> tuple[str, ...] | None:
        return tuple(row[key] for row in rows) if name else None

    survival = kind == "survival"
    return Table(
        arm=flags("arm"),
        outcome=None if survival else numbers("outcome"),
        days=numbers("days") if survival else None,
        event=flags("event") if survival else None,
        take_up=flags("take_up") if columns.take_up else None,
        covariates=numbers("covariates") if columns.covariates else None,
        covariate_names=columns.covariates,
        strata=labels("strata", columns.strata),
        clusters=labels("cluster", columns.cluster),
    )
