"""Another time, proposed from a calendar: shown to the other person, taken or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import lock_people, record_answer
from handrail.apps.calendars.models import Participation, Seat
from handrail.apps.calendars.queries import who_blocks
from handrail.apps.organizations.refusals import Conflict, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.sessions.actions.access import audit, locked, write
from handrail.apps.sessions.actions.booking import reschedule
from handrail.apps.sessions.company import is_group
from handrail.apps.sessions.models import (
    ProposalState,
    ReplyOutcome,
    Session,
    SessionState,
    TimeProposal,
)
from handrail.apps.sessions.replies.telling import tell_proposed, tell_refused


def propose(
    session: Session, seats: Sequence[Seat], seat: Seat, starts_at: datetime, now: datetime
) -> ReplyOutcome:
    """Keep a proposed time and ask the other person; one that cannot be is refused at once.

    Runs in the caller's transaction, with everybody locked. The length stays the session's.
    """
    withdraw_proposals(session, seat.person, now)
    can_be = not is_group(session) and _can_be(session, seats, starts_at, now)
    proposal = TimeProposal.objects.create(
        organization=session.organization,
        session=session,
        person=seat.person,
        starts_at=starts_at,
        sequence=session.booking.sequence,
        state=ProposalState.OPEN if can_be else ProposalState.REFUSED,
        made_at=now,
        answered_at=None if can_be else now,
    )
    write(session)
    audit("time_proposed", session, viewer_for_person(seat.person), now)
    if can_be:
        others = [one.person for one in seats if one.pk != seat.pk]
        tell_proposed(proposal, others, now)
        return ReplyOutcome.PROPOSED
    tell_refused(proposal, now)
    return ReplyOutcome.PROPOSAL_NOT_FREE


def withdraw_proposals(session: Session, person: Person, now: datetime) -> None:
    """What somebody proposed before no longer stands once they say something else."""
    TimeProposal.objects.filter(session=session, person=person, state=ProposalState.OPEN).update(
        state=ProposalState.WITHDRAWN, answered_at=now
    )


def proposals_for(session: Session, now: datetime) -> list[TimeProposal]:
    """The times that are proposed for a session as it stands, the oldest first."""
    if session.state != SessionState.SCHEDULED or now >= session.booking.starts_at:
        return []
    return list(
        TimeProposal.objects.select_related("person")
        .filter(
            session=session,
            state=ProposalState.OPEN,
            sequence=session.booking.sequence,
            starts_at__gt=now,
        )
        .order_by("pk")
    )


def proposals_to_answer(viewer: Viewer, now: datetime) -> list[TimeProposal]:
    """The times that others propose to the viewer, by the start of the session they are for."""
    if viewer.person_id is None:
        return []
    return list(
        TimeProposal.objects.select_related("person", "session__booking")
        .filter(
            state=ProposalState.OPEN,
            sequence=F("session__booking__sequence"),
            starts_at__gt=now,
            session__state=SessionState.SCHEDULED,
            session__booking__starts_at__gt=now,
            session__booking__seats__person_id=viewer.person_id,
        )
        .exclude(person_id=viewer.person_id)
        .order_by("session__booking__starts_at", "pk")
    )


def answer_proposal(
    session: Session, public_id: UUID, *, accept: bool, by: Viewer, now: datetime
) -> Session:
    """Take a proposed time, and the session moves; or refuse it, and its calendar is told.

    Only the person who did not propose answers. A time that has gone meanwhile is refused with
    the next three, and the proposal stays.
    """
    with writing(by.organization):
        found = Seat.objects.filter(booking=session.booking).values_list("person_id", flat=True)
        lock_people(tuple(found))
        room = locked(session, by)
        mine = room.own_seat()
        proposal = TimeProposal.objects.filter(session=session, public_id=public_id).first()
        if proposal is None:
            raise NotFound(_("There is no such proposal."))
        if proposal.pk not in {one.pk for one in proposals_for(room.session, now)}:
            raise Conflict(_("This proposal no longer stands."), code="proposal-over")
        if mine.person_id == proposal.person_id:
            raise Conflict(
                _("You proposed this time yourself; the other person answers."), code="own-proposal"
            )
        moved = room.session
        if accept:
            moved = reschedule(session, proposal.starts_at, by=by, now=now)
            for seat in room.seats:  # both have said yes to it
                record_answer(seat, Participation.ACCEPTED)
        else:
            tell_refused(proposal, now)
            write(room.session)
        TimeProposal.objects.filter(pk=proposal.pk).update(
            state=ProposalState.ACCEPTED if accept else ProposalState.REFUSED,
            answered_at=now,
            answered_by_id=mine.person_id,
        )
        audit("proposal_accepted" if accept else "proposal_refused", room.session, by, now)
    return moved


def _can_be(session: Session, seats: Sequence[Seat], starts_at: datetime, now: datetime) -> bool:
    program, host = session.program, session.booking.host
    mentees = [seat.person for seat in seats if seat.person_id != host.pk]
    day = starts_at.astimezone(ZoneInfo(mentees[0].timezone)).date()
    if starts_at.timestamp() % 300 or starts_at == session.booking.starts_at:
        return False
    if not program.starts_on <= day <= program.ends_on:
        return False
    return not who_blocks(
        [seat.person for seat in seats],
        starts_at,
        session.minutes,
        now=now,
        min_notice=program.min_notice_minutes,
        without_booking=session.booking_id,
        host=host,
        daily_cap=program.daily_cap,
    )
