"""Starts that were made with no network: told later, they count from when they were made."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.calendars.actions import check_in as check_in_seat
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.sessions.actions.access import Room, audit, write
from handrail.apps.sessions.actions.loop import act, begin, settle
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.states import CHECK_IN_OPENS, Verb, is_here


def check_in_then(session: Session, *, at: datetime, by: Viewer, now: datetime) -> Session:
    """Say "I was here at `at`", which is not later than `now`; the timer may start from it."""

    def do(room: Room) -> None:
        _be_here(room, at, by, now)
        settle(room, now)

    return act(session, Verb.CHECK_IN, do, by=by, now=now)


def start_then(session: Session, *, at: datetime, by: Viewer, now: datetime) -> bool:
    """Start the timer as of `at`; False where it was running: the first start counts for all.

    Who starts is here. The others have to be here as well, and the start is never earlier than
    the last of them came.
    """
    mine = False

    def do(room: Room) -> None:
        nonlocal mine
        _be_here(room, at, by, now)
        if settle(room, now):
            mine = True  # by the clock, since both are here
            return
        begin(room, max(at, _all_here_since(room, at)), by, now)
        mine = True

    act(session, Verb.START, do, by=by, now=now)
    return mine


def _be_here(room: Room, at: datetime, by: Viewer, now: datetime) -> None:
    seat, starts_at = room.own_seat(), room.session.booking.starts_at
    if room.session.state != SessionState.SCHEDULED or is_here(seat.checked_in_at, starts_at, now):
        return
    check_in_seat(seat, max(at, now - CHECK_IN_OPENS) if at < starts_at - CHECK_IN_OPENS else at)
    write(room.session)
    audit("checked_in", room.session, by, now)


def _all_here_since(room: Room, at: datetime) -> datetime:
    return max([at, *(seat.checked_in_at for seat in room.seats if seat.checked_in_at)])
