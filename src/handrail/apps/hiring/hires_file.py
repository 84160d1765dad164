"""A CSV file of hires, read line by line; nothing here touches the database."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.hiring.addresses import LONGEST, address_of
from handrail.apps.people.table import Reader, Unreadable, read_table

REQUIRED = ("name", "start_date")
OPTIONAL = (
    "application",
    "work_email",
    "personal_email",
    "job",
    "job_title",
    "department",
    "undone",
)
YES, NO = ("yes", "true", "1"), ("", "no", "false", "0")


def parse_hires(content: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows as what `tell_hire` takes, and each problem as a sentence with its line."""
    try:
        lines, problems = read_table(content, required=REQUIRED, optional=OPTIONAL)
    except Unreadable as error:
        return [], [str(error.problem)]
    rows: list[dict[str, Any]] = []
    for line in lines:
        reader = Reader(line, problems)
        row: dict[str, Any] = {
            "application": reader.text("application", longest=160, needed=False),
            "name": reader.text("name", longest=200),
            "job": reader.text("job", longest=80, needed=False),
            "job_title": reader.text("job_title", longest=160, needed=False),
            "department": reader.text("department", longest=120, needed=False),
            "start_date": reader.day("start_date"),
            "undone": _undone(reader),
        }
        for column in ("work_email", "personal_email"):
            row[column] = _address(reader, column)
        if not row["application"] and not row["work_email"]:
            reader.wrong(
                "application",
                _("Empty, and there is no work address. Give one of them: it tells people apart."),
            )
        rows.append(row)
    return rows, [str(problem) for problem in problems if problem.is_error]


def _undone(reader: Reader) -> bool:
    word = reader.text("undone", longest=10, needed=False).lower()
    if word not in (*YES, *NO):
        reader.wrong("undone", _("Write yes where a hire is undone, else nothing."))
    return word in YES


def _address(reader: Reader, column: str) -> str:
    written = reader.text(column, longest=LONGEST, needed=False)
    if written and not address_of(written):
        reader.wrong(column, _("This is not an e-mail address. Correct it."))
    return address_of(written)
