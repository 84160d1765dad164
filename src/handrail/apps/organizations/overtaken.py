"""Two who write the same at the same moment: the database lets one through, and stops the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict

_Done = TypeVar("_Done")
TAKEN, DEADLOCK = "23505", "40P01"  # PostgreSQL's codes


def once_more(write: Callable[[], _Done]) -> _Done:
    """Do it; where somebody was quicker with the same, do it again, seeing what they wrote.

    It must write in one transaction of its own, so that nothing of the first try is left.
    """
    try:
        return write()
    except (IntegrityError, OperationalError) as error:
        if not _was_overtaken(error):
            raise
    try:
        return write()
    except (IntegrityError, OperationalError) as error:
        if not _was_overtaken(error):
            raise
        raise Conflict(_("Somebody writes the same at this moment. Send it again.")) from error


def _was_overtaken(error: DatabaseError) -> bool:
    cause = error.__cause__
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", "")
    return code in (TAKEN, DEADLOCK, "SQLITE_CONSTRAINT_UNIQUE")
