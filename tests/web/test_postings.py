"""The pages' own search against the formula written out: every score, whatever came and went."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from node import FRONTEND, bundle, told_by

pytestmark = pytest.mark.pure

FIELDS = [3, 2, 1]
LETTERS = "abcd"
SCRIPT = """
const mutants = await Promise.all(given.mutants.map((name) => import(`./${name}.mjs`)));
const { Postings } = await import("./postings.mjs");
const play = (Postings, steps) => {
  let index = new Postings(given.fields);
  return steps.map(([what, ...about]) => {
    if (what === "put") index.put(...about);
    else if (what === "remove") index.remove(...about);
    else if (what === "keep") {
      index = Postings.from(JSON.parse(JSON.stringify(index)), given.fields);
    }
    else return index.search(about[0], 50, (id) => (id === "t0" ? 0.5 : 1));
    return index.size;
  });
};
const all = [{ Postings }, ...mutants].map((one) => one.Postings);
told = all.map((one) => given.plays.map((steps) => play(one, steps)));
"""
# What a slip of the pen would look like: a piece that is there once, and what is there instead.
MUTANTS = {
    "all_words_alike": ("Math.log(1 + Math.max(0, rare))", "Math.log(2)"),
    "no_word_twice": ("if (last[place] !== n + 1)", "if (true)"),
    "removed_stay": ('this.ids[place] = "";', ""),
    "gaps_are_kept": ("if (place < 0)", "if (place < -1)"),
    "two_letters_away": ("let rest = at + 1;", "let rest = at + 2;"),
}


@dataclass
class Model:
    """The same by its definition: nothing is kept but the texts."""

    texts: dict[str, list[list[str]]] = field(default_factory=dict)
    gone: list[list[list[str]]] = field(default_factory=list)  # since the index was kept

    def do(self, step: list[Any]) -> Any:
        match step:
            case ["put", name, said]:
                self.do(["remove", name])
                self.texts[name] = said
            case ["remove", name]:
                if name in self.texts:
                    self.gone.append(self.texts.pop(name))
            case ["keep"]:
                self.gone.clear()
            case ["search", asked]:
                return self.search(asked)
        return len(self.texts)

    def search(self, asked: list[str]) -> dict[str, float]:
        scores: dict[str, float] = {}
        everything = [*self.texts.values(), *self.gone]
        words = {word for said in everything for part in said for word in part}
        for name, said in self.texts.items():
            total, matched = 0.0, 0
            for one in asked:
                likes = [(word, likeness(one, word)) for word in words]
                some = [self.counts(name, w, like, everything) for w, like in likes if like]
                found = any(w in part for w, like in likes if like for part in said)
                total, matched = total + sum(some), matched + found
            if matched:
                scores[name] = total * matched * (0.5 if name == "t0" else 1)
        return scores

    def counts(self, name: str, word: str, like: float, everything: list[list[list[str]]]) -> float:
        total = 0.0
        for place, weight in enumerate(FIELDS):
            part = self.texts[name][place]
            if word not in part:
                continue
            have = sum(word in said[place] for said in everything)
            ratio = max(0.0, (len(self.texts) - have + 0.5) / (have + 0.5))
            usual = sum(len(set(said[place])) for said in self.texts.values()) / len(self.texts)
            long = 1 - 0.9 + 0.9 * len(set(part)) / usual
            times = part.count(word)
            bm25 = 0.2 + times * 4 / (times + 3 * long)
            total += like * weight * math.log(1 + ratio) * bm25
        return total


def likeness(asked: str, word: str) -> float:
    """What a word counts for another: 1 itself, less as its beginning or a letter away."""
    if word == asked:
        return 1
    if len(asked) >= 3 and word.startswith(asked):
        return 0.25 * len(word) / (len(word) + 0.3 * (len(word) - len(asked)))
    if len(asked) > 3 and distance(asked, word) == 1:
        return 0.1 * len(word) / (len(word) + 1)
    return 0


def distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def a_play(seed: int) -> list[list[Any]]:
    """Texts that come, change and go, an index kept and read again, and questions in between."""
    dice = random.Random(seed)

    def some(most: int, least: int = 0) -> list[str]:
        return [
            "".join(dice.choices(LETTERS, k=dice.randint(1, 6)))
            for _ in range(dice.randint(least, most))
        ]

    steps: list[list[Any]] = []
    for _ in range(60):
        name = f"t{dice.randrange(8)}"
        put = ["put", name, [some(5), some(4), some(12)]]
        ask = ["search", list(dict.fromkeys(some(5, 1)))]
        steps.append(dice.choice([put, put, put, ["remove", name], ["keep"], ask, ask, ask]))
    return steps


def is_alike(told: Any, ought: Any) -> bool:
    if isinstance(ought, int):
        return bool(told == ought)
    scores = [hit["score"] for hit in told]
    return (
        {hit["id"] for hit in told} == set(ought)
        and scores == sorted(scores, reverse=True)
        and all(math.isclose(hit["score"], ought[hit["id"]], rel_tol=1e-9) for hit in told)
    )


def test_each_score_is_the_formulas_and_each_slip_is_found(tmp_path: Path) -> None:
    source = (FRONTEND / "src/postings.ts").read_text()
    bundle(FRONTEND / "src/postings.ts", tmp_path / "postings.mjs")
    for name, (right, wrong) in MUTANTS.items():
        assert source.count(right) == 1, right
        (tmp_path / f"{name}.ts").write_text(source.replace(right, wrong))
        bundle(tmp_path / f"{name}.ts", tmp_path / f"{name}.mjs")
    plays = [a_play(seed) for seed in range(60)]
    given = {"plays": plays, "fields": FIELDS, "mutants": list(MUTANTS)}
    ours, *slips = told_by(SCRIPT, given, folder=tmp_path)
    models = [Model() for _ in plays]
    ought = [[model.do(step) for step in steps] for model, steps in zip(models, plays, strict=True)]

    answers = [one for play in ought for one in play]

    def wrong(told: list[list[Any]]) -> int:
        said = (one for play in told for one in play)
        return sum(not is_alike(one, other) for one, other in zip(said, answers, strict=True))

    assert wrong(ours) == 0
    assert sum(bool(one) for one in answers if isinstance(one, dict)) > 800
    assert {name: wrong(slip) > 0 for name, slip in zip(MUTANTS, slips, strict=True)} == (
        dict.fromkeys(MUTANTS, True)
    )
