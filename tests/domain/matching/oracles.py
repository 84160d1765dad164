"""Other ways to the same answers: brute force and OR-Tools, with a score of their own."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from ortools.graph.python import min_cost_flow

from handrail.domain.matching import Mentee, Mentor, Options, Problem, Want, bits_of

WEEK = date(2026, 1, 5)
EXAMPLE = Path(__file__).parents[3] / "examples" / "remote-team-a" / "people.csv"
LEAD_TO_GAIN = [0, 80, 100, 90, 70, 60]


def points(mentee: Mentee, mentor: Mentor, options: Options) -> int | None:
    """The pair's score after the brief's text, None where floor or language forbid it."""
    levels = dict(mentor.skills)
    weights = [(4, 2, 1)[want.priority - 1] if want.priority < 4 else 1 for want in mentee.wants]
    leads = [max(0, levels.get(want.skill, 0) - want.level) for want in mentee.wants]
    gained = sum(w * LEAD_TO_GAIN[lead] for w, lead in zip(weights, leads, strict=True))
    if not gained or gained < options.floor * sum(weights):
        return None
    language = 500
    if mentee.languages and mentor.languages:
        if not set(mentee.languages) & set(mentor.languages):
            return None
        language = 1000 if mentee.languages[0] in mentor.languages else 500
    total = 7500 * gained // (100 * sum(weights)) + language
    if options.time_term:
        total += 1500 * min(8, bin(mentee.free & mentor.free).count("1")) // 8
    return total


def feasible(problem: Problem, options: Options) -> dict[tuple[str, str], int]:
    """Scores of all pairs that no rule but time forbids."""
    found = {}
    for mentee in problem.mentees:
        for mentor in problem.mentors:
            pair = (mentee.person, mentor.person)
            score = points(mentee, mentor, options)
            if score is not None and pair not in problem.excluded and pair not in problem.forbids:
                found[pair] = score
    return found


def best_by_trying_all(problem: Problem, options: Options) -> tuple[int, int]:
    """(people served, value) of the best plan, found by trying every plan there is."""
    scores = feasible(problem, options)
    choices: list[list[tuple[Mentor, int, int] | None]] = []
    for mentee in problem.mentees:
        mine: list[tuple[Mentor, int, int] | None] = [None]
        for mentor in problem.mentors:
            score = scores.get((mentee.person, mentor.person))
            common = mentee.free & mentor.free
            if score is not None:
                mine += [(mentor, t, score) for t in range(336) if common >> t & 1]
        choices.append(mine)
    best = (0, 0)
    for plan in product(*choices):
        taken = [each for each in plan if each is not None]
        seats = Counter(mentor.person for mentor, _, _ in taken)
        days = Counter((m.person, (t * 30 + m.offset_minutes) // 1440) for m, t, _ in taken)
        if len({(mentor.person, t) for mentor, t, _ in taken}) < len(taken):
            continue
        if any(seats[mentor.person] > mentor.seats for mentor, _, _ in taken):
            continue
        caps = {mentor.person: mentor.daily_cap or 99 for mentor, _, _ in taken}
        if any(count > caps[name] for (name, _), count in days.items()):
            continue
        value = sum(score for _, _, score in taken)
        value -= sum(options.seat_price * sum(range(count)) for count in seats.values())
        best = max(best, (len(taken), value))
    return best


def best_by_flow(problem: Problem, options: Options) -> tuple[int, int]:
    """(people served, fit) by OR-Tools on the network mentee, slot, mentor."""
    person = 10_000 * (len(problem.mentees) + 1)
    flow = min_cost_flow.SimpleMinCostFlow()
    node: dict[object, int] = {}

    def at(key: object) -> int:
        return node.setdefault(key, len(node))

    scores = feasible(problem, options)
    by_id = {mentee.person: mentee for mentee in problem.mentees}
    for mentor in problem.mentors:
        for t in range(problem.slots):
            if mentor.free >> t & 1:
                flow.add_arc_with_capacity_and_unit_cost(
                    at((mentor.person, t)), at(mentor.person), 1, 0
                )
        flow.add_arc_with_capacity_and_unit_cost(at(mentor.person), at("end"), mentor.seats, 0)
        for mentee in problem.mentees:
            score = scores.get((mentee.person, mentor.person))
            if score is None:
                continue
            for t in range(problem.slots):
                if by_id[mentee.person].free & mentor.free & 1 << t:
                    flow.add_arc_with_capacity_and_unit_cost(
                        at(mentee.person), at((mentor.person, t)), 1, -person - score
                    )
    for mentee in problem.mentees:
        flow.add_arc_with_capacity_and_unit_cost(at(mentee.person), at("end"), 1, 0)
        flow.set_node_supply(at(mentee.person), 1)
    flow.set_node_supply(at("end"), -len(problem.mentees))
    assert flow.solve() == flow.OPTIMAL
    served, fit = divmod(-flow.optimal_cost(), person)
    return served, fit


def tiny(seed: int, *, caps: bool = False) -> Problem:
    """A random instance of at most six people and four slots."""
    draw = np.random.default_rng(seed)
    skills = ["git", "css", "sql"]
    mentees = [
        Mentee(
            person=f"m{at}",
            wants=tuple(
                Want(skills[s], priority, int(draw.integers(0, 3)))
                for priority, s in enumerate(draw.permutation(3)[: draw.integers(1, 4)], start=1)
            ),
            free=bits_of(t * 48 for t in range(4) if draw.random() < 0.5),
            languages=(("en",), ("de", "en"), ())[int(draw.integers(3))],
        )
        for at in range(int(draw.integers(2, 5)))
    ]
    mentors = [
        Mentor(
            person=f"x{at}",
            skills=tuple((s, int(draw.integers(1, 6))) for s in skills if draw.random() < 0.7),
            seats=int(draw.integers(0, 4)),
            free=bits_of(t * 48 // (2 if caps else 1) for t in range(4) if draw.random() < 0.6),
            languages=(("en",), ("de",), ())[int(draw.integers(3))],
            daily_cap=int(draw.integers(0, 3)) if caps else 0,
            offset_minutes=int(draw.integers(-2, 3)) * 360 if caps else 0,
        )
        for at in range(2)
    ]
    if caps:
        mentees = [replace(who, free=who.free | who.free >> 24) for who in mentees]
    pairs = [(m.person, x.person) for m in mentees for x in mentors]
    excluded = {pair: "recent" for pair in pairs if draw.random() < 0.15}
    return Problem(WEEK, mentees, mentors, excluded=excluded)


def example_team(week: date = WEEK) -> Problem:
    """The shared team, its hours turned into bits by zoneinfo alone."""
    mentees, mentors = [], []
    for row in csv.DictReader(EXAMPLE.read_text(encoding="utf-8").splitlines()):
        levels = _numbers(row["skills"])
        free = _hours(row["working_hours"], ZoneInfo(row["timezone"]), week)
        if row["role"] == "mentee":
            wants = [Want(s, n, levels.get(s, 0)) for s, n in _numbers(row["wants"]).items()]
            mentees.append(Mentee(row["person_id"], tuple(wants), free))
        else:
            seats = int(row["minutes_per_week"]) // 20
            mentors.append(Mentor(row["person_id"], tuple(levels.items()), seats, free))
    return Problem(week, mentees, mentors)


def _numbers(text: str) -> dict[str, int]:
    return {part.rsplit(":", 1)[0]: int(part.rsplit(":", 1)[1]) for part in text.split(";") if part}


def _hours(text: str, zone: ZoneInfo, week: date) -> int:
    """Bits of the half hours whose first 20 minutes lie in local hours, Monday to Friday."""
    first, last = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    bits = 0
    for slot in range(336):
        local = datetime(week.year, week.month, week.day, tzinfo=UTC) + timedelta(minutes=30 * slot)
        local = local.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if local.weekday() < 5 and first <= minute and minute + 20 <= last:
            bits |= 1 << slot
    return bits
