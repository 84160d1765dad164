"""A text without names, addresses and numbers of people: what may leave where all allow it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAME, ADDRESS, NUMBER = "[name]", "[address]", "[number]"
# Whatever leads to somebody: addresses of mail and of the web, and accounts named with an @.
_ADDRESSES = re.compile(
    r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)@[\w.-]+",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(?<!\w)\+?\d(?:[\s()./-]{0,2}\d){5,}")
_WORDS = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
SHORT = 3  # letters: "Bo" and "Will" are names only as they are written, "bo" and "will" words


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text as it may be sent, and how much of it was taken out."""

    text: str
    taken_out: int


def redact(text: str, names: Iterable[str]) -> Redacted:
    """The text with each part of each name, each address and each long number replaced by a sign.

    `names` are whole names of people ("Zoë van Dam"); each word of them counts by itself, in any
    case, but words of up to three letters only as they are written, and words that a name has in
    small letters ("van") not at all. A word that is a name as well as a word goes too: rather too
    much is taken out than too little. Whoever is not in `names` is not known, so that the sender
    looks at the text before it leaves.
    """
    exact, folded = _parts(names)
    count = 0

    def without(sign: str, pattern: re.Pattern[str], body: str) -> str:
        nonlocal count
        body, found = pattern.subn(sign, body)
        count += found
        return body

    def name_or_word(match: re.Match[str]) -> str:
        nonlocal count
        word = match[0]
        pieces = [word, *re.split(r"['\u2019-]", word)]
        if not any(piece in exact or piece.casefold() in folded for piece in pieces):
            return word
        count += 1
        return NAME

    text = without(ADDRESS, _ADDRESSES, text)
    text = without(NUMBER, _NUMBERS, text)
    kept = re.split(f"({re.escape(ADDRESS)}|{re.escape(NUMBER)})", text)
    whole = [
        piece if piece in (ADDRESS, NUMBER) else _WORDS.sub(name_or_word, piece) for piece in kept
    ]
    return Redacted("".join(whole), count)


def _parts(names: Iterable[str]) -> tuple[set[str], set[str]]:
    exact, folded = set(), set()
    for name in names:
        for whole in _WORDS.findall(name):
            for part in {whole, *re.split(r"['\u2019-]", whole)}:
                if not part or part[0].islower() or len(part) < 2:
                    continue
                if len(part) <= SHORT:
                    exact |= {part, part.upper()}
                else:
                    folded.add(part.casefold())
    return exact, folded
