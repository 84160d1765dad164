"""A time that is held while somebody is asked: held, made a session, or given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import Booking, Seat, SeatRole
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import EnrolmentRole, Program, ProgramStatus
from handrail.apps.programs.queries import takes_part
from handrail.apps.sessions.actions.booking import (
    bookable,
    may_book,
    not_enough_yet,
    not_paused,
)
from handrail.apps.sessions.actions.making import make_session
from handrail.apps.sessions.models import Session


def hold(
    program: Program,
    mentee: Person,
    mentor: Person,
    starts_at: datetime,
    objective: str,
    *,
    minutes: int,
    until: datetime,
    by: Viewer,
    now: datetime,
    on_held: Callable[[Booking], None],
    key: str | None = None,
) -> Booking:
    """Hold a time of both until a moment; `on_held` runs in the same transaction."""
    may_book(program, mentee, by)
    not_paused(program, mentee, by, now)
    with reading(by.organization):
        bookable(program, mentee, mentor, starts_at, objective)

    def on_booked(booking: Booking) -> None:
        not_enough_yet(program, mentee)
        on_held(booking)

    request = ClaimRequest(
        action="hold",
        host_id=mentor.pk,
        guest_ids=(mentee.pk,),
        starts_at=starts_at,
        minutes=minutes,
        kind=program.model,
        min_notice_minutes=program.min_notice_minutes,
        daily_cap=program.daily_cap,
        hold_until=until,
    )
    return claim(request, by=by, now=now, key=key, on_booked=on_booked)


def confirm_held(
    program: Program,
    booking: Booking,
    objective: str,
    *,
    by: Viewer,
    now: datetime,
    on_confirmed: Callable[[Session], None],
) -> Session:
    """Make a session of a held time, with its invitations; a hold that has lapsed is taken anew.

    Raises SlotTaken when it lapsed and the time has gone since, NotLive when it was given back.
    """
    made: list[Session] = []

    def on_booked(confirmed: Booking) -> None:
        if (before := Session.objects.filter(booking=confirmed).first()) is not None:
            made.append(before)  # confirming twice is confirming once
            return
        mentee = _mentee_of(confirmed)
        _still_together(program, mentee, confirmed.host)
        not_enough_yet(program, mentee)
        made.append(make_session(program, confirmed, objective, None, by, now))
        on_confirmed(made[0])

    claim(_about("confirm", booking, program.daily_cap), by=by, now=now, on_booked=on_booked)
    return made[0]


def give_back(
    booking: Booking, *, by: Viewer, now: datetime, on_given: Callable[[Booking], None]
) -> None:
    """Free a held time; `on_given` runs in the same transaction."""
    claim(_about("cancel", booking), by=by, now=now, on_booked=on_given)


def _about(action: Literal["confirm", "cancel"], booking: Booking, cap: int = 0) -> ClaimRequest:
    return ClaimRequest(
        action=action,
        booking_public_id=booking.public_id,
        host_id=booking.host_id,
        guest_ids=(),  # who sits in it is read under the lock
        minutes=int((booking.ends_at - booking.starts_at).total_seconds() // 60),
        kind=booking.kind,
        daily_cap=cap,
    )


def _mentee_of(booking: Booking) -> Person:
    seat = Seat.objects.select_related("person").get(booking=booking, role=SeatRole.MENTEE)
    return seat.person


def _still_together(program: Program, mentee: Person, mentor: Person) -> None:
    program.refresh_from_db(fields=["status"])
    here = takes_part(program, mentee, EnrolmentRole.MENTEE)
    if program.status != ProgramStatus.RUNNING or not here:
        raise Conflict(
            _("%(name)s does not take part in this program any more.") % {"name": mentee.name},
            code="not-enrolled",
        )
    if not takes_part(program, mentor, EnrolmentRole.MENTOR):
        raise Conflict(
            _("You do not take part in this program any more."), code="mentor-not-available"
        )
