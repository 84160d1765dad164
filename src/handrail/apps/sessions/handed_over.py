"""The mails when another mentor takes a session over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Seat
from handrail.apps.outbox.mail import send
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.sessions.company import coming
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.seat_mails import read_without_seat
from handrail.apps.sessions.tasks import (
    Reading,
    entry_of,
    facts_of,
    read,
    short_day,
)
from handrail.integrations.calendar_mail import MailFacts, Method, build_mail


def send_new_mentor(row: OutboxRow, now: datetime) -> None:
    """Tell a mentee whom they meet now, and when."""
    session = _session(row)
    reading = read(row, now, session) if session else None
    if reading is None or not reading.is_current:
        return
    if reading.session.state == SessionState.SCHEDULED:
        _send(reading, _new_mentor)


def send_given_away(row: OutboxRow, now: datetime) -> None:
    """Take the entry out of the calendar of who does not hold the session any more."""
    session = _session(row)
    before = Person.objects.filter(public_id=row.ref["person"]).first()
    if session is None or before is None or session.booking.host_id == before.pk:
        return
    seats = Seat.objects.filter(booking=session.booking).exclude(person_id=session.booking.host_id)
    others = coming(session, seats.select_related("person"))
    if others:
        reading = read_without_seat(row, now, session, before, others, is_mentee=False)
        _send(reading, _given_away)


def _session(row: OutboxRow) -> Session | None:
    return (
        Session.objects.select_related("booking", "program", "match")
        .filter(public_id=row.ref["session"])
        .first()
    )


def _send(reading: Reading, write: Callable[[Reading], MailFacts]) -> None:
    with translation.override(reading.reader.language or settings.LANGUAGE_CODE):
        message = build_mail(write(reading), sent_at=reading.now)
    send(message)


def _new_mentor(reading: Reading) -> MailFacts:
    name = reading.name
    return facts_of(
        reading,
        _("%(day)s: now with %(name)s") % {"day": short_day(reading), "name": name},
        [
            _("%(name)s takes over your session.") % {"name": name},
            _("The entry in your calendar changes by itself; there is nothing to do."),
        ],
        entry=entry_of(reading, Method.REQUEST),
        ahead=True,
    )


def _given_away(reading: Reading) -> MailFacts:
    name = reading.name
    entry = entry_of(reading, Method.CANCEL)
    # As it stands in their calendar: what this change brought has the next number.
    entry = replace(entry, sequence=int(reading.row.ref["sequence"]))
    return facts_of(
        reading,
        _("Taken over: session with %(name)s on %(day)s")
        % {"day": short_day(reading), "name": name},
        [
            _("Somebody else meets %(name)s. The entry leaves your calendar.") % {"name": name},
        ],
        entry=entry,
    )
