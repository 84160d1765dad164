"""A written plan and its certificate, read back and checked from the files alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from handrail.apps.matches.plain_files import COLUMNS, FORMULA, Matched
from handrail.domain.matching import (
    Certificate,
    Fault,
    Options,
    Pair,
    Plan,
    Prices,
    Problem,
    Reason,
    Terms,
    Unmatched,
    certificate_document,
    verify,
)
from handrail.domain.matching.check import check

NO_SLOT = -1
LONGEST = 9  # digits of a number
SWITCHES = ("time_term", "another_mentor")


class NotWhatWasWritten(ValueError):
    """A file that `handrail match` cannot have written; says where and why."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a certificate says, and the document it was read from."""

    certificate: Certificate
    options: Options
    prices: Prices
    session_prices: Prices | None
    fit_prices: Prices | None
    document: Mapping[str, Any]


def read_certificate(text: str) -> Said:
    """CERT.json; raises NotWhatWasWritten."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotWhatWasWritten(f"is not JSON: {error}.") from None
    try:
        return _said(document)
    except KeyError as error:
        raise NotWhatWasWritten(f"has no {error}.") from None
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise NotWhatWasWritten(f"is no certificate: {error}.") from None


def _said(document: Mapping[str, Any]) -> Said:
    asked, points = document["options"], document["points"]
    certificate = Certificate(
        served=int(document["served"]),
        served_bound=int(document["served_bound"]),
        sessions=int(document["sessions"]),
        sessions_bound=int(document["sessions_bound"]),
        fit=int(points["fit"]),
        value=int(points["value"]),
        bound=int(points["bound"]),
        scope=str(document["scope"]),
        week=date.fromisoformat(document["week"]),
        seed=int(document["seed"]),
        version=str(document["version"]),
        method=str(document["method"]),
    )
    if certificate.week.weekday():
        raise ValueError(f"the week begins on a Monday, {certificate.week} is none")
    several = [
        Prices.from_document(document[name]) if document[name] is not None else None
        for name in ("session_prices", "fit_prices")
    ]
    return Said(
        certificate=certificate,
        options=_options(asked, certificate.week),
        prices=Prices.from_document(document["prices"]),
        session_prices=several[0],
        fit_prices=several[1],
        document=document,
    )


def _options(said: Mapping[str, Any], week: date) -> Options:
    """What the plan was asked; raises KeyError or ValueError where no plan can be asked that."""
    options = Options(**{field.name: said[field.name] for field in fields(Options)})
    for name in SWITCHES:
        if not isinstance(said[name], bool):
            raise ValueError(f"{name}: must be true or false, not {said[name]!r}")
    check(Problem(week=week, mentees=(), mentors=()), options)
    if options.model == "cohort" and (options.seat_price or options.keep_slot):
        raise ValueError("seat_price, keep_slot: do not apply to cohorts")
    return options


def read_plan(lines: Iterable[str], problem: Problem, said: Said) -> tuple[Plan, tuple[Fault, ...]]:
    """PLAN.csv as a plan with its proof, and what is wrong with single lines.

    Raises NotWhatWasWritten where the file is no plan.
    """
    rows = csv.reader(lines, strict=True)
    known = {who.person for who in problem.mentees} | {who.person for who in problem.mentors}
    pairs: list[Pair] = []
    unmatched: list[Unmatched] = []
    faults: list[Fault] = []
    sessions: dict[str, int] = {}
    try:
        if tuple(next(rows, ())) != COLUMNS:
            raise NotWhatWasWritten(f"line 1: the columns of a plan are {','.join(COLUMNS)}.")
        for cells in rows:
            if len(cells) != len(COLUMNS):
                raise NotWhatWasWritten(
                    f"line {rows.line_num}: {len(cells)} cells where the header has {len(COLUMNS)}."
                )
            mentee, mentor = _written(cells[0], known), _written(cells[1], known)
            if not mentor:
                unmatched.append(Unmatched(mentee, Reason("told", {"text": cells[6]})))
                continue
            slot, wrong = _slot(cells[2], problem)
            score, minutes = _number(cells[4]), _number(cells[3])
            if minutes != problem.minutes:
                wrong = f"a session lasts {problem.minutes} minutes, not '{cells[3]}'"
            if score is None:
                wrong = f"the score '{cells[4]}' is no whole number"
            if wrong:
                faults.append(Fault("line", mentee, f"line {rows.line_num}: {wrong}"))
            sessions[mentee] = sessions.get(mentee, 0) + 1
            terms = Terms(score or 0, 0, 0)
            pairs.append(Pair(mentee, mentor, slot, terms, cells[5], (), sessions[mentee]))
    except csv.Error as error:
        raise NotWhatWasWritten(f"line {rows.line_num}: is not CSV: {error}.") from None
    plan = Plan(
        pairs=tuple(pairs),
        unmatched=tuple(unmatched),
        prices=said.prices,
        certificate=said.certificate,
        options=said.options,
        seed=said.certificate.seed,
        session_prices=said.session_prices,
        fit_prices=said.fit_prices,
    )
    return plan, tuple(faults)


def _written(cell: str, known: set[str]) -> str:
    """The id that was written as this cell: a formula's first sign stands behind an apostrophe."""
    quoted = cell[:1] == "'" and cell[1:].startswith(FORMULA)
    return cell[1:] if quoted and cell not in known else cell


def _slot(text: str, problem: Problem) -> tuple[int, str]:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return NO_SLOT, f"'{text}' is not a time with offset"
    if start.tzinfo is None:
        return NO_SLOT, f"'{text}' has no offset"
    slot = problem.slot_at(start)
    if slot is None:
        return NO_SLOT, f"'{text}' is not on a half hour of the week of {problem.week}"
    return slot, ""


def _number(text: str) -> int | None:
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if plain else None


def faults_of_files(
    problem: Problem,
    said: Said,
    plan_lines: Iterable[str],
    *,
    progress: Callable[[int, int], None],
) -> tuple[Matched, tuple[Fault, ...]]:
    """What was read, and everything wrong with it: lines, plan, prices, certificate.

    Words (skill and reason) are not checked. Raises NotWhatWasWritten.
    """
    plan, wrong_lines = read_plan(plan_lines, problem, said)
    faults = [*wrong_lines, *_faults_of_certificate(said, plan)]
    faults += verify(problem, plan, progress=progress)
    return Matched(problem, plan), tuple(faults)


def _faults_of_certificate(said: Said, plan: Plan) -> Iterator[Fault]:
    """What the certificate says beside what is proven from its points and prices."""
    again = certificate_document(plan)
    for name in sorted({*said.document["options"]} - {*again.pop("options")}):
        yield Fault(f"options, {name}", "", "there is no such option")
    proof = said.certificate
    if proof.scope != "all_pairs":
        yield Fault("scope", "", "the prices prove a bound over all pairs")
    tight = (proof.served, proof.value) == (proof.served_bound, proof.bound)
    if proof.method == "exact" and not tight:
        yield Fault("method", "", "an exact plan leaves no gap")
    for name in sorted({*said.document, *again} - {"options"}):
        if said.document.get(name) != again.get(name):
            yield Fault(name, "", "does not agree with the rest of the certificate")
