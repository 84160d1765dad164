"""What the outbox runner calls for office hours: the clock, and one mail a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.calendars.models import Booking
from handrail.apps.office_hours.actions.clock import run
from handrail.apps.office_hours.actions.planning import plan
from handrail.apps.office_hours.entries import entry_of
from handrail.apps.office_hours.models import LineState, PlaceInLine, Rota, Turn, TurnState
from handrail.apps.office_hours.queries import cards
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.sessions.tasks import when_for
from handrail.integrations.calendar_mail import (
    Address,
    CalendarEntry,
    Link,
    MailFacts,
    Method,
    build_mail,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One mail's reader and the turn it is about."""

    row: OutboxRow
    now: datetime
    turn: Turn
    reader: Person
    booking: Booking | None
    place: PlaceInLine | None


def run_office_hours(row: OutboxRow, now: datetime) -> None:
    """Plan turns, pass offers on and move turns of who has left, in the whole organisation."""
    run(by=Viewer.system(row.organization, "clock"), now=now)


def plan_turns(row: OutboxRow, now: datetime) -> None:
    """Plan the turns of one program at once."""
    rota = Rota.objects.filter(program__public_id=row.ref["program"]).first()
    if rota is not None:
        plan(rota, by=Viewer.system(row.organization, "clock"), now=now)


def send_turn(row: OutboxRow, now: datetime) -> None:
    """Bring a turn into its host's calendar."""
    _deliver(row, now, _turn, wanted=_is_theirs)


def send_turn_off(row: OutboxRow, now: datetime) -> None:
    """Take a turn out of the calendar of who does not hold it any more."""
    _deliver(row, now, _off, wanted=lambda r: not _is_theirs(r))


def send_turn_nobody(row: OutboxRow, now: datetime) -> None:
    """Say that nobody can hold a turn."""
    _deliver(row, now, _nobody, wanted=lambda r: r.turn.state == TurnState.NOBODY)


def send_offer(row: OutboxRow, now: datetime) -> None:
    """Offer a freed time."""
    _deliver(row, now, _offer, wanted=_is_offered)


def _is_theirs(reading: Reading) -> bool:
    turn, booking = reading.turn, reading.booking
    return (
        turn.state == TurnState.PLANNED
        and turn.host_id == reading.reader.pk
        and booking is not None
        and turn.booking_id == booking.pk
    )


def _is_offered(reading: Reading) -> bool:
    place = reading.place
    return (
        place is not None
        and place.state == LineState.OFFERED
        and place.offered_until is not None
        and place.offered_until > reading.now
    )


def _deliver(
    row: OutboxRow,
    now: datetime,
    write: Callable[[Reading], MailFacts],
    *,
    wanted: Callable[[Reading], bool],
) -> None:
    turn = (
        Turn.objects.select_related("slot__rota__program", "host", "organization")
        .filter(public_id=row.ref["turn"])
        .first()
    )
    reader = Person.objects.filter(public_id=row.ref["person"]).first()
    if turn is None or reader is None:
        return
    booking = Booking.objects.filter(public_id=row.ref.get("booking")).first()
    places = PlaceInLine.objects.select_related("booking", "turn__host")
    place = places.filter(public_id=row.ref["place"]).first() if "place" in row.ref else None
    reading = Reading(row, now, turn, reader, booking, place)
    if not wanted(reading):
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        message = build_mail(write(reading), sent_at=now)
    send(message)


def _turn(reading: Reading) -> MailFacts:
    turn = reading.turn
    return _facts(
        reading,
        _("%(day)s: you hold office hours") % {"day": _day(reading)},
        [
            " ".join(cards([turn])[0].why),
            _("People book times in it; each session comes to you with its own invitation."),
            _("You cannot? Say so, and the turn moves on to somebody else."),
        ],
        entry=_entry(reading, Method.REQUEST),
        links=(Link(_("My turns"), settings.BASE_URL + reverse("my_turns")),),
    )


def _off(reading: Reading) -> MailFacts:
    host = reading.turn.host
    if host is not None:
        said = _("%(name)s holds them now. You owe a turn; it comes back to you later on.") % {
            "name": host.name
        }
    else:
        said = _("They do not take place as planned.")
    return _facts(
        reading,
        _("%(day)s: not your office hours any more") % {"day": _day(reading)},
        [said, _("The entry leaves your calendar.")],
        entry=_entry(reading, Method.CANCEL),
    )


def _nobody(reading: Reading) -> MailFacts:
    program = reading.turn.slot.rota.program
    if program.leads.filter(person=reading.reader).exists():
        said = [
            _("No mentor can hold these office hours; who had booked them is told."),
            _("As soon as a mentor is free then, the turn is given to them by itself."),
        ]
        link = Link(
            _("See the rota"), settings.BASE_URL + reverse("rota", args=[program.public_id])
        )
    else:
        said = [
            _("The mentor cannot come, and nobody else can then. We are sorry."),
            _("What you had booked is cancelled and does not count. Please choose another time."),
        ]
        link = Link(_("Choose another time"), _booking_page(reading))
    return _facts(
        reading,
        _("%(day)s: nobody can hold the office hours") % {"day": _day(reading)},
        said,
        links=(link,),
    )


def _offer(reading: Reading) -> MailFacts:
    place = reading.place
    assert place is not None
    assert place.booking is not None
    assert place.offered_until is not None
    host = place.turn.host
    assert host is not None
    minutes = int((place.offered_until - reading.now) / timedelta(minutes=1))
    address = reverse("office_hours_offer", args=[place.public_id])
    return _facts(
        reading,
        _("A time is free: %(day)s with %(name)s")
        % {"day": _moment(reading.reader, place.booking.starts_at), "name": host.name},
        [
            _("You waited for it, and it is held for you for %(span)s.") % {"span": _span(minutes)},
            _("Without an answer it goes to the next one in line."),
        ],
        links=(Link(_("Take it or let it go"), settings.BASE_URL + address),),
        more=(
            (_("Objective"), place.objective),
            (_("When"), when_for(reading.reader, host, place.booking.starts_at)),
        ),
    )


def _facts(
    reading: Reading,
    subject: str,
    paragraphs: list[str],
    *,
    entry: CalendarEntry | None = None,
    links: tuple[Link, ...] = (),
    more: tuple[tuple[str, str], ...] = (),
) -> MailFacts:
    turn = reading.turn
    when = more or (
        (_("When"), when_for(reading.reader, turn.host or reading.reader, turn.starts_at)),
    )
    return MailFacts(
        key=reading.row.public_id,
        sender=sender(),
        recipient=Address(reading.reader.email, reading.reader.name),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        paragraphs=tuple(text for text in paragraphs if text),
        facts=(*when, (_("Program"), turn.slot.rota.program.name)),
        links=links,
        closing=turn.organization.name,
        entry=entry,
    )


def _entry(reading: Reading, method: Method) -> CalendarEntry:
    assert reading.booking is not None
    return entry_of(
        reading.turn, reading.booking, reading.reader, method=method, stamped_at=reading.now
    )


def _day(reading: Reading) -> str:
    return _moment(reading.reader, reading.turn.starts_at)


def _moment(reader: Person, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(reader.timezone))
    # Translators: Django date format of a day in a list, for example Tue 3 Feb 2026
    return f"{django_format(local, _('D j M Y'))}, {local:%H:%M}"


def _span(minutes: int) -> str:
    if minutes < 90:
        return ngettext("a minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("an hour", "%(n)d hours", hours) % {"n": hours}


def _booking_page(reading: Reading) -> str:
    program = reading.turn.slot.rota.program
    return settings.BASE_URL + reverse("office_hours", args=[program.public_id])
