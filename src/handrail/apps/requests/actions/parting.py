"""Asking for somebody else: either person may, without a reason, and nobody is told who did."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import lock_people
from handrail.apps.calendars.models import SeatRole
from handrail.apps.matches.parting import part
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.actions import set_not_with
from handrail.apps.people.models import Person
from handrail.apps.people.queries import not_with_of
from handrail.apps.programs.models import EnrolmentRole, Program, ProgramModel
from handrail.apps.programs.queries import takes_part
from handrail.apps.requests.actions.answering import decline
from handrail.apps.requests.actions.asking import withdraw
from handrail.apps.requests.announcing import announce_pair_ended
from handrail.apps.requests.models import Ask, AskAnswer
from handrail.apps.sessions.actions import cancel, may_follow
from handrail.apps.sessions.models import Session, SessionState

WITH_A_CHOICE = (ProgramModel.SPEED, ProgramModel.OFFICE_HOURS)


def pair_of(viewer: Viewer, program: Program, other: Person) -> tuple[Person, Person]:
    """The mentee and the mentor of a pair that the viewer is half of; NotFound where there is none.

    A pair is two people of the program with a session or an open request between them. In cohorts
    and projects a mentor is not chosen for one person alone: there the private list does it.
    """
    if program.model not in WITH_A_CHOICE:
        raise Conflict(
            _("Here the lead decides who meets whom. Your private list holds in every program."),
            code="other-model",
        )
    me = Person.objects.filter(pk=viewer.person_id or 0).first()
    if me is not None and me.pk != other.pk:
        for mentee, mentor in ((me, other), (other, me)):
            roles = ((mentee, EnrolmentRole.MENTEE), (mentor, EnrolmentRole.MENTOR))
            if all(takes_part(program, person, role) for person, role in roles) and (
                _sessions(program, mentee, mentor).exists()
                or _asks(program, mentee, mentor).exists()
            ):
                return mentee, mentor
    raise NotFound(_("The two of you are no pair in this program."))


def upcoming_of(program: Program, mentee: Person, mentor: Person, now: datetime) -> list[Session]:
    """The sessions of these two alone that are still ahead."""
    ahead = _sessions(program, mentee, mentor).filter(
        state=SessionState.SCHEDULED, booking__starts_at__gt=now
    )
    return [session for session in ahead if session.booking.seats.count() == 2]


def ask_for_somebody_else(
    program: Program, other: Person, *, never_again: bool = False, by: Viewer, now: datetime
) -> int:
    """End a pair for its mentee or its mentor; says how many sessions were given back.

    Both get the same neutral mail, no late cancellation is noted, and the record does not say who
    asked. With `never_again` the other goes onto the asker's private list, for every program.
    """
    if not by.may("sessions:write"):
        raise NotAllowed(_("This key may not change sessions."))
    with reading(by.organization):
        mentee, mentor = pair_of(by, program, other)
        ahead = upcoming_of(program, mentee, mentor, now)
        asks = list(_asks(program, mentee, mentor))
    neutral = Viewer.system(by.organization, "pairing")
    with writing(by.organization):
        # All or nothing: sessions given back while the pair goes on would help nobody. Whoever may
        # get their times is locked at first, in order.
        next_ones = {pk for session in ahead for pk in may_follow(session)}
        lock_people(tuple(sorted({mentee.pk, mentor.pk, *next_ones})))
        for ask in asks:
            if by.person_id == mentee.pk:
                withdraw(ask.request, by=by, now=now)
            else:
                decline(ask.request, by=by, now=now)
        for session in ahead:
            cancel(session, by=neutral, now=now)
        is_new = part(program, mentee, mentor, by=neutral, now=now)
        if never_again:
            me = mentee if by.person_id == mentee.pk else mentor
            set_not_with(me, [*not_with_of(by), other], by=by, now=now)
        if is_new:
            announce_pair_ended(program, mentee, mentor, now)
            record_audit(
                by=neutral,
                verb="pair.parted",
                object_type="program",
                object_id=str(program.public_id),
                detail={"given_back": len(ahead)},
                now=now,
            )
    return len(ahead)


def _sessions(program: Program, mentee: Person, mentor: Person) -> QuerySet[Session]:
    return (
        Session.objects.filter(program=program)
        .filter(booking__seats__person=mentee, booking__seats__role=SeatRole.MENTEE)
        .filter(booking__seats__person=mentor, booking__seats__role=SeatRole.MENTOR)
        .select_related("booking", "program")
        .order_by("booking__starts_at", "pk")
    )


def _asks(program: Program, mentee: Person, mentor: Person) -> QuerySet[Ask]:
    return Ask.objects.filter(
        request__program=program,
        request__mentee=mentee,
        mentor=mentor,
        answer=AskAnswer.WAITING,
    ).select_related("request")
