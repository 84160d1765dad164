"""Odd cells and headers of a CSV file get a message, never a trace."""

from __future__ import annotations

import pytest

from handrail.apps.people.table import Reader, Unreadable, read_table

pytestmark = pytest.mark.pure


def test_a_number_of_five_thousand_digits_is_told_by_its_line() -> None:
    (line,), problems = read_table(b"minutes,skills\n%s,git:%s\n" % (b"9" * 5000, b"9" * 5000),
                                   required=["minutes", "skills"])  # fmt: skip
    reader = Reader(line, problems)
    assert reader.number("minutes", lowest=0, highest=600, default=60) == 60
    assert reader.numbered("skills", lowest=1, highest=5) == {}
    assert [(one.line, one.column) for one in problems] == [(2, "minutes"), (2, "skills")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("arm,y\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"arm,,\n1,2,3\n", "Column 2 has no name"),
    ],
)
def test_a_header_that_is_none_says_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_table(content, required=["arm"], optional=[""])
