"""Mails about a session that somebody missed: what was noted, what they say, what was decided."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Attendance, Seat
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.programs.rituals import consequences_of
from handrail.apps.sessions.models import Appeal, AppealDecision, Session
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail


def send_no_show(row: OutboxRow, now: datetime) -> None:
    """Tell somebody that they are recorded as not there, what it means, how to correct it."""
    session, reader = _about(row)
    if session is None or reader is None:
        return
    missed = Seat.objects.filter(
        booking=session.booking, person=reader, attendance=Attendance.NO_SHOW
    )
    if not missed.exists():
        return  # corrected meanwhile
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        subject = _("Your session on %(day)s was not held") % {"day": _day(session, reader)}
        said = [_("You are recorded as not there."), *consequences_of(session.program)]
        _send(row, now, session, reader, subject, said, _("Say what happened, or book anew"))


def send_appeal(row: OutboxRow, now: datetime) -> None:
    """Bring what somebody says to one of those who may decide, as long as nobody has."""
    session, reader = _about(row)
    found = _appeal(row)
    if session is None or reader is None or found is None or found.decision != AppealDecision.OPEN:
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        name = found.person.name
        subject = _("%(name)s says what happened on %(day)s") % {
            "name": name,
            "day": _day(session, reader),
        }
        said = [
            _("%(name)s is recorded as not there and writes:") % {"name": name},
            found.text,
            _("The other person of the session or a lead decides, with one press."),
        ]
        _send(row, now, session, reader, subject, said, _("Decide"))


def send_appeal_decided(row: OutboxRow, now: datetime) -> None:
    """Tell who appealed what was decided, with the word that was given."""
    session, reader = _about(row)
    found = _appeal(row)
    if session is None or reader is None or found is None:
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        said = [
            {
                AppealDecision.ATTENDED: _("You are recorded as there now."),
                AppealDecision.EXCUSED: _("It no longer counts as a no-show."),
                AppealDecision.STANDS: _("It stays as it was recorded."),
            }.get(AppealDecision(found.decision), "")
        ]
        if found.word:
            said.append(found.word)
        subject = _("Your session on %(day)s: decided") % {"day": _day(session, reader)}
        _send(row, now, session, reader, subject, said, _("Open the session"))


def _about(row: OutboxRow) -> tuple[Session | None, Person | None]:
    session = (
        Session.objects.select_related("booking", "program")
        .filter(public_id=row.ref["session"])
        .first()
    )
    return session, Person.objects.filter(public_id=row.ref["person"]).first()


def _appeal(row: OutboxRow) -> Appeal | None:
    return Appeal.objects.select_related("person").filter(public_id=row.ref["of"]).first()


def _day(session: Session, reader: Person) -> str:
    local = session.booking.starts_at.astimezone(ZoneInfo(reader.timezone))
    return date_format(local, "DATE_FORMAT")


def _send(
    row: OutboxRow,
    now: datetime,
    session: Session,
    reader: Person,
    subject: str,
    said: list[str],
    button: str,
) -> None:
    room = f"{settings.BASE_URL}{reverse('room', args=[session.public_id])}#appeal"
    facts = MailFacts(
        key=row.public_id,
        sender=sender(),
        recipient=Address(reader.email, reader.name),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        paragraphs=tuple(said),
        facts=((_("Objective"), session.objective), (_("Program"), session.program.name)),
        links=(Link(button, room),),
        closing=session.organization.name,
    )
    send(build_mail(facts, sent_at=now))
