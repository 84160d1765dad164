"""Thanks for a session: one tap, perhaps a sentence, seen by the mentor and counted nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Attendance, Seat, SeatRole
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.automations import may_do
from handrail.apps.people.models import Person
from handrail.apps.sessions.actions.access import locked, write
from handrail.apps.sessions.models import Session, SessionState, Thanks
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail

THANKS = "mail.thanks"
WAIT = timedelta(minutes=10)  # in which a sentence may still be added before the mail leaves
SHOWN_DAYS = 14
OVER = (SessionState.AWAITING_ARTIFACT, SessionState.CLOSED)


def thank(session: Session, sentence: str = "", *, by: Viewer, now: datetime) -> Thanks:
    """Thank the mentor of a session you came to; once, and a sentence may follow."""
    sentence = " ".join(sentence.split())
    if len(sentence) > 280:
        raise Invalid(
            _("This is too long."), fields={"sentence": _("Say it in at most 280 characters.")}
        )
    with writing(by.organization):
        room = locked(session, by)
        seat = room.own_seat()
        if seat.role != SeatRole.MENTEE or seat.attendance != Attendance.ATTENDED:
            raise Conflict(_("Who came as a mentee can say thanks."), code="nothing-to-thank")
        if room.session.state not in OVER:
            raise Conflict(_("Say thanks when the session is over."), code="not-over")
        thanks, _is_new = Thanks.objects.get_or_create(
            organization=by.organization,
            session=room.session,
            giver=seat.person,
            defaults={"given_at": now},
        )
        if sentence and sentence != thanks.sentence:
            Thanks.objects.filter(pk=thanks.pk).update(sentence=sentence)
            thanks.sentence = sentence
        write(room.session)
        mentor = next(other.person for other in room.seats if other.role == SeatRole.MENTOR)
        enqueue(
            THANKS,
            ref={"thanks": str(thanks.public_id), "person": str(mentor.public_id)},
            dedupe=f"{THANKS}:{thanks.public_id}",
            due_at=now + WAIT,
            stream=f"thanks:{thanks.public_id}",
            now=now,
            organization=by.organization,
        )
    return thanks


def thanks_in(viewer: Viewer, session: Session) -> list[Thanks]:
    """The thanks of a room: all for its mentor, one's own for everybody else."""
    found = Thanks.objects.filter(session=session).select_related("giver")
    mentors = Seat.objects.filter(booking=session.booking_id, role=SeatRole.MENTOR)
    if viewer.person_id not in mentors.values_list("person_id", flat=True):
        found = found.filter(giver_id=viewer.person_id or 0)
    return list(found)


def may_thank(viewer: Viewer, session: Session) -> bool:
    """Whether the viewer came as a mentee and the session is over."""
    return (
        session.state in OVER
        and viewer.person_id is not None
        and Seat.objects.filter(
            booking=session.booking_id,
            person_id=viewer.person_id,
            role=SeatRole.MENTEE,
            attendance=Attendance.ATTENDED,
        ).exists()
    )


def thanks_lately(viewer: Viewer, now: datetime) -> list[Thanks]:
    """What the viewer was thanked for in the last two weeks, the newest first."""
    if viewer.person_id is None:
        return []
    return list(
        Thanks.objects.filter(
            given_at__gt=now - timedelta(days=SHOWN_DAYS),
            session__booking__seats__person_id=viewer.person_id,
            session__booking__seats__role=SeatRole.MENTOR,
        )
        .select_related("giver", "session")
        .order_by("-given_at", "-pk")
    )


def send_thanks(row: OutboxRow, now: datetime) -> None:
    """Bring thanks to the mentor, unless they want none by mail or for now."""
    thanks = (
        Thanks.objects.filter(public_id=row.ref["thanks"])
        .select_related("giver", "session__booking", "session__organization")
        .first()
    )
    reader = Person.objects.filter(public_id=row.ref["person"]).first()
    if thanks is None or reader is None:
        return
    if not may_do(reader.public_id, ConsentPurpose.THANKS_MAILED, now):
        return
    session, name = thanks.session, thanks.giver.name
    local = session.booking.starts_at.astimezone(ZoneInfo(reader.timezone))
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        said = [
            _("%(name)s says thanks for your session on %(day)s.")
            % {"name": name, "day": date_format(local, "DATE_FORMAT")}
        ]
        if thanks.sentence:
            said.append(thanks.sentence)
        room = f"{settings.BASE_URL}{reverse('room', args=[session.public_id])}"
        facts = MailFacts(
            key=row.public_id,
            sender=sender(),
            recipient=Address(reader.email, reader.name),
            language=translation.get_language() or settings.LANGUAGE_CODE,
            subject=_("%(name)s says thanks") % {"name": name},
            paragraphs=tuple(said),
            facts=((_("Objective"), session.objective),),
            links=(Link(_("Open the session"), room),),
            closing=session.organization.name,
        )
        message = build_mail(facts, sent_at=now)
    send(message)
