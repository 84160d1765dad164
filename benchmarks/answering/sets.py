"""Sets of answers with questions that people asked, read from their files."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

OWN = Path(__file__).parents[1] / "answers_set"
STACKFAQ = "stackExchange-FAQ.xml"


@dataclass(frozen=True)
class Doc:
    """One answer as it is indexed."""

    id: str
    language: str
    title: str
    aliases: list[str]
    body: str


@dataclass(frozen=True)
class Ask:
    """One question, and which answers are right; none where it is not answered."""

    question: str
    language: str
    right: list[str]


@dataclass(frozen=True)
class Case:
    """A set of answers, and what is asked of it."""

    name: str
    docs: list[Doc]
    asks: list[Ask]

    def as_json(self) -> dict[str, Any]:
        return {"docs": [asdict(one) for one in self.docs], "asks": [asdict(a) for a in self.asks]}


def own(language: str, *, final: bool) -> Case:
    """Handrail's own set: all answers, and one half of the questions in one language."""
    docs = [
        Doc(row["id"], row["language"], row["title"], [], row["answer"])
        for row in _rows("answers.jsonl")
    ]
    asks = [
        Ask(row["question"], row["language"], row["right"])
        for row in _rows("questions.jsonl")
        if row["language"] == language and row["final"] is final and not row.get("unclear")
    ]
    return Case(f"own set, {language}, {'final' if final else 'other'} half", docs, asks)


def fixed_queries(count: int = 50) -> Case:
    """The first questions of the half that may be looked at: what two engines are compared by."""
    case = own("en", final=False)
    return Case("fixed queries", case.docs, case.asks[:count])


def stackfaq(folder: Path, *, aliases: int = 0, seed: int = 0) -> Case:
    """125 public questions with their answers, and how people asked the same in other words.

    The drawn phrasings become aliases and are not asked. Karan and Snajder, "Paraphrase-focused
    learning to rank for domain-specific frequently asked questions retrieval" (2018).
    """
    dice = random.Random(seed)
    docs, asks = [], []
    text = (folder / STACKFAQ).read_text(encoding="utf-8")
    for n, pair in enumerate(re.findall(r"<qapair>(.*?)</qapair>", text, re.DOTALL)):
        said = [one for one in _texts(pair, "rephr") if one != "*"]
        dice.shuffle(said)
        title, body = _texts(pair, "question")[0], "\n".join(_texts(pair, "answer"))
        docs.append(Doc(str(n), "en", title, said[:aliases], body))
        asks += [Ask(one, "en", [str(n)]) for one in said[aliases:]]
    return Case(f"StackFAQ, {aliases} aliases, draw {seed}", docs, asks)


def without_some(case: Case, share: float, seed: int) -> Case:
    """The same with some answers taken away: what is asked about them is then not answered."""
    dice = random.Random(seed)
    gone = set(dice.sample([doc.id for doc in case.docs], round(len(case.docs) * share)))
    asks = [Ask(a.question, a.language, [r for r in a.right if r not in gone]) for a in case.asks]
    return Case(case.name, [doc for doc in case.docs if doc.id not in gone], asks)


def _texts(pair: str, tag: str) -> list[str]:
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", pair, re.DOTALL)
    return [text for one in found if (text := html.unescape(one).strip())]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (OWN / name).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
