"""A published calendar as a source of busy times."""

from __future__ import annotations

from handrail.integrations.busy_sources import Asked, Told
from handrail.integrations.ics_feed.apart import read_apart
from handrail.integrations.ics_feed.fetching import fetch_feed


def read(asked: Asked) -> Told:
    """Fetch the calendar, whole only where it changed, and read it in a process of its own."""
    fetched = fetch_feed(
        asked.outbound,
        asked.secret["address"],
        etag=asked.marks.get("etag", ""),
        modified=asked.marks.get("modified", ""),
    )
    reading = read_apart(fetched.text, asked.owner, asked.since, asked.until)
    return Told(reading, {"etag": fetched.etag, "modified": fetched.modified})
