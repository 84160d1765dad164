"""Refuses problems that no plan can answer, naming the person and the field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .problem import Mentee, Mentor, Options, Pin, Problem, ProblemError, day_of
from .rows import MenteeRows, MentorRows
from .week import MOST_SLOTS, pack, slots_of

Person = TypeVar("Person", Mentee, Mentor)
Bools = npt.NDArray[np.bool_]

MOST = 10_080  # seats: one for every minute of the week
MOST_WISHES = 200  # of one person: kernels sum their gain in 16 bits


def check(problem: Problem, options: Options) -> None:
    """Raises ProblemError for the first thing wrong; an empty team or no seats are fine."""
    _check_frame(problem, options)
    mentees = _ids(problem.mentees, "mentee")
    mentors = _ids(problem.mentors, "mentor")
    for both in sorted(mentees & mentors):
        raise ProblemError(both, "person_id", "is mentee and mentor in one run; choose one part")
    for mentee in _suspect_mentees(problem.mentees, problem.slots):
        _check_mentee(mentee, problem.slots)
    for mentor in _suspect_mentors(problem.mentors, problem.slots):
        _check_mentor(mentor, problem.slots)
    if problem.loads:
        _check_loads(problem, options, mentees)
    if problem.pins:
        check_pins(
            problem,
            options,
            _named(problem.mentees, {pin.mentee for pin in problem.pins}),
            _named(problem.mentors, {pin.mentor for pin in problem.pins}),
        )


def _check_loads(problem: Problem, options: Options, mentees: set[str]) -> None:
    if options.model != "project":
        raise ProblemError("", "loads", "only projects have a length; choose the project model")
    for name, load in problem.loads.items():
        if name not in mentees:
            raise ProblemError(name, "loads", "has a project length but is no mentee of this run")
        _whole(name, "loads", load, 1, 10_080)


def _whole(person: str, field: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ProblemError(
            person, field, f"must be a whole number from {low} to {high}, not {value}"
        )


def _check_frame(problem: Problem, options: Options) -> None:
    if problem.week.weekday() != 0:
        raise ProblemError("", "week", f"must be a Monday, {problem.week} is not")
    try:
        count = problem.slots
    except ValueError as error:
        raise ProblemError("", "step", str(error)) from None
    if not 0 < count <= MOST_SLOTS:
        raise ProblemError("", "step", f"gives {count} slots, at most {MOST_SLOTS} fit")
    _whole("", "minutes", problem.minutes, 20, 30)
    if problem.minutes > problem.step:
        raise ProblemError("", "step", "is shorter than a session, so slots would overlap")
    _whole("", "floor", options.floor, 0, 100)
    _whole("", "sessions", options.sessions, 1, 3)
    for name in ("seat_price", "keep_pair", "keep_slot"):
        _whole("", name, getattr(options, name), 0, 10_000)
    _whole("", "smallest_cohort", options.smallest_cohort, 2, 30)
    _whole("", "largest_cohort", options.largest_cohort, options.smallest_cohort, 30)
    if options.model not in ("speed", "cohort", "project"):
        raise ProblemError("", "model", f"{options.model!r} is none of speed, cohort, project")
    if options.sessions > 1 and options.model != "speed":
        raise ProblemError("", "sessions", f"the {options.model} model plans one seat a person")


def _ids(people: Sequence[Mentee] | Sequence[Mentor], part: str) -> set[str]:
    if isinstance(people, MenteeRows | MentorRows):
        names: Sequence[str] = people.people
        found = set(names)
        if len(found) == len(names) and "" not in found:
            return found
    else:
        names = [person.person for person in people]
    found = set()
    for name in names:
        if not isinstance(name, str) or not name:
            raise ProblemError(str(name), "person_id", f"a {part} has no id")
        if name in found:
            raise ProblemError(name, "person_id", f"is there twice as {part}")
        found.add(name)
    return found


def _named(people: Sequence[Person], names: set[str]) -> dict[str, Person]:
    """The people of those names, as far as they are there."""
    if isinstance(people, MenteeRows | MentorRows):
        places = [at for at, name in enumerate(people.people) if name in names]
        return {people.people[at]: people[at] for at in places}
    return {person.person: person for person in people if person.person in names}


def _suspect_mentees(people: Sequence[Mentee], slots: int) -> Iterable[Mentee]:
    """Whom to look at closely: of rows only those whose numbers are off, else everybody."""
    if not isinstance(people, MenteeRows):
        return people
    wish = _twice(people.want_from, people.want_skill, len(people.skills))
    wish |= (people.want_priority < 1) | (people.want_priority > 1000)
    wish |= (people.want_level < 0) | (people.want_level > 5)
    row = _owners(people.want_from, wish) | _beyond(people.week, slots)
    row |= np.diff(people.want_from) > MOST_WISHES
    return (people[at] for at in np.flatnonzero(row).tolist())


def _suspect_mentors(people: Sequence[Mentor], slots: int) -> Iterable[Mentor]:
    if not isinstance(people, MentorRows):
        return people
    offer = _twice(people.skill_from, people.skill, len(people.skills))
    offer |= (people.level < 1) | (people.level > 5)
    row = _owners(people.skill_from, offer) | _beyond(people.week, slots)
    row |= (people.seats < 0) | (people.seats > MOST)
    row |= (people.daily_cap < 0) | (people.daily_cap > MOST)
    row |= np.abs(people.offset_minutes) > 1440
    return (people[at] for at in np.flatnonzero(row).tolist())


def _twice(bounds: npt.NDArray[np.int64], skill: npt.NDArray[np.int32], skills: int) -> Bools:
    """(entries,) whether another entry of the same person names the same skill."""
    owner = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    key = owner * skills + skill
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(key[order[1:]] == key[order[:-1]])
    found = np.zeros(len(skill), np.bool_)
    found[order[same]] = True
    return found


def _owners(bounds: npt.NDArray[np.int64], entries: Bools) -> Bools:
    """(people,) whether one of the person's entries is marked."""
    found = np.zeros(len(bounds) - 1, np.bool_)
    found[np.searchsorted(bounds, np.flatnonzero(entries), side="right") - 1] = True
    return found


def _beyond(week: npt.NDArray[np.uint64], slots: int) -> Bools:
    found: Bools = np.any(week & ~pack([(1 << slots) - 1]), axis=1)
    return found


def _check_free(person: str, free: object, slots: int) -> None:
    if not isinstance(free, int) or isinstance(free, bool) or free < 0 or free >> slots:
        raise ProblemError(person, "free", f"is not a week of {slots} bits")


def _check_mentee(mentee: Mentee, slots: int) -> None:
    if len(mentee.wants) > MOST_WISHES:
        raise ProblemError(
            mentee.person, "wants", f"lists {len(mentee.wants)} skills; keep at most {MOST_WISHES}"
        )
    seen: set[str] = set()
    for want in mentee.wants:
        if want.skill in seen:
            raise ProblemError(mentee.person, "wants", f"lists {want.skill} twice")
        seen.add(want.skill)
        _whole(mentee.person, f"wants, priority of {want.skill}", want.priority, 1, 1000)
        _whole(mentee.person, f"wants, own level of {want.skill}", want.level, 0, 5)
    _check_free(mentee.person, mentee.free, slots)


def _check_mentor(mentor: Mentor, slots: int) -> None:
    seen: set[str] = set()
    for skill, level in mentor.skills:
        if skill in seen:
            raise ProblemError(mentor.person, "skills", f"lists {skill} twice")
        seen.add(skill)
        _whole(mentor.person, f"skills, level of {skill}", level, 1, 5)
    _whole(mentor.person, "seats", mentor.seats, 0, MOST)
    _whole(mentor.person, "daily_cap", mentor.daily_cap, 0, MOST)
    _whole(mentor.person, "offset_minutes", mentor.offset_minutes, -1440, 1440)
    _check_free(mentor.person, mentor.free, slots)


def check_pins(
    problem: Problem, options: Options, mentees: dict[str, Mentee], mentors: dict[str, Mentor]
) -> None:
    """Raises ProblemError where pins contradict each other, a ban, the seats or the hours."""
    by_mentor: dict[str, list[Pin]] = defaultdict(list)
    pinned: dict[str, Pin] = {}
    for pin in problem.pins:
        if pin.mentee not in mentees:
            raise ProblemError(pin.mentee, "pins", "is pinned but is no mentee of this run")
        if pin.mentor not in mentors:
            raise ProblemError(pin.mentor, "pins", "is pinned but is no mentor of this run")
        if pin.mentee in pinned and pinned[pin.mentee] != pin:
            raise ProblemError(pin.mentee, "pins", "is pinned twice; keep one of the two")
        if pin.mentee in pinned:
            continue
        pinned[pin.mentee] = pin
        pair = (pin.mentee, pin.mentor)
        if pair in problem.forbids:
            raise ProblemError(
                pin.mentee, "pins", f"is pinned to {pin.mentor} and ruled out with the same person"
            )
        if pair in problem.excluded:
            raise ProblemError(
                pin.mentee, "pins", f"is pinned to {pin.mentor}, but the pair is not available"
            )
        common = mentees[pin.mentee].free & mentors[pin.mentor].free
        if pin.slot is not None and (pin.slot < 0 or not common >> pin.slot & 1):
            raise ProblemError(
                pin.mentee, "pins", f"and {pin.mentor} are not both free at slot {pin.slot}"
            )
        if not common:
            raise ProblemError(pin.mentee, "pins", f"has no common time with {pin.mentor}")
        by_mentor[pin.mentor].append(pin)
    if options.model == "cohort":
        return
    for name, pins in sorted(by_mentor.items()):
        _check_pins_of(problem, mentors[name], pins, mentees)


def _check_pins_of(
    problem: Problem, mentor: Mentor, pins: list[Pin], mentees: dict[str, Mentee]
) -> None:
    if len(pins) > mentor.seats:
        raise ProblemError(mentor.person, "pins", f"has {len(pins)} pins and {mentor.seats} seats")
    choices = {
        pin.mentee: [pin.slot]
        if pin.slot is not None
        else list(slots_of(mentees[pin.mentee].free & mentor.free))
        for pin in pins
    }
    if not _fit(choices, mentor, problem.step):
        raise ProblemError(
            mentor.person, "pins", f"the {len(pins)} people pinned here do not fit into its times"
        )


def _fit(choices: dict[str, list[int]], mentor: Mentor, step: int) -> bool:
    """Whether everybody gets a slot of their own under the daily cap: augmenting paths."""
    cap = mentor.daily_cap or len(choices)
    holder: dict[int, str] = {}

    def on_day(slot: int) -> list[int]:
        return [
            other for other in holder if day_of(mentor, other, step) == day_of(mentor, slot, step)
        ]

    def path(person: str, seen: set[int]) -> list[tuple[str, int]] | None:
        """Moves that end in a free slot on a day with room, the last one first."""
        for slot in choices[person]:
            if slot in seen:
                continue
            seen.add(slot)
            taken = holder.get(slot)
            if taken is None and len(on_day(slot)) < cap:
                return [(person, slot)]
            for left in [slot] if taken is not None else on_day(slot):
                seen.add(left)
                rest = path(holder[left], seen)
                if rest is not None:
                    return [*rest, (person, slot)]
        return None

    for person in choices:
        moves = path(person, set())
        if moves is None:
            return False
        moved = {who for who, _ in moves}
        holder = {slot: who for slot, who in holder.items() if who not in moved}
        holder |= {slot: who for who, slot in moves}
    return True
