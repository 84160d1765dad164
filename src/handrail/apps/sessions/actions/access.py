"""Who may do this to a session: the lock, the seats, the refusals that all verbs share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.queries import may_run
from handrail.apps.sessions.company import coming, is_group
from handrail.apps.sessions.models import Session

SIMULATOR = "simulator"  # the label of viewers whose steps are played, not taken


@dataclass(frozen=True, slots=True)
class Room:
    """A locked session with its seats, and the asker's own seat where there is one."""

    session: Session
    seats: list[Seat]
    mine: Seat | None

    @property
    def is_group(self) -> bool:
        """Whether there are seats for several mentees."""
        return is_group(self.session)

    @property
    def is_mentee_of_group(self) -> bool:
        """Whether the asker is one of several mentees: their own seat is all that is theirs."""
        return self.is_group and self.mine is not None and self.mine.role == SeatRole.MENTEE

    @property
    def others_come(self) -> bool:
        """Whether another mentee sits in the group."""
        mentees = [seat for seat in self.seats if seat.role == SeatRole.MENTEE]
        return any(seat != self.mine for seat in mentees)

    def own_seat(self) -> Seat:
        """The asker's seat, where the verb belongs to the people of the session alone."""
        if self.mine is None:
            raise NotAllowed(_("Only the people of this session may do this."))
        return self.mine


def locked(session: Session, by: Viewer, *, scope: str = "sessions:write") -> Room:
    """Lock the session's row for this transaction; NotFound where it is not the asker's to see."""
    found = (
        Session.objects.select_for_update(of=("self",))
        .select_related("booking", "program")
        .filter(pk=session.pk)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such session."))
    there = Seat.objects.filter(booking=found.booking).select_related("person").order_by("n")
    seats = coming(found, there)
    mine = next((seat for seat in seats if seat.person_id == by.person_id), None)
    if mine is None and not may_run(by, found.program):
        raise NotFound(_("There is no such session."))
    if not by.may(scope):
        raise NotAllowed(_("This key may not change sessions."))
    if by.label == SIMULATOR and not found.simulated:
        Session.objects.filter(pk=found.pk).update(simulated=True)
        found.simulated = True
    return Room(found, seats, mine)


def write(session: Session, **values: Any) -> None:
    """Write these values and raise the revision; the caller holds the lock."""
    Session.objects.filter(pk=session.pk).update(**values, rev=F("rev") + 1)
    session.refresh_from_db(fields=[*values, "rev"])


def audit(verb: str, session: Session, by: Viewer, now: datetime, **detail: Any) -> None:
    """Write one line of the record; never a word of what the two people wrote."""
    if by.label == SIMULATOR:
        detail["simulated"] = True
    record_audit(
        by=by,
        verb=f"session.{verb}",
        object_type="session",
        object_id=str(session.public_id),
        detail=detail,
        now=now,
    )
