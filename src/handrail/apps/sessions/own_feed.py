"""A person's own sessions and turns as a calendar to subscribe to, under a secret address.

Whoever holds the address reads when and with whom, and nothing that was written in a room. The
word in it is signed and names a row: without the row it opens nothing, so it can be revoked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import OwnFeed, Seat
from handrail.apps.calendars.seating import COMING
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.mail import organizer
from handrail.apps.people.models import Person
from handrail.apps.sessions.company import names_of
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.signals import own_entries
from handrail.integrations.calendar_mail import CalendarEntry, Method, feed_text

SALT = "handrail.sessions.feed"
BEFORE = timedelta(days=60)
SHOWN = (
    SessionState.SCHEDULED,
    SessionState.RUNNING,
    SessionState.AWAITING_ARTIFACT,
    SessionState.CLOSED,
)


def feed_word(feed: OwnFeed) -> str:
    """The word that stands in the address of this feed."""
    return signing.dumps([feed.organization_id, feed.public_id.hex], salt=SALT)


def feed_by_word(word: str, *, now: datetime) -> str:
    """The calendar behind a word; NotFound where there is none, or none any more."""
    try:
        organization_id, public_id = signing.loads(word, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise _unknown() from error
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise _unknown()
    with reading(organization):
        feed = OwnFeed.objects.select_related("person").filter(public_id=public_id).first()
        if feed is None:
            raise _unknown()
        with translation.override(feed.person.language or settings.LANGUAGE_CODE):
            return _calendar(feed.person, organization, now)


def _calendar(person: Person, organization: Organization, now: datetime) -> str:
    own = Seat.objects.filter(person=person, attendance__in=COMING)
    sessions = (
        Session.objects.select_related("booking")
        .filter(booking__in=own.values("booking_id"), state__in=SHOWN)
        .filter(booking__starts_at__gt=now - BEFORE)
        .order_by("booking__starts_at", "pk")
    )
    there: dict[int, list[Seat]] = {}
    seats = Seat.objects.filter(booking__session__in=sessions, attendance__in=COMING)
    for seat in seats.select_related("person").order_by("n"):
        there.setdefault(seat.booking_id, []).append(seat)
    entries = [_entry(one, person, there[one.booking_id]) for one in sessions]
    since = now - BEFORE
    answers: list[tuple[Any, Any]] = own_entries.send(sender=Person, person=person, since=since)
    for _receiver, more in answers:
        entries += more
    return feed_text(
        sorted(entries, key=lambda entry: (entry.starts_at, entry.uid)),
        name=_("Sessions at %(organization)s") % {"organization": organization.name},
        timezone=person.timezone,
        year=now.year,
    )


def _entry(session: Session, person: Person, seats: list[Seat]) -> CalendarEntry:
    booking = session.booking
    mine = next(seat for seat in seats if seat.person_id == person.pk)
    room = f"{settings.BASE_URL}{reverse('room', args=[session.public_id])}"
    return CalendarEntry(
        method=Method.REQUEST,
        uid=booking.uid,
        sequence=booking.sequence,
        stamped_at=booking.updated_at,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        timezone=person.timezone,
        summary=_("Session with %(name)s") % {"name": names_of(seats, mine)},
        description=room,
        url=room,
        organizer=organizer(),
        attendees=(),
    )


def _unknown() -> NotFound:
    return NotFound(_("There is no such calendar."))
