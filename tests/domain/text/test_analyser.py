"""From a text to the words that search compares, by hand."""

from __future__ import annotations

import pytest

from handrail.domain.text import analyse, base_language


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How do I undo a commit that's already pushed?", ["undo", "commit", "alreadi", "push"]),
        ("Rebasing RELATIONAL databases", ["rebas", "relat", "databas"]),
        ("Don't; you can't. We won’t!", []),
        ("the mentor's and the mentors' hours", ["mentor", "mentor", "hour"]),
        ("C++ or C#? More++ #hash", ["cpp", "csharp", "hash"]),
        ("snake_case, CI/CD and node.js", ["snake", "case", "ci", "cd", "node", "js"]),
        ("ﬁle №5 ４２", ["file", "no5", "42"]),
        ("is as it was", []),
        ("", []),
    ],
)
def test_english(text: str, words: list[str]) -> None:
    assert analyse(text, "en") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Wie mache ich einen Commit rückgängig?", ["commit", "ruckgang"]),
        ("Häuser, Haeuser und HÄUSER", ["haus", "haus", "haus"]),
        ("Straße und STRASSE", ["strass", "strass"]),
        ("Für die Schlüssel fuer das Team", ["schlussel", "team"]),
        ("die Fähigkeiten der Lehrerinnen", ["fahig", "lehr"]),
    ],
)
def test_german(text: str, words: list[str]) -> None:
    assert analyse(text, "de-AT") == words


def test_other_languages_keep_every_word_and_its_marks() -> None:
    assert analyse("L'équipe décide", "fr") == ["l", "équipe", "décide"]
    assert analyse("हिन्दी में", "hi") == ["हिन्दी", "में"]
    assert analyse("ΟΔΟΣ", "el") == ["οδοσ"]


def test_the_same_letter_in_two_parts_is_one_letter() -> None:
    assert analyse("cafe\u0301", "fr") == analyse("café", "fr") == ["café"]


def test_a_word_nobody_typed_is_cut() -> None:
    assert analyse("x" * 100_000, "fr") == ["x" * 64]


def test_the_language_is_told_without_its_country() -> None:
    assert [base_language(each) for each in ("de-AT", "EN_gb", " fr ", "")] == [
        "de",
        "en",
        "fr",
        "",
    ]
