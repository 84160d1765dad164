"""Which mails an answer by mail causes, and their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Seat
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.actions import enqueue
from handrail.apps.outbox.mail import send
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.sessions.company import is_group
from handrail.apps.sessions.models import (
    ProposalState,
    ReceivedMail,
    Session,
    SessionState,
    TimeProposal,
)
from handrail.apps.sessions.tasks import Reading, entry_of, facts_of, read, short_day, when_for
from handrail.integrations.calendar_mail import MailFacts, Method, build_mail

DECLINED = "mail.declined"
PROPOSED = "mail.time_proposed"
REFUSED = "mail.time_refused"
KEPT = timedelta(days=90)


def tell_declined(session: Session, seats: Sequence[Seat], mine: Seat, now: datetime) -> None:
    """Ask who declined what they mean by it, and tell the other of two; nothing is cancelled."""
    told = [mine] if is_group(session) else seats
    for seat in told:
        _enqueue(DECLINED, session, seat.person, f"{now:%Y%m%dT%H%M%S}", now, who=mine.person)


def tell_proposed(proposal: TimeProposal, others: Sequence[Person], now: datetime) -> None:
    """Show a proposed time to who may take it."""
    for person in others:
        _enqueue(PROPOSED, proposal.session, person, str(proposal.public_id), now)


def tell_refused(proposal: TimeProposal, now: datetime) -> None:
    """Tell who proposed a time, and their calendar, that the time stays as it is."""
    _enqueue(REFUSED, proposal.session, proposal.person, str(proposal.public_id), now)


def _enqueue(
    kind: str, session: Session, person: Person, mark: str, now: datetime, who: Person | None = None
) -> None:
    enqueue(
        kind,
        ref={
            "session": str(session.public_id),
            "person": str(person.public_id),
            "sequence": session.booking.sequence,
            **({"who": str(who.public_id)} if who else {"proposal": mark}),
        },
        dedupe=f"{kind}:{person.public_id}:{session.public_id}:{mark}",
        due_at=now,
        stream=f"booking:{session.booking.public_id}:replies",
        now=now,
        organization=session.organization,
    )


def send_declined(row: OutboxRow, now: datetime) -> None:
    """Ask or tell one person, as long as the session stands as it did."""
    reading = _reading(row, now)
    if reading is None or reading.session.state != SessionState.SCHEDULED:
        return
    with _language(reading):
        send(build_mail(_declined(reading, mine=row.ref["who"] == row.ref["person"]), sent_at=now))


def send_proposed(row: OutboxRow, now: datetime) -> None:
    """Show one person a time that is proposed, as long as it is."""
    reading, proposal = _reading(row, now), _proposal(row)
    if reading is None or proposal is None or proposal.state != ProposalState.OPEN:
        return
    with _language(reading):
        send(build_mail(_proposed(reading, proposal), sent_at=now))


def send_refused(row: OutboxRow, now: datetime) -> None:
    """Tell one person that the time they proposed is not taken; their calendar too."""
    reading, proposal = _reading(row, now), _proposal(row)
    if reading is None or proposal is None:
        return
    with _language(reading):
        send(build_mail(_refused(reading, proposal), sent_at=now))


def tidy_received(row: OutboxRow, now: datetime) -> None:
    """Forget what came in by mail more than 90 days ago."""
    with writing(row.organization):
        ReceivedMail.objects.filter(received_at__lt=now - KEPT).delete()


def _reading(row: OutboxRow, now: datetime) -> Reading | None:
    session = (
        Session.objects.select_related("booking", "program", "match", "cancelled_by")
        .filter(public_id=row.ref["session"])
        .first()
    )
    reading = read(row, now, session) if session else None
    return reading if reading is not None and reading.is_current else None


def _proposal(row: OutboxRow) -> TimeProposal | None:
    return (
        TimeProposal.objects.select_related("answered_by")
        .filter(public_id=row.ref["proposal"])
        .first()
    )


def _language(reading: Reading) -> translation.override:
    return translation.override(reading.reader.language or settings.LANGUAGE_CODE)


def _declined(reading: Reading, *, mine: bool) -> MailFacts:
    name = reading.name
    if mine:
        said = [
            _("You declined your session with %(name)s in your calendar.") % {"name": name},
            _(
                "Nothing was cancelled by that: it starts soon or others take part. If you cannot"
                " come, cancel with one tap below, or find another time. If you can, do nothing."
            ),
        ]
    else:
        said = [
            _("%(name)s declined your session in their calendar.") % {"name": name},
            _("Nothing is cancelled yet: they were asked what they mean. You can move it, too."),
        ]
    subject = _("Declined? Session with %(name)s on %(day)s") % {
        "name": name,
        "day": short_day(reading),
    }
    return facts_of(reading, subject, said, ahead=True)


def _proposed(reading: Reading, proposal: TimeProposal) -> MailFacts:
    name = reading.name
    when = when_for(reading.reader, reading.clock, proposal.starts_at)
    return facts_of(
        reading,
        _("%(name)s proposes another time for %(day)s") % {"name": name, "day": short_day(reading)},
        [
            _("%(name)s proposes: %(when)s.") % {"name": name, "when": when},
            _("It is free for both of you. Take it or refuse it in the room; until then the"
              " session stays where it is."),
        ],
        ahead=True,
    )  # fmt: skip


def _refused(reading: Reading, proposal: TimeProposal) -> MailFacts:
    name = reading.name
    when = when_for(reading.reader, reading.clock, proposal.starts_at)
    if proposal.answered_by is not None:
        said = _("%(name)s cannot take the time you proposed: %(when)s.")
    else:
        said = _("The time you proposed cannot be booked for you and %(name)s: %(when)s.")
    facts = facts_of(
        reading,
        _("The time stays: session with %(name)s on %(day)s")
        % {"name": name, "day": short_day(reading)},
        [
            said % {"name": name, "when": when},
            _("The session stays where it is. “Find another time” shows when you are both free."),
        ],
        ahead=True,
    )
    return replace(facts, entry=entry_of(reading, Method.DECLINECOUNTER))
