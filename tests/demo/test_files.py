"""The demo's files, moved to the time it plays in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from handrail.site.demo.files import moved, shift_for, with_manager

FILE = b"""person_id,start_date,last_active,note
p1,2025-11-26,,2025-11-26
p2,2025-12-12,2026-01-05,
p3,soon,2026-02-30,x
"""
COLUMNS = ("start_date", "last_active")


@pytest.mark.parametrize("today", [date(2026, 2, 2), date(2026, 2, 4), date(2026, 2, 8)])
def test_within_the_examples_week_nothing_moves(today: date) -> None:
    assert shift_for(today) == timedelta(0)
    assert moved(FILE, shift_for(today), COLUMNS) == FILE


def test_dates_move_by_whole_weeks() -> None:
    assert shift_for(date(2026, 2, 9)) == timedelta(days=7)
    assert shift_for(date(2026, 2, 1)) == timedelta(days=-7)


def test_only_the_named_columns_move_and_wrong_dates_stay() -> None:
    assert moved(FILE, timedelta(weeks=1), COLUMNS).decode() == (
        "person_id,start_date,last_active,note\n"
        "p1,2025-12-03,,2025-11-26\n"
        "p2,2025-12-19,2026-01-12,\n"
        "p3,soon,2026-02-30,x\n"
    )


def test_moments_keep_their_offset() -> None:
    file = b"person_id,merged_at\np1,2025-08-20T19:10:08+10:00\n"
    assert moved(file, timedelta(weeks=-1), ("merged_at",)) == (
        b"person_id,merged_at\np1,2025-08-13T19:10:08+10:00\n"
    )


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_what_cannot_be_read_is_left_to_the_import(content: bytes) -> None:
    assert moved(content, timedelta(weeks=1), COLUMNS) == content
    assert with_manager(content) == content


def test_mentees_get_the_offices_manager() -> None:
    file = b"person_id,role\np1,mentee\np2,mentor\n"
    assert with_manager(file) == (
        b"person_id,role,manager_id\np1,mentee,office-manager\np2,mentor,\n"
    )


def test_a_file_that_names_managers_keeps_them() -> None:
    file = b"person_id,role,manager_id\np1,mentee,p2\np2,mentor,\n"
    assert with_manager(file) == file
