"""Where the two talk: a link for this one session, and calendars that follow it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import lock_people, renew_entry
from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.links import link_problem
from handrail.apps.people.models import Person
from handrail.apps.sessions.actions.access import Room, audit, locked, write
from handrail.apps.sessions.actions.loop import settle
from handrail.apps.sessions.actions.texts import SavedText, keep_text
from handrail.apps.sessions.announcing import announce_call_link
from handrail.apps.sessions.call_links import call_link_of
from handrail.apps.sessions.models import RoomField, RoomText, Session, SessionState
from handrail.apps.sessions.states import Answer, Verb, answer, refusal


def give_call_link(
    session: Session, link: str, *, base_rev: int, operation: UUID, by: Viewer, now: datetime
) -> SavedText:
    """Give another link for this one session; empty goes back to the one of the settings.

    Revisions are those of the room's texts: a repeat is answered as the first time, and a link
    given against an older one is kept beside it. Before the start both calendars follow.
    """
    link = link.strip()
    if problem := link_problem(link):
        raise Invalid(_("The link was not saved."), fields={"call_link": problem})
    saved: SavedText | None = None
    with writing(by.organization):
        room = _locked(session, by)
        room.own_seat()
        settle(room, now)
        before = call_link_of(room.session, room.seats)
        if answer(room.session.state, Verb.GIVE_CALL_LINK) is not Answer.REFUSE:
            saved = keep_text(
                room, RoomField.CALL_LINK, link, base_rev=base_rev, operation=operation, now=now
            )
            after = call_link_of(room.session, room.seats)
            if (before.url if before else "") != (after.url if after else ""):
                audit("call_link_given", room.session, by, now)
                _renew(room, now)
    if saved is None:
        raise refusal(room.session.state, Verb.GIVE_CALL_LINK)
    return saved


def renew_call_links(person: Person, *, by: Viewer, now: datetime) -> int:
    """Let sessions follow where a person takes calls; say how many went to calendars anew."""
    with writing(by.organization):
        found = list(
            Session.objects.filter(
                state__in=(SessionState.SCHEDULED, SessionState.RUNNING),
                booking__seats__person=person,
            ).order_by("booking__starts_at", "pk")
        )
    return sum(_follow(session, person, by, now) for session in found)


def _follow(session: Session, person: Person, by: Viewer, now: datetime) -> bool:
    # One transaction each: many sessions never hold the locks for long.
    with writing(by.organization):
        room = _locked(session, by)
        given = RoomText.objects.filter(session=room.session, field=RoomField.CALL_LINK)
        if given.exclude(body="").exists():
            return False
        # A mentee's link holds only where the mentor has none.
        mentor = next(seat.person for seat in room.seats if seat.role == SeatRole.MENTOR)
        if person.pk != mentor.pk and mentor.call_link:
            return False
        write(room.session)
        return _renew(room, now)


def _renew(room: Room, now: datetime) -> bool:
    session = room.session
    if session.state != SessionState.SCHEDULED or session.booking.starts_at <= now:
        return False
    renew_entry(session.booking, now)
    announce_call_link(session, room.seats, now)
    return True


def _locked(session: Session, by: Viewer) -> Room:
    # People before the session, as `claim()` has it: the other order could wait for ever.
    people = Seat.objects.filter(booking=session.booking_id).values_list("person_id", flat=True)
    lock_people(tuple(people))
    return locked(session, by)
