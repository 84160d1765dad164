"""What the outbox runner calls: one day of a retreat into one calendar, or out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.retreats.entries import address_of, entry_for, place_of
from handrail.apps.retreats.models import DayEntry, Guest, RetreatStatus
from handrail.apps.retreats.plan import Plan, plan_of
from handrail.apps.retreats.wording import agenda_line, beside, day_title, long_day, span
from handrail.integrations.calendar_mail import Address, Link, MailFacts, Method, build_mail


@dataclass(frozen=True, slots=True)
class Reading:
    """One mail's reader and the day it is about."""

    row: OutboxRow
    now: datetime
    entry: DayEntry
    guest: Guest
    plan: Plan

    @property
    def sequence(self) -> int:
        return int(self.row.ref["sequence"])

    @property
    def title(self) -> str:
        return day_title(self.plan.retreat, self.entry.number, len(self.plan.days))

    @property
    def comes(self) -> bool:
        called_off = self.plan.retreat.status == RetreatStatus.CALLED_OFF
        return self.guest.taken_off_at is None and self.entry.is_live and not called_off


def send_day(row: OutboxRow, now: datetime) -> None:
    """Put a day into one person's calendar, or bring it up to date there."""
    reading = _read(row, now)
    if reading is not None and reading.comes and reading.sequence >= reading.entry.told_sequence:
        _deliver(reading, Method.REQUEST)


def send_day_off(row: OutboxRow, now: datetime) -> None:
    """Take a day out of one person's calendar, unless it is in it again."""
    reading = _read(row, now)
    if reading is not None and not reading.comes:
        _deliver(reading, Method.CANCEL)


def _read(row: OutboxRow, now: datetime) -> Reading | None:
    entry = (
        DayEntry.objects.filter(public_id=row.ref["entry"])
        .select_related("retreat", "organization")
        .first()
    )
    guest = Guest.objects.filter(public_id=row.ref["guest"]).select_related("person", "hub").first()
    if entry is None or guest is None:
        return None
    return Reading(row, now, entry, guest, plan_of(entry.retreat, now))


def _deliver(reading: Reading, method: Method) -> None:
    person = reading.guest.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        facts = _on(reading) if method is Method.REQUEST else _off(reading)
        message = build_mail(facts, sent_at=reading.now)
    send(message)


def _on(reading: Reading) -> MailFacts:
    retreat, entry = reading.plan.retreat, reading.entry
    if reading.sequence:
        subject = _("Changed: %(title)s on %(day)s")
        said = _("The plan has changed. The entry in your calendar follows by itself.")
    else:
        subject = _("%(title)s on %(day)s")
        said = _("You are invited: %(objective)s.") % {"objective": retreat.objective.rstrip(".")}
    return _facts(reading, subject, [said], Method.REQUEST, agenda=True, starts=entry.starts_at)


def _off(reading: Reading) -> MailFacts:
    retreat = reading.plan.retreat
    if retreat.status == RetreatStatus.CALLED_OFF:
        said = _("“%(name)s” is called off.") % {"name": retreat.name}
    elif reading.guest.taken_off_at is not None:
        said = _("You are no longer on the list of “%(name)s”.") % {"name": retreat.name}
    else:
        said = _("This day of “%(name)s” does not take place.") % {"name": retreat.name}
    return _facts(
        reading,
        _("Cancelled: %(title)s on %(day)s"),
        [said, _("The entry leaves your calendar, and the time is free again.")],
        Method.CANCEL,
        starts=reading.entry.starts_at,
    )


def _facts(
    reading: Reading,
    subject: str,
    paragraphs: list[str],
    method: Method,
    *,
    starts: datetime,
    agenda: bool = False,
) -> MailFacts:
    plan, entry, person = reading.plan, reading.entry, reading.guest.person
    retreat = plan.retreat
    day = next((day for day in plan.days if day.number == entry.number), None)
    me = Address(person.email, person.name)
    on = long_day(starts.astimezone(ZoneInfo(retreat.timezone)))
    return MailFacts(
        key=reading.row.public_id,
        sender=sender(),
        recipient=me,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject % {"title": reading.title, "day": on},
        paragraphs=tuple(paragraphs),
        facts=(
            (_("When"), f"{on}, {_when(reading)}"),
            (_("Where"), place_of(reading.guest.hub)),
        ),
        checklist_title=_("Agenda") if agenda else "",
        checklist=tuple(agenda_line(one, retreat.timezone) for one in day.blocks)
        if agenda and day
        else (),
        links=(Link(_("Open the plan and the kit list"), address_of(retreat)),) if agenda else (),
        closing=entry.organization.name,
        entry=entry_for(
            plan,
            entry.number,
            method=method,
            sequence=reading.sequence,
            span=(entry.starts_at, entry.ends_at),
            hub=reading.guest.hub,
            attendee=me,
            now=reading.now,
        ),
    )


def _when(reading: Reading) -> str:
    """The place's time first, the reader's beside it."""
    zone, entry = reading.plan.retreat.timezone, reading.entry
    there = f"{span(entry.starts_at, entry.ends_at, zone)} ({zone})"
    here = beside(entry.starts_at, entry.ends_at, zone, reading.guest.person.timezone)
    return f"{there}; {here}" if here else there
