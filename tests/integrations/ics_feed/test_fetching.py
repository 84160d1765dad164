"""A published calendar is asked for by real HTTP, and whole only when it has changed."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest

from handrail.integrations.guarded_http import Outbound
from handrail.integrations.ics_feed import Refused, Unchanged, fetch_feed
from integrations.guarded_http.servers import serving, text

INSIDE = Outbound(internal=frozenset({"localhost"}))
FEED = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
CHANGED = "Mon, 01 Mar 2027 08:00:00 GMT"


def conditional(handler: BaseHTTPRequestHandler) -> None:
    if handler.headers["If-None-Match"] == '"one"' or handler.headers["If-Modified-Since"]:
        handler.send_response(304)
        handler.end_headers()
    else:
        text(handler, FEED, ETag='"one"', Last_Modified=CHANGED)


def test_what_was_fetched_once_is_not_sent_again() -> None:
    with serving(conditional) as port:
        url = f"http://localhost:{port}/feed.ics"
        first = fetch_feed(INSIDE, url)
        assert (first.text, first.etag, first.modified) == (FEED, '"one"', CHANGED)
        with pytest.raises(Unchanged):
            fetch_feed(INSIDE, url, etag='"one"')
        with pytest.raises(Unchanged):
            fetch_feed(INSIDE, url, modified=CHANGED)


@pytest.mark.parametrize("status", [304, 401, 404, 500, 204])
def test_another_answer_than_a_calendar_is_refused(status: int) -> None:
    with serving(lambda handler: text(handler, b"", status)) as port:
        with pytest.raises(Refused) as told:
            fetch_feed(INSIDE, f"http://localhost:{port}/feed.ics")
        assert told.value.status == status


def test_a_mark_too_long_to_keep_is_not_kept() -> None:
    with serving(lambda handler: text(handler, FEED, ETag='"' + "x" * 300 + '"')) as port:
        assert fetch_feed(INSIDE, f"http://localhost:{port}/").etag == ""
