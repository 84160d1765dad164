"""Answers as the server tells them to devices, by the contract, where a test needs its own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

Answer = tuple[int, dict[str, str], bytes]  # status, headers, content
ADDRESS = "/api/v1/answers"
Row = dict[str, Any]


def row(n: int, question: str, body: str = "", **more: Any) -> Row:
    """One answer; its id is its number."""
    return {
        "id": str(UUID(int=n)),
        "question": question,
        "answer": body or f"{question} Like this.",
        "next_step": "",
        "link": "",
        "aliases": [],
        "skill": str(UUID(int=1)),
        "skill_name": "Git",
        "flagged": False,
        "owner": "Priya Nair",
        "source": "session",
        "language": "en",
        "checked_on": "2026-11-02",
        "review_by": "2027-01-31",
        "uses": n,
        **more,
    }


@dataclass
class Feed:
    """One reader's answers in the order of their changes; `page` of them at a time."""

    rows: list[Row] = field(default_factory=list)
    epoch: str = "e1"
    page: int = 500
    oldest: int = 0  # a cursor below this one is told to begin anew
    refused: int = 0  # a status with which everything is refused
    version: int = 1
    breaks_after: int = 0  # pages until the line is cut; 0 is never
    log: list[tuple[int, int]] = field(default_factory=list)  # cursor asked, status told
    given: set[int] = field(default_factory=set)  # cursors of this epoch
    _pages: int = 0
    _order: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._order = list(self.rows)

    def change(self, changed: Row) -> None:
        """An answer is new, revised, or (with `deleted`) gone: it moves to the end of the order."""
        self._order.append(changed)

    def begin_anew(self, epoch: str, rows: list[Row]) -> None:
        """An older backup was put back: nothing that devices know leads on."""
        self.epoch, self._order = epoch, list(rows)
        self.oldest, self.given = 1_000_000, set()

    def is_asked(self, path: str) -> bool:
        return urlsplit(path).path == ADDRESS

    def told(self, path: str, headers: dict[str, str], account: str) -> Answer:
        """What the server says to one request of this reader."""
        if self._is_cut():
            self.log.append((-1, 0))
            return 0, {}, b""
        cursor = int(parse_qs(urlsplit(path).query).get("cursor", ["0"])[0])
        status, more, said = self._said(cursor, headers)
        self.log.append((cursor, status))
        content = {"Content-Type": "application/json", "Cache-Control": "no-store", **more}
        content["X-Handrail-Account"] = account
        return status, content, b"" if status == 304 else json.dumps(said).encode()

    def _is_cut(self) -> bool:
        """Whether the line is cut by now: so many whole pages went through since it was bad."""
        if not self.breaks_after:
            return False
        self._pages += 1
        return self._pages > self.breaks_after + 1  # the 410 goes through too

    def _said(self, cursor: int, headers: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        if self.refused:
            return self.refused, {}, {"title": "refused"}
        etag = f'"{self.epoch}-{len(self._order)}-{self.version}"'
        asked = {name.lower(): value for name, value in headers.items()}.get("if-none-match")
        if asked == etag:
            return 304, {"ETag": etag}, None
        if (0 < cursor < self.oldest and cursor not in self.given) or cursor > len(self._order):
            return 410, {}, {"title": "start again"}
        part = self._order[cursor : cursor + self.page]
        upto = cursor + len(part)
        more = upto < len(self._order)
        self.given.add(upto)
        told = {"epoch": self.epoch, "cursor": str(upto), "more": more, "rows": part}
        return 200, {} if more else {"ETag": etag}, told


def gone(n: int) -> Row:
    return {"id": str(UUID(int=n)), "deleted": True}
