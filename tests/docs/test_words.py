"""German is complete: every message of every room has its translation, and none too many."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from docs.words import WITHIN, Message, messages, rooms

# What stands in for something else, and what a browser would take for markup.
HOLES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w[^>]*>")
ROOMS = {room.name: room for room in rooms()}


def catalogue(name: str) -> Catalog:
    path = ROOMS[name] / "locale/de/LC_MESSAGES/django.po"
    if not path.exists():
        return Catalog(locale="de")
    with path.open("rb") as file:
        return read_po(file, locale="de")


def translations(name: str) -> dict[Message, tuple[str, ...]]:
    found: dict[Message, tuple[str, ...]] = {}
    for message in catalogue(name):
        if not message.id or message.fuzzy:
            continue
        said = message.string
        strings = (said,) if isinstance(said, str) else tuple(said)
        if all(strings):
            first, *more = (message.id,) if isinstance(message.id, str) else message.id
            first = f"{message.context}{WITHIN}{first}" if message.context else first
            found[(first, *more) if more else first] = strings
    return found


@pytest.mark.parametrize("name", ROOMS)
def test_every_message_has_its_german_and_no_other_has(name: str) -> None:
    said, translated = messages(ROOMS[name]), translations(name)
    missing = {message: place for message, place in said.items() if message not in translated}
    assert missing == {}
    assert set(translated) - set(said) == set()


@pytest.mark.parametrize("name", ROOMS)
def test_nothing_that_is_filled_in_gets_lost(name: str) -> None:
    for message, strings in translations(name).items():
        ids = (message,) if isinstance(message, str) else message
        holes = [set(HOLES.findall(one)) for one in ids]
        for string in strings:
            assert set(HOLES.findall(string)) in holes, message


@pytest.mark.parametrize("name", ROOMS)
def test_no_message_stands_twice(name: str) -> None:
    """Of two German texts for one message the compiler of other houses refuses the second."""
    path = ROOMS[name] / "locale/de/LC_MESSAGES/django.po"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    stand = sum(line.startswith("msgid ") and line != 'msgid ""' for line in lines)
    headers = sum(line == 'msgid ""' for line in lines)
    # Long messages begin with an empty line as the header does.
    assert stand + max(headers - 1, 0) == len(catalogue(name))


def test_the_same_words_are_the_same_in_every_room() -> None:
    """Rooms share one language: of two translations the reader would see either."""
    seen: dict[Message, tuple[str, tuple[str, ...]]] = {}
    for name in ROOMS:
        for message, strings in translations(name).items():
            room, before = seen.setdefault(message, (name, strings))
            assert before == strings, f"{message}: {room} and {name}"
