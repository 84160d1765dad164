"""Spans of time, put together and taken out of one another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from handrail.integrations.ics_feed.facts import Span


def merged(spans: Iterable[Span], since: datetime, until: datetime) -> tuple[Span, ...]:
    """The spans within two moments, in order; what touches or overlaps is one."""
    found: list[Span] = []
    for start, end in sorted((max(a, since), min(b, until)) for a, b in spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of the spans where none of the taken ones is."""
    left = list(spans)
    for start, end in taken:
        left = [
            piece
            for a, b in left
            for piece in ((a, min(b, start)), (max(a, end), b))
            if piece[0] < piece[1]
        ]
    return left
