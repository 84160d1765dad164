"""The browser and the server find the same words: no difference over words at hand.

The words are what Python's own library, Django and their translations are written in, and what
endings make of a few stems.
"""

from __future__ import annotations

import random
import re
import sysconfig
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Any

import django
import pytest
from node import FRONTEND, bundle, told_by
from snowballstemmer.german_stemmer import GermanStemmer
from snowballstemmer.porter_stemmer import PorterStemmer

from handrail.domain.text import ANALYSER, analyse
from handrail.domain.text.stop_words import STOP_WORDS

INSTALLED = Path(django.__file__).parents[1]
OURS = Path(__file__).resolve().parents[3] / "src/handrail"
ENGLISH_ENDINGS = re.findall(
    r"\S+",
    """
    s sses ies ss eed ed ing ated bled ized y ational tional enci anci izer abli alli entli
    eli ousli ization ation ator alism iveness fulness ousness aliti iviti biliti icate
    ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent ion sion
    tion ou ism ate iti ous ive ize e ll
    """,
)
ENGLISH_FOLDERS = (
    "pydoc_data",
    "email",
    "asyncio",
    "unittest",
    "lib2to3",
    "encodings",
)
GERMAN_ENDINGS = re.findall(
    r"\S+",
    """
    e em en erinnen erin ern er s es ln lns est et st tickt plant trt end ig ung lich isch
    ik heit keit igkeit lichkeit igung nisse nisses eigung enheit erlich system 's 'sch eiig
    euen quer
    """,
)
TEXTS = (
    ("Don’t REBASE the mentor's branch: C++, C#, x++ & naïve_case №5 (ﬁnally)!", "en"),
    ("Straße, Übergröße, qualitäts-bewußt, geht's? Fuer Aerzte und Ärzte", "de-CH"),
    ("L'équipe n’a pas décidé; ΟΔΟΣ İstanbul हिन्दी में 東京 cafe\u0301 a\u00adb", "fr"),
    ("x" * 70 + " " + "𝔘𐐀" * 40, "en"),
    ("<b>&amp;\x00\ud83d\ude00 '' a'b'c ''d", "en"),
)
SCRIPT = """
const { stems, analyse, ANALYSER, stopWords } = await import("./browser.mjs");
const mutants = await Promise.all(given.mutants.map((name) => import(`./${name}.mjs`)));
const ways = [{ stems }, ...mutants].map((each) => Object.fromEntries(
  Object.entries(given.words).map(([name, words]) => [name, words.map(each.stems[name])])));
told = {
  version: ANALYSER, ways, stop: Object.fromEntries(
    Object.entries(stopWords).map(([language, words]) => [language, [...words].sort()])),
  texts: given.texts.map(([text, language]) => analyse(text, language)),
};
"""
ENTRY = """
export {{ analyse, ANALYSER }} from "{src}/analyser";
export {{ STOP_WORDS as stopWords }} from "{src}/stop_words";
import {{ stemEnglish }} from "{src}/stem_english";
import {{ stemGerman }} from "{src}/stem_german";
export const stems = {{ en: stemEnglish, de: stemGerman }};
"""
# What a slip of the pen would look like: one rule of each stemmer changed.
MUTANTS = {"en": ('"ement"', '"ements"'), "de": ('"erinnen"', '"erinne"')}


@cache
def english() -> list[str]:
    """Words of the modules that Python and Django are made of, in small letters."""
    library = Path(sysconfig.get_paths()["stdlib"])
    modules = chain(library.glob("*.py"), *((library / f).rglob("*.py") for f in ENGLISH_FOLDERS))
    found: set[str] = set()
    for path in chain(modules, (INSTALLED / "django").rglob("*.py")):
        found.update(re.findall("[a-z]{2,}", path.read_text(errors="ignore").lower()))
    return sorted(found)


@cache
def german() -> list[str]:
    """Words of what Django, allauth and Handrail say in German."""
    found: set[str] = set()
    for folder in (INSTALLED / "django", INSTALLED / "allauth", OURS):
        for path in folder.rglob("locale/de/LC_MESSAGES/*.po"):
            said = re.findall(r'^(?:msgstr(?:\[\d\])? )?"(.*)"$', path.read_text(), re.MULTILINE)
            found.update(re.findall("[a-zäöüß]{2,}", " ".join(said).lower()))
    return sorted(found)


def made(letters: str, endings: list[str], seed: int) -> Iterator[str]:
    """Short beginnings with every ending, and with every second of them once more behind it."""
    dice = random.Random(seed)
    begin = ["".join(dice.choices(letters, k=length)) for length in (0, 1, 2, 2, 3, 3, 4, 5, 6)]
    for start, one, two in product(begin, endings, ["", *endings[::2]]):
        yield start + one + two


@pytest.fixture(scope="module")
def words() -> dict[str, list[str]]:
    return {
        "en": [*english(), *made("aeiouybcdlmnstwx", ENGLISH_ENDINGS, 1)],
        "de": [*german(), *made("aeiouyäöüßbdglnrst", GERMAN_ENDINGS, 2)],
    }


@pytest.fixture(scope="module")
def browser(words: dict[str, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the browser's analyser says to all of it, and two mutants of it: one run of Node."""
    folder = tmp_path_factory.mktemp("node")
    (folder / "entry.ts").write_text(ENTRY.format(src=FRONTEND / "src"))
    text = bundle(folder / "entry.ts", folder / "browser.mjs").read_text()
    for name, (rule, slip) in MUTANTS.items():
        assert rule in text
        (folder / f"{name}.mjs").write_text(text.replace(rule, slip))
    given = {"words": words, "texts": TEXTS, "mutants": list(MUTANTS)}
    return told_by(SCRIPT, given, folder=folder)


def snowball(stem: Callable[[str], str], words: list[str]) -> list[str]:
    return [stem(word) for word in words]


@pytest.fixture(scope="module")
def expected(words: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        "en": snowball(PorterStemmer().stemWord, words["en"]),
        "de": snowball(GermanStemmer().stemWord, words["de"]),
    }


def test_there_are_words_enough(words: dict[str, list[str]]) -> None:
    assert len(english()) >= 20_000
    assert len(german()) >= 3_000


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_browsers_stems_are_snowballs(
    language: str, words: Any, browser: Any, expected: Any
) -> None:
    ours, *mutants = (way[language] for way in browser["ways"])
    pairs = zip(words[language], ours, expected[language], strict=True)
    assert [pair for pair in pairs if pair[1] != pair[2]] == []
    assert any(mutant != expected[language] for mutant in mutants)  # a slip would be seen


def test_stop_words_and_version_are_the_same(browser: Any) -> None:
    assert browser["stop"] == {name: sorted(words) for name, words in STOP_WORDS.items()}
    assert browser["version"] == ANALYSER


def test_the_same_words_of_whole_texts(browser: Any) -> None:
    assert browser["texts"] == [analyse(text, language) for text, language in TEXTS]
