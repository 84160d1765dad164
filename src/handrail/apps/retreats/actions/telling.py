"""What calendars are told: when the planner says so, once for many changes; one entry a day.

People keep a retreat in their calendar as a stretch of each day, with the agenda inside: an entry a
block would be ten mails a person and ten more for each change, and one entry over the nights blocks
the nights. So each day has one UID for life, and only the days that changed are sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.apps.retreats.actions.changing import changing
from handrail.apps.retreats.models import DayEntry, Guest, Retreat, RetreatStatus
from handrail.apps.retreats.plan import Plan, PlannedDay, plan_of
from handrail.apps.retreats.queries import require_plan

INVITATION = "mail.retreat_day"
CANCELLATION = "mail.retreat_off"


@dataclass(frozen=True, slots=True)
class Untold:
    """What calendars do not know yet."""

    changed: tuple[int, ...]  # days
    gone: tuple[int, ...]
    people: tuple[Guest, ...]  # never told

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone or self.people)


def untold(plan: Plan) -> Untold:
    """What has changed since people were told, of an announced retreat or a draft."""
    entries = {entry.number: entry for entry in DayEntry.objects.filter(retreat=plan.retreat)}
    held = [day for day in plan.days if day.blocks]
    changed = tuple(
        day.number
        for day in held
        if (known := entries.get(day.number)) is None
        or not known.is_live
        or known.told != _digest(plan, day)
    )
    numbers = {day.number for day in held}
    gone = tuple(n for n, entry in sorted(entries.items()) if entry.is_live and n not in numbers)
    return Untold(changed, gone, tuple(guest for guest in plan.guests if guest.told_at is None))


def announce(retreat: Retreat, *, by: Viewer, now: datetime) -> int:
    """Invite who was not invited, and bring everybody's calendar up to date; how many people."""
    require_plan(by, retreat)
    with changing(retreat, "retreat.announced", by=by, now=now):
        plan = plan_of(retreat, now)
        news = untold(plan)
        if not any(day.blocks for day in plan.days):
            raise Invalid(_("The agenda is empty. Add a block before you invite people."))
        if not plan.guests:
            raise Invalid(_("Nobody comes yet. Add people before you invite them."))
        if plan.outside:
            raise Conflict(
                _("A block lies outside the retreat. Move it or take it out, then invite people.")
            )
        if not news:
            raise Conflict(_("Everybody's calendar already shows the plan as it is."))
        days = {day.number: day for day in plan.days}
        for number in news.changed:
            entry = _note(plan, days[number])
            _invite(entry, plan.guests, now)
        for entry in DayEntry.objects.filter(retreat=retreat, is_live=True).exclude(
            number__in=[*news.changed, *news.gone]
        ):
            if news.people:
                entry.sequence += 1  # above whatever somebody who comes again was sent
                entry.save(update_fields=["sequence"])
            _invite(entry, news.people, now)
        for entry in DayEntry.objects.filter(retreat=retreat, number__in=news.gone):
            entry.is_live = False
            _take_out(entry, [guest for guest in plan.guests if guest.told_at], now)
        touched = plan.guests if news.changed or news.gone else news.people
        Guest.objects.filter(pk__in=[guest.pk for guest in plan.guests]).update(told_at=now)
        Retreat.objects.filter(pk=retreat.pk).update(status=RetreatStatus.ANNOUNCED)
    return len(touched)


def call_off(retreat: Retreat, *, by: Viewer, now: datetime) -> None:
    """Call the retreat off: it leaves every calendar, and the plan stays to be read."""
    require_plan(by, retreat)
    with changing(retreat, "retreat.called_off", by=by, now=now):
        told = list(
            Guest.objects.filter(retreat=retreat, taken_off_at=None)
            .exclude(told_at=None)
            .select_related("person")
        )
        for entry in DayEntry.objects.filter(retreat=retreat, is_live=True):
            entry.is_live = False
            _take_out(entry, told, now)
        Retreat.objects.filter(pk=retreat.pk).update(status=RetreatStatus.CALLED_OFF)


def tell_off(retreat: Retreat, guest: Guest, now: datetime) -> None:
    """Take the days out of one person's calendar, in the caller's transaction."""
    if guest.told_at is not None:
        for entry in DayEntry.objects.filter(retreat=retreat, is_live=True):
            _take_out(entry, [guest], now)


def _note(plan: Plan, day: PlannedDay) -> DayEntry:
    """Keep what is told of a day now; a change of what was told gets the next number."""
    values = {
        "starts_at": min(one.starts_at for one in day.blocks),
        "ends_at": max(one.ends_at for one in day.blocks),
        "told": _digest(plan, day),
        "is_live": True,
    }
    entry, created = DayEntry.objects.get_or_create(
        organization_id=plan.retreat.organization_id,
        retreat=plan.retreat,
        number=day.number,
        defaults=values,
    )
    if not created:
        for name, value in values.items():
            setattr(entry, name, value)
        entry.sequence += 1
        entry.told_sequence = entry.sequence
        entry.save()
    return entry


def _invite(entry: DayEntry, guests: Iterable[Guest], now: datetime) -> None:
    for guest in guests:
        _send(INVITATION, entry, guest, now)


def _take_out(entry: DayEntry, guests: Iterable[Guest], now: datetime) -> None:
    entry.sequence += 1
    entry.save(update_fields=["sequence", "is_live"])
    for guest in guests:
        _send(CANCELLATION, entry, guest, now)


def _send(kind: str, entry: DayEntry, guest: Guest, now: datetime) -> None:
    enqueue(
        kind,
        ref={
            "entry": str(entry.public_id),
            "guest": str(guest.public_id),
            "sequence": entry.sequence,
        },
        dedupe=f"{kind}:{entry.public_id}:{guest.public_id}:{entry.sequence}",
        due_at=now,
        # A lane a person: one mailbox that refuses mail must not keep the others from knowing.
        stream=f"retreat:{guest.public_id}",
        now=now,
        organization=entry.organization,
    )


def _digest(plan: Plan, day: PlannedDay) -> str:
    """Of everything that an entry says to everybody."""
    said = [
        plan.retreat.name,
        plan.retreat.objective,
        plan.retreat.timezone,
        [[hub.name, hub.address] for hub in plan.hubs],
        [
            [
                one.starts_at.isoformat(),
                one.block.minutes,
                one.block.title,
                one.block.objective,
                one.block.led_by_id,
            ]
            for one in day.blocks
        ],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
