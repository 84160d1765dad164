"""Which addresses can be followed, and what is said about the others."""

from __future__ import annotations

import pytest

from handrail.apps.people.links import is_link, link_problem

WHOLE = "Give a whole address that starts with https:// or http://."


@pytest.mark.parametrize(
    "link",
    [
        "https://meet.example.org/alice",
        "http://localhost:8443/room?pwd=a%20b#start",
        "HTTPS://meet.example.org",
        "https://[2001:db8::1]/room",
        "https://bücher.example/zimmer",
    ],
)
def test_a_whole_web_address_can_be_followed(link: str) -> None:
    assert is_link(link)
    assert link_problem(link) == ""


@pytest.mark.parametrize(
    "link",
    [
        "meet.example.org/alice",
        "javascript:alert(1)",
        "data:text/html,hello",
        "ftp://meet.example.org",
        "mailto:alice@example.org",
        "tel:+4930123456",
        "//meet.example.org",
        "https://",
        "https:///alice",
        "https://meet.example.org/a b",
        "https://meet.example.org/\nalice",
        "https://meet.example.org/\0",
        "https://meet.example.org/\u202egro",
        "https://meet.example.org:port/",
        "https://[meet/",
    ],
)
def test_what_cannot_be_followed_is_told_what_to_do(link: str) -> None:
    assert not is_link(link)
    assert link_problem(link) == WHOLE


def test_an_address_has_a_longest_length() -> None:
    longest = "https://meet.example.org/" + "a" * 475
    assert link_problem(longest) == ""
    assert link_problem(longest + "a") == (
        "This address is longer than 500 characters. Give a shorter one."
    )


def test_no_address_is_no_problem() -> None:
    assert link_problem("") == ""
