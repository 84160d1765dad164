"""Asks for a published calendar, and only for what is new in it."""

from __future__ import annotations

from dataclasses import dataclass

from handrail.integrations.guarded_http import Outbound


@dataclass(frozen=True, slots=True)
class Fetched:
    """The text of a calendar and what to say next time to be told only of changes."""

    text: bytes
    etag: str
    modified: str


class Unchanged(Exception):
    """Nothing is new since the last time."""


class Refused(Exception):
    """The server answered something else than a calendar; `status` is its code."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


LONGEST_MARK = 200


def fetch_feed(outbound: Outbound, url: str, *, etag: str = "", modified: str = "") -> Fetched:
    """The calendar at this address; Unchanged, Refused, or Unfetched where there is none."""
    headers = {"Accept": "text/calendar, */*;q=0.5"}
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    answer = outbound.ask(url, headers=headers)
    if answer.status == 304 and (etag or modified):
        raise Unchanged
    if answer.status != 200:
        raise Refused(answer.status)
    return Fetched(
        text=answer.body,
        etag=_mark(answer.headers.get("etag", "")),
        modified=_mark(answer.headers.get("last-modified", "")),
    )


def _mark(text: str) -> str:
    # One that is cut off would match nothing: none at all asks for the whole each time.
    return text if len(text) <= LONGEST_MARK and text.isprintable() else ""
