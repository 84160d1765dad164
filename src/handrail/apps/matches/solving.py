"""The heavy part of a run, without a database: solve, check, explain.

Also a process of its own, `python -m handrail.apps.matches.solving`, so that a page's thread never
waits for it: see `apart.py`, which starts it, and ends it when nobody wants the answer any more.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from handrail.domain.matching import (
    Explanation,
    Options,
    Pair,
    Plan,
    Problem,
    ProblemError,
    certificate_document,
    explain_all,
    solve,
    verify,
)
from handrail.domain.matching.advice import advice
from handrail.domain.matching.change import smallest_change

Say = Callable[[str], None]
Document = dict[str, Any]

OTHERS_SHOWN = 5  # "why not someone else?" names the nearest few, not everybody
CHECKED_TWICE = 400  # mentees up to which a second program goes through all pairs


STAGES = ("candidates", "solving", "checking", "explaining")
ENGINE_STAGES = {  # the engine's words -> ours
    "reading people": "candidates",
    "candidates": "candidates",
    "solving": "solving",
    "proving": "checking",
    "explaining": "explaining",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked; all that is needed for the answer."""

    problem: Problem
    options: Options
    seed: int


@dataclass(frozen=True, slots=True)
class Found:
    """One proposal by the engine's ids; `slot` counts from the week's start."""

    mentee: str
    mentor: str
    slot: int
    skill: str
    score: int
    pinned: bool
    reasons: list[Document]
    explanation: Document


@dataclass(frozen=True, slots=True)
class Answer:
    """The plan in words' codes: proposals, the people left out, the proof, what would help."""

    matches: list[Found]
    unmatched: list[tuple[str, list[Document]]]
    certificate: Document
    prices: Document
    advice: Document


class Faulty(Exception):
    """A plan that does not pass its own check: it is kept from everybody."""


def answer(asked: Asked, say: Say = lambda stage: None) -> Answer:
    """Solve, check and explain; raises ProblemError for input that no plan can answer.

    `say` is told each stage when it is first reached.
    """
    problem = asked.problem
    reached = _forward(say)
    plan = solve(
        problem,
        seed=asked.seed,
        options=asked.options,
        progress=lambda told: reached(ENGINE_STAGES.get(told, "solving")),
    )
    # Everybody is looked at, and more than once: built once, not each time.
    plan = replace(plan, pairs=tuple(plan.pairs), unmatched=tuple(plan.unmatched))
    if len(problem.mentees) <= CHECKED_TWICE:
        reached("checking")
        if verify(problem, plan):
            raise Faulty
    reached("explaining")
    certificate = certificate_document(plan)
    prices = certificate.pop("prices")
    return Answer(
        matches=_proposals(problem, plan),
        unmatched=_left_out(problem, plan),
        certificate=certificate,
        prices=prices,
        advice=advice(problem, plan).document(),
    )


def _forward(say: Say) -> Say:
    """Tells stages that lie ahead only: who solves in rounds comes to each of them again."""
    ahead = list(STAGES)

    def reached(stage: str) -> None:
        if stage in ahead:
            del ahead[: ahead.index(stage) + 1]
            say(stage)

    return reached


def _proposals(problem: Problem, plan: Plan) -> list[Found]:
    told = explain_all(problem, plan)
    return [_found(pair, told[pair.mentee]) for pair in plan.pairs]


def _left_out(problem: Problem, plan: Plan) -> list[tuple[str, list[Document]]]:
    """Everybody without a session: the reason that binds, and the smallest change that helps."""
    tried: dict[Any, frozenset[str]] = {}
    changes = plan.options.model != "cohort" and not problem.loads
    left = []
    for row in plan.unmatched:
        reasons = [row.reason]
        if changes:
            reasons.append(smallest_change(problem, plan, row.person, tried))
        left.append((row.person, [reason.document() for reason in reasons]))
    return left


def _found(pair: Pair, told: Explanation) -> Found:
    first = told.runner_up
    others = [other for other in told.others[: OTHERS_SHOWN + 1] if other != first]
    explanation: Document = {
        "others": [
            {
                "code": "who",
                "params": {"mentor": other.mentor, "because": other.reason.document()},
            }
            for other in others[:OTHERS_SHOWN]
        ]
    }
    if first is not None:
        explanation["runner_up"] = {
            "code": "runner_up",
            "params": {
                "mentor": first.mentor,
                "because": first.reason.document(),
                "difference": first.difference,
            },
        }
    return Found(
        mentee=pair.mentee,
        mentor=pair.mentor,
        slot=pair.slot,
        skill=pair.skill,
        score=pair.score,
        pinned=pair.pinned,
        reasons=[reason.document() for reason in pair.reasons],
        explanation=explanation,
    )


# The answer on its way between two processes: one JSON document a line.


def written(told: Answer) -> Iterator[str]:
    """The answer as lines."""
    whole = {"certificate": told.certificate, "prices": told.prices, "advice": told.advice}
    yield json.dumps(whole)
    for found in told.matches:
        yield json.dumps({"match": asdict(found)})
    for person, reasons in told.unmatched:
        yield json.dumps({"unmatched": [person, reasons]})
    yield json.dumps({"end": True})


def main() -> None:
    """Read what is asked from standard input, say the stages on standard output, write a file."""
    os.nice(5)  # the pages come first
    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    asked: Asked = pickle.loads(sys.stdin.buffer.read(size))  # noqa: S301 - from our own process
    threading.Thread(target=_end_with_who_asked, daemon=True).start()
    try:
        told = answer(asked, _tell)
        with Path(sys.argv[1]).open("w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in written(told))
    except ProblemError as error:
        _fail("problem", person=error.person, field=error.field, message=error.message)
    except MemoryError:
        _fail("memory")
    except Faulty:
        _fail("faulty")


def _tell(stage: str) -> None:
    sys.stdout.write(json.dumps({"stage": stage}) + "\n")
    sys.stdout.flush()


def _fail(code: str, **params: str) -> None:
    sys.stdout.write(json.dumps({"failed": {"code": code, "params": params}}) + "\n")
    sys.stdout.flush()


def _end_with_who_asked() -> None:
    # Standard input stays open for as long as the asker lives; it never says anything more. Read
    # below Python's buffers, whose lock would be held when this process ends by itself.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()
