"""Made-up answers and questions, the same for the same seed: no public set, and nobody's words.

Words follow Zipf's law with a shift (rank + 2.7, exponent 1.05: the shape of English prose), a good
two fifths of the running words are stop words, and what is left wears English endings. An answer
has a title of 6 to 13 words, about 75 words of text (log-normal), and two aliases that share half
of their words with it. A question is six to eleven words, two thirds of them from one answer; one
word in twenty is misspelt.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from uuid import UUID

from handrail.domain.text.stop_words import STOP_WORDS

STEMS = 18_000  # with their endings about as many words as 10,000 real answers have
STOPPED = 0.43  # of running words
ENDINGS = ("",) * 12 + ("s",) * 4 + ("ed", "ing", "ing", "er", "ation", "ly", "ment", "able")
ONSETS = (*"bcdfghlmnprstvw", "br", "cl", "cr", "dr", "fl", "gr", "pl", "sh", "st", "th")
NUCLEI = (*"aeiou", "ai", "ea", "ee", "io", "ou")
CODAS = ("", "", "", *"nrlstm", "ck", "nd", "nt", "rt", "st")
SKILLS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the answer that it was made from."""

    text: str
    answer: str


class Writer:
    """Writes words, sentences and answers from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        stems: dict[str, None] = {}
        while len(stems) < STEMS:
            stems.setdefault(self._stem())
        self.stems = list(stems)
        self.weights = list(accumulate((rank + 2.7) ** -1.05 for rank in range(1, STEMS + 1)))
        self.stops = sorted(STOP_WORDS["en"])

    def _stem(self) -> str:
        syllables = self.random.choices((1, 2, 3), (2, 5, 2))[0]
        pick = self.random.choice
        return "".join(pick(ONSETS) + pick(NUCLEI) + pick(CODAS) for _ in range(syllables))

    def content(self, count: int) -> list[str]:
        stems = self.random.choices(self.stems, cum_weights=self.weights, k=count)
        return [stem + self.random.choice(ENDINGS) for stem in stems]

    def prose(self, words: list[str]) -> str:
        """The words in their order, with as many stop words between them as people use."""
        said: list[str] = []
        for word in words:
            while self.random.random() < STOPPED:
                said.append(self.random.choice(self.stops))
            said.append(word)
        return " ".join(said)

    def answer(self, n: int) -> dict[str, Any]:
        title = self.content(self.random.randint(4, 8))
        length = min(400, max(12, round(self.random.lognormvariate(3.55, 0.6))))
        body = self.content(length) + self.random.sample(title, 3)
        self.random.shuffle(body)
        return {
            "id": str(UUID(int=n + 1)),
            "question": f"{self.prose(title).capitalize()}?",
            "answer": f"{self.prose(body).capitalize()}.",
            "next_step": "",
            "link": "",
            "aliases": [self.prose(self._alike(title, body)) for _ in range(2)],
            "skill": str(UUID(int=n % SKILLS + 1)),
            "skill_name": f"Skill {n % SKILLS}",
            "language": "en",
            "owner": f"Person {n % 997}",
            "source": "session",
            "audience": "organization",
            "revision": 1,
            "checked_on": "2026-10-01",
            "review_by": "2026-12-30",
            "flagged": False,
            "uses": n * 7919 % 500,
        }

    def _alike(self, title: list[str], body: list[str]) -> list[str]:
        words = self.random.sample(title, len(title) // 2) + self.random.sample(body, 2)
        return words + self.content(self.random.randint(1, 3))

    def question(self, answer: dict[str, Any]) -> Asked:
        said = answer["question"].rstrip("?").lower().split()
        own = [word for word in said if word not in STOP_WORDS["en"]]
        words = self.random.sample(own, max(2, len(own) * 2 // 3)) + self.content(2)
        words = [self._misspelt(word) for word in words]
        return Asked(self.prose(words), answer["id"])

    def _misspelt(self, word: str) -> str:
        if len(word) < 5 or self.random.random() > 0.05:
            return word
        place = self.random.randrange(1, len(word) - 1)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def answers(count: int, seed: int = 1) -> list[dict[str, Any]]:
    writer = Writer(seed)
    return [writer.answer(n) for n in range(count)]


def questions(of: list[dict[str, Any]], count: int, seed: int = 2) -> Iterator[Asked]:
    writer = Writer(seed)
    for answer in writer.random.sample(of, min(count, len(of))):
        yield writer.question(answer)
