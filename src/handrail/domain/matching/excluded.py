"""Pairs that are ruled out, as arrays: a million of them as one mapping."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from .problem import Code

Places = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]

CODES: Final[tuple[Code, ...]] = ("reporting_line", "not_with", "recent", "conflict")


@dataclass(frozen=True, eq=False)
class ExcludedRows(Mapping[tuple[str, str], Code]):
    """Pairs ruled out, as arrays: places in `mentees` and in `mentors`, and a place in CODES.

    The pairs ascend by (mentee, mentor) and none is there twice; `excluded_rows` makes them so.
    """

    mentees: tuple[str, ...]
    mentors: tuple[str, ...]
    mentee: Indices
    mentor: Indices
    code: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.mentee)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for at, to in zip(self.mentee.tolist(), self.mentor.tolist(), strict=True):
            yield self.mentees[at], self.mentors[to]

    def __getitem__(self, pair: tuple[str, str]) -> Code:
        at, to = self._mentee_at.get(pair[0]), self._mentor_at.get(pair[1])
        if at is None or to is None:
            raise KeyError(pair)
        key = at * len(self.mentors) + to
        place = int(np.searchsorted(self._keys, key))
        if place == len(self) or int(self._keys[place]) != key:
            raise KeyError(pair)
        return CODES[int(self.code[place])]

    def items(self) -> ItemsView[tuple[str, str], Code]:
        """Pairs with their codes, without looking each of them up."""
        return _Items(self)

    @cached_property
    def _keys(self) -> Places:
        return self.mentee.astype(np.int64) * len(self.mentors) + self.mentor

    @cached_property
    def _mentee_at(self) -> dict[str, int]:
        return {person: at for at, person in enumerate(self.mentees)}

    @cached_property
    def _mentor_at(self) -> dict[str, int]:
        return {person: at for at, person in enumerate(self.mentors)}


class _Items(ItemsView[tuple[str, str], Code]):
    _mapping: ExcludedRows

    def __iter__(self) -> Iterator[tuple[tuple[str, str], Code]]:
        codes = (CODES[code] for code in self._mapping.code.tolist())
        return zip(self._mapping, codes, strict=True)


def excluded_rows(
    excluded: Mapping[tuple[str, str], Code], mentees: tuple[str, ...], mentors: tuple[str, ...]
) -> ExcludedRows:
    """The pairs of a mapping that are a mentee and a mentor of this run, as arrays."""
    if (
        isinstance(excluded, ExcludedRows)
        and excluded.mentees is mentees
        and excluded.mentors is mentors
    ):
        return excluded
    mentee_at = {person: at for at, person in enumerate(mentees)}
    mentor_at = {person: at for at, person in enumerate(mentors)}
    known = [
        (mentee_at[mentee], mentor_at[mentor], CODES.index(code))
        for (mentee, mentor), code in excluded.items()
        if mentee in mentee_at and mentor in mentor_at
    ]
    table = np.array(sorted(known), np.int64).reshape(len(known), 3)
    return ExcludedRows(
        mentees,
        mentors,
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int32),
        table[:, 2].astype(np.int8),
    )
