"""A small flow of whole units with its residual graph: what could still move, and from where."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

Node = tuple[str | int, ...]


class Residual:
    """Arcs with capacities and what they carry; no two arcs may run against each other."""

    def __init__(self) -> None:
        self._room: dict[tuple[Node, Node], int] = {}
        self._out: dict[Node, dict[Node, None]] = {}
        self._into: dict[Node, dict[Node, None]] = {}
        self._flow: dict[tuple[Node, Node], int] = {}

    def arc(self, tail: Node, head: Node, room: int) -> None:
        """Adds an arc; the same arc twice counts once."""
        self._room[tail, head] = room
        self._flow.setdefault((tail, head), 0)
        self._out.setdefault(tail, {})[head] = None
        self._into.setdefault(head, {})[tail] = None

    def carries(self, tail: Node, head: Node) -> bool:
        """Whether an arc carries anything; False for one that does not exist."""
        return self._flow.get((tail, head), 0) > 0

    def forward(self, start: Node) -> dict[Node, Node]:
        """All nodes that one more unit from `start` could get to, each with the one before it."""
        return self._search(start, self._next)

    def backward(self, end: Node) -> dict[Node, Node]:
        """All nodes from which one more unit could get to `end`, each with the one after it."""
        return self._search(end, self._before)

    def augment(self, reached: dict[Node, Node], end: Node) -> None:
        """Sends one unit along the path that `forward` found to `end`."""
        while reached[end] != end:
            tail = reached[end]
            if (tail, end) in self._room:
                self._flow[tail, end] += 1
            else:
                self._flow[end, tail] -= 1
            end = tail

    def _search(self, start: Node, step: Callable[[Node], Iterable[Node]]) -> dict[Node, Node]:
        reached = {start: start}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            for other in step(node):
                if other not in reached:
                    reached[other] = node
                    waiting.append(other)
        return reached

    def _next(self, node: Node) -> Iterable[Node]:
        for head in self._out.get(node, ()):
            if self._flow[node, head] < self._room[node, head]:
                yield head
        for tail in self._into.get(node, ()):
            if self._flow[tail, node] > 0:
                yield tail

    def _before(self, node: Node) -> Iterable[Node]:
        for tail in self._into.get(node, ()):
            if self._flow[tail, node] < self._room[tail, node]:
                yield tail
        for head in self._out.get(node, ()):
            if self._flow[node, head] > 0:
                yield head
