"""Who was overtaken looks again; any other error stays what it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from django.db import IntegrityError

from handrail.apps.organizations.overtaken import once_more
from handrail.apps.organizations.refusals import Conflict

pytestmark = pytest.mark.pure


def failing(times: int, name: str, tries: list[int]) -> Callable[[], str]:
    def write() -> str:
        tries.append(1)
        if len(tries) <= times:
            cause = sqlite3.IntegrityError()
            cause.sqlite_errorname = name
            raise IntegrityError from cause
        return "written"

    return write


@pytest.mark.parametrize("times", [0, 1])
def test_it_is_done_again_once(times: int) -> None:
    tries: list[int] = []
    assert once_more(failing(times, "SQLITE_CONSTRAINT_UNIQUE", tries)) == "written"
    assert len(tries) == times + 1


def test_who_is_overtaken_twice_is_told() -> None:
    with pytest.raises(Conflict, match="Send it again"):
        once_more(failing(2, "SQLITE_CONSTRAINT_UNIQUE", []))


def test_another_error_is_not_tried_again() -> None:
    tries: list[int] = []
    with pytest.raises(IntegrityError):
        once_more(failing(2, "SQLITE_CONSTRAINT_FOREIGNKEY", tries))
    assert len(tries) == 1
