"""Where two people talk: the link given for this session, else the mentor's, else the mentee's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Prefetch, QuerySet

from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.sessions.company import coming
from handrail.apps.sessions.models import RoomField, RoomText, Session
from handrail.apps.sessions.states import Answer, Verb, answer


@dataclass(frozen=True, slots=True)
class CallLink:
    """A link, who gave it, and whether for this session alone or in their settings."""

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
    return link_in_force(seats, given.select_related("updated_by").first())


def with_call_links(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """The same sessions, with what `call_link_for` asks looked up at once for all of them."""
    given = RoomText.objects.filter(field=RoomField.CALL_LINK).select_related("updated_by")
    return sessions.prefetch_related(Prefetch("texts", given, to_attr="given_call_links"))


def call_link_for(
    viewer: Viewer, session: Session, seats: Sequence[Seat], state: str
) -> str | None:
    """Where the two talk, for the two alone and until it is over; None otherwise, or if unknown."""
    seats = coming(session, seats)
    if all(seat.person_id != viewer.person_id for seat in seats):
        return None
    if answer(state, Verb.GIVE_CALL_LINK) is Answer.REFUSE:
        return None
    known: list[RoomText] | None = getattr(session, "given_call_links", None)
    if known is None:
        call = call_link_of(session, seats)
    else:
        call = link_in_force(seats, known[0] if known else None)
    return call.url if call else None


def link_in_force(seats: Sequence[Seat], given: RoomText | None) -> CallLink | None:
    """The link that holds, from the seats and what was given in the room, both looked up before."""
    if given is not None and given.body:
        return CallLink(given.body, given.updated_by, is_for_this_session=True)
    for seat in sorted(seats, key=lambda seat: (seat.role != SeatRole.MENTOR, seat.n)):
        if seat.person.call_link:
            return CallLink(seat.person.call_link, seat.person, is_for_this_session=False)
    return None
