"""The small-group rule: what may be shown without telling about single people."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from typing import TypeVar

OUTCOME_PEOPLE = 10
PROCESS_PEOPLE = 5

Name = TypeVar("Name", bound=Hashable)
Group = Set[Hashable]


def may_show(people: int, *, least: int = OUTCOME_PEOPLE) -> bool:
    """Whether a group of this size may show its figure; follow-up counts need not ask."""
    return people >= least


def shown_groups(
    groups: Mapping[Name, Group],
    *,
    least: int = OUTCOME_PEOPLE,
    published: Iterable[Group] = (),
) -> frozenset[Name]:
    """Return the names of the groups that may show the same figure side by side.

    Groups are taken in the order given, so put first what matters most. One is refused where it
    has fewer than `least` people, or where taking groups already shown (or already `published`)
    from one that holds them all would leave 1 to `least` - 1 people.
    """
    shown: list[Group] = list(published)
    names: set[Name] = set()
    for name, group in groups.items():
        if len(group) >= least and not _tells(group, shown, least):
            shown.append(group)
            names.add(name)
    return frozenset(names)


def _tells(group: Group, shown: Sequence[Group], least: int) -> bool:
    """Whether some whole minus some of its parts leaves a small rest, once `group` is shown."""
    every = [*shown, group]
    return any(
        0 < rest < least
        for place, whole in enumerate(every)
        for rest in _rests(
            whole, [part for other, part in enumerate(every) if other != place and part <= whole]
        )
    )


def _rests(whole: Group, parts: Sequence[Group]) -> Iterator[int]:
    """Sizes of what is left of `whole` after taking every choice of parts that do not overlap."""
    for place, part in enumerate(parts):
        left = whole - part
        yield len(left)
        yield from _rests(left, [other for other in parts[place + 1 :] if other <= left])


def shown_parts(sizes: Mapping[Name, int], *, least: int = OUTCOME_PEOPLE) -> frozenset[Name]:
    """Return the names of parts that may show a figure beside the whole that they make up.

    `sizes`: people of each part; nobody is in two. A part under `least` is hidden; where the
    hidden ones together are fewer than `least` people, the whole minus the others would tell of
    them, so the smallest part that is left is hidden as well, and so on.
    """
    return shown_beside_whole(sizes, sizes, outside=0, least=least)


def shown_beside_whole(
    sizes: Mapping[Name, int],
    only: Mapping[Name, int],
    *,
    outside: int,
    least: int = OUTCOME_PEOPLE,
) -> frozenset[Name]:
    """Return the names of groups that may show a figure beside a whole, though they overlap.

    `sizes`: people of each group; `only`: those of the whole who are in no other group; `outside`:
    those of the whole who are in none. Once the shown groups are taken away, at least `outside`
    and the `only` of the hidden ones are left: nobody, or `least` and more.
    """
    shown = {name for name, people in sizes.items() if people >= least}
    hidden = {name for name, people in sizes.items() if 0 < people < least}
    while shown and (hidden or outside):
        rest = outside + sum(only.get(name, 0) for name in hidden)
        if rest >= least:
            break
        smallest = min(shown, key=lambda name: (sizes[name], str(name)))
        shown.remove(smallest)
        hidden.add(smallest)
    return frozenset(shown)
