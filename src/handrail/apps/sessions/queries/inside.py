"""The room: one page before, during and after a session, for its two people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Attendance, Seat
from handrail.apps.calendars.seating import COMING
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.stays import have_come
from handrail.apps.programs.queries import day_in, may_run
from handrail.apps.sessions.call_links import CallLink, link_in_force
from handrail.apps.sessions.company import clock_of, coming, is_group, names_of
from handrail.apps.sessions.meeting_links import server_link
from handrail.apps.sessions.models import (
    Artifact,
    ChecklistItem,
    RoomField,
    RoomRevision,
    RoomText,
    Session,
    SessionState,
)
from handrail.apps.sessions.states import (
    CHECK_IN_OPENS,
    WARNING,
    Answer,
    Verb,
    answer,
    clock_says,
    is_here,
)


class Stage(StrEnum):
    """Where in its page a session stands."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Copy:
    """A text that was written against an older one and lies beside it."""

    body: str
    author: Person | None
    saved_at: datetime
    public_id: UUID
    is_late: bool  # it came after the artifact was handed in


@dataclass(frozen=True, slots=True)
class Note:
    """What another person of the room has written into their own notes."""

    person: Person
    body: str


@dataclass(frozen=True, slots=True)
class Text:
    """One field of the room as it stands now."""

    field: str
    body: str
    rev: int
    updated_at: datetime | None
    updated_by: Person | None
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One person's seat in the room."""

    seat: Seat
    person: Person
    is_here: bool


@dataclass(frozen=True, slots=True)
class Timer:
    """The timebox by the server's clock; a browser counts down from `seconds_left` at `now`."""

    now: datetime
    started_at: datetime | None
    ends_at: datetime | None
    seconds_left: int  # of the timebox; the whole of it before the start
    warn_at: int  # seconds left from which the page warns gently


@dataclass(frozen=True, slots=True)
class Room:
    """Everything that the page of a session shows to one of its people."""

    session: Session
    stage: Stage
    state: str  # as the clock has it, which may be ahead of the stored one
    me: Place
    others: list[Place]  # the mentor first
    is_group: bool
    with_whom: str  # in a few words
    clock: Person  # whose time stands beside one's own; oneself where there are many
    timer: Timer
    opens_at: datetime  # from then on a check-in counts until the start
    decided_at: datetime  # without both by then the session is not held
    checklist: list[ChecklistItem]
    texts: dict[str, Text]  # of the notes one's own
    notes_of_others: list[Note]  # in the order of the seats, empty ones too
    artifact: Artifact | None
    previous: Artifact | None  # of the last session of the same people
    call: CallLink | None  # where they talk; None also once the session is over
    may_give_call_link: bool
    may_check_in: bool
    may_start: bool
    may_finish: bool
    may_tick: bool
    may_write_artifact: bool
    may_move: bool
    may_cancel: bool
    cancel_is_late: bool


def room(viewer: Viewer, session: Session, now: datetime) -> Room:
    """The room of a session as it stands at `now`; NotAllowed for a lead, who sees no texts."""
    if not viewer.may("sessions:read"):
        raise NotFound(_("There is no such session."))
    booking = session.booking
    there = Seat.objects.filter(booking=booking).select_related("person").order_by("n")
    seats = coming(session, there)
    mine = next((seat for seat in seats if seat.person_id == viewer.person_id), None)
    if mine is None:
        if may_run(viewer, session.program):
            raise NotAllowed(_("What is said in a room stays with its people."))
        raise NotFound(_("There is no such session."))
    group = is_group(session)
    unknown = _not_begun(viewer, session, seats, now) if group else set()
    state, started_at = by_the_clock(session, seats, now)
    places = {
        seat.pk: Place(seat, seat.person, is_here(seat.checked_in_at, booking.starts_at, now))
        for seat in seats
    }
    all_here = all(place.is_here for place in places.values())
    is_late = group and state == SessionState.RUNNING and not has_come(mine)
    scheduled = state == SessionState.SCHEDULED
    late = timedelta(minutes=session.program.late_cancel_minutes)
    written = RoomText.objects.filter(session=session).select_related("updated_by")
    current = {text.field: text for text in written if text.person_id in (None, mine.person_id)}
    notes = {text.person_id: text.body for text in written if text.field == RoomField.NOTES}
    may_give = answer(state, Verb.GIVE_CALL_LINK) is Answer.DO
    return Room(
        session=session,
        stage=_stage(state),
        state=state,
        me=places[mine.pk],
        others=[
            place
            for pk, place in places.items()
            if pk != mine.pk and place.person.pk not in unknown
        ],
        is_group=group,
        with_whom=names_of(seats, mine),
        clock=clock_of(seats, mine),
        timer=_timer(session, state, started_at, now),
        opens_at=booking.starts_at - CHECK_IN_OPENS,
        decided_at=booking.starts_at + timedelta(minutes=session.grace_minutes),
        checklist=list(ChecklistItem.objects.filter(session=session).select_related("ticked_by")),
        texts=_texts(session, current, mine.person_id),
        notes_of_others=[
            Note(seat.person, notes.get(seat.person_id, ""))
            for seat in seats
            if seat != mine and seat.person_id not in unknown
        ],
        artifact=Artifact.objects.filter(session=session).select_related("owner").first(),
        previous=_previous(session, [seats[0], mine] if group else seats),
        call=(
            link_in_force(seats, current.get(RoomField.CALL_LINK), server=server_link(session))
            if may_give
            else None
        ),
        may_give_call_link=may_give,
        may_check_in=is_late or (scheduled and not places[mine.pk].is_here),
        may_start=scheduled and all_here,
        may_finish=state == SessionState.RUNNING,
        may_tick=answer(state, Verb.TICK) is Answer.DO,
        may_write_artifact=answer(state, Verb.SAVE_ARTIFACT) is Answer.DO,
        may_move=scheduled and now < booking.starts_at and _may_move(session, seats, mine),
        may_cancel=scheduled,
        cancel_is_late=scheduled and now > booking.starts_at - late,
    )


def _not_begun(viewer: Viewer, session: Session, seats: Sequence[Seat], now: datetime) -> set[int]:
    """Who has a seat and a first day ahead: who runs the program knows them, nobody else."""
    if session.state != SessionState.SCHEDULED or may_run(viewer, session.program):
        return set()
    here = Person.objects.filter(have_come(day_in(session.program, now)))
    seated = [seat.person_id for seat in seats]
    return set(seated) - set(here.filter(pk__in=seated).values_list("pk", flat=True))


def sign_of(here: Room) -> str:
    """Differs when anything differs that people do not type: the page then renews its parts."""
    shown = [
        here.state,
        here.may_check_in,
        here.may_start,
        here.timer.started_at,
        here.artifact is None,
        here.call.url if here.call else "",
        [(place.person.pk, place.is_here, place.seat.participation) for place in _all(here)],
        [(item.pk, item.ticked_at, item.ticked_by_id) for item in here.checklist],
        [copy.public_id for text in here.texts.values() for copy in text.copies],
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _all(here: Room) -> list[Place]:
    return [here.me, *here.others]


def by_the_clock(
    session: Session, seats: Sequence[Seat], now: datetime
) -> tuple[str, datetime | None]:
    """What the session will be once the runner has caught up: a page never waits for it."""
    seats = coming(session, seats)
    state, started_at = session.state, session.started_at
    while change := clock_says(
        state,
        session.booking.starts_at,
        session.minutes,
        started_at,
        [seat.checked_in_at for seat in seats],
        now,
        timedelta(minutes=session.grace_minutes),
        group=is_group(session),
    ):
        state = change.state
        if change.state == SessionState.RUNNING:
            started_at = change.at
    return state, started_at


def has_come(seat: Seat) -> bool:
    """Whether a seat of a session that runs is taken by now."""
    return seat.attendance == Attendance.ATTENDED or seat.checked_in_at is not None


def _stage(state: str) -> Stage:
    if state == SessionState.SCHEDULED:
        return Stage.BEFORE
    return Stage.DURING if state == SessionState.RUNNING else Stage.AFTER


def _timer(session: Session, state: str, started_at: datetime | None, now: datetime) -> Timer:
    whole = session.minutes * 60
    ends_at = started_at + timedelta(seconds=whole) if started_at else None
    left = whole if state == SessionState.SCHEDULED else 0
    if state == SessionState.RUNNING and ends_at is not None:
        left = max(0, round((ends_at - now).total_seconds()))
    return Timer(now, started_at, ends_at, left, int(WARNING.total_seconds()))


def _texts(session: Session, current: dict[str, RoomText], me: int) -> dict[str, Text]:
    copies: dict[str, list[Copy]] = {}
    kept = RoomRevision.objects.filter(
        Q(person=None) | Q(person_id=me), session=session, conflict=True, settled_at=None
    )
    for revision in kept.select_related("author").order_by("pk"):
        copies.setdefault(revision.field, []).append(
            Copy(
                revision.body,
                revision.author,
                revision.saved_at,
                revision.public_id,
                revision.late,
            )
        )
    texts = {}
    for name in RoomField.values:
        text = current.get(name)
        texts[str(name)] = Text(
            field=str(name),
            body=text.body if text else "",
            rev=text.rev if text else 0,
            updated_at=text.updated_at if text and text.rev else None,
            updated_by=text.updated_by if text else None,
            copies=tuple(copies.get(name, ())),
        )
    return texts


def _may_move(session: Session, seats: list[Seat], mine: Seat) -> bool:
    """A group is its mentor's to move, a time in office hours its visitor's, else either's."""
    if session.booking.within_id is not None:
        return mine != seats[0]
    return mine == seats[0] or not is_group(session)


def _previous(session: Session, seats: list[Seat]) -> Artifact | None:
    artifacts = Artifact.objects.filter(
        ~Q(session=session), session__booking__starts_at__lt=session.booking.starts_at
    )
    if is_group(session):
        artifacts = artifacts.filter(
            session__program=session.program, session__booking__capacity__gt=1
        )
    for seat in seats:
        there = Seat.objects.filter(person_id=seat.person_id, attendance__in=COMING)
        artifacts = artifacts.filter(session__booking__in=there.values("booking_id"))
    return (
        artifacts.select_related("owner", "session__booking")
        .order_by("-session__booking__starts_at", "-pk")
        .first()
    )
