"""Which answers a device keeps where there are more than it holds, and how it searches them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from node import FRONTEND, bundle, told_by

pytestmark = pytest.mark.pure

GIT, SQL, TALKS = "git", "sql", "talks"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("kept")
    bundle(FRONTEND / "src/answer_rows.ts", made / "rows.mjs")
    bundle(FRONTEND / "src/ranking.ts", made / "ranking.mjs")
    return made


def answer(name: str, skill: str | None, uses: int, **more: Any) -> dict[str, Any]:
    row = {"id": name, "question": name, "answer": "", "next_step": "", "link": "", "aliases": []}
    row |= {"skill": skill, "skill_name": "", "owner": "", "source": "session", "language": "en"}
    row |= {"checked_on": "2026-01-01", "review_by": "2026-04-01", "flagged": False, "uses": uses}
    return row | more


def test_the_teams_skills_come_first_then_the_most_used(folder: Path) -> None:
    rows = [
        answer("rare, ours", GIT, 0),
        answer("used, theirs", SQL, 90),
        answer("used a little, theirs", TALKS, 5),
        answer("used, ours", GIT, 40),
        answer("about nothing", None, 60),
    ]
    script = (
        'import { chosen } from "./rows.mjs";\n'
        "const pick = cap => [...chosen(given.rows, new Set(given.skills), cap)];\n"
        "told = [pick(2), pick(4), pick(10).length];"
    )
    told = told_by(script, {"rows": rows, "skills": [GIT]}, folder=folder)
    assert told == [
        ["used, ours", "rare, ours"],
        ["used, ours", "rare, ours", "used, theirs", "about nothing"],
        5,
    ]


SEARCH = (
    'import { AnswerIndex } from "./ranking.mjs";\n'
    "const index = AnswerIndex.empty();\n"
    "for (const one of given.rows) index.put(one, given.today);\n"
    "const first = question => index.search(question, 5).map(hit => hit.id);\n"
)


def test_an_expired_answer_ranks_below_one_that_says_the_same(folder: Path) -> None:
    rows = [
        answer("old", GIT, 0, question="How do I undo a rebase?", review_by="2026-01-31"),
        answer("new", GIT, 0, question="How do I undo a rebase?"),
    ]
    script = SEARCH + 'told = first("undo my rebase");'
    assert told_by(script, {"rows": rows, "today": "2026-02-01"}, folder=folder) == ["new", "old"]


def test_any_word_counts_in_the_answers_own_language_and_misspelt(folder: Path) -> None:
    rows = [
        answer("en", GIT, 0, question="How do I undo a rebase?", aliases=["lost my commits"]),
        answer("de", SQL, 0, question="Wer genehmigt Migrationen?", language="de"),
    ]
    script = SEARCH + (
        "told = [first('the rebasing went wrong, and completely unknown words'),"
        " first('comits lost'), first('Migration genehmigen'), first('nothing of it')];"
    )
    told = told_by(script, {"rows": rows, "today": "2026-02-01"}, folder=folder)
    assert told == [["en"], ["en"], ["de"], []]


def test_an_index_that_was_kept_finds_the_same_and_goes_on(folder: Path) -> None:
    rows = [answer(str(n), GIT, 0, question=f"Question about topic{n}?") for n in range(30)]
    script = SEARCH + (
        "const kept = JSON.parse(JSON.stringify(index));\n"
        "const again = AnswerIndex.from(kept, given.rows, given.today);\n"
        "again.remove('7');\n"
        "again.put({ ...given.rows[8], question: 'Rollback of releases?' }, given.today);\n"
        "told = [again.search('topic9', 1)[0].id, again.search('topic7', 1).map(one => one.id),"
        " again.search('rollback', 1)[0].id, again.size];"
    )
    told = told_by(script, {"rows": rows, "today": "2026-02-01"}, folder=folder)
    assert told[0] == "9"
    assert "7" not in told[1]
    assert told[2:] == ["8", 29]
