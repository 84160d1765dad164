"""Peers: who meets whom where nobody is the mentor, in pairs, with a trio for whoever is left over.

Two can meet when they share a time and a language, are not kept apart and have not met lately: a
general graph, so the most pairs are a maximum matching (Edmonds 1965), and among those the one
whose pairs have gone longest without each other. Everybody meets once, so slots cannot clash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from .plan import Reason, Unmatched
from .problem import Code, ProblemError
from .tables import lot
from .week import MOST_SLOTS, slots_of

NEVER = 100  # rounds: what counts for two who never met, and the most that a long time counts

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody to meet a peer: a week of bits, and languages (empty: one shared with all)."""

    person: str
    free: int
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting of two or three before: 1 round ago is the last one; `third` joined the others."""

    people: tuple[str, ...]
    rounds_ago: int
    third: str | None = None


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """Two or three who meet at a slot that suits all; `third` is who joined a pair."""

    people: tuple[str, ...]
    slot: int
    reasons: tuple[Reason, ...]
    third: str | None = None


@dataclass(frozen=True)
class PeerPlan:
    """Groups by their first person, and whoever could not meet, with the reason that binds."""

    groups: tuple[PeerGroup, ...]
    unmatched: tuple[Unmatched, ...]


def pair_peers(
    peers: Sequence[Peer],
    *,
    seed: int,
    history: Sequence[Met] = (),
    again_after: int = 4,
    apart: Mapping[Pair, Code] | None = None,
) -> PeerPlan:
    """The most pairs, then those longest without each other; who is left over joins as third.

    Two who met within the last `again_after` rounds do not meet. The third is whoever was third
    the fewest times among those who can be left over, drawn by the lot among equals; the pairs are
    then the best for that third. Where more are left over, each third is chosen in turn. Ties go
    by a hash of the seed and the ids. Raises ProblemError for a repeated id, hours that are no
    week of bits, or a meeting that makes no sense.
    """
    graph = _Graph(peers, seed, history, again_after, dict(apart or {}))
    trios = []
    left = sorted(graph.names)
    while True:
        left = graph.with_somebody(left)
        pairs = graph.matched(left)
        if 2 * len(pairs) == len(left):
            break
        trio = graph.trio(left, len(pairs))
        if trio is None:
            break
        trios.append(trio)
        left = [name for name in left if name not in trio]
    groups = [graph.group(pair, None) for pair in pairs]
    groups += [graph.group(trio, trio[2]) for trio in trios]
    served = {name for group in groups for name in group.people}
    return PeerPlan(
        groups=tuple(sorted(groups, key=lambda group: group.people)),
        unmatched=tuple(
            Unmatched(name, graph.why_not(name))
            for name in sorted(graph.names)
            if name not in served
        ),
    )


class _Graph:
    """Who can meet whom, and what a pair is worth: rounds since the two met."""

    def __init__(
        self,
        peers: Sequence[Peer],
        seed: int,
        history: Sequence[Met],
        again_after: int,
        apart: dict[Pair, Code],
    ) -> None:
        _check(peers, history, again_after)
        self.names = {peer.person: peer for peer in peers}
        self.seed = seed
        self.again_after = again_after
        self.apart = {frozenset(pair) for pair in apart}
        self.ago: dict[frozenset[str], int] = {}
        self.thirds: Counter[str] = Counter()
        for met in history:
            for two in map(frozenset, combinations(met.people, 2)):
                self.ago[two] = min(met.rounds_ago, self.ago.get(two, met.rounds_ago))
            if met.third is not None:
                self.thirds[met.third] += 1
        self.draw = {name: lot(seed, name) for name in self.names}
        self.worth: dict[Pair, int] = {}
        for one, other in combinations(sorted(self.names), 2):
            if self.rule_against(one, other) is None:
                rounds = self.ago.get(frozenset((one, other)), NEVER)
                self.worth[one, other] = min(NEVER, rounds)

    def rule_against(
        self, one: str, other: str
    ) -> Literal["", "language", "apart", "recent"] | None:
        """The first rule that keeps two apart; "" for no common time, None where they can meet."""
        a, b = self.names[one], self.names[other]
        if a.languages and b.languages and not set(a.languages) & set(b.languages):
            return "language"
        two = frozenset((one, other))
        if two in self.apart:
            return "apart"
        if two in self.ago and self.ago[two] <= self.again_after:
            return "recent"
        return None if a.free & b.free else ""

    def with_somebody(self, names: Sequence[str]) -> list[str]:
        """Those of these people who can meet at least one other of them."""
        here = set(names)
        able = {name for pair in self.worth if here.issuperset(pair) for name in pair}
        return [name for name in names if name in able]

    def matched(self, names: Sequence[str]) -> list[Pair]:
        """The most pairs among these people, then the most worth; the lot orders equals.

        Lots as part of the weights would take fifty times as long at a thousand people.
        """
        import rustworkx  # importing the package must stay cheap

        order = sorted(names, key=lambda name: (self.draw[name], name))
        at = {name: place for place, name in enumerate(order)}
        graph: rustworkx.PyGraph[str, int] = rustworkx.PyGraph()
        graph.add_nodes_from(order)
        graph.add_edges_from(
            [
                (at[one], at[other], worth)
                for (one, other), worth in self.worth.items()
                if one in at and other in at
            ]
        )
        found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
        return sorted(_two(order[one], order[other]) for one, other in found)

    def total(self, pairs: Sequence[Pair]) -> int:
        """What pairs are worth together."""
        return sum(self.worth[pair] for pair in pairs)

    def trio(self, left: Sequence[str], count: int) -> tuple[str, str, str] | None:
        """The trio of the rightful third that costs no pair, with the most worth in all."""
        for third in sorted(left, key=lambda name: (self.thirds[name], self.draw[name], name)):
            others = [name for name in left if name != third]
            joined = {
                (one, other): self.worth[_two(one, third)] + self.worth[_two(other, third)]
                for one, other in self.worth
                if self._three(one, other, third) and one in others and other in others
            }
            if not joined:
                continue
            pairs = self.matched(others)
            if len(pairs) < count:
                continue  # this one is needed in a pair
            found = self._joined_best(others, joined, count, self.total(pairs))
            if found is not None:
                return (*found, third)
        return None

    def _joined_best(
        self, others: Sequence[str], joined: Mapping[Pair, int], count: int, most: int
    ) -> Pair | None:
        """The pair to join: no other choice of pairs is worth more with the third's two added."""
        best: tuple[int, Pair] | None = None
        order = sorted(joined, key=lambda pair: (-joined[pair], lot(self.seed, *pair)))
        for pair in order:
            added = joined[pair]
            if best is not None and most + added <= best[0]:
                break  # with the best pairs of all it would still be no more rounds apart
            rest = self.matched([name for name in others if name not in pair])
            if len(rest) == count - 1:
                whole = self.total(rest) + self.worth[pair] + added
                if best is None or whole > best[0]:
                    best = (whole, pair)
        return best[1] if best else None

    def _three(self, one: str, other: str, third: str) -> bool:
        if third in (one, other) or not {_two(one, third), _two(other, third)} <= self.worth.keys():
            return False
        return bool(self._common((one, other, third)))

    def _common(self, people: Sequence[str]) -> int:
        common = -1
        for name in people:
            common &= self.names[name].free
        return common

    def group(self, people: tuple[str, ...], third: str | None) -> PeerGroup:
        """People who meet, at one of their common slots by the lot, with the reasons."""
        slots = list(slots_of(self._common(people)))
        ids = sorted(people)
        slot = min(slots, key=lambda each: (lot(self.seed, *ids, str(each)), each))
        reasons = [Reason("time", {"slot": slot, "common": len(slots)})]
        times = [self.ago.get(frozenset(two)) for two in combinations(ids, 2)]
        before = [rounds for rounds in times if rounds is not None]
        reasons.append(
            Reason("met_before", {"rounds": min(before)}) if before else Reason("never_met")
        )
        if third is not None:
            reasons.append(Reason("third", {"person": third, "times": self.thirds[third]}))
        return PeerGroup(tuple(ids), slot, tuple(reasons), third)

    def why_not(self, name: str) -> Reason:
        """Why somebody meets nobody: the rule at which the last of the others fell out."""
        others = [other for other in self.names if other != name]
        if not others:
            return Reason("no_peers")
        rules = Counter(self.rule_against(name, other) for other in others)
        if rules[None]:
            able = sorted(other for other in others if _two(name, other) in self.worth)
            return Reason("peers_taken", {"people": len(able)})
        if rules[""]:
            return Reason("no_peer_time", {"people": rules[""]})
        if rules["recent"]:
            return Reason("met_lately", {"people": rules["recent"], "rounds": self.again_after})
        if rules["apart"]:
            return Reason("peers_apart", {"people": rules["apart"]})
        return Reason("no_peer_language")


def _two(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _check(peers: Sequence[Peer], history: Sequence[Met], again_after: int) -> None:
    seen: set[str] = set()
    for peer in peers:
        if not peer.person:
            raise ProblemError("", "person_id", "a peer has no id")
        if peer.person in seen:
            raise ProblemError(peer.person, "person_id", "is there twice")
        seen.add(peer.person)
        if not isinstance(peer.free, int) or peer.free < 0 or peer.free >> MOST_SLOTS:
            raise ProblemError(peer.person, "free", "is not a week of bits")
    if again_after < 0:
        raise ProblemError("", "again_after", f"must be 0 or more, not {again_after}")
    for met in history:
        who = met.people[0] if met.people else ""
        if not 2 <= len(set(met.people)) == len(met.people) <= 3:
            raise ProblemError(who, "history", "a meeting is of two or three different people")
        if met.rounds_ago < 1:
            raise ProblemError(who, "history", "a meeting lies at least one round back")
        if met.third is not None and met.third not in met.people:
            raise ProblemError(met.third, "history", "is third of a meeting without being in it")
