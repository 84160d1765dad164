"""The figures of search by hand, and what the set promises of itself."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
import answers
from answering.figures import bands, overlap, ranks
from answering.sets import OWN, Ask, own, stackfaq, without_some

ASKS = [Ask("one", "en", ["a"]), Ask("two", "en", ["b", "c"]), Ask("three", "en", [])]


def hits(*ids: str, band: str = "ask") -> list[dict[str, object]]:
    return [{"id": one, "score": 1.0, "band": band} for one in ids]


def test_ranks_count_the_first_right_one_of_what_has_an_answer() -> None:
    told = ranks(ASKS, [hits("x", "a"), hits("c"), hits("x")])
    assert told == {"asked": 2, "recall_at_1": 0.5, "recall_at_5": 1.0, "mrr": 0.75}
    assert ranks(ASKS, [[], hits("x", "y", "z"), []])["mrr"] == 0.0
    assert ranks(ASKS[2:], [[]]) == {
        "asked": 0,
        "recall_at_1": None,
        "recall_at_5": None,
        "mrr": None,
    }


def test_bands_are_told_apart_for_what_has_an_answer_and_what_has_none() -> None:
    told = bands(ASKS, [hits("a", band="answer"), [], hits("x", band="answer")])
    assert told["answerable"] == {"asked": 2, "answer": 0.5, "perhaps": 0.0, "ask": 0.5}
    assert told["not_answerable"] == {"asked": 1, "answer": 1.0, "perhaps": 0.0, "ask": 0.0}
    assert (told["answers_shown"], told["answers_right"]) == (2, 0.5)


def test_what_two_engines_have_in_common() -> None:
    assert overlap([hits("a", "b"), []], [hits("b", "c"), []]) == 0.75  # one of two, then all
    assert overlap([hits("a")], [[]]) == 0.0


def test_the_set_is_as_large_as_it_says_and_its_halves_are_those_of_the_checksum() -> None:
    questions, rows = (
        [json.loads(line) for line in (OWN / name).read_text(encoding="utf-8").splitlines()]
        for name in ("questions.jsonl", "answers.jsonl")
    )
    docs = {row["id"]: row for row in rows}
    assert Counter(row["language"] for row in questions) == {"en": 150, "de": 40}
    assert Counter(row["language"] for row in docs.values()) == {"en": 60, "de": 33}
    for row in questions:
        first = hashlib.sha256(row["question"].encode()).digest()[0]
        assert row["final"] is (first % 2 == 0)
        assert all(docs[one]["language"] == row["language"] for one in row["right"])
    english = [row for row in questions if row["language"] == "en"]
    german = [row for row in questions if row["language"] == "de"]
    assert sum(not row["right"] for row in english) >= 50
    assert sum(not row["right"] for row in german) == 15
    asked = [own("en", final=final).asks for final in (False, True)]
    assert not {one.question for one in asked[0]} & {one.question for one in asked[1]}


def test_the_public_set_is_read_and_a_drawn_phrasing_is_not_asked(tmp_path: Path) -> None:
    said = "".join(f"<rephr>\nsaid {n} &lt;b&gt;\n</rephr>" for n in range(4)) + "<rephr>*</rephr>"
    pair = f"<qapair>{said}<question>Title</question><answer>Yes.</answer><answer>No.</answer>"
    (tmp_path / "stackExchange-FAQ.xml").write_text(f"<root>{pair}</qapair></root>")
    case = stackfaq(tmp_path, aliases=1, seed=3)
    doc = case.docs[0]
    assert (doc.title, doc.body, len(doc.aliases), len(case.asks)) == ("Title", "Yes.\nNo.", 1, 3)
    everything = {*doc.aliases, *(ask.question for ask in case.asks)}
    assert everything == {f"said {n} <b>" for n in range(4)}
    assert stackfaq(tmp_path, aliases=1, seed=3) == case
    assert [ask.right for ask in without_some(case, 1.0, seed=0).asks] == [[], [], []]


def test_a_goal_that_was_not_measured_is_neither_reached_nor_missed() -> None:
    row = {"engine": "SQLite", "set": "StackFAQ, 2 aliases, draw 0", "recall_at_1": 0.79}
    told = answers.goals({"rows": [row], "browser_in_node": []})
    reached = {goal["goal"].split(":")[0]: goal["reached"] for goal in told}
    assert reached["StackFAQ, SQLite, 2 aliases"] is False
    assert reached["StackFAQ, SQLite, 0 aliases"] is None
    assert told[-1]["reached"] is True  # nothing was called the answer by words
    row["bands"] = {"answers_shown": 1}
    assert answers.goals({"rows": [row], "browser_in_node": []})[-1]["reached"] is False
