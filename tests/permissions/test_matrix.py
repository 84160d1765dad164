"""The permission matrix: every page and operation, as every role, on own, others', foreign things.

`matrix.csv` is written and reviewed by hand: it says what ought to be. A door without a row fails
the build. What a role may not see answers exactly like what is not there. Words: yes (whatever
the state then says), no (403), hidden (404), sign-in, choose (signed in, but in no organisation).

Rows of one door that are alike for other's and foreign things, or for all roles, still stand by
themselves: a matrix is read line by line.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest
from _pytest.mark.structures import ParameterSet
from api_bodies import IN_THE_BODY
from asking import ask, signed_in
from doors import Door, api_doors, page_doors, scim_doors
from page_forms import PAGES_IN_THE_FORM
from players import ROLES, Cast

MATRIX = Path(__file__).with_name("matrix.csv")
Key = tuple[str, str, str, str]
Which = Callable[[str, Door, str, dict[str, str]], bool]


def written() -> dict[Key, dict[str, str]]:
    with MATRIX.open(newline="") as file:
        rows = csv.DictReader(file)
        return {
            (row["kind"], row["name"], row["method"], row["whose"]): {
                role: row[role] for role in ROLES
            }
            for row in rows
        }


def asked() -> list[tuple[Door, str]]:
    """Every door with every ownership that makes a difference."""
    found = []
    for door in [*page_doors(), *api_doors(), *scim_doors()]:
        named = door.has_object or door.name in IN_THE_BODY or door.name in PAGES_IN_THE_FORM
        for whose in ("own", "other", "foreign") if named else ("-",):
            found.append((door, whose))
    return found


def test_every_door_has_its_rows_and_no_row_is_without_a_door() -> None:
    doors = {(door.kind, door.name, door.method, whose) for door, whose in asked()}
    assert set(written()) == doors


# By day a role stands at its doors on one engine, at night on both.
ON_POSTGRESQL = {"api_key"}


def by_day(role: str) -> ParameterSet:
    mark = pytest.mark
    later = mark.later_on_sqlite if role in ON_POSTGRESQL else mark.later_on_postgresql
    return pytest.param(role, marks=later)


# What one role may not see is mostly closed to others by the same line of the code, and who is not
# signed in is turned away before any door: by day one of those who get the same answer stands
# there, at night all of them.
NOT_AT_OTHERS = ("sign-in", "choose")


def is_asked_by_day(role: str, door: Door, whose: str, ought: dict[str, str]) -> bool:
    """By day: one of each answer at each door; who is turned away before any, at their own only.

    Of somebody else's things, those of a colleague or those of another organisation.
    """
    drawn = ("other", "foreign")[crc32(f"{door.kind} {door.name} {door.method}".encode()) % 2]
    if whose not in ("own", "-") and (ought[role] in NOT_AT_OTHERS or whose != drawn):
        return False
    name = f"{door.kind} {door.name} {door.method} {whose}"
    alike = [other for other in ROLES if ought[other] == ought[role]]
    return role == min(alike, key=lambda other: crc32(f"{other} {name}".encode()))


def wrongly_answered(cast: Cast, role: str, which: Which) -> list[str]:
    table, cookies = written(), signed_in(cast, role)
    wrong = []
    for door, whose in asked():
        ought = table[(door.kind, door.name, door.method, whose)]
        if not which(role, door, whose, ought):
            continue
        said = ask(door, cast, role, "own" if whose == "-" else whose, cookies)
        if said != ought[role]:
            wrong.append(f"{door.name} {door.method} {whose}: {said}, ought to be {ought[role]}")
    return wrong


@pytest.mark.django_db
@pytest.mark.parametrize("role", [by_day(role) for role in ROLES])
def test_each_door_answers_the_role_as_written(cast: Cast, role: str) -> None:
    assert wrongly_answered(cast, role, is_asked_by_day) == []


@pytest.mark.nightly
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_door_that_the_day_left_out_answers_as_written(cast: Cast, role: str) -> None:
    assert wrongly_answered(cast, role, lambda *which: not is_asked_by_day(*which)) == []
