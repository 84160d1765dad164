"""People as arrays, so that a million of them need no million Python objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import eq
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

from .excluded import CODES, ExcludedRows, excluded_rows
from .problem import Mentee, Mentor, Problem, Want
from .vocabulary import masks_of, moved, moved_masks, names_of, union, words_for
from .week import WORDS, pack, unpack

__all__ = ["CODES", "ExcludedRows", "MenteeRows", "MentorRows", "excluded_rows", "rows_of", "take"]

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]
Small = npt.NDArray[np.int8]

BLOCK: Final = 4096  # rows turned into objects at a time, when all are asked for


@dataclass(frozen=True, slots=True, eq=False)
class MenteeRows(Sequence[Mentee]):
    """N mentees as read-only arrays; a `Mentee` is built when it is asked for.

    `week` (N, 8). Wishes of row i, in the order of `Mentee.wants`: places `want_from[i]` to
    `want_from[i + 1]` of the `want_` arrays, skills as places in `skills`. `speaks` (N, L): bit b
    of word w is language 64·w + b, no bit: no language given. `first_language` (N,), -1 none.
    Raises ValueError for arrays that do not fit together.
    """

    people: tuple[str, ...]
    week: Words
    want_from: Places
    want_skill: Indices
    want_priority: npt.NDArray[np.int16]
    want_level: Small
    speaks: Words
    first_language: Indices
    skills: tuple[str, ...]
    languages: tuple[str, ...]

    def __post_init__(self) -> None:
        count, wishes = len(self.people), len(self.want_skill)
        _freeze(self, "week", np.uint64, (count, WORDS))
        _freeze(self, "want_from", np.int64, (count + 1,))
        _freeze(self, "want_skill", np.int32, (wishes,))
        _freeze(self, "want_priority", np.int16, (wishes,))
        _freeze(self, "want_level", np.int8, (wishes,))
        _freeze(self, "speaks", np.uint64, (count, words_for(self.languages)))
        _freeze(self, "first_language", np.int32, (count,))
        _within("want", self.want_from, self.want_skill, self.skills)
        first = self.first_language
        _require(bool(np.all(first < len(self.languages))), "first_language: unknown language")
        named = self.speaks.any(axis=1)
        _require(np.array_equal(named, first >= 0), "first_language: must be one of those spoken")
        at = np.flatnonzero(named)
        spoken = self.speaks[at, first[at] // 64] >> (first[at] % 64).astype(np.uint64)
        _require(bool(np.all(spoken & np.uint64(1))), "first_language: must be one of those spoken")

    def __len__(self) -> int:
        return len(self.people)

    def __iter__(self) -> Iterator[Mentee]:
        for begin in range(0, len(self), BLOCK):
            yield from self._built(begin, min(begin + BLOCK, len(self)))

    @overload
    def __getitem__(self, at: int) -> Mentee: ...
    @overload
    def __getitem__(self, at: slice) -> MenteeRows: ...
    def __getitem__(self, at: int | slice) -> Mentee | MenteeRows:
        if isinstance(at, slice):
            return take(self, np.arange(len(self))[at])
        at = _place(at, len(self))
        return self._built(at, at + 1)[0]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MenteeRows):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    def _built(self, begin: int, end: int) -> list[Mentee]:
        bounds = self.want_from[begin : end + 1].tolist()
        part = slice(bounds[0], bounds[-1])
        wants = [
            Want(self.skills[skill], priority, level)
            for skill, priority, level in zip(
                self.want_skill[part].tolist(),
                self.want_priority[part].tolist(),
                self.want_level[part].tolist(),
                strict=True,
            )
        ]
        spoken = names_of(self.speaks[begin:end], self.languages)
        first = self.first_language[begin:end].tolist()
        return [
            Mentee(
                person=person,
                wants=tuple(wants[low - bounds[0] : high - bounds[0]]),
                free=free,
                languages=_first(self.languages[one], known) if one >= 0 else (),
            )
            for person, low, high, free, known, one in zip(
                self.people[begin:end],
                bounds[:-1],
                bounds[1:],
                unpack(self.week[begin:end]),
                spoken,
                first,
                strict=True,
            )
        ]


@dataclass(frozen=True, slots=True, eq=False)
class MentorRows(Sequence[Mentor]):
    """M mentors as read-only arrays; a `Mentor` is built when it is asked for.

    `week` (M, 8), `skill_from` (M + 1,), `skill` and `level` flat in the order of
    `Mentor.skills`, `speaks` as for mentees, `seats`, `daily_cap` and `offset_minutes` (M,).
    Raises ValueError for arrays that do not fit together.
    """

    people: tuple[str, ...]
    week: Words
    skill_from: Places
    skill: Indices
    level: Small
    speaks: Words
    seats: Indices
    daily_cap: Indices
    offset_minutes: Indices
    skills: tuple[str, ...]
    languages: tuple[str, ...]

    def __post_init__(self) -> None:
        count, offers = len(self.people), len(self.skill)
        _freeze(self, "week", np.uint64, (count, WORDS))
        _freeze(self, "skill_from", np.int64, (count + 1,))
        _freeze(self, "skill", np.int32, (offers,))
        _freeze(self, "level", np.int8, (offers,))
        _freeze(self, "speaks", np.uint64, (count, words_for(self.languages)))
        for name in ("seats", "daily_cap", "offset_minutes"):
            _freeze(self, name, np.int32, (count,))
        _within("skill", self.skill_from, self.skill, self.skills)

    def __len__(self) -> int:
        return len(self.people)

    def __iter__(self) -> Iterator[Mentor]:
        for begin in range(0, len(self), BLOCK):
            yield from self._built(begin, min(begin + BLOCK, len(self)))

    @overload
    def __getitem__(self, at: int) -> Mentor: ...
    @overload
    def __getitem__(self, at: slice) -> MentorRows: ...
    def __getitem__(self, at: int | slice) -> Mentor | MentorRows:
        if isinstance(at, slice):
            return take(self, np.arange(len(self))[at])
        at = _place(at, len(self))
        return self._built(at, at + 1)[0]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MentorRows):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    def _built(self, begin: int, end: int) -> list[Mentor]:
        bounds = self.skill_from[begin : end + 1].tolist()
        part = slice(bounds[0], bounds[-1])
        offers = [
            (self.skills[skill], level)
            for skill, level in zip(
                self.skill[part].tolist(), self.level[part].tolist(), strict=True
            )
        ]
        return [
            Mentor(
                person=person,
                skills=tuple(offers[low - bounds[0] : high - bounds[0]]),
                seats=seats,
                free=free,
                languages=known,
                daily_cap=cap,
                offset_minutes=offset,
            )
            for person, low, high, free, known, seats, cap, offset in zip(
                self.people[begin:end],
                bounds[:-1],
                bounds[1:],
                unpack(self.week[begin:end]),
                names_of(self.speaks[begin:end], self.languages),
                self.seats[begin:end].tolist(),
                self.daily_cap[begin:end].tolist(),
                self.offset_minutes[begin:end].tolist(),
                strict=True,
            )
        ]


def rows_of(problem: Problem) -> tuple[MenteeRows, MentorRows]:
    """Both sides of a checked problem as rows over the same two vocabularies, in their order.

    Rows that already share them come back as they are. Skills that nobody offers stay in the
    vocabulary: they count in the weight of a wish list.
    """
    mentees = problem.mentees
    mentors = problem.mentors
    asking = mentees if isinstance(mentees, MenteeRows) else _mentee_rows(mentees)
    giving = mentors if isinstance(mentors, MentorRows) else _mentor_rows(mentors)
    if asking.skills is giving.skills and asking.languages is giving.languages:
        return asking, giving
    skills = union(asking.skills, giving.skills)
    languages = union(asking.languages, giving.languages)
    to_skill, to_language = moved(asking.skills, skills), moved(asking.languages, languages)
    first = asking.first_language
    asking = replace(
        asking,
        skills=skills,
        languages=languages,
        want_skill=to_skill[asking.want_skill],
        speaks=moved_masks(asking.speaks, to_language, words_for(languages)),
        first_language=np.where(first < 0, -1, np.append(to_language, -1)[first]),
    )
    giving = replace(
        giving,
        skills=skills,
        languages=languages,
        skill=moved(giving.skills, skills)[giving.skill],
        speaks=moved_masks(giving.speaks, moved(giving.languages, languages), words_for(languages)),
    )
    return asking, giving


@overload
def take(rows: MenteeRows, order: npt.NDArray[np.integer[Any]]) -> MenteeRows: ...
@overload
def take(rows: MentorRows, order: npt.NDArray[np.integer[Any]]) -> MentorRows: ...
def take(
    rows: MenteeRows | MentorRows, order: npt.NDArray[np.integer[Any]]
) -> MenteeRows | MentorRows:
    """The rows at the places in `order`, in that order; a place may be left out."""
    people = tuple(map(rows.people.__getitem__, order.tolist()))
    if isinstance(rows, MenteeRows):
        want_from, wish = _gather(rows.want_from, order)
        return replace(
            rows,
            people=people,
            week=rows.week[order],
            want_from=want_from,
            want_skill=rows.want_skill[wish],
            want_priority=rows.want_priority[wish],
            want_level=rows.want_level[wish],
            speaks=rows.speaks[order],
            first_language=rows.first_language[order],
        )
    skill_from, offer = _gather(rows.skill_from, order)
    return replace(
        rows,
        people=people,
        week=rows.week[order],
        skill_from=skill_from,
        skill=rows.skill[offer],
        level=rows.level[offer],
        speaks=rows.speaks[order],
        seats=rows.seats[order],
        daily_cap=rows.daily_cap[order],
        offset_minutes=rows.offset_minutes[order],
    )


def _mentee_rows(people: Sequence[Mentee]) -> MenteeRows:
    wants = list(chain.from_iterable(who.wants for who in people))
    skills, skill = _numbered(want.skill for want in wants)
    languages, speaks, first = masks_of([who.languages for who in people])
    return MenteeRows(
        people=tuple(who.person for who in people),
        week=pack([who.free for who in people]),
        want_from=_bounds(len(who.wants) for who in people),
        want_skill=skill,
        want_priority=np.array([want.priority for want in wants], np.int16),
        want_level=np.array([want.level for want in wants], np.int8),
        speaks=speaks,
        first_language=first,
        skills=skills,
        languages=languages,
    )


def _mentor_rows(people: Sequence[Mentor]) -> MentorRows:
    offers = list(chain.from_iterable(who.skills for who in people))
    skills, skill = _numbered(name for name, _ in offers)
    languages, speaks, _ = masks_of([who.languages for who in people])
    return MentorRows(
        people=tuple(who.person for who in people),
        week=pack([who.free for who in people]),
        skill_from=_bounds(len(who.skills) for who in people),
        skill=skill,
        level=np.array([level for _, level in offers], np.int8),
        speaks=speaks,
        seats=np.array([who.seats for who in people], np.int32),
        daily_cap=np.array([who.daily_cap for who in people], np.int32),
        offset_minutes=np.array([who.offset_minutes for who in people], np.int32),
        skills=skills,
        languages=languages,
    )


def _numbered(names: Iterable[str]) -> tuple[tuple[str, ...], Indices]:
    known: dict[str, int] = {}
    places = [known.setdefault(name, len(known)) for name in names]
    return tuple(known), np.array(places, np.int32)


def _bounds(lengths: Iterable[int]) -> Places:
    counted = np.fromiter(lengths, np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counted)])


def _gather(bounds: Places, order: npt.NDArray[np.integer[Any]]) -> tuple[Places, Places]:
    """The bounds of reordered lists, and for each of their entries its old place."""
    lengths = np.diff(bounds)[order]
    fresh = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return fresh, np.repeat(bounds[:-1][order] - fresh[:-1], lengths) + np.arange(fresh[-1])


def _first(language: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return (language, *(other for other in known if other != language))


def _place(at: int, count: int) -> int:
    if not -count <= at < count:
        raise IndexError(at)
    return at % count


def _freeze(rows: object, name: str, kind: type[np.generic], shape: tuple[int, ...]) -> None:
    array = np.asarray(getattr(rows, name))
    array = np.ascontiguousarray(array.astype(kind, casting="same_kind", copy=False)).view()
    _require(array.shape == shape, f"{name}: has shape {array.shape}, not {shape}")
    array.flags.writeable = False
    object.__setattr__(rows, name, array)


def _within(name: str, bounds: Places, places: Indices, names: Sequence[str]) -> None:
    ascending = bounds[0] == 0 and bounds[-1] == len(places) and np.all(np.diff(bounds) >= 0)
    _require(bool(ascending), f"{name}_from: must ascend from 0 to {len(places)}")
    known = len(places) == 0 or (places.min() >= 0 and places.max() < len(names))
    _require(bool(known), f"{name}: a place without a skill")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)
