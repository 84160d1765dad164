"""The registry, its words, its docs pages and its fields hold together; what is kept is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handrail.apps.connections.keeping import kept
from handrail.apps.connections.kinds import KINDS, kind_of
from handrail.apps.connections.words import choice_words, field_words, kind_words
from handrail.apps.outbox.handlers import HANDLERS, handler_for

DOCS = Path(__file__).resolve().parents[3] / "docs/operate/connections"
PARTS = ["What it reads", "What it keeps", "How to switch it off"]


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_has_words_a_page_and_somebody_who_takes_it(code: str) -> None:
    kind = kind_of(code)
    assert kind.code == code
    assert kind_words(code)
    for field in kind.fields:
        assert all(field_words(code, field))
        for choice in field.choices:
            assert choice_words(choice) != choice
    page = (DOCS / f"{kind.docs}.md").read_text()
    assert [part for part in re.findall(r"^## (.+)$", page, re.M) if part in PARTS] == PARTS
    assert f"({kind.docs}.md)" in (DOCS / "README.md").read_text()
    if kind.receives is not None:
        handler_for(kind.receives.takes, HANDLERS)
        listed = page.split("## What it keeps")[1].split("## How")[0]
        assert set(re.findall(r"^- `([^`]+)`$", listed, re.M)) == set(kind.receives.keeps)
    assert kind.receives or kind.answers or kind.test, "it can be tried out"


def test_every_page_is_of_a_kind() -> None:
    pages = {path.stem for path in DOCS.glob("*.md")} - {"README"}
    assert pages == {kind_of(code).docs for code in KINDS}


def test_only_what_is_listed_is_kept_and_a_new_shape_is_seen_without_its_content() -> None:
    told = {
        "id": 7,
        "offer": {"starts_at": "2026-03-02", "salary": 90_000},
        "emails": [{"value": "z@example.org", "type": "home"}, {"value": {"secret": 1}}],
        "names": ["a", {"secret": 1}],
        "place": {"street": "secret"},
        "phone": "secret",
        "long": "x" * 1000,
        "job": "secret",
        "gone": None,
        "odd": "a\0b\ud800c",  # JSON can hold both, and no database does
        "huge": float("inf"),
    }
    paths = (
        "id", "offer.starts_at", "emails[].value", "names[]", "place", "long", "job.title",
        "gone.title", "id[]", "never.there", "odd", "huge",
    )  # fmt: skip
    assert kept(told, paths) == {
        "id": 7,
        "offer": {"starts_at": "2026-03-02"},
        "emails": [{"value": "z@example.org"}, {"value": {}}],
        "names": ["a", {}],
        "place": {},
        "long": "x" * 400,
        "job": [],
        "gone": None,
        "odd": "a\ufffdb?c",
        "huge": {},
    }
