"""From what somebody wrote to the words that search compares.

`frontend/src/analyser.ts` does the same in the browser, word for word; a test holds them together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

from .stop_words import STOP_WORDS

# Raised whenever the same text gives other words than before: every index is built anew then.
ANALYSER: Final = 1
LONGEST = 64  # characters of a word that count; what is longer was not typed by a person
SHORT = 2  # words this short have no ending to take off: "is", "js", "AG"
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "＇": "'", "‘": "'"})
_SPELT = str.maketrans({"ß": "ss", "ς": "σ", "\u00ad": None, "\u200b": None})
_SIGNS = {"++": "pp", "#": "sharp"}  # C++ and C#, but not "more++"


def base_language(language: str) -> str:
    """The language without its country: "de" for "de-AT" and "de_CH"."""
    return re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]


def analyse(text: str, language: str) -> list[str]:
    """The words of a text as search compares them, in order, repeated where the text repeats them.

    `language` is a code like "en" or "de-AT". Letters are folded to one form and to small ones.
    English and German lose their stop words and their endings: Porter, "An algorithm for suffix
    stripping" (1980), as Snowball has it, and Snowball's German. Other languages keep every word.
    Text of nothing but stop words gives no words.
    """
    base = base_language(language)
    stop, stem = STOP_WORDS.get(base, frozenset()), _STEMS.get(base)
    if stem is None:
        return [word[:LONGEST] for word in _words(text) for word in word.split("'") if word]
    found = (word.removesuffix("'s").replace("'", "") for word in _words(text))
    return [stem(word[:LONGEST]) for word in found if word not in stop]


def _words(text: str) -> list[str]:
    """What stands between spaces and signs, folded; an apostrophe inside a word stays."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_SPELT).translate(_APOSTROPHES)
    return [_spelt_out(found[0]) for found in _word().finditer(folded)]


def _spelt_out(word: str) -> str:
    """A programming language of one letter with its sign spelt out; from others a sign is cut."""
    for sign, spelt in _SIGNS.items():
        if word.endswith(sign):
            letter = word.removesuffix(sign)
            return letter + spelt if len(letter) == 1 else letter
    return word


@cache
def _word() -> re.Pattern[str]:
    """Letters, digits and the marks upon them, which `\\w` alone takes for a word's end."""
    marks = (
        chr(code)
        for code in (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))
        if unicodedata.category(chr(code)).startswith("M")
    )
    part = rf"(?:[^\W_]|[{''.join(marks)}])+"
    return re.compile(rf"{part}(?:'{part})*(?:\+\+|#)?")


def _porter() -> type:
    # Imported late: the package reads the tables of all its languages, and few pages search.
    from snowballstemmer.porter_stemmer import PorterStemmer

    return PorterStemmer  # type: ignore[no-any-return]


def _german() -> type:
    from snowballstemmer.german_stemmer import GermanStemmer

    return GermanStemmer  # type: ignore[no-any-return]


def _stemmed(stemmer: Callable[[], type]) -> Callable[[str], str]:
    @lru_cache(maxsize=65536)
    def stem(word: str) -> str:
        # One for each word: a stemmer keeps its place in itself, and threads search at once.
        return stemmer()().stemWord(word) if len(word) > SHORT else word

    return stem


_STEMS: Final = {"en": _stemmed(_porter), "de": _stemmed(_german)}
