"""Reading a CSV file line by line: each problem names its line, its column and what to do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
MOST_DIGITS = 18
UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # how a file begins that is saved as "Unicode text"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be."""

    size: int
    lines: int


UPLOAD = Limits(size=10 * MEGABYTE, lines=100_000)
ON_DISK = Limits(size=1024 * MEGABYTE, lines=2_000_000)  # read by a command, not by the server


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one line (1 is the header), and what to do about it."""

    line: int
    column: str
    message: str
    is_error: bool = True

    def __str__(self) -> str:
        words = {"line": self.line, "column": self.column, "message": self.message}
        if self.column:
            return _("line %(line)d, %(column)s: %(message)s") % words
        return _("line %(line)d: %(message)s") % words


class Unreadable(ValueError):
    """The file as a whole cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file by column name, with its line number."""

    number: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell without surrounding blanks; empty when the column is missing."""
        return self.cells.get(column, "").strip()


def read_table(
    content: bytes,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    limits: Limits = UPLOAD,
) -> tuple[list[Line], list[Problem]]:
    """The rows of a CSV file and what is wrong with single lines.

    Raises Unreadable where nothing can be read: too large, not UTF-8, empty, columns wrong.
    """
    if len(content) > limits.size:
        raise Unreadable(
            Problem(
                1,
                "",
                _("The file is larger than %(size)d MB. Split it.")
                % {"size": limits.size // MEGABYTE},
            )
        )
    text = _decoded(content)
    if not text.strip():
        raise Unreadable(Problem(1, "", _("The file is empty. It needs a header line and rows.")))
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Unreadable(Problem(line, "", _("There is a zero byte here. Save the file as CSV.")))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = _header(reader, required, optional)
    return _lines(reader, header, limits.lines)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if content.startswith(UTF_16):
            message = _("The file is UTF-16 (“Unicode text”). Save it as CSV UTF-8 and try again.")
            raise Unreadable(Problem(line, "", message)) from error
        raise Unreadable(
            Problem(
                line,
                "",
                _(
                    "The byte %(byte)s here is not UTF-8 (the file looks like Latin-1). "
                    "Save the file as UTF-8 and try again."
                )
                % {"byte": f"{content[error.start]:#04x}"},
            )
        ) from error


def _header(
    reader: Iterator[list[str]], required: Sequence[str], optional: Sequence[str]
) -> list[str]:
    try:
        header = [name.strip() for name in next(reader)]
    except csv.Error as error:
        raise Unreadable(_not_csv(1, error)) from error
    if len(header) == 1 and (other := next((sign for sign in ";\t" if sign in header[0]), "")):
        name = _("tabs") if other == "\t" else _("semicolons")
        raise Unreadable(
            Problem(
                1,
                "",
                _(
                    "The cells are set apart by %(sign)s. Set them apart by commas: spreadsheets "
                    "call it “CSV (comma delimited)”."
                )
                % {"sign": name},
            )
        )
    known = [*required, *optional]
    for place, name in enumerate(header, start=1):
        if not name and header.count("") > 1:
            message = _("Column %(place)d has no name. Name it, or delete the column.")
            raise Unreadable(Problem(1, "", message % {"place": place}))
        if name not in known:
            raise Unreadable(
                Problem(
                    1,
                    name,
                    _("Unknown column. The columns are: %(names)s.") % {"names": ", ".join(known)},
                )
            )
        if header.count(name) > 1:
            raise Unreadable(Problem(1, name, _("This column is there twice. Remove one.")))
    missing = [name for name in required if name not in header]
    if missing:
        message = _("Missing: %(names)s. Add it.") % {"names": ", ".join(missing)}
        raise Unreadable(Problem(1, missing[0], message))
    return header


def _not_csv(line: int, error: csv.Error) -> Problem:
    message = _("This line is not CSV: %(error)s. Check its quotes.") % {"error": error}
    return Problem(line, "", message)


def _lines(
    reader: Iterator[list[str]], header: list[str], most: int
) -> tuple[list[Line], list[Problem]]:
    lines: list[Line] = []
    problems: list[Problem] = []
    number = 1
    while True:
        number = getattr(reader, "line_num", number) + 1
        try:
            cells = next(reader)
        except StopIteration:
            return lines, problems
        except csv.Error as error:
            problems.append(_not_csv(number, error))
            return lines, problems
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append(
                Problem(
                    number,
                    "",
                    _("%(cells)d cells where the header has %(columns)d. Check commas and quotes.")
                    % {"cells": len(cells), "columns": len(header)},
                )
            )
            continue
        lines.append(Line(number, dict(zip(header, cells, strict=True))))
        if len(lines) > most:
            message = _("More than %(number)d lines. Split the file.") % {"number": most}
            raise Unreadable(Problem(number, "", message))


def _whole(text: str) -> bool:
    """Digits alone, and not so many that no number of ours can be meant."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


class Reader:
    """Reads the cells of one line and collects what is wrong with them."""

    def __init__(self, line: Line, problems: list[Problem]) -> None:
        self.line = line
        self.problems = problems

    def wrong(self, column: str, message: str) -> None:
        """Note an error of this line."""
        self.problems.append(Problem(self.line.number, column, message))

    def warn(self, column: str, message: str) -> None:
        """Note something that was mended."""
        self.problems.append(Problem(self.line.number, column, message, is_error=False))

    def text(self, column: str, *, longest: int, needed: bool = True) -> str:
        """A cell of at most `longest` characters."""
        value = self.line.get(column)
        if needed and not value:
            self.wrong(column, _("Empty. Fill it in."))
        elif len(value) > longest:
            self.wrong(
                column,
                _("Longer than %(number)d characters. Shorten it.") % {"number": longest},
            )
        return value

    def day(self, column: str, *, needed: bool = False) -> date | None:
        """A date like 2026-02-01."""
        value = self.line.get(column)
        if not value:
            if needed:
                self.wrong(column, _("Empty. Write a date like 2026-02-01."))
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.wrong(
                column,
                _("'%(value)s' is not a date. Write it like 2026-02-01.") % {"value": value},
            )
            return None

    def moment(self, column: str, *, needed: bool = True) -> datetime | None:
        """A time with offset like 2026-02-01T09:00:00+01:00."""
        value = self.line.get(column)
        if not value:
            if needed:
                self.wrong(column, _("Empty. Write a time like 2026-02-01T09:00:00+01:00."))
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.wrong(
                column,
                _("'%(value)s' is not a time with offset. Write it like 2026-02-01T09:00:00+01:00.")
                % {"value": value},
            )
            return None
        return moment

    def number(self, column: str, *, lowest: int, highest: int, default: int) -> int:
        """A whole number within bounds; empty gives the default."""
        value = self.line.get(column)
        if not value:
            return default
        if not _whole(value) or not lowest <= int(value) <= highest:
            self.wrong(
                column,
                _("'%(value)s' is not a whole number from %(lowest)d to %(highest)d. Change it.")
                % {"value": value, "lowest": lowest, "highest": highest},
            )
            return default
        return int(value)

    def list_of(self, column: str) -> list[str]:
        """Parts between semicolons, blanks and empty parts dropped."""
        value = self.line.get(column)
        return [part.strip() for part in value.split(";") if part.strip()] if value else []

    def numbered(self, column: str, *, lowest: int, highest: int) -> dict[str, int]:
        """`name:number` parts between semicolons, in their order."""
        found: dict[str, int] = {}
        for part in self.list_of(column):
            name, colon, digits = part.rpartition(":")
            name, digits = name.strip(), digits.strip()
            number = int(digits) if _whole(digits) else -1
            if not colon or not name or not lowest <= number <= highest:
                self.wrong(
                    column,
                    _(
                        "'%(part)s' is not name:number with a number from %(lowest)d to "
                        "%(highest)d. Change it."
                    )
                    % {"part": part, "lowest": lowest, "highest": highest},
                )
            elif name in found:
                self.wrong(column, _("'%(name)s' is there twice. Remove one.") % {"name": name})
            elif len(name) > 120:
                self.wrong(
                    column,
                    _("'%(name)s…' is longer than 120 characters. Shorten it.")
                    % {"name": name[:40]},
                )
            else:
                found[name] = number
        return found
