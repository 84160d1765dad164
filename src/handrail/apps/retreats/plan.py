"""A retreat as one value: its days with their blocks, who comes, the kit with what is late."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handrail.apps.retreats.models import (
    AgendaBlock,
    Guest,
    Hub,
    KitItem,
    KitPiece,
    PieceState,
    Retreat,
)
from handrail.apps.retreats.queries import guests_of
from handrail.domain.retreats import Block, Trouble, days_of, ship_by, troubles

NOT_OFF = {PieceState.OPEN, PieceState.READY}


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """A block with its moments and what it trips over, in words' keys."""

    block: AgendaBlock
    starts_at: datetime
    ends_at: datetime
    overlaps: tuple[str, ...]  # titles
    is_outside: bool


@dataclass(frozen=True, slots=True)
class PlannedDay:
    number: int
    day: date
    blocks: tuple[PlannedBlock, ...]


@dataclass(frozen=True, slots=True)
class KitLine:
    """So many pieces of an item in one state: one person's, or those nobody brings yet."""

    item: KitItem
    guest: Guest | None
    count: int
    state: PieceState
    needed_on: date | None
    ship_by: date | None  # where it has to be shipped
    is_late: bool


@dataclass(frozen=True, slots=True)
class Kit:
    item: KitItem
    lines: tuple[KitLine, ...]

    @property
    def free(self) -> int:
        """How many pieces of a shared item nobody brings yet."""
        return sum(line.count for line in self.lines if line.guest is None)

    @property
    def late(self) -> int:
        return sum(line.count for line in self.lines if line.is_late)

    @property
    def ship_by(self) -> date | None:
        days = [line.ship_by for line in self.lines if line.ship_by and line.state in NOT_OFF]
        return min(days, default=None)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole retreat as it stands."""

    retreat: Retreat
    hubs: tuple[Hub, ...]
    guests: tuple[Guest, ...]
    days: tuple[PlannedDay, ...]
    outside: tuple[PlannedBlock, ...]  # on a day that the retreat does not have
    kit: tuple[Kit, ...]

    @property
    def late(self) -> tuple[KitLine, ...]:
        return tuple(line for kit in self.kit for line in kit.lines if line.is_late)


def plan_of(retreat: Retreat, now: datetime) -> Plan:
    """Read a retreat whole; `now` says what is late where the retreat is."""
    hubs = tuple(Hub.objects.filter(retreat=retreat))
    guests = tuple(guests_of(retreat))
    days, outside = _agenda(retreat)
    today = now.astimezone(ZoneInfo(retreat.timezone)).date()
    return Plan(retreat, hubs, guests, days, outside, _kit(retreat, hubs, guests, today))


def starts_at(retreat: Retreat, block: AgendaBlock) -> datetime:
    """The moment at which a block begins."""
    day = retreat.starts_on + timedelta(days=block.day - 1)
    hours, minutes = divmod(block.starts_min, 60)
    zone = ZoneInfo(retreat.timezone)
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=zone)


def _agenda(retreat: Retreat) -> tuple[tuple[PlannedDay, ...], tuple[PlannedBlock, ...]]:
    rows = {
        str(block.public_id): block
        for block in AgendaBlock.objects.filter(retreat=retreat).select_related("led_by")
    }
    zone = ZoneInfo(retreat.timezone)
    blocks = [
        Block(key, starts_at(retreat, row).astimezone(ZoneInfo("UTC")), row.minutes)
        for key, row in rows.items()
    ]
    overlaps: dict[str, list[str]] = defaultdict(list)
    outside: set[str] = set()
    for finding in troubles(blocks, retreat.starts_on, retreat.ends_on, zone):
        if finding.trouble is Trouble.OUTSIDE:
            outside.add(finding.key)
        else:
            overlaps[finding.key].append(rows[finding.other].title)
            overlaps[finding.other].append(rows[finding.key].title)

    def planned(block: Block) -> PlannedBlock:
        return PlannedBlock(
            rows[block.key],
            block.starts_at,
            block.ends_at,
            tuple(overlaps[block.key]),
            block.key in outside,
        )

    days = tuple(
        PlannedDay(day.number, day.day, tuple(planned(block) for block in day.blocks))
        for day in days_of(blocks, retreat.starts_on, retreat.ends_on, zone)
    )
    shown = {str(one.block.public_id) for day in days for one in day.blocks}
    rest = sorted((b for b in blocks if b.key not in shown), key=lambda block: block.starts_at)
    return days, tuple(planned(block) for block in rest)


def _kit(
    retreat: Retreat, hubs: tuple[Hub, ...], guests: tuple[Guest, ...], today: date
) -> tuple[Kit, ...]:
    coming = {guest.pk: guest for guest in guests}
    by_item: dict[int, dict[tuple[int | None, str], int]] = defaultdict(lambda: defaultdict(int))
    pieces = KitPiece.objects.filter(item__retreat=retreat)
    for item_id, guest_id, state in pieces.values_list("item_id", "guest_id", "state"):
        by_item[item_id][(guest_id, state)] += 1
    arrivals = _first_arrivals(retreat, hubs, guests)
    places = {hub.pk: hub for hub in hubs}
    kits = []
    for item in KitItem.objects.filter(retreat=retreat):
        lines = []
        for (whose, state), count in by_item[item.pk].items():
            guest = coming.get(whose) if whose is not None else None
            hub = guest.hub if guest and item.per_person else _hub_of(item, hubs, places)
            needed = _arrival(guest, retreat) if guest and item.per_person else arrivals[hub.pk]
            leaves = ship_by(needed, hub.shipping_days, _closed(hub)) if item.to_ship else None
            late = leaves is not None and state in NOT_OFF and today > leaves
            lines.append(KitLine(item, guest, count, PieceState(state), needed, leaves, late))
        lines.sort(key=lambda line: (line.guest.person.name if line.guest else "", line.state))
        kits.append(Kit(item, tuple(lines)))
    return tuple(kits)


def _hub_of(item: KitItem, hubs: tuple[Hub, ...], places: dict[int, Hub]) -> Hub:
    return places.get(item.hub_id or 0, hubs[0])


def _closed(hub: Hub) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in hub.closed_on)


def _arrival(guest: Guest, retreat: Retreat) -> date:
    if guest.arrives_at is None:
        return retreat.starts_on
    return min(guest.arrives_at.astimezone(ZoneInfo(guest.hub.timezone)).date(), retreat.starts_on)


def _first_arrivals(
    retreat: Retreat, hubs: tuple[Hub, ...], guests: tuple[Guest, ...]
) -> dict[int, date]:
    return {
        hub.pk: min(
            (_arrival(guest, retreat) for guest in guests if guest.hub_id == hub.pk),
            default=retreat.starts_on,
        )
        for hub in hubs
    }
