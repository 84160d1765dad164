"""The times that are free in the turns of a rota, in the order in which they are offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handrail.apps.calendars.ledger import read_diaries
from handrail.apps.calendars.models import LIVE_STATUSES, Booking, SeatRole
from handrail.apps.matches.parting import kept_apart
from handrail.apps.office_hours.models import IN_LINE, PlaceInLine, Rota, Turn, TurnState
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.sessions.models import Session, SessionState
from handrail.domain.scheduling import (
    ARTIFACT_MINUTES,
    Asked,
    cell_at,
    first_day_allowed,
    free_bits,
    starts_of_bits,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One turn as somebody who wants to book sees it.

    `first` are the starts that are offered first, `others` all further ones. A block is full when
    it has neither; then one can wait in line.
    """

    turn: Turn
    first: list[datetime]
    others: list[datetime]
    booked: int
    waiting: int
    place: PlaceInLine | None
    mine: bool

    @property
    def starts(self) -> list[datetime]:
        """Every free start, earliest first."""
        return sorted([*self.first, *self.others])


@dataclass(frozen=True, slots=True)
class FairUse:
    """What the limit says to one person: the days used, and when one more is possible."""

    limit: int
    days: int
    used: tuple[date, ...]

    def next_day(self, wanted: date) -> date:
        """The first day from the wanted one on at which one more session keeps the limit."""
        return first_day_allowed(self.used, wanted, self.limit, self.days)


def turns_ahead(rota: Rota, now: datetime) -> list[Turn]:
    """The turns that somebody holds and that are not over, earliest first."""
    turns = Turn.objects.filter(slot__rota=rota, state=TurnState.PLANNED, ends_at__gt=now)
    return list(turns.select_related("slot", "host", "booking"))


def fair_use(rota: Rota, person: Person, *, without: Session | None = None) -> FairUse:
    """The person's days in these office hours; what was cancelled does not count, nor `without`."""
    used = Session.objects.filter(
        program_id=rota.program_id,
        booking__seats__person=person,
        booking__seats__role=SeatRole.MENTEE,
    ).exclude(state=SessionState.CANCELLED)
    rows = used.values_list("pk", "booking__within__turn__day")
    moving = without.pk if without is not None else None
    days = tuple(day for pk, day in rows if day is not None and pk != moving)
    return FairUse(rota.fair_sessions, rota.fair_days, days)


def blocks(rota: Rota, person: Person | None, now: datetime) -> list[Block]:
    """The coming turns with what is free in each for this person (None: for anybody)."""
    turns = [turn for turn in turns_ahead(rota, now) if turn.host_id is not None]
    if person is not None:
        apart = kept_apart(rota.program)
        turns = [
            turn
            for turn in turns
            if turn.host_id != person.pk and (person.pk, turn.host_id) not in apart
        ]
    free = free_in(turns, rota.program, person, now=now)
    taken: dict[int, list[datetime]] = defaultdict(list)
    inside = Booking.objects.filter(
        within_id__in=[turn.booking_id for turn in turns], status__in=LIVE_STATUSES
    ).exclude(status__in=("hold", "pending"), hold_until__lte=now)
    for within, starts_at in inside.values_list("within_id", "starts_at"):
        taken[within or 0].append(starts_at)
    line: dict[int, list[PlaceInLine]] = defaultdict(list)
    for place in PlaceInLine.objects.filter(turn__in=turns, state__in=IN_LINE):
        line[place.turn_id].append(place)
    own = _own_turns(rota, person)
    found = []
    for turn in turns:
        booked = taken[turn.booking_id or 0]
        first = _first(turn, free[turn.pk], booked, rota) if rota.compact else free[turn.pk]
        places = line[turn.pk]
        found.append(
            Block(
                turn=turn,
                first=first,
                others=[start for start in free[turn.pk] if start not in first],
                booked=len(booked),
                waiting=len(places),
                place=next((p for p in places if person and p.person_id == person.pk), None),
                mine=turn.pk in own,
            )
        )
    return found


def free_in(
    turns: Sequence[Turn], program: Program, person: Person | None, *, now: datetime
) -> dict[int, list[datetime]]:
    """The free starts of each turn; a constant number of queries for any number of turns."""
    if not turns:
        return {}
    hosts = {turn.host.pk: turn.host for turn in turns if turn.host is not None}
    people = [*hosts.values(), *([person] if person is not None else [])]
    diaries = read_diaries(
        people,
        min(turn.starts_at for turn in turns),
        max(turn.ends_at for turn in turns),
        now=now,
        hosts=list(hosts.values()),
        within=[turn.booking_id for turn in turns if turn.booking_id is not None],
    )
    found = {}
    for turn in turns:
        assert turn.host is not None
        origin = cell_at(turn.starts_at)
        size = cell_at(turn.ends_at) - origin
        asked = Asked(
            origin,
            size,
            now,
            program.session_minutes,
            program.min_notice_minutes,
            program.daily_cap,
        )
        bits = free_bits(diaries[turn.host.pk], asked)
        if person is not None:
            bits &= free_bits(diaries[person.pk], asked)
        last = turn.ends_at - timedelta(minutes=program.session_minutes + ARTIFACT_MINUTES)
        step = spacing(turn.host, program)
        found[turn.pk] = [
            start
            for start in starts_of_bits(bits, origin)
            if start <= last and (start - turn.starts_at) % step == timedelta(0)
        ]
    return found


def spacing(host: Person, program: Program) -> timedelta:
    """From one start to the next: the session, its artifact, and the host's own buffers."""
    buffers = host.buffer_before + host.buffer_after
    return timedelta(minutes=program.session_minutes + ARTIFACT_MINUTES + buffers)


def places_in(turn: Turn, program: Program) -> int:
    """How many sessions fit into a block of this host."""
    assert turn.host is not None
    last = timedelta(minutes=program.session_minutes + ARTIFACT_MINUTES)
    room = turn.ends_at - turn.starts_at - last
    return room // spacing(turn.host, program) + 1 if room >= timedelta(0) else 0


def _first(turn: Turn, free: list[datetime], booked: list[datetime], rota: Rota) -> list[datetime]:
    """The starts right beside what is booked; in an empty block the first one."""
    assert turn.host is not None
    step = spacing(turn.host, rota.program)
    beside = [start for start in free if start - step in booked or start + step in booked]
    return beside or free[:1]


def _own_turns(rota: Rota, person: Person | None) -> set[int]:
    if person is None:
        return set()
    seats = Session.objects.filter(
        program_id=rota.program_id,
        booking__seats__person=person,
        booking__seats__role=SeatRole.MENTEE,
    ).exclude(state=SessionState.CANCELLED)
    return {pk for pk in seats.values_list("booking__within__turn", flat=True) if pk is not None}
