"""A queue of nodes by distance, ties by node: a binary heap that knows where each node stands."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .compiled import leaf
from .market import Int32s, Int64s


class Search(NamedTuple):
    """What a search knows of each node, valid where `seen` is the number of the search.

    `dist` from the start, `came` from which node, `by` which mentee moved (-1: a step within a
    mentor). `heap` and `stand` are the queue, `touched` what was reached in order.
    """

    dist: Int64s
    came: Int32s
    by: Int32s
    seen: Int32s
    heap: Int32s
    stand: Int32s
    touched: Int32s
    tally: Int64s  # [0] number of the search, [1] in the queue, [2] touched, [3] pops so far
    end: Int64s  # the nearest end so far: distance, and what `serve` or `fill` note of it


def new_search(nodes: int) -> Search:
    """Room for searches over so many nodes."""
    return Search(
        dist=np.zeros(nodes, np.int64),
        came=np.full(nodes, -1, np.int32),
        by=np.full(nodes, -1, np.int32),
        seen=np.zeros(nodes, np.int32),
        heap=np.zeros(nodes, np.int32),
        stand=np.full(nodes, -1, np.int32),
        touched=np.zeros(nodes, np.int32),
        tally=np.zeros(4, np.int64),
        end=np.zeros(3, np.int64),
    )


@leaf
def begin(search: Search) -> None:
    """Forget the last search; what was left in its queue, too."""
    count = search.tally
    for at in range(count[1]):
        search.stand[search.heap[at]] = -1
    count[0] += 1
    count[1] = 0
    count[2] = 0


@leaf
def _before(search: Search, one: int, other: int) -> bool:
    a, b = search.dist[one], search.dist[other]
    return bool(a < b) or (bool(a == b) and one < other)


@leaf
def reach(search: Search, node: int, dist: int, came: int, by: int) -> None:
    """Note a way to a node where it is shorter than the one known."""
    count = search.tally
    if search.seen[node] == count[0]:
        if search.dist[node] <= dist:
            return
    else:
        search.seen[node] = count[0]
        search.stand[node] = -1
        search.touched[count[2]] = node
        count[2] += 1
    search.dist[node] = dist
    search.came[node] = came
    search.by[node] = by
    at = search.stand[node]
    if at < 0:
        at = count[1]
        count[1] += 1
    heap = search.heap
    while at > 0:
        up = (at - 1) >> 1
        if not _before(search, node, heap[up]):
            break
        heap[at] = heap[up]
        search.stand[heap[at]] = at
        at = up
    heap[at] = node
    search.stand[node] = at


@leaf
def nearest(search: Search) -> int:
    """Take the nearest node out of the queue; -1 when it is empty."""
    count, heap = search.tally, search.heap
    if count[1] == 0:
        return -1
    count[3] += 1
    top = heap[0]
    search.stand[top] = -1
    count[1] -= 1
    size = count[1]
    if size:
        node = heap[size]
        at = 0
        while True:
            down = 2 * at + 1
            if down >= size:
                break
            if down + 1 < size and _before(search, heap[down + 1], heap[down]):
                down += 1
            if not _before(search, heap[down], node):
                break
            heap[at] = heap[down]
            search.stand[heap[at]] = at
            at = down
        heap[at] = node
        search.stand[node] = at
    return int(top)
