"""Where two people talk: the link given for this session, else the mentor's, else the mentee's.

Where the organisation has a server for calls, its link comes after those, or before people's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Prefetch, QuerySet

from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.sessions.company import coming
from handrail.apps.sessions.meeting_links import (
    ServerLink,
    server_link,
    server_link_in_list,
    with_server,
)
from handrail.apps.sessions.models import RoomField, RoomText, Session
from handrail.apps.sessions.states import Answer, Verb, answer


@dataclass(frozen=True, slots=True)
class CallLink:
    """A link, who gave it (None: the organisation's server), and whether for one session alone."""

    url: str
    person: Person | None
    is_for_this_session: bool

    @property
    def host(self) -> str:
        """Where the link leads, short enough to read."""
        return urlsplit(self.url).hostname or self.url


def call_link_of(session: Session, seats: Sequence[Seat]) -> CallLink | None:
    """The link that holds now, as the database has it; None where nobody gave one."""
    given = RoomText.objects.filter(session=session, field=RoomField.CALL_LINK)
    return link_in_force(
        seats, given.select_related("updated_by").first(), server=server_link(session)
    )


def with_call_links(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """The same sessions, with what `call_link_for` asks looked up at once for all of them."""
    given = RoomText.objects.filter(field=RoomField.CALL_LINK).select_related("updated_by")
    found = sessions.prefetch_related(Prefetch("texts", given, to_attr="given_call_links"))
    return with_server(found)


def call_link_for(
    viewer: Viewer, session: Session, seats: Sequence[Seat], state: str
) -> str | None:
    """Where the two talk, for the two alone and until it is over; None otherwise, or if unknown."""
    seats = coming(session, seats)
    if not _has_call(viewer, seats, state):
        return None
    known: list[RoomText] | None = getattr(session, "given_call_links", None)
    if known is None:
        call = call_link_of(session, seats)
    else:
        server = server_link_in_list(session)
        call = link_in_force(seats, known[0] if known else None, server=server)
    return call.url if call else None


def may_have_call(viewer: Viewer, session: Session) -> list[Seat] | None:
    """The seats of a session, for its own people and until it is over; None otherwise."""
    there = Seat.objects.filter(booking=session.booking).select_related("person").order_by("n")
    seats = coming(session, there)
    return seats if _has_call(viewer, seats, session.state) else None


def link_in_force(
    seats: Sequence[Seat], given: RoomText | None, *, server: ServerLink | None
) -> CallLink | None:
    """The link that holds, from the seats, what was given in the room, and the server's link."""
    if given is not None and given.body:
        return CallLink(given.body, given.updated_by, is_for_this_session=True)
    if server is not None and server.comes_first:
        return CallLink(server.url, None, is_for_this_session=False)
    for seat in sorted(seats, key=lambda seat: (seat.role != SeatRole.MENTOR, seat.n)):
        if seat.person.call_link:
            return CallLink(seat.person.call_link, seat.person, is_for_this_session=False)
    return CallLink(server.url, None, is_for_this_session=False) if server else None


def _has_call(viewer: Viewer, seats: Sequence[Seat], state: str) -> bool:
    mine = any(seat.person_id == viewer.person_id for seat in seats)
    return mine and answer(state, Verb.GIVE_CALL_LINK) is not Answer.REFUSE
