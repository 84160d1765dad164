"""What the outbox runner calls: ids in, one mail out in the reader's own language and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.matches.queries import why_matched
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import organizer, send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.automations import may_do
from handrail.apps.people.models import Person
from handrail.apps.sessions.actions.call_link import renew_call_links as follow_settings
from handrail.apps.sessions.actions.loop import settle_overdue
from handrail.apps.sessions.call_links import call_link_of
from handrail.apps.sessions.company import clock_of, coming, is_group, names_of, other_of
from handrail.apps.sessions.mail_links import cancel_word
from handrail.apps.sessions.models import ChecklistItem, Session, SessionState
from handrail.apps.sessions.signals import mailing
from handrail.integrations.calendar_mail import (
    Address,
    CalendarEntry,
    Link,
    MailFacts,
    Method,
    build_mail,
)

REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One mail's reader and what it is about."""

    row: OutboxRow
    now: datetime
    session: Session
    reader: Person
    name: str  # whom the reader meets, in a few words
    clock: Person  # whose time stands beside the reader's
    others: frozenset[int]  # the ids of whom the reader meets
    is_mentee: bool
    is_current: bool  # neither time nor call have changed since the row was written
    call: str  # the link that holds now, or empty
    answered: str = "NEEDS-ACTION"  # what the reader's calendar said last, as calendars write it

    @property
    def starts_at(self) -> datetime:
        return self.session.booking.starts_at


def send_invitation(row: OutboxRow, now: datetime) -> None:
    """Invite one person: what for, when, why this person, what to prepare."""
    _deliver(row, now, _invitation, wanted=_is_ahead)


def send_update(row: OutboxRow, now: datetime) -> None:
    """Move the entry in one person's calendar."""
    _deliver(row, now, _update, wanted=_is_ahead)


def send_call_link(row: OutboxRow, now: datetime) -> None:
    """Say where they talk now, and bring it into one person's calendar."""
    _deliver(row, now, _call_link, wanted=_is_ahead)


def send_cancellation(row: OutboxRow, now: datetime) -> None:
    """Take the entry out of one person's calendar."""
    _deliver(row, now, _cancellation, wanted=lambda r: r.session.state == SessionState.CANCELLED)


def send_reminder(row: OutboxRow, now: datetime) -> None:
    """Remind one person, unless they switched reminders off or the session moved."""
    _deliver(row, now, _reminder, wanted=_wants_reminder)


def chase_artifact(row: OutboxRow, now: datetime) -> None:
    """Ask one person for the artifact, as long as it is missing."""
    _deliver(row, now, _chase, wanted=_wants_chase)


def renew_call_links(row: OutboxRow, now: datetime) -> None:
    """Let the sessions of one person follow where they take calls."""
    person = Person.objects.filter(public_id=row.ref["person"]).first()
    if person is not None:
        follow_settings(person, by=Viewer.system(row.organization, "settings"), now=now)


def settle_sessions(row: OutboxRow, now: datetime) -> None:
    """Bring the organisation's sessions up to the clock."""
    settle_overdue(now, by=Viewer.system(row.organization, "clock"))


def _is_ahead(reading: Reading) -> bool:
    gone = (SessionState.CANCELLED, SessionState.NOT_HELD)
    return reading.is_current and reading.session.state not in gone


def _wants_reminder(reading: Reading) -> bool:
    return (
        reading.is_current
        and reading.session.state == SessionState.SCHEDULED
        and reading.starts_at > reading.now
        and may_do(reading.reader.public_id, ConsentPurpose.REMINDERS, reading.now)
    )


def _wants_chase(reading: Reading) -> bool:
    missing = reading.session.state == SessionState.AWAITING_ARTIFACT
    return missing and may_do(reading.reader.public_id, ConsentPurpose.ARTIFACT_ASKED, reading.now)


def _deliver(
    row: OutboxRow,
    now: datetime,
    write: Callable[[Reading], MailFacts],
    *,
    wanted: Callable[[Reading], bool],
) -> None:
    session = (
        Session.objects.select_related("booking", "program", "match", "cancelled_by")
        .filter(public_id=row.ref["session"])
        .first()
    )
    reading = read(row, now, session) if session else None
    if reading is None:
        return
    mailing.send(sender=None, row=row, session=reading.session, reader=reading.reader, now=now)
    if not wanted(reading):
        return
    with translation.override(reading.reader.language or settings.LANGUAGE_CODE):
        message = build_mail(write(reading), sent_at=now)
    send(message)


def read(
    row: OutboxRow, now: datetime, session: Session, about: Mapping[str, Any] | None = None
) -> Reading | None:
    """What a row of the outbox is about, as things stand; None where its reader has no seat.

    `about` has the ids, where the row itself has them not.
    """
    ref = row.ref if about is None else about
    there = Seat.objects.filter(booking=session.booking).select_related("person").order_by("n")
    seats = coming(session, there)
    mine = next((s for s in seats if str(s.person.public_id) == ref["person"]), None)
    if mine is None or other_of(seats, mine) is None:
        return None
    return Reading(
        row=row,
        now=now,
        session=session,
        reader=mine.person,
        name=names_of(seats, mine),
        clock=clock_of(seats, mine),
        others=frozenset(seat.person_id for seat in seats if seat.pk != mine.pk),
        is_mentee=mine.role == SeatRole.MENTEE,
        is_current=ref.get("sequence", session.booking.sequence) == session.booking.sequence,
        call=call.url if (call := call_link_of(session, seats)) else "",
        answered=mine.participation.upper().replace("_", "-"),
    )


def _invitation(reading: Reading) -> MailFacts:
    name = reading.name
    paragraphs = [
        _("You and %(name)s meet for %(minutes)d minutes.")
        % {"name": name, "minutes": reading.session.minutes}
    ]
    if reading.is_mentee and reading.session.match is not None:
        reasons = why_matched(reading.session.match)[:REASONS_SHOWN]
        if reasons:
            paragraphs.append(
                _("Why %(name)s: %(reasons)s") % {"name": name, "reasons": " ".join(reasons)}
            )
    paragraphs.append(
        _("Afterwards you write down in five minutes what was learned and what comes next.")
    )
    return facts_of(
        reading,
        _("%(day)s: session with %(name)s") % {"day": short_day(reading), "name": name},
        paragraphs,
        entry=entry_of(reading, Method.REQUEST),
        ahead=True,
    )


def _update(reading: Reading) -> MailFacts:
    name = reading.name
    return facts_of(
        reading,
        _("Moved to %(day)s: session with %(name)s") % {"day": short_day(reading), "name": name},
        [
            _("Your session with %(name)s has a new time.") % {"name": name},
            _("The entry in your calendar moves by itself."),
        ],
        entry=entry_of(reading, Method.REQUEST),
        ahead=True,
    )


def _call_link(reading: Reading) -> MailFacts:
    name = reading.name
    if reading.call:
        said = _("You and %(name)s talk here: %(link)s") % {
            "name": name,
            "link": reading.call,
        }
    else:
        said = _(
            "The link to your call with %(name)s was taken away. Agree in the room where you talk."
        ) % {"name": name}
    return facts_of(
        reading,
        _("Where you talk: session with %(name)s on %(day)s")
        % {"day": short_day(reading), "name": name},
        [said, _("The entry in your calendar changes by itself; the time stays.")],
        entry=entry_of(reading, Method.REQUEST),
        ahead=True,
    )


def _cancellation(reading: Reading) -> MailFacts:
    name = reading.name
    who = reading.session.cancelled_by
    if who is not None and who.pk == reading.reader.pk:
        said = _("You cancelled your session with %(name)s.") % {"name": name}
    elif who is not None and who.pk in reading.others:
        said = _("%(name)s cancelled your session.") % {"name": who.name}
    else:
        said = _("Your session with %(name)s is cancelled.") % {"name": name}
    return facts_of(
        reading,
        _("Cancelled: session with %(name)s on %(day)s")
        % {"day": short_day(reading), "name": name},
        [said, _("The entry leaves your calendar, and the time is free again.")],
        entry=entry_of(reading, Method.CANCEL),
    )


def _reminder(reading: Reading) -> MailFacts:
    name = reading.name
    hours = max(1, round((reading.starts_at - reading.now) / timedelta(hours=1)))
    begins = ngettext("in an hour", "in %(n)d hours", hours) % {"n": hours}
    return facts_of(
        reading,
        _("Session with %(name)s %(begins)s") % {"name": name, "begins": begins},
        [
            _("You meet %(name)s %(begins)s, for %(minutes)d minutes.")
            % {"name": name, "begins": begins, "minutes": reading.session.minutes},
            _("If you cannot come, cancel with one tap: the time is then free for others."),
        ],
        ahead=True,
    )


def _chase(reading: Reading) -> MailFacts:
    name = reading.name
    return facts_of(
        reading,
        _("Five minutes for what you learned with %(name)s") % {"name": name},
        [
            _("Your session with %(name)s is over; its artifact is not written yet.")
            % {"name": name},
            _("What was learned or decided, the next step, and whose it is: a sentence each."),
        ],
        links=(Link(_("Write the artifact"), _address("room", reading.session)),),
    )


def facts_of(
    reading: Reading,
    subject: str,
    paragraphs: list[str],
    *,
    entry: CalendarEntry | None = None,
    ahead: bool = False,
    links: tuple[Link, ...] = (),
) -> MailFacts:
    """A mail about a session: its words, and with `ahead` the ways to prepare, move or cancel."""
    session = reading.session
    if ahead:
        # In a group only one's own seat is one's own to give back.
        own_seat_alone = is_group(session) and reading.is_mentee
        move = Link(_("Find another time"), _address("session_move", session))
        give_back = _("I cannot come this time") if own_seat_alone else _("Cancel this session")
        links = (
            *((Link(_("Join the call"), reading.call),) if reading.call else ()),
            Link(_("Open the room and its checklist"), _address("room", session)),
            *(() if own_seat_alone else (move,)),
            Link(give_back, cancel_address(session, reading.reader)),
        )
    items = ChecklistItem.objects.filter(session=session).order_by("position")
    return MailFacts(
        key=reading.row.public_id,
        sender=sender(),
        recipient=Address(reading.reader.email, reading.reader.name),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        paragraphs=tuple(paragraphs),
        facts=(
            (_("Objective"), session.objective),
            (_("When"), when_for(reading.reader, reading.clock, reading.starts_at)),
            (_("Program"), session.program.name),
        ),
        checklist_title=_("Before the session") if ahead else "",
        checklist=tuple(item.text for item in items) if ahead else (),
        links=links,
        closing=session.organization.name,
        entry=entry,
    )


def entry_of(reading: Reading, method: Method) -> CalendarEntry:
    """The session as an entry of its reader's calendar."""
    session, booking = reading.session, reading.session.booking
    room = _address("room", session)
    call = reading.call if method is Method.REQUEST else ""
    lines = [session.objective, room]
    if call:
        lines.append(_("Join the call: %(link)s") % {"link": call})
    return CalendarEntry(
        method=method,
        uid=booking.uid,
        sequence=booking.sequence,
        stamped_at=reading.now,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        timezone=reading.reader.timezone,
        summary=_("Session with %(name)s") % {"name": reading.name},
        description="\n".join(lines),
        url=room,
        location=call,
        organizer=organizer(),
        # The reader alone: nobody learns the other's address from an invitation.
        attendees=(Address(reading.reader.email, reading.reader.name),),
        answered=reading.answered,
    )


def _address(page: str, session: Session) -> str:
    return f"{settings.BASE_URL}{reverse(page, args=[session.public_id])}"


def cancel_address(session: Session, reader: Person) -> str:
    """Where this reader gives the time back without signing in first."""
    address = _address("session_cancel_from_mail", session)
    return f"{address}?{urlencode({'word': cancel_word(session, reader)})}"


def short_day(reading: Reading) -> str:
    """The day and time of the session as its reader's clock shows them."""
    local = reading.starts_at.astimezone(ZoneInfo(reading.reader.timezone))
    # Translators: Django date format of a day in a list, for example Tue 3 Feb 2026
    return f"{django_format(local, _('D j M Y'))}, {local:%H:%M}"


def when_for(reader: Person, other: Person, at: datetime) -> str:
    """A moment in words: the reader's day, time and zone first, the other's time beside it."""
    mine = at.astimezone(ZoneInfo(reader.timezone))
    theirs = at.astimezone(ZoneInfo(other.timezone))
    words = _("%(day)s, %(time)s your time (%(zone)s)") % {
        # Translators: Django date format of a day in a sentence, as in Tuesday 3 February 2026
        "day": django_format(mine, _("l j F Y")),
        "time": f"{mine:%H:%M}",
        "zone": reader.timezone,
    }
    if mine.utcoffset() == theirs.utcoffset():
        return words
    their_time = f"{theirs:%H:%M}"
    if theirs.date() != mine.date():
        their_time = f"{django_format(theirs, 'l')} {their_time}"
    return _("%(mine)s; %(time)s for %(name)s") % {
        "mine": words,
        "time": their_time,
        "name": other.name,
    }
