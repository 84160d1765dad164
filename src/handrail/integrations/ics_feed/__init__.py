"""Calendars published as a file (ICS, RFC 5545): only busy times come out, read apart."""

from handrail.integrations.ics_feed.apart import read_apart
from handrail.integrations.ics_feed.facts import (
    Failed,
    Owner,
    Problem,
    ProblemKind,
    Reading,
    Span,
    Unread,
)
from handrail.integrations.ics_feed.fetching import Fetched, Refused, Unchanged, fetch_feed

__all__ = [
    "Failed",
    "Fetched",
    "Owner",
    "Problem",
    "ProblemKind",
    "Reading",
    "Refused",
    "Span",
    "Unchanged",
    "Unread",
    "fetch_feed",
    "read_apart",
]
