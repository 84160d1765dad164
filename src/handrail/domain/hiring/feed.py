"""Open jobs as the XML that job boards read: source > publisher, publisherurl, job, all CDATA."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class FeedJob:
    """One job of a feed; `description` is HTML."""

    title: str
    date: datetime  # aware
    referencenumber: str
    url: str
    company: str
    city: str
    state: str
    country: str
    postalcode: str
    description: str


FIELDS = (
    "title", "date", "referencenumber", "url", "company", "city", "state", "country",
    "postalcode", "description",
)  # fmt: skip


def feed_xml(
    publisher: str, publisher_url: str, built_at: datetime, jobs: Iterable[FeedJob]
) -> str:
    """Return the feed; dates are RFC 5322 in UTC, `built_at` is aware.

    Signs that XML 1.0 forbids are left out; "]]>" is split over two sections.
    """
    parts = ['<?xml version="1.0" encoding="utf-8"?>', "<source>"]
    parts.append(f"<publisher>{_cdata(publisher)}</publisher>")
    parts.append(f"<publisherurl>{_cdata(publisher_url)}</publisherurl>")
    parts.append(f"<lastBuildDate>{_cdata(_moment(built_at))}</lastBuildDate>")
    for job in jobs:
        parts.append("<job>")
        for name in FIELDS:
            value = getattr(job, name)
            text = _moment(value) if isinstance(value, datetime) else value
            parts.append(f"<{name}>{_cdata(text)}</{name}>")
        parts.append("</job>")
    parts.append("</source>")
    return "\n".join(parts) + "\n"


def _moment(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _cdata(text: str) -> str:
    allowed = "".join(sign for sign in text if _is_allowed(ord(sign)))
    return "<![CDATA[" + allowed.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _is_allowed(code: int) -> bool:
    return (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or code >= 0x10000
    )
