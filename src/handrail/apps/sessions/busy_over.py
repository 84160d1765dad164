"""The mail to both people when a calendar says that one of them is busy over their session."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.outbox.mail import send
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.tasks import Reading, facts_of, read, short_day
from handrail.integrations.calendar_mail import MailFacts, build_mail


def send_busy_over(row: OutboxRow, now: datetime) -> None:
    """Tell one of the two, as long as the session stands as it did; nothing is cancelled."""
    session = Session.objects.filter(booking__public_id=row.ref["booking"]).first()
    if session is None:
        return
    reading = read(row, now, session)
    if reading is None or not reading.is_current or reading.session.state != SessionState.SCHEDULED:
        return
    with translation.override(reading.reader.language or settings.LANGUAGE_CODE):
        facts = _words(reading, mine=row.ref["whose"] == row.ref["person"])
        message = build_mail(facts, sent_at=now)
    send(message)


def _words(reading: Reading, *, mine: bool) -> MailFacts:
    name = reading.name
    if mine:
        said = _("Your calendar now says that you are busy when you meet %(name)s.")
    else:
        said = _("%(name)s's calendar now says that they are busy when you meet.")
    return facts_of(
        reading,
        _("Busy on %(day)s? Session with %(name)s") % {"day": short_day(reading), "name": name},
        [
            said % {"name": name},
            _("Nothing was cancelled. If it does not suit, find another time or cancel."),
        ],
        ahead=True,
    )
