"""Two people meet no more, at once, in everything; the other one is told as after any parting."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.calendars.actions import lock_people
from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.apart import keep_apart
from handrail.apps.people.models import Person
from handrail.apps.requests.actions.answering import decline
from handrail.apps.requests.actions.asking import withdraw
from handrail.apps.requests.models import Ask, AskAnswer
from handrail.apps.sessions.actions import cancel, leave_seat, may_follow
from handrail.apps.sessions.models import Session, SessionState


def ahead_of(one: Person, other: Person, now: datetime) -> list[Session]:
    """The sessions still ahead in which both have a seat, in whichever program."""
    return list(
        Session.objects.filter(state=SessionState.SCHEDULED, booking__starts_at__gt=now)
        .filter(booking__seats__person=one)
        .filter(booking__seats__person=other)
        .select_related("booking", "program", "organization")
        .order_by("booking__starts_at", "pk")
    )


def locks_for(one: Person, other: Person, now: datetime) -> tuple[int, ...]:
    """Whom stopping concerns: the two, and who may get the times that are given back."""
    with reading(one.organization):
        next_ones = {pk for session in ahead_of(one, other, now) for pk in may_follow(session)}
    return tuple(sorted({one.pk, other.pk, *next_ones}))


def stop_between(
    reporter: Person, concerned: Person, locks: tuple[int, ...], *, by: Viewer, now: datetime
) -> int:
    """Give back what is ahead of the two and keep them apart; says how many sessions were.

    Runs in the caller's transaction. In a group the reporter gives back their own seat, or where
    they lead it the other one's is. Done by the house: the record names nobody.
    """
    neutral = Viewer.system(reporter.organization, "pairing")
    lock_people(locks)
    asks = Ask.objects.filter(answer=AskAnswer.WAITING).select_related("request")
    for ask in asks.filter(request__mentee=reporter, mentor=concerned):
        withdraw(ask.request, by=by, now=now)
    for ask in asks.filter(request__mentee=concerned, mentor=reporter):
        decline(ask.request, by=by, now=now)
    ahead = ahead_of(reporter, concerned, now)
    for session in ahead:
        seats = list(Seat.objects.filter(booking=session.booking))
        if len(seats) <= 2:
            cancel(session, by=neutral, now=now)
            continue
        leads = any(s.person_id == reporter.pk and s.role == SeatRole.MENTOR for s in seats)
        leave_seat(session, concerned if leads else reporter, by=neutral, now=now)
    keep_apart(reporter, concerned, by=neutral, now=now)
    return len(ahead)
