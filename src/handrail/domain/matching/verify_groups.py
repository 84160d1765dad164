"""Checks groups and their proof from the people alone; shares no code with the solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .plan import Plan, Prices
from .problem import Mentor
from .verify_rules import Case, Fault, Meeting, day_at, may_meet, points_of, starts_of


def faults_of_groups(case: Case, pairs: list[Meeting]) -> Iterator[Fault]:
    """Groups that are too small or too large, or more of them than their mentor can lead."""
    sizes = Counter((pair.mentor, pair.slot) for pair in pairs)
    low, high = case.options.smallest_cohort, case.options.largest_cohort
    for (name, slot), size in sizes.items():
        if not low <= size <= high:
            yield Fault(
                "group_size", name, f"has {size} people at slot {slot}, not {low} to {high}"
            )
    for name, count in Counter(name for name, _ in sizes).items():
        seats = case.mentors[name].seats
        if count > seats:
            yield Fault("seats", name, f"leads {count} groups and has {seats} seats")
    days = Counter((name, day_at(case, case.mentors[name], slot)) for name, slot in sizes)
    for (name, day), count in days.items():
        if 0 < case.mentors[name].daily_cap < count:
            yield Fault("daily_cap", name, f"leads {count} groups on day {day}")


def faults_of_group_proof(case: Case, plan: Plan, pairs: list[Meeting]) -> Iterator[Fault]:
    """What the certificate says and the people, the plan and the prices do not bear out."""
    said = plan.certificate
    served = len(pairs)
    fit = sum(pair.score for pair in pairs)
    value = fit + sum(_bonus(case, pair.mentee, pair.mentor) for pair in pairs)
    if plan.fit_prices is None:
        yield Fault("prices", "", "there are no prices for the fit of groups")
        return
    faults = [*_faults_of_prices(case, plan.prices), *_faults_of_prices(case, plan.fit_prices)]
    if plan.prices.person <= len(case.mentees) * (10_000 + case.options.keep_pair):
        faults.append(Fault("prices", "", "a person weighs less than all points together"))
    if faults:
        yield from faults
        return
    most = min(len(case.mentees), _most_by_prices(case, plan.prices) // plan.prices.person)
    facts = {
        "served": served,
        "sessions": served,
        "fit": fit,
        "value": value,
        "served_bound": most,
        "sessions_bound": most,
        "bound": _most_by_prices(case, plan.fit_prices) - plan.fit_prices.person * served,
    }
    for name, fact in facts.items():
        if getattr(said, name) != fact:
            yield Fault(name, "", f"the certificate says {getattr(said, name)}, it is {fact}")
    if (said.week, said.seed) != (case.problem.week, plan.seed):
        yield Fault("week", "", "the certificate is for another week or seed")


def _bonus(case: Case, mentee: str, mentor: str) -> int:
    return case.options.keep_pair if (mentee, mentor) in case.kept_pairs else 0


def _faults_of_prices(case: Case, prices: Prices) -> Iterator[Fault]:
    if prices.mentor or prices.day or prices.slot:
        yield Fault("prices", "", "groups are priced by their people, not by mentors or slots")
    for name, price in prices.mentee.items():
        if name not in case.mentees:
            yield Fault("prices", name, "has a price and is no mentee of the problem")
        if price < 0:
            yield Fault("prices", name, "has a price below zero")


def _most_by_prices(case: Case, prices: Prices) -> int:
    """What no set of groups exceeds: the people at their prices, and each mentor's best groups."""
    total = sum(prices.mentee.values())
    for mentor in case.mentors.values():
        groups = sorted(_best_groups(case, prices, mentor), reverse=True)
        total += sum(groups[: mentor.seats])
    return total


def _best_groups(case: Case, prices: Prices, mentor: Mentor) -> Iterator[int]:
    """What the best group at each of a mentor's slots leaves after prices, where that is a gain."""
    coming: dict[int, list[int]] = {slot: [] for slot in starts_of(mentor.free)}
    for mentee in case.mentees.values():
        pin = case.pinned.get(mentee.person)
        if (pin and pin[0] != mentor.person) or not may_meet(case, mentee, mentor):
            continue
        left = prices.person + points_of(case, mentee, mentor)
        left += _bonus(case, mentee.person, mentor.person)
        left -= prices.mentee.get(mentee.person, 0)
        for slot in starts_of(mentee.free & mentor.free):
            if pin is None or pin[1] in (None, slot):
                coming[slot].append(left)
    for lefts in coming.values():
        if len(lefts) >= case.options.smallest_cohort:
            lefts.sort(reverse=True)
            must = sum(lefts[: case.options.smallest_cohort])
            may = lefts[case.options.smallest_cohort : case.options.largest_cohort]
            yield max(0, must + sum(left for left in may if left > 0))
