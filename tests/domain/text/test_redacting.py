"""Names, addresses and numbers go; what is left reads on."""

from __future__ import annotations

import pytest

from handrail.domain.text.redacting import redact

NAMES = ["Zoë van Dam", "Bo Li", "Jean-Luc O'Neill", "Rosa Will"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zoë said that DAM rebases.", "[name] said that [name] rebases."),
        ("a van came, a dam broke", "a van came, a dam broke"),
        ("Bo will, LI did; bold and lilac stay", "[name] [name], [name] did; bold and lilac stay"),
        ("Jean-Luc's branch, O'Neill’s too", "[name] branch, [name] too"),
        ("write to zoe.v@example.org or @zoe", "write to [address] or [address]"),
        ("see https://git.example.org/zoe/1 now", "see [address] now"),
        ("call +49 (0)30 123-4567, port 8080", "call [number], port 8080"),
        ("git rebase --onto main", "git rebase --onto main"),
        ("", ""),
    ],
)
def test_what_would_tell_who_is_taken_out(text: str, expected: str) -> None:
    assert redact(text, NAMES).text == expected


def test_how_much_was_taken_out_is_told() -> None:
    assert redact("Zoë and Bo: a@b.example, https://x.example/y", NAMES).taken_out == 4
    assert redact("Zoë", []).taken_out == 0
