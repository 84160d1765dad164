"""Questions about office hours; each sees only what its viewer may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import LIVE_STATUSES, SeatRole
from handrail.apps.matches.wording import sentence
from handrail.apps.office_hours.blocks import blocks, places_in
from handrail.apps.office_hours.models import (
    IN_LINE,
    LineState,
    OpenTo,
    PlaceInLine,
    Rota,
    RotaSlot,
    Turn,
    TurnState,
)
from handrail.apps.office_hours.pool import mentors_of, standing
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import EnrolmentRole, Program, ProgramModel, ProgramStatus
from handrail.apps.programs.queries import may_run, programs_for, require_run, takes_part
from handrail.apps.sessions.models import Session, SessionState

SHOWN_BACK = 8  # past turns on the page of a rota


@dataclass(frozen=True, slots=True)
class TurnCard:
    """One turn with its reasons in words, and the sessions in it as far as the reader may see."""

    turn: Turn
    why: list[str]
    places: int
    sessions: list[Session]
    waiting: int


@dataclass(frozen=True, slots=True)
class MemberCard:
    """One mentor of a rota: turns held or planned, and the account by which turns are given."""

    person: Person
    turns: int
    account: int
    absences: int


@dataclass(frozen=True, slots=True)
class NextSlot:
    """A free time with somebody who knows a skill."""

    program: Program
    turn: Turn
    host: Person
    starts_at: datetime


def rotas_for(viewer: Viewer) -> QuerySet[Rota]:
    """The running office hours in which the viewer may book, or which they help to run."""
    rotas = Rota.objects.select_related("program").filter(
        program__status=ProgramStatus.RUNNING, program__model=ProgramModel.OFFICE_HOURS
    )
    known = Q(program__in=programs_for(viewer).values("pk"))
    open_to_all = Q(open_to=OpenTo.EVERYBODY) if viewer.person_id is not None else Q(pk=None)
    return rotas.filter(known | open_to_all).order_by("program__name", "pk")


def rota_for(viewer: Viewer, program_id: UUID) -> Rota:
    """The office hours of a program that the viewer may see; else NotFound."""
    found = rotas_for(viewer).filter(program__public_id=program_id).first()
    if found is None:  # a draft or a closed program, for who takes part in it
        found = (
            Rota.objects.select_related("program")
            .filter(program__public_id=program_id, program__in=programs_for(viewer).values("pk"))
            .first()
        )
    if found is None:
        raise NotFound(_("There is no such program."))
    return found


def is_eligible(rota: Rota, person: Person) -> bool:
    """Whether somebody may book in these office hours."""
    if rota.open_to == OpenTo.EVERYBODY:
        return True
    return takes_part(rota.program, person, EnrolmentRole.MENTEE)


def turn_for(viewer: Viewer, public_id: UUID) -> Turn:
    """A turn of office hours that the viewer may see."""
    found = _turns().filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such turn."))
    try:
        rota_for(viewer, found.slot.rota.program.public_id)
    except NotFound as error:
        if found.host_id is None or found.host_id != viewer.person_id:
            raise NotFound(_("There is no such turn.")) from error
    return found


def turn_around(session: Session) -> Turn:
    """The turn in which a session lies."""
    return _turns().get(booking=session.booking.within)


def visitor_of(session: Session) -> Person:
    """Whoever came to office hours with a question."""
    return Person.objects.get(seats__booking=session.booking, seats__role=SeatRole.MENTEE)


def person_of(viewer: Viewer) -> Person | None:
    """The viewer's own person; an administrator or a key may be nobody's."""
    if viewer.person_id is None:
        return None
    return Person.objects.filter(pk=viewer.person_id).first()


def turn_of(turn: Turn) -> Turn:
    """The turn as it is now, for who has changed it."""
    return _turns().get(pk=turn.pk)


def place_for(viewer: Viewer, public_id: UUID) -> PlaceInLine:
    """The viewer's own place in a line."""
    found = (
        PlaceInLine.objects.select_related("turn__slot__rota__program", "turn__host", "booking")
        .filter(public_id=public_id, person_id=viewer.person_id)
        .first()
        if viewer.person_id is not None
        else None
    )
    if found is None:
        raise NotFound(_("There is no such offer."))
    return found


def my_places(viewer: Viewer, now: datetime) -> list[PlaceInLine]:
    """Where the viewer waits, offers first."""
    if viewer.person_id is None:
        return []
    found = PlaceInLine.objects.filter(
        person_id=viewer.person_id, state__in=IN_LINE, turn__ends_at__gt=now
    ).select_related("turn__slot__rota__program", "turn__host", "booking")
    return sorted(found, key=lambda place: (place.state != LineState.OFFERED, place.asked_at))


def my_turns(viewer: Viewer, now: datetime) -> list[TurnCard]:
    """The viewer's coming turns, earliest first."""
    if viewer.person_id is None:
        return []
    turns = _turns().filter(host_id=viewer.person_id, state=TurnState.PLANNED, ends_at__gt=now)
    return cards(list(turns))


def holds_turns(viewer: Viewer) -> bool:
    """Whether the viewer is on a rota of running office hours."""
    if viewer.person_id is None:
        return False
    return Rota.objects.filter(
        program__status=ProgramStatus.RUNNING,
        program__enrolments__person_id=viewer.person_id,
        program__enrolments__role=EnrolmentRole.MENTOR,
        program__enrolments__left_at=None,
    ).exists()


def rota_turns(viewer: Viewer, rota: Rota, now: datetime) -> tuple[list[TurnCard], list[TurnCard]]:
    """The coming turns and the last few, for who runs the program."""
    require_run(viewer, rota.program, "sessions:read")
    turns = _turns().filter(slot__rota=rota).exclude(state=TurnState.DROPPED)
    coming = cards(list(turns.filter(ends_at__gt=now)))
    past = list(turns.filter(ends_at__lte=now).order_by("-starts_at", "-pk")[:SHOWN_BACK])
    return coming, cards(past)


def rota_members(viewer: Viewer, rota: Rota, now: datetime) -> list[MemberCard]:
    """The mentors of the rota with their turns and accounts, least first."""
    require_run(viewer, rota.program, "sessions:read")
    mentors = mentors_of(rota.program, now)
    accounts = standing(rota, mentors)
    held: dict[int, int] = defaultdict(int)
    away: dict[int, int] = defaultdict(int)
    turns = Turn.objects.filter(slot__rota=rota)
    for host in turns.filter(state=TurnState.PLANNED).values_list("host_id", flat=True):
        held[host or 0] += 1
    for absent in turns.values_list("absences__person_id", flat=True):
        away[absent or 0] += 1
    found = [MemberCard(p, held[p.pk], accounts[p.pk], away[p.pk]) for p in mentors]
    return sorted(found, key=lambda card: (card.account, card.person.name, card.person.pk))


def slots_of(rota: Rota) -> list[RotaSlot]:
    """The blocks that come back every week."""
    return list(RotaSlot.objects.filter(rota=rota, removed_at=None))


def slot_for(viewer: Viewer, public_id: UUID) -> RotaSlot:
    """A block of office hours that the viewer runs; else NotFound."""
    found = (
        RotaSlot.objects.select_related("rota__program")
        .filter(public_id=public_id, removed_at=None)
        .first()
    )
    if found is None or not may_run(viewer, found.rota.program):
        raise NotFound(_("There is no such block."))
    return found


def why_uneven(rota: Rota) -> list[str]:
    """Who keeps turns from being even, as last planned; empty where they are."""
    return [sentence(reason, _names(rota.uneven)) for reason in rota.uneven]


def cards(turns: Sequence[Turn]) -> list[TurnCard]:
    """Turns with words and numbers, with a constant number of queries."""
    names = _names([reason for turn in turns for reason in turn.reasons])
    inside: dict[int, list[Session]] = defaultdict(list)
    sessions = (
        Session.objects.filter(booking__within__turn__in=turns, booking__status__in=LIVE_STATUSES)
        .exclude(state=SessionState.CANCELLED)
        .select_related("booking", "program")
        .prefetch_related("booking__seats__person")
        .order_by("booking__starts_at")
    )
    for session in sessions:
        inside[session.booking.within_id or 0].append(session)
    waiting: dict[int, int] = defaultdict(int)
    for turn_id in PlaceInLine.objects.filter(turn__in=turns, state__in=IN_LINE).values_list(
        "turn_id", flat=True
    ):
        waiting[turn_id] += 1
    return [
        TurnCard(
            turn=turn,
            why=[sentence(reason, names) for reason in turn.reasons],
            places=places_in(turn, turn.slot.rota.program) if turn.host is not None else 0,
            sessions=inside[turn.booking_id or 0],
            waiting=waiting[turn.pk],
        )
        for turn in turns
    ]


def guests_of(session: Session) -> list[Person]:
    """Who comes to a session."""
    return [seat.person for seat in session.booking.seats.all() if seat.role == SeatRole.MENTEE]


def next_slots(
    viewer: Viewer, skill: Skill | None, *, now: datetime, limit: int | None = 3
) -> list[NextSlot]:
    """The next free office-hours times of people who know a skill, in all programs open to one.

    Without a skill: of everybody who holds a turn; without a limit: all of them.
    """
    person = person_of(viewer)
    found = []
    offers = Person.objects.filter(offers__skill=skill) if skill else Person.objects.all()
    for rota in rotas_for(viewer):
        if person is not None and not is_eligible(rota, person):
            continue
        knowing = set(offers.values_list("pk", flat=True))
        for block in blocks(rota, person, now):
            host = block.turn.host
            if host is None or host.pk not in knowing:
                continue
            found += [NextSlot(rota.program, block.turn, host, s) for s in block.starts]
    return sorted(found, key=lambda slot: (slot.starts_at, slot.turn.pk))[:limit]


def _turns() -> QuerySet[Turn]:
    return Turn.objects.select_related("slot__rota__program", "host", "booking")


def _names(reasons: Sequence[dict[str, object]]) -> dict[str, str]:
    ids: set[str] = set()
    for reason in reasons:
        params = reason.get("params", {})
        assert isinstance(params, dict)
        for value in params.values():
            ids |= {value} if isinstance(value, str) else set()
            ids |= {str(v) for v in value} if isinstance(value, list) else set()
    wanted = [UUID(one) for one in ids if len(one) == 36]
    people = Person.objects.filter(public_id__in=wanted)
    return {str(pk): name for pk, name in people.values_list("public_id", "name")}
