"""What follows from an answer whose sender is proven; runs in the caller's transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from handrail.apps.calendars.actions import lock_people, record_answer
from handrail.apps.calendars.models import Participation, Seat, SeatRole
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.sessions.actions.access import audit, write
from handrail.apps.sessions.actions.booking import cancel
from handrail.apps.sessions.company import coming, is_group
from handrail.apps.sessions.models import ReplyOutcome, Session, SessionState
from handrail.apps.sessions.replies.proposals import propose, withdraw_proposals
from handrail.apps.sessions.replies.telling import tell_declined
from handrail.integrations.calendar_replies import Part, Reply, WhyNot, why_stale

ANSWERS = {
    Part.ACCEPTED: (Participation.ACCEPTED, ReplyOutcome.ACCEPTED),
    Part.TENTATIVE: (Participation.TENTATIVE, ReplyOutcome.TENTATIVE),
    Part.DECLINED: (Participation.DECLINED, ReplyOutcome.DECLINE_NOTED),
}


def follow(reply: Reply, now: datetime) -> tuple[ReplyOutcome, Session | None]:
    """Write down what the sender says of themself and do what it means; or say why nothing."""
    session = (
        Session.objects.select_related("booking", "program").filter(booking__uid=reply.uid).first()
    )
    if session is None:
        return ReplyOutcome.UNKNOWN, None
    people = tuple(Seat.objects.filter(booking=session.booking).values_list("person_id", flat=True))
    lock_people(people)  # first, as whoever claims does: nobody waits for each other in a circle
    session = (
        Session.objects.select_for_update(of=("self",))
        .select_related("booking", "program")
        .get(pk=session.pk)
    )
    seated = Seat.objects.filter(booking=session.booking).select_related("person").order_by("n")
    seats = coming(session, seated)
    seat = next((one for one in seats if one.person.email.lower() == reply.sender), None)
    if seat is None:
        return ReplyOutcome.UNKNOWN, session
    stale = why_stale(reply, sequence=session.booking.sequence, last=seat.answered_at)
    if stale is not None:
        kept = stale is WhyNot.OUTDATED
        return ReplyOutcome.OUTDATED if kept else ReplyOutcome.REPEATED, session
    if session.state != SessionState.SCHEDULED or now >= session.booking.starts_at:
        return ReplyOutcome.OVER, session
    # A clock that runs ahead must not keep its owner from ever answering again.
    stamped_at = min(reply.stamped_at, now)
    by = viewer_for_person(seat.person)
    if reply.part is None:
        record_answer(seat, seat.participation, at=stamped_at)
        return propose(session, seats, seat, reply.starts_at or now, now), session
    participation, outcome = ANSWERS[reply.part]
    record_answer(seat, participation, at=stamped_at)
    withdraw_proposals(session, seat.person, now)
    write(session)
    audit("answered", session, by, now, answer=str(participation))
    if reply.part is not Part.DECLINED:
        return outcome, session
    late = timedelta(minutes=session.program.late_cancel_minutes)
    ends_it_for_others = is_group(session) and seat.role == SeatRole.MENTOR
    if not ends_it_for_others and now <= session.booking.starts_at - late:
        cancel(session, by=by, now=now)  # of a group, one's own seat alone
        return ReplyOutcome.DECLINED, session
    # What would be held against somebody, or end it for others, is asked and not inferred.
    tell_declined(session, seats, seat, now)
    return outcome, session
