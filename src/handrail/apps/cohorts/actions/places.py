"""A person's own place: out and in again without fault, leaving, and a seat that is offered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import lock_people
from handrail.apps.calendars.models import Seat
from handrail.apps.calendars.refusals import AlreadySeated, NoSeatLeft, SlotTaken
from handrail.apps.calendars.seating import COMING
from handrail.apps.cohorts.actions.access import audit, locked, touch
from handrail.apps.cohorts.actions.starting import members_of
from handrail.apps.cohorts.announcing import announce_offer, announce_seat
from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.models import Cohort, CohortState, Intake, IntakeState, Place
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.actions import enrol
from handrail.apps.programs.models import Enrolment, EnrolmentRole
from handrail.apps.programs.queries import may_run
from handrail.apps.sessions.actions import leave_seat, take_seat
from handrail.apps.sessions.models import Session, SessionState
from handrail.domain.scheduling import answer_by

LAST_WEEK_TO_JOIN = 4  # a seat that becomes free later stays free
OFFERED_FOR = timedelta(days=7)  # at most


def opt_out(place: Place, *, by: Viewer, now: datetime) -> None:
    """Take oneself out of an intake: private, without a reason, and whoever waits moves up."""
    _require_self(place, by)
    with writing(by.organization):
        intake = locked(place.intake)
        place = _own(place)
        if place.cohort is not None and place.cohort.state != CohortState.FORMING:
            raise Conflict(
                _("Your cohort has started. You can leave it on its page."), code="cohort-started"
            )
        group = place.cohort
        Place.objects.filter(pk=place.pk, opted_out_at=None).update(
            opted_out_at=now, cohort=None, offered=None, offered_until=None
        )
        if group is not None:
            move_up(intake, group)
        touch(intake)
        audit("place_changed", intake, by, now)


def opt_in(place: Place, *, by: Viewer, now: datetime) -> None:
    """Come back in while the intake has not started; the place in line is that of today."""
    _require_self(place, by)
    with writing(by.organization):
        intake = locked(place.intake)
        if intake.state != IntakeState.OPEN:
            raise Conflict(
                _("This intake has started. You come into the next one."), code="intake-started"
            )
        # Whoever counted on the seat meanwhile keeps it.
        back = Place.objects.filter(pk=place.pk).exclude(opted_out_at=None)
        if back.update(opted_out_at=None, eligible_at=now):
            touch(intake)
        audit("place_changed", intake, by, now)


def leave_cohort(place: Place, *, by: Viewer, now: datetime) -> None:
    """Leave a cohort that has started: the seats ahead are given back, and somebody may follow.

    Before the first session the first in line gets the seats in the same transaction; afterwards
    the seat is offered to them, as long as it makes sense to join.
    """
    if by.person_id != place.person_id and not may_run(by, place.intake.program):
        raise NotFound(_("There is no such place."))
    if not by.may("sessions:write"):
        raise NotAllowed(_("This key may not change sessions."))
    with writing(by.organization):
        intake = locked(place.intake)
        place = _own(place)
        group = place.cohort
        if group is None or group.state not in (CohortState.RUNNING, CohortState.TAIL):
            raise Conflict(_("This cohort is not running."), code="not-running")
        if not Place.objects.filter(pk=place.pk, left_at=None).update(left_at=now):
            return
        system = Viewer.system(by.organization, "cohorts")
        next_place = _next_in_line(intake)
        begun = Session.objects.filter(meeting__cohort=group, booking__starts_at__lte=now).exists()
        follows = next_place if not begun else None
        # In order and all at once: each session's seats then find them locked.
        there = {group.mentor_id, place.person_id, follows.person_id if follows else 0} - {0}
        lock_people(tuple(sorted(there)))
        if follows is not None:
            _become_member(follows, group, system, now)
        _hand_seats(group, place.person, follows.person if follows else None, system, now)
        enrolment = Enrolment.objects.filter(
            program=intake.program, person=place.person, role=EnrolmentRole.MENTEE
        )
        enrolment.update(left_at=now)
        if begun and next_place is not None:
            _offer(intake, group, now)
        touch(intake)
        audit("left", group, by, now)


def accept_offer(place: Place, *, by: Viewer, now: datetime) -> None:
    """Take the seat that is offered: every session ahead at which one is free."""
    _require_self(place, by)
    with writing(by.organization):
        locked(place.intake)
        place = _own(place)
        group = place.offered
        if group is None or place.offered_until is None or place.offered_until <= now:
            raise Conflict(_("This seat is not offered any more."), code="offer-over")
        system = Viewer.system(by.organization, "cohorts")
        _become_member(place, group, system, now)
        for session in _ahead(group, now):
            join(session, place.person, by=system, now=now)
        touch(place.intake)
        audit("offer_accepted", group, by, now)


def decline_offer(place: Place, *, by: Viewer, now: datetime) -> None:
    """Let the offered seat go to the next in line, without fault."""
    _require_self(place, by)
    with writing(by.organization):
        locked(place.intake)
        place = _own(place)
        if place.offered is None:
            return
        pass_on(place, now=now)
        audit("place_changed", place.intake, by, now)


def pass_on(place: Place, *, now: datetime) -> None:
    """Take an offer back and offer the seat to the next in line; the caller holds the lock."""
    group = place.offered
    Place.objects.filter(pk=place.pk).update(offered=None, offered_until=None, passed_at=now)
    if group is not None:
        _offer(place.intake, group, now)
    touch(place.intake)


def move_up(intake: Intake, group: Cohort) -> None:
    """Let the first who is in and in no group yet have the seat in this one."""
    for place in line_of(intake).seated:
        if place.cohort_id is None:
            Place.objects.filter(pk=place.pk).update(cohort=group)
            return


def join(session: Session, person: Person, *, by: Viewer, now: datetime) -> bool:
    """Sit down in one week's session where the person is free and there is a seat."""
    try:
        take_seat(session, person, by=by, now=now)
    except (SlotTaken, NoSeatLeft, AlreadySeated):
        return False
    return True


def _require_self(place: Place, by: Viewer) -> None:
    if by.person_id != place.person_id:
        raise NotFound(_("There is no such place."))
    if not by.may("programs:write"):
        raise NotAllowed(_("This key may not change programs."))


def _own(place: Place) -> Place:
    return Place.objects.select_related(
        "intake__program", "intake__organization", "cohort", "offered", "person"
    ).get(pk=place.pk)


def _next_in_line(intake: Intake) -> Place | None:
    for place in line_of(intake).waiting:
        if place.passed_at is None and place.offered_until is None:
            return place
    return None


def _become_member(place: Place, group: Cohort, by: Viewer, now: datetime) -> None:
    Place.objects.filter(pk=place.pk).update(cohort=group, offered=None, offered_until=None)
    place.refresh_from_db()
    enrol(place.intake.program, place.person, EnrolmentRole.MENTEE, by=by, now=now)
    announce_seat(place, now)


def _ahead(group: Cohort, now: datetime) -> list[Session]:
    return list(
        Session.objects.filter(
            meeting__cohort=group, state=SessionState.SCHEDULED, booking__starts_at__gt=now
        )
        .select_related("booking__host", "program")
        .order_by("booking__starts_at")
    )


def _hand_seats(
    group: Cohort, leaver: Person, follower: Person | None, by: Viewer, now: datetime
) -> None:
    for session in _ahead(group, now):
        seat = Seat.objects.filter(booking=session.booking, person=leaver, attendance__in=COMING)
        if seat.exists():
            line = [follower] if follower else []
            leave_seat(session, leaver, by=by, now=now, in_line=line)
        elif follower is not None:
            join(session, follower, by=by, now=now)


def _offer(intake: Intake, group: Cohort, now: datetime) -> None:
    """Offer a free seat to the first in line; nobody is asked after the fourth week."""
    held = Session.objects.filter(meeting__cohort=group, booking__starts_at__lte=now).count()
    if held >= LAST_WEEK_TO_JOIN or group.state != CohortState.RUNNING:
        return
    offered = Place.objects.filter(offered=group).count()
    if len(members_of(group)) + offered >= intake.seats:
        return
    place = _next_in_line(intake)
    if place is None:
        return
    until = answer_by(
        now, intake.program.answer_hours, place.person.timezone, latest=now + OFFERED_FOR
    )
    Place.objects.filter(pk=place.pk).update(offered=group, offered_until=until)
    place.refresh_from_db()
    announce_offer(place, now)
