"""The people file line by line: each problem is named with its line, its column and what to do."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from handrail.apps.people.people_file import PeopleFile, parse_people

pytestmark = pytest.mark.pure

COLUMNS = (
    "person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,"
    "minutes_per_week"
)
PRIYA = "p1,Priya Rao,priya@example.org,mentor,Europe/Berlin,09:00-17:00,2024-01-08,,git:4,,60"
TOM = "p2,Tom Berg,tom@example.org,mentee,Asia/Kolkata,22:00-06:00,2026-01-12,,,git:1;docs:2,"


def read(*lines: str, more: str = "") -> PeopleFile:
    return parse_people("\n".join([COLUMNS + more, *lines, ""]).encode())


def told(*lines: str, more: str = "") -> list[str]:
    return [str(problem) for problem in read(*lines, more=more).errors]


def test_a_sound_file_gives_its_people() -> None:
    file = read(PRIYA, TOM)
    assert file.problems == []
    priya, tom = file.rows
    assert (priya.person_id, priya.skills, priya.minutes_per_week) == ("p1", {"git": 4}, 60)
    assert (tom.works_from_min, tom.works_to_min) == (22 * 60, 6 * 60)
    assert (tom.wants, tom.start_date) == ({"git": 1, "docs": 2}, date(2026, 1, 12))


def test_a_mark_of_byte_order_and_blank_lines_do_no_harm() -> None:
    content = "﻿" + "\r\n".join([COLUMNS, "", PRIYA, "", ""])
    file = parse_people(content.encode())
    assert [(row.line, row.name) for row in file.rows] == [(3, "Priya Rao")]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "Europe/Berlin",
            "Europe/Atlantis",
            "line 2, timezone: 'Europe/Atlantis' is not a time zone. Write one like Europe/Berlin.",
        ),
        (
            "2024-01-08",
            "2024-02-30",
            "line 2, start_date: '2024-02-30' is not a date. Write it like 2026-02-01.",
        ),
        (
            "2024-01-08",
            "",
            "line 2, start_date: Empty. Write a date like 2026-02-01.",
        ),
        (
            "mentor",
            "boss",
            "line 2, role: 'boss' is not a role. Write mentor or mentee.",
        ),
        (
            "09:00-17:00",
            "9-17",
            "line 2, working_hours: '9' is not a time. Write it like 09:00.",
        ),
        (
            "09:00-17:00",
            "09:00-09:00",
            "line 2, working_hours: '09:00-09:00' starts and ends at the same time. "
            "Write a span like 09:00-17:00.",
        ),
        (
            "09:00-17:00",
            "09:02-17:00",
            "line 2, working_hours: '09:02' is not on five minutes. "
            "Round it, for example to 09:05.",
        ),
        (
            "09:00-17:00",
            "24:00-08:00",
            "line 2, working_hours: '24:00' is not a time of the day. Write it like 09:00.",
        ),
        (
            "git:4",
            "git:9",
            "line 2, skills: 'git:9' is not name:number with a number from 1 to 5. Change it.",
        ),
        (
            ",60",
            ",-1",
            "line 2, minutes_per_week: '-1' is not a whole number from 0 to 2400. Change it.",
        ),
        (
            "priya@example.org",
            "priya at example",
            "line 2, email: 'priya at example' is not an address. Write one like ada@example.org.",
        ),
        ("Priya Rao", "", "line 2, name: Empty. Fill it in."),
    ],
)
def test_what_is_wrong_with_a_cell_is_said_with_its_line(old: str, new: str, problem: str) -> None:
    assert told(PRIYA.replace(old, new)) == [problem]


def test_leaving_before_starting_is_refused_and_one_day_of_disorder_is_mended() -> None:
    long_before = PRIYA.replace(",2024-01-08,,", ",2024-01-08,2023-12-01,")
    assert told(long_before) == [
        "line 2, last_active: 2023-12-01 lies before the start 2024-01-08. Correct one of them."
    ]
    assert told(PRIYA + ",2024-01-01", more=",employment_end") == [
        "line 2, employment_end: 2024-01-01 lies before the start 2024-01-08. Correct one of them."
    ]
    a_day_before = read(PRIYA.replace(",2024-01-08,,", ",2024-01-08,2024-01-07,"))
    assert a_day_before.errors == []
    assert [str(one) for one in a_day_before.warnings] == [
        "line 2, last_active: 2024-01-07 lies one day before the start; 2024-01-08 is taken."
    ]
    assert a_day_before.rows[0].last_active == date(2024, 1, 8)


def test_the_same_person_twice_is_named_though_their_line_has_more_wrong() -> None:
    again = PRIYA.replace("Europe/Berlin", "Nowhere").replace("p1,", "p9,")
    assert told(PRIYA, TOM, PRIYA.replace("priya@", "other@"), again) == [
        "line 4, person_id: 'p1' is already in line 2. Each person is there once.",
        "line 5, email: 'priya@example.org' is already in line 2. Each person is there once.",
        "line 5, timezone: 'Nowhere' is not a time zone. Write one like Europe/Berlin.",
    ]


def test_a_circle_of_managers_is_named_in_each_of_its_lines() -> None:
    eve = TOM.replace("p2", "p3").replace("tom@", "eve@")
    circle = "manager_id: A circle of managers: p1 → p2 → p3 → p1. Break it."
    assert told(PRIYA + ",p2", TOM + ",p3", eve + ",p1", more=",manager_id") == [
        f"line 2, {circle}",
        f"line 3, {circle}",
        f"line 4, {circle}",
    ]


def test_a_circle_that_closes_through_people_outside_the_file_is_named() -> None:
    content = "\n".join([COLUMNS + ",manager_id", PRIYA + ",p2", ""]).encode()
    known = {"known_ids": frozenset({"p1", "p2"})}
    apart = parse_people(content, **known, known_managers={"p2": "p7"})
    assert apart.errors == []
    closed = parse_people(content, **known, known_managers={"p2": "p1"})
    assert [str(one) for one in closed.errors] == [
        "line 2, manager_id: A circle of managers: p2 → p1 → p2. Break it."
    ]


def test_a_manager_whom_nobody_knows_is_named() -> None:
    assert told(PRIYA + ",p7", more=",manager_id") == [
        "line 2, manager_id: 'p7' is nobody's person_id. Correct it."
    ]


def test_an_unknown_column_is_named_with_those_there_are() -> None:
    (problem,) = told(PRIYA + ",44", more=",shoe_size")
    assert problem.startswith("line 1, shoe_size: Unknown column. The columns are: person_id, ")


def test_a_missing_column_is_named() -> None:
    content = f"{COLUMNS.replace(',wants', '')}\n".encode()
    assert [str(one) for one in parse_people(content).errors] == [
        "line 1, wants: Missing: wants. Add it."
    ]


def test_semicolons_between_cells_are_told_apart_from_a_missing_column() -> None:
    content = f"{COLUMNS}\n{PRIYA}\n".replace(",", ";").encode()
    assert [str(one) for one in parse_people(content).errors] == [
        "line 1: The cells are set apart by semicolons. Set them apart by commas: spreadsheets "
        "call it “CSV (comma delimited)”."
    ]


def test_latin_1_is_named_with_its_line_and_byte() -> None:
    content = f"{COLUMNS}\n{PRIYA}\n{TOM.replace('Berg', 'Jürgen')}\n".encode("latin-1")
    assert [str(one) for one in parse_people(content).errors] == [
        "line 3: The byte 0xfc here is not UTF-8 (the file looks like Latin-1). "
        "Save the file as UTF-8 and try again."
    ]


def test_a_row_with_cells_missing_and_an_open_quote_are_named() -> None:
    assert told("p1,Priya", TOM) == [
        "line 2: 2 cells where the header has 11. Check commas and quotes."
    ]
    (problem,) = told(PRIYA, '"' + TOM)
    assert problem.startswith("line 3: This line is not CSV: ")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    two_lines_long = PRIYA.replace("Priya Rao", '"Priya\nRao"')
    assert told(two_lines_long, TOM.replace("Asia/Kolkata", "Nowhere")) == [
        "line 4, timezone: 'Nowhere' is not a time zone. Write one like Europe/Berlin."
    ]


@pytest.mark.parametrize("content", [b"", b" \n\n"])
def test_an_empty_file_is_told(content: bytes) -> None:
    assert [str(one) for one in parse_people(content).errors] == [
        "line 1: The file is empty. It needs a header line and rows."
    ]


def test_a_header_alone_is_told() -> None:
    assert told() == ["line 2: There is no person in the file. Add a row for each."]


def test_problems_are_told_in_the_readers_language() -> None:
    with translation.override("de"):
        assert told(PRIYA.replace("Europe/Berlin", "Europe/Atlantis")) == [
            "Zeile 2, timezone: „Europe/Atlantis“ ist keine Zeitzone. "
            "Schreiben Sie eine wie Europe/Berlin."
        ]
