"""Which calendars are somebody's own, and when those are busy (freeBusy.query)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

from handrail.integrations.busy_sources import Asked, Told
from handrail.integrations.guarded_http import Unfetched, Why
from handrail.integrations.ics_feed import Problem, ProblemKind, Reading, Span
from handrail.integrations.ics_feed.spans import merged, without
from handrail.integrations.oauth.asking import Interface, windows

SCOPES = (
    "https://www.googleapis.com/auth/calendar.freebusy",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
)
MOST_A_QUERY = 50  # calendars that one question may name
MOST_PAGES = 4
# Neither names nor words: only these are sent to us.
FIELDS = "nextPageToken,items(id,accessRole,selected,deleted)"


def read(asked: Asked) -> Told:
    """When the calendars that somebody owns and shows are busy.

    The answer says nothing of single entries, so what is booked here already is taken out of it.
    """
    interface = Interface(asked)
    ids = sorted(set(_own(interface)))
    spans: list[Span] = []
    unread = set()
    for since, until in windows(asked.since, asked.until):
        for at in range(0, len(ids), MOST_A_QUERY):
            some = ids[at : at + MOST_A_QUERY]
            answer = interface.ask(
                f"{asked.app['api']}/freeBusy",
                method="POST",
                body={
                    "timeMin": since.isoformat(),
                    "timeMax": until.isoformat(),
                    "timeZone": "UTC",
                    "items": [{"id": one} for one in some],
                },
            )
            try:
                for number, one in enumerate(some, start=at):
                    said = answer["calendars"].get(one, {"errors": True})
                    if said.get("errors"):
                        unread.add(number)
                    spans += [(_at(a["start"]), _at(a["end"])) for a in said.get("busy", [])]
            except (KeyError, TypeError, ValueError, AttributeError):
                raise Unfetched(Why.GARBLED) from None
    busy = merged(without(spans, asked.owner.taken), asked.since, asked.until)
    problems = (Problem(ProblemKind.CALENDAR, len(unread)),) if unread else ()
    return Told(Reading(busy, problems))


def _own(interface: Interface) -> Iterator[str]:
    """Of all that somebody sees, what they own and look at: not a colleague's, no holidays."""
    page = ""
    for _page in range(MOST_PAGES):
        query = {"minAccessRole": "owner", "maxResults": "250", "fields": FIELDS}
        if page:
            query["pageToken"] = page
        answer = interface.ask(
            f"{interface.asked.app['api']}/users/me/calendarList?{urlencode(query)}"
        )
        try:
            for item in answer.get("items", []):
                shown = item.get("selected") and not item.get("deleted")
                if item.get("accessRole") == "owner" and shown:
                    yield str(item["id"])
        except (KeyError, TypeError, AttributeError):
            raise Unfetched(Why.GARBLED) from None
        page = str(answer.get("nextPageToken") or "")
        if not page:
            return


def _at(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no offset")
    return at.astimezone(UTC)
