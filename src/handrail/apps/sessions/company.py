"""Who sits together in a session: two people, or a mentor with a group."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.calendars.models import Attendance, Seat, SeatRole
from handrail.apps.people.models import Person
from handrail.apps.sessions.models import Session, SessionState


def coming(session: Session, seats: Iterable[Seat]) -> list[Seat]:
    """The seats that are taken: in a group who gave theirs back late does not sit there any more.

    A cancelled session keeps its people, so that they find it in their lists.
    """
    if session.state == SessionState.CANCELLED:
        return list(seats)
    return [seat for seat in seats if seat.attendance != Attendance.LATE_CANCELLED]


def is_group(session: Session) -> bool:
    """Whether a session has seats for several mentees, however many sit there today."""
    return session.booking.capacity > 1


def other_of(seats: Iterable[Seat], mine: Seat | None) -> Seat | None:
    """Whom one meets: the mentor, or for the mentor the first of the others."""
    others = [seat for seat in seats if mine is None or seat.pk != mine.pk]
    return next((seat for seat in others if seat.role == SeatRole.MENTOR), None) or next(
        iter(others), None
    )


def names_of(seats: Iterable[Seat], mine: Seat | None) -> str:
    """Whom one meets, in a few words that fit into any sentence of either language."""
    others = [seat for seat in seats if mine is None or seat.pk != mine.pk]
    other = other_of(others, mine)
    if other is None:
        return _("nobody yet")
    if len(others) == 1:
        return other.person.name
    if other.role == SeatRole.MENTOR:
        # Translators: a mentor with a group, in the middle of a sentence, in any case
        return _("%(name)s (group of %(n)d)") % {"name": other.person.name, "n": len(others) + 1}
    # Translators: what a mentor calls their group, in the middle of a sentence, in any case
    return ngettext("%(n)d person", "%(n)d people", len(others)) % {"n": len(others)}


def clock_of(seats: Iterable[Seat], mine: Seat) -> Person:
    """Whose clock stands beside one's own: the other's, of a group the mentor's alone."""
    others = [seat for seat in seats if seat.pk != mine.pk]
    if len(others) == 1:
        return others[0].person
    other = other_of(others, mine)
    return other.person if other and other.role == SeatRole.MENTOR else mine.person
