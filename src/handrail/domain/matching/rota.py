"""Office hours: who holds which turn of a rotation, as evenly as availability permits.

A flow from turns to mentors with a convex cost a turn: each turn is given along the path that ends
at the mentor with the fewest, moving turns between others on the way. Loads are then even in the
strongest sense: no one can have fewer without somebody as loaded having more (Harvey, Ladner,
Lovász and Tamir, Semi-matchings for bipartite graphs and load balancing, 2006).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from .plan import Reason
from .problem import ProblemError
from .residual import Node, Residual
from .tables import lot


@dataclass(frozen=True, slots=True)
class Turn:
    """One meeting of a rotation; turns with the same `slot` are at the same time."""

    turn: str
    slot: int
    week: int = 0


@dataclass(frozen=True, slots=True)
class Host:
    """A mentor of the rota: when free, the account so far, and limits (None: none).

    `account` counts turns held beyond a fair share, below zero turns owed; None for a newcomer,
    who starts at the median. `most` turns in the rotation, `a_week` in each of its weeks.
    """

    person: str
    free: frozenset[str]
    account: int | None = 0
    most: int | None = None
    a_week: int | None = None


@dataclass(frozen=True, slots=True)
class HeldTurn:
    """A turn, who holds it (None: nobody can), and why."""

    turn: str
    host: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Rota:
    """All turns by time, each mentor's level (account and turns), and what keeps them apart.

    `uneven` is empty where levels differ by at most one; otherwise it holds the Hall sets that
    prove that no other rota is more even.
    """

    turns: tuple[HeldTurn, ...]
    levels: Mapping[str, int]
    uneven: tuple[Reason, ...]

    @property
    def accounts(self) -> dict[str, int]:
        """What each mentor starts the next rotation with: the level, less the median's."""
        middle = median_low(self.levels.values()) if self.levels else 0
        return {person: level - middle for person, level in self.levels.items()}

    def host_of(self, turn: str) -> str | None:
        """Who holds a turn; KeyError for a turn that is not of this rotation."""
        return {each.turn: each.host for each in self.turns}[turn]


def plan_rota(turns: Sequence[Turn], hosts: Sequence[Host], *, seed: int) -> Rota:
    """As many turns held as can be, earlier ones first, then levels as even as can be.

    Ties go by a hash of the seed and the ids, so the order of rows does not matter. Raises
    ProblemError for a repeated id, a turn nobody knows, or a limit below zero.
    """
    _check(turns, hosts)
    in_time = sorted(turns, key=lambda each: (each.slot, each.turn))
    drawn = sorted(hosts, key=lambda each: (lot(seed, each.person), each.person))
    start = accounts_of(hosts)
    flow, limits = _network(in_time, drawn, seed)
    levels = dict(start)
    for turn in in_time:
        reached = flow.forward(("turn", turn.turn))
        ends = [
            host.person
            for host in drawn
            if ("host", host.person) in reached
            and levels[host.person] - start[host.person] < limits[host.person]
        ]
        if ends:
            person = min(ends, key=lambda each: (levels[each], lot(seed, turn.turn, each)))
            flow.augment(reached, ("host", person))
            levels[person] += 1
    held = {
        turn.turn: next(
            (
                host.person
                for host in drawn
                if flow.carries(("turn", turn.turn), ("slot", host.person, turn.slot))
            ),
            None,
        )
        for turn in in_time
    }
    return Rota(
        turns=tuple(
            HeldTurn(turn.turn, held[turn.turn], _reasons(turn, held, in_time, drawn, levels))
            for turn in in_time
        ),
        levels=levels,
        uneven=_uneven(flow, drawn, start, levels, limits),
    )


def move_on(
    rota: Rota, turns: Sequence[Turn], hosts: Sequence[Host], turn: str, *, seed: int
) -> Rota:
    """The rota with one turn moved on from a mentor who is absent; all other turns stay.

    The turn goes to whoever can take it and has the fewest; the absent mentor owes it, also where
    nobody can. Raises ProblemError for a turn that nobody holds.
    """
    _check(turns, hosts)
    held = {each.turn: each.host for each in rota.turns}
    absent = held.get(turn)
    if absent is None:
        raise ProblemError(turn, "turn", "is held by nobody, so it cannot move on")
    moved = next(each for each in turns if each.turn == turn)
    levels = dict(rota.levels)
    levels[absent] -= 1
    held[turn] = None
    able = [
        host
        for host in hosts
        if host.person != absent and turn in host.free and _can(host, moved, held, turns)
    ]
    reason = Reason("nobody_takes_over", {"absent": absent})
    if able:
        chosen = min(able, key=lambda each: (levels[each.person], lot(seed, turn, each.person)))
        held[turn] = chosen.person
        levels[chosen.person] += 1
        reason = Reason("moved_on", {"absent": absent})
    return replace(
        rota,
        turns=tuple(
            HeldTurn(turn, held[turn], (reason,)) if each.turn == turn else each
            for each in rota.turns
        ),
        levels=levels,
    )


def accounts_of(hosts: Sequence[Host]) -> dict[str, int]:
    """Each mentor's account at the start, newcomers at the lower median of the others."""
    known = [host.account for host in hosts if host.account is not None]
    middle = median_low(known) if known else 0
    return {
        host.person: middle if host.account is None else host.account
        for host in sorted(hosts, key=lambda each: each.person)
    }


def _check(turns: Sequence[Turn], hosts: Sequence[Host]) -> None:
    for name, count in Counter(each.turn for each in turns).items():
        if count > 1:
            raise ProblemError(name, "turn", "is there twice")
    for name, count in Counter(each.person for each in hosts).items():
        if count > 1:
            raise ProblemError(name, "person_id", "is there twice as host")
    weeks = {each.slot: each.week for each in turns}
    for each in turns:
        if weeks[each.slot] != each.week:
            raise ProblemError(each.turn, "week", "differs from that of a turn at the same time")
    known = {each.turn for each in turns}
    for host in hosts:
        if not host.person:
            raise ProblemError("", "person_id", "a host has no id")
        for turn in sorted(host.free - known):
            raise ProblemError(host.person, "free", f"names {turn}, which is no turn of the rota")
        for name in ("most", "a_week"):
            limit = getattr(host, name)
            if limit is not None and limit < 0:
                raise ProblemError(host.person, name, f"must be 0 or more, not {limit}")


def _network(
    turns: Sequence[Turn], hosts: Sequence[Host], seed: int
) -> tuple[Residual, dict[str, int]]:
    """Turns → a mentor's slot → the mentor's week → the mentor; and each mentor's limit."""
    flow = Residual()
    for turn in turns:
        takers = [host for host in hosts if turn.turn in host.free]
        for host in sorted(takers, key=lambda each: lot(seed, turn.turn, each.person)):
            slot = ("slot", host.person, turn.slot)
            week = ("week", host.person, turn.week)
            flow.arc(("turn", turn.turn), slot, 1)
            flow.arc(slot, week, 1)
            flow.arc(week, ("host", host.person), _limit(host.a_week, turns))
    return flow, {host.person: _limit(host.most, turns) for host in hosts}


def _limit(limit: int | None, turns: Sequence[Turn]) -> int:
    return len(turns) if limit is None else limit


def _can(host: Host, turn: Turn, held: Mapping[str, str | None], turns: Sequence[Turn]) -> bool:
    """Whether a mentor's other turns leave room for this one, free or not."""
    others = [each for each in turns if held[each.turn] == host.person and each != turn]
    if host.most is not None and len(others) >= host.most:
        return False
    if any(each.slot == turn.slot for each in others):
        return False
    in_week = sum(each.week == turn.week for each in others)
    return host.a_week is None or in_week < host.a_week


def _reasons(
    turn: Turn,
    held: Mapping[str, str | None],
    turns: Sequence[Turn],
    hosts: Sequence[Host],
    levels: Mapping[str, int],
) -> tuple[Reason, ...]:
    free = [host for host in hosts if turn.turn in host.free]
    holder = held[turn.turn]
    if holder is None:
        return (Reason("no_host_left" if free else "no_host"),)
    others = [host for host in free if host.person != holder and _can(host, turn, held, turns)]
    mine = sum(each == holder for each in held.values())
    owed = mine - levels[holder]
    found = []
    if not others:
        found.append(Reason("only_host"))
    elif min(levels[host.person] for host in others) >= levels[holder]:
        found.append(Reason("fewest_turns", {"turns": mine}))
    else:
        found.append(Reason("turn_drawn", {"turns": mine}))
    if owed > 0:
        found.append(Reason("makes_up", {"turns": owed}))
    return tuple(found)


def _uneven(
    flow: Residual,
    hosts: Sequence[Host],
    start: Mapping[str, int],
    levels: Mapping[str, int],
    limits: Mapping[str, int],
) -> tuple[Reason, ...]:
    """Who can neither give a turn away nor take one more, where levels differ by two or more."""
    if not levels or max(levels.values()) - min(levels.values()) < 2:
        return ()
    top, bottom = max(levels.values()), min(levels.values())
    giving, taking = set[str](), set[str]()
    for host in hosts:
        mine = ("host", host.person)
        if levels[host.person] == top:
            giving |= _people(flow.forward(mine))
        if levels[host.person] == bottom:
            can_take = levels[host.person] - start[host.person] < limits[host.person]
            taking |= _people(flow.backward(mine)) if can_take else {host.person}
    return (
        _hall("turns_only_these", giving, start, levels),
        _hall("hosts_few_turns", taking, start, levels),
    )


def _people(reached: Mapping[Node, Node]) -> set[str]:
    return {str(node[1]) for node in reached if node[0] == "host"}


def _hall(
    code: str, people: set[str], start: Mapping[str, int], levels: Mapping[str, int]
) -> Reason:
    names = sorted(people)
    turns = sum(levels[name] - start[name] for name in names)
    return Reason(code, {"turns": turns, "hosts": names})
