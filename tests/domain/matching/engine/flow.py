"""The same problem for OR-Tools: every rule of a week as a flow, with scores of its own."""

from __future__ import annotations

from ortools.graph.python import min_cost_flow

from domain.matching.oracles import LEAD_TO_GAIN
from handrail.domain.matching import Mentee, Mentor, Options, Problem


def best_by_flow(problem: Problem, options: Options) -> tuple[int, int, int]:
    """(people served, value, what is kept: 2 for each published pair and 1 for its slot)."""
    count = len(problem.mentees)
    scale = 4 * (count + 1)
    person = scale * (30_000 * (count + 1) + 10_000 * sum(m.seats**2 for m in problem.mentors))
    flow = min_cost_flow.SimpleMinCostFlow()
    node: dict[object, int] = {}

    def at(key: object) -> int:
        return node.setdefault(key, len(node))

    def arc(tail: object, head: object, room: int, gain: int) -> None:
        flow.add_arc_with_capacity_and_unit_cost(at(tail), at(head), room, -gain)

    pinned = {pin.mentee: (pin.mentor, pin.slot) for pin in problem.pins}
    kept_pairs = {(each.mentee, each.mentor) for each in problem.published}
    kept = {(each.mentee, each.mentor, each.slot) for each in problem.published}
    for mentor in problem.mentors:
        days = {t: (t * problem.step + mentor.offset_minutes) // 1440 for t in _bits(mentor.free)}
        for t, day in days.items():
            arc((mentor.person, "slot", t), (mentor.person, "day", day), 1, 0)
        for day in set(days.values()):
            arc((mentor.person, "day", day), mentor.person, mentor.daily_cap or len(days), 0)
        for seat in range(min(mentor.seats, len(days))):
            arc(mentor.person, "end", 1, -options.seat_price * seat * scale)
        for mentee in problem.mentees:
            pin, slot = pinned.get(mentee.person, (mentor.person, None))
            pair = (mentee.person, mentor.person)
            if pin != mentor.person or pair in problem.forbids or pair in problem.excluded:
                continue
            allowed, points = score_of(mentee, mentor, options)
            if not allowed and mentee.person not in pinned:
                continue
            for t in _bits(mentee.free & mentor.free):
                if slot not in (None, t):
                    continue
                gain = points + options.keep_pair * (pair in kept_pairs)
                gain += options.keep_slot * ((*pair, t) in kept)
                gain = scale * gain + 2 * (pair in kept_pairs) + ((*pair, t) in kept)
                weight = person * (2 if mentee.person in pinned else 1)
                arc(mentee.person, (mentor.person, "slot", t), 1, weight + gain)
    for mentee in problem.mentees:
        arc(mentee.person, "end", 1, 0)
        flow.set_node_supply(at(mentee.person), 1)
    flow.set_node_supply(at("end"), -count)
    assert flow.solve() == flow.OPTIMAL
    total = -flow.optimal_cost() - person * len(pinned)
    served, rest = divmod(total, person)
    if rest > person // 2:  # seats may cost more than everybody's points together
        served, rest = served + 1, rest - person
    value, ties = divmod(rest, scale)
    return served, value, ties


def _bits(free: int) -> list[int]:
    return [t for t in range(free.bit_length()) if free >> t & 1]


def score_of(mentee: Mentee, mentor: Mentor, options: Options) -> tuple[bool, int]:
    """Whether skill, floor and language permit a pair, and its points even if they do not."""
    levels = dict(mentor.skills)
    weights = [{1: 4, 2: 2}.get(want.priority, 1) for want in mentee.wants]
    leads = [max(0, levels.get(want.skill, 0) - want.level) for want in mentee.wants]
    gained = sum(w * LEAD_TO_GAIN[lead] for w, lead in zip(weights, leads, strict=True))
    language = 0 if mentee.languages and mentor.languages else 500
    for place, spoken in reversed(list(enumerate(mentee.languages))):
        if spoken in mentor.languages:
            language = 500 if place else 1000
    points = 7500 * gained // (100 * sum(weights)) if weights else 0
    if options.time_term:
        points += 1500 * min(8, len(_bits(mentee.free & mentor.free))) // 8
    good = bool(gained) and gained >= options.floor * sum(weights) and language > 0
    return good, points + language
