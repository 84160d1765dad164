"""German is complete: every message of every room has its translation, and none too many."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import allauth
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from docs.words import WITHIN, Message, messages, rooms

# What stands in for something else, and what a browser would take for markup.
HOLES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w[^>]*>")
ROOMS = {room.name: room for room in rooms()}
# What speaks to a du: its own words, what it does (-st), and what it is told to do.
DU = re.compile(r"\b(du|dich|dir|dein\w*|euch|euer|eure\w*)\b", re.IGNORECASE)
# These end like what a du does and are something else.
NO_DU = "ist|(zu)?erst|fest|selbst|sonst|meist|längst|liest|verweist|(ge|einge)?löst|(aus)?gelost"
DOES = re.compile(rf"\b(?!({NO_DU})\b)(musst|[a-zäöü]*[a-rt-zäöü]st)\b")
TOLD = re.compile(
    r"\b(lies|nimm|gib|sieh|lass|frag|trag|stell|drück|kürz|warte|öffne|beende|beginne|berichtige"
    r"|ergänze?|(?-i:versuche)|(versuch|kürze) es|wende|lösche|ändere|melde|habe|klicke"
    r"|(schreib|wähl|prüf|mach|leg|füg|kopier|setz|komm|geh|sag|nenn|beschreib|löse?"
    r"|behalt|verlink|schick|bring|hol|zeig|schau|verwend|bestätig|verbind)e?)\b",
    re.IGNORECASE,
)
# A text in which the reader speaks: what they do ends like what a du is told.
ICH = re.compile(r"\bich\b", re.IGNORECASE)
# Parts of the library that people here see; the rest of it is switched off.
OF_THE_LIBRARY = ("account/", "mfa/", "templates/account/messages/", "templates/mfa/messages/")


@cache
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


def du_in(text: str) -> set[str]:
    """The words of a German text that speak to a du."""
    plain = HOLES.sub("", text)
    told = set() if ICH.search(plain) else {found[0] for found in TOLD.finditer(plain)}
    does = {found[0] for found in DOES.finditer(plain)}
    return told | does | {found[0] for found in DU.finditer(plain)}


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


@pytest.mark.parametrize("name", ROOMS)
def test_no_german_text_says_du(name: str) -> None:
    """The product says Sie to everybody, on its public pages too."""
    said = {text: du_in(text) for strings in translations(name).values() for text in strings}
    assert {text: words for text, words in said.items() if words} == {}


def test_what_is_read_for_du_finds_it() -> None:
    assert du_in("Schreib deine Worte auf, bevor du gehst.") == {"Schreib", "deine", "du", "gehst"}
    assert du_in("Kommst du nicht weiter, wähle eine andere Zeit.") == {"du", "wähle"}
    assert du_in("Sagen Sie erst selbst, was Sie versuchen.") == set()


def test_no_sentence_of_the_sign_in_library_says_du() -> None:
    """What the library says in du is said by our own catalogue, which comes first."""
    path = Path(allauth.__file__).parent / "locale/de/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        theirs = [
            message
            for message in read_po(file, locale="de")
            if isinstance(message.id, str)
            and isinstance(message.string, str)
            and any(place.startswith(OF_THE_LIBRARY) for place, _line in message.locations)
        ]
    assert len(theirs) > 50
    ours = translations("web")
    assert {one.id for one in theirs if du_in(one.string)} - set(ours) == set()
