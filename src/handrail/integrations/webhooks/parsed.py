"""What deliveries come to, whoever sent them; and reading fields without guessing.

Unknown fields are passed over. A field that is needed and is missing, or has another shape than its
sender documents, makes the whole delivery `Unfit`: it is put aside with the reason, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


class Unfit(Exception):
    """This delivery cannot be used; `field` says which part of it is missing or strange."""

    def __init__(self, field: str) -> None:
        super().__init__(f"missing or strange: {field}")
        self.field = field


@dataclass(frozen=True)
class MergeEvent:
    """A change was merged. `author` is the host's number of the person who wrote it."""

    host: str
    author: int
    repository: str
    change: int
    merged_at: datetime
    by_bot: bool


@dataclass(frozen=True)
class HireEvent:
    """Somebody is hired, or after all is not (`undone`); names as the sender has them."""

    source: str
    application: str
    undone: bool
    name: str
    work_email: str
    personal_email: str
    job: str
    job_title: str
    department: str
    start_date: date | None
    occurred_at: datetime | None


def within(content: Any, path: str) -> Any:
    """What stands at a path such as "offer.user.id", or None where nothing does."""
    for name in path.split("."):
        if not isinstance(content, Mapping):
            return None
        content = content.get(name)
    return content


def text(content: Any, path: str, *, needed: bool = True) -> str:
    """The text at a path; an empty one where it may be missing."""
    found = within(content, path)
    if isinstance(found, str) and (found.strip() or not needed):
        return found.strip()
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if found is None and not needed:
        return ""
    raise Unfit(path)


def number(content: Any, path: str) -> int:
    """The whole number at a path; never a text that looks like one."""
    found = within(content, path)
    if isinstance(found, bool) or not isinstance(found, int):
        raise Unfit(path)
    return found


def moment(content: Any, path: str) -> datetime:
    """The moment at a path, with its offset: a time without one could be anywhere."""
    found = within(content, path)
    try:
        read = datetime.fromisoformat(found.replace(" UTC", "+00:00"))
    except (AttributeError, ValueError) as error:
        raise Unfit(path) from error
    if read.tzinfo is None:
        raise Unfit(path)
    return read


def day(content: Any, path: str, form: str = "%Y-%m-%d") -> date | None:
    """The date at a path, None where there is none; with a time, the day that is written there."""
    found = within(content, path)
    if found is None or found == "":
        return None
    try:
        written = found if form != "%Y-%m-%d" else found[:10]
        return datetime.strptime(written, form).date()  # noqa: DTZ007 -- a day has no zone
    except (TypeError, ValueError) as error:
        raise Unfit(path) from error
