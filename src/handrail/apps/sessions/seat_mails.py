"""The mail to one who gave back a seat in a group: their calendar lets the session go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Seat
from handrail.apps.outbox.mail import send
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.sessions.company import coming, names_of, other_of
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.tasks import Reading, entry_of, facts_of, short_day
from handrail.integrations.calendar_mail import MailFacts, Method, build_mail


def send_seat_left(row: OutboxRow, now: datetime) -> None:
    """Take the session out of one person's calendar, unless they have a seat in it again."""
    session = (
        Session.objects.select_related("booking", "program")
        .filter(public_id=row.ref["session"])
        .first()
    )
    person = Person.objects.filter(public_id=row.ref["person"]).first()
    if session is None or person is None:
        return
    seats = coming(session, Seat.objects.filter(booking=session.booking).select_related("person"))
    if any(seat.person_id == person.pk for seat in seats):
        return
    reading = read_without_seat(row, now, session, person, seats[:1], is_mentee=True)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        message = build_mail(_words(reading), sent_at=now)
    send(message)


def read_without_seat(
    row: OutboxRow,
    now: datetime,
    session: Session,
    reader: Person,
    seats: Sequence[Seat],
    *,
    is_mentee: bool,
) -> Reading:
    """A session as it was to one who has no seat in it any more; `seats`: whom they met."""
    other = other_of(seats, None)
    assert other is not None
    return Reading(
        row=row,
        now=now,
        session=session,
        reader=reader,
        name=names_of(seats, None),
        clock=other.person,
        others=frozenset(seat.person_id for seat in seats),
        is_mentee=is_mentee,
        is_current=True,
        call="",
    )


def _words(reading: Reading) -> MailFacts:
    return facts_of(
        reading,
        _("Without you: session with %(name)s on %(day)s")
        % {"name": reading.name, "day": short_day(reading)},
        [
            _("The group meets without you this time. Nobody else is told why."),
            _("The entry leaves your calendar, and the time is free again."),
        ],
        entry=entry_of(reading, Method.CANCEL),
    )
