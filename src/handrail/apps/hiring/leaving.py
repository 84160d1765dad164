"""Who has left, or was switched off, meets nobody: what is booked goes to others, who are told."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from handrail.apps.calendars.models import Seat
from handrail.apps.calendars.seating import COMING
from handrail.apps.cohorts.actions import give_back, leave_cohort, mentor_gone
from handrail.apps.cohorts.actions.mentoring import NOT_OVER
from handrail.apps.cohorts.models import Cohort, CohortState, IntakeState, Place
from handrail.apps.hiring.standing import local_day
from handrail.apps.identity.models import Notice, NoticeKind, NoticeState
from handrail.apps.office_hours.actions import leave as leave_line
from handrail.apps.office_hours.actions.absence import move_on
from handrail.apps.office_hours.actions.access import lock_rota
from handrail.apps.office_hours.models import IN_LINE, PlaceInLine, Rota, Turn, TurnState
from handrail.apps.organizations.models import Organization, RoleGrant
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import tell_administrators
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import EmploymentSpell, Person, SpellBasis
from handrail.apps.programs.actions import leave
from handrail.apps.programs.models import Enrolment
from handrail.apps.projects.announcing import announce_wants_mentor
from handrail.apps.projects.models import Mentorship, ProjectState
from handrail.apps.requests.actions import decline, withdraw
from handrail.apps.requests.models import OPEN_STATES, Ask, AskAnswer, MentoringRequest
from handrail.apps.retreats.actions import let_go
from handrail.apps.retreats.models import Guest, Retreat, RetreatStatus
from handrail.apps.sessions.actions import cancel, leave_seat
from handrail.apps.sessions.models import Session, SessionState


def run(row: OutboxRow, now: datetime) -> None:
    """Release what people hold who are not here any more."""
    release_gone(by=Viewer.system(row.organization, "leaving"), now=now)


def release_gone(*, by: Viewer, now: datetime) -> int:
    """Give back everything ahead of whoever has left or is away; says for how many.

    Who has left by their last day leaves every program. Who was only switched off may come back:
    they keep their enrolments and places, and what lies within their pause is given back.
    """
    with reading(by.organization):
        left = list(has_left(by.organization, now))
        away = list(is_away(now).exclude(pk__in=[person.pk for person in left]))
    released = 0
    for person in left:
        _leave_cohorts(person, by, now)  # first: their seats go to whoever waits
        mentor_gone(person, by=by, now=now)  # before what they host is cancelled
        released += _release(person, None, by, now)
        _leave_retreats(person, by, now)
        _leave_programs(person, by, now)
    for person in away:
        if person.pause_until is None:  # nobody knows whether they come back
            mentor_gone(person, by=by, now=now)
        released += _release(person, _back_at(person), by, now)
    _end_roles(by, now)
    return released


def _end_roles(by: Viewer, now: datetime) -> None:
    """A last day that was confirmed ahead of it takes the roles of then once it lies behind."""
    today = local_day(by.organization, now)
    with writing(by.organization):
        confirmed = Notice.objects.filter(
            person__membership=OuterRef("membership"),
            kind=NoticeKind.LEFT,
            state=NoticeState.CONFIRMED,
            decided_on__lt=today,
            decided_at__gte=OuterRef("granted_at"),  # what was given later was meant so
        )
        gone = Person.objects.filter(_has_gone(today)).exclude(membership=None)
        RoleGrant.objects.filter(
            Exists(confirmed), membership__in=gone.values("membership")
        ).delete()


def has_left(organization: Organization, now: datetime) -> QuerySet[Person]:
    """Whose last day lies behind us and who still holds something or takes part."""
    parts = Enrolment.objects.filter(person=OuterRef("pk"), left_at=None)
    places = Place.objects.filter(
        person=OuterRef("pk"), left_at=None, intake__state=IntakeState.OPEN
    )
    seats = _seats_ahead(now).filter(person=OuterRef("pk"))
    retreats = _retreats_of(OuterRef("pk"), local_day(organization, now))
    groups = _groups_of(OuterRef("pk"))
    holds = Exists(parts) | Exists(places) | Exists(seats) | Exists(groups) | Exists(retreats)
    return Person.objects.filter(_has_gone(local_day(organization, now)), holds).order_by("pk")


def _has_gone(today: date) -> Q:
    spells = EmploymentSpell.objects.filter(person=OuterRef("pk"), basis=SpellBasis.EMPLOYMENT)
    here = spells.filter(Q(ended_on=None) | Q(ended_on__gte=today))
    return Q(Exists(spells), ~Exists(here))


def is_away(now: datetime) -> QuerySet[Person]:
    """Who the directory has switched off and who still holds something ahead."""
    them = {"person": OuterRef("pk")}
    holds = (
        Exists(_seats_ahead(now).filter(**them))
        | Exists(_turns_ahead(now).filter(host=OuterRef("pk")))
        | Exists(PlaceInLine.objects.filter(state__in=IN_LINE, **them))
        | Exists(MentoringRequest.objects.filter(state__in=OPEN_STATES, mentee=OuterRef("pk")))
        | Exists(Ask.objects.filter(answer=AskAnswer.WAITING, mentor=OuterRef("pk")))
        | Exists(_mentorships_of(OuterRef("pk")))
        | Exists(_groups_of(OuterRef("pk")).filter(mentor__pause_until=None))
    )
    return Person.objects.filter(holds, entry__active=False).order_by("pk")


def _turns_ahead(now: datetime) -> QuerySet[Turn]:
    return Turn.objects.filter(state=TurnState.PLANNED, starts_at__gt=now)


def _mentorships_of(mentor: Any) -> QuerySet[Mentorship]:
    return Mentorship.objects.filter(
        mentor=mentor, until=None, asked_out_at=None, project__state=ProjectState.RUNNING
    )


def _groups_of(mentor: Any) -> QuerySet[Cohort]:
    return Cohort.objects.filter(mentor=mentor, wants_mentor_since=None, state__in=NOT_OVER)


def _retreats_of(person: Any, today: date) -> QuerySet[Retreat]:
    ahead = Retreat.objects.filter(ends_on__gte=today).exclude(status=RetreatStatus.CALLED_OFF)
    coming = Guest.objects.filter(person=person, taken_off_at=None, retreat=OuterRef("pk"))
    return ahead.filter(Q(planner=person) | Exists(coming))


def _seats_ahead(now: datetime) -> QuerySet[Seat]:
    return Seat.objects.filter(
        booking__session__state=SessionState.SCHEDULED,
        booking__starts_at__gt=now,
        attendance__in=COMING,
    )


def _back_at(person: Person) -> datetime | None:
    """The last moment of their pause where they are; None: nobody knows when they are back."""
    if person.pause_until is None:
        return None
    return datetime.combine(person.pause_until, time.max, ZoneInfo(person.timezone))


def _release(person: Person, until: datetime | None, by: Viewer, now: datetime) -> bool:
    """Turns first: they keep what is booked in them and go to the next mentor with it."""
    them = replace(by, person_id=person.pk)  # the house speaks for whoever cannot any more
    found = _turns(person, until, by, now)
    found += _questions(person, them, now)
    found += _mentorships(person, by, now)
    with reading(by.organization):
        ahead = Session.objects.filter(
            pk__in=_seats_ahead(now).filter(person=person).values("booking__session")
        )
        if until is not None:
            ahead = ahead.filter(booking__starts_at__lte=until)
        sessions = list(
            ahead.select_related("booking__host", "program", "organization").order_by(
                "booking__starts_at", "pk"
            )
        )
    for session in sessions:
        with suppress(Refusal):  # somebody was quicker, or it has begun
            _give_up(session, person, by, now)
            found += 1
    return found > 0


def _give_up(session: Session, person: Person, by: Viewer, now: datetime) -> None:
    with reading(by.organization):
        coming = Seat.objects.filter(booking=session.booking, attendance__in=COMING).count()
    if session.booking.host_id != person.pk and coming > 2:
        leave_seat(session, person, by=by, now=now)
    else:
        cancel(session, by=by, now=now)


def _turns(person: Person, until: datetime | None, by: Viewer, now: datetime) -> int:
    with reading(by.organization):
        mine = _turns_ahead(now).filter(host=person)
        if until is not None:
            mine = mine.filter(starts_at__lte=until)
        turns = list(mine.order_by("starts_at", "pk"))
        lines = list(
            PlaceInLine.objects.filter(person=person, state__in=IN_LINE).select_related("turn")
        )
    for turn in turns:
        with suppress(Refusal), writing(by.organization):  # refused halfway: nothing of it stands
            rota = lock_rota(Rota.objects.get(slots__turns=turn))
            again = Turn.objects.filter(pk=turn.pk, host=person, state=TurnState.PLANNED).first()
            if again is not None:
                move_on(rota, again, by=by, now=now)
    for place in lines:
        with suppress(Refusal):
            leave_line(place, by=replace(by, person_id=person.pk), now=now)
    return len(turns) + len(lines)


def _questions(person: Person, them: Viewer, now: datetime) -> int:
    """Their own questions are taken back; those they were asked go to the next mentor."""
    with reading(person.organization):
        own = list(MentoringRequest.objects.filter(mentee=person, state__in=OPEN_STATES))
        asked = list(
            Ask.objects.filter(mentor=person, answer=AskAnswer.WAITING).select_related("request")
        )
    for request in own:
        with suppress(Refusal):
            withdraw(request, by=them, now=now)
    for ask in asked:
        with suppress(Refusal):
            decline(ask.request, by=them, now=now)
    return len(own) + len(asked)


def _mentorships(person: Person, by: Viewer, now: datetime) -> int:
    """Their projects look for another mentor: the lead is told."""
    with writing(by.organization):
        found = list(_mentorships_of(person).select_related("project", "mentor"))
        for mentorship in found:
            Mentorship.objects.filter(pk=mentorship.pk).update(asked_out_at=now)
            announce_wants_mentor(mentorship, now)
    return len(found)


def _leave_programs(person: Person, by: Viewer, now: datetime) -> None:
    with reading(by.organization):
        parts = list(
            Enrolment.objects.filter(person=person, left_at=None).select_related("program")
        )
    for part in parts:
        leave(part, by=by, now=now)


def _leave_retreats(person: Person, by: Viewer, now: datetime) -> None:
    """Off every list of who comes; administrators are told of what they planned."""
    for retreat in let_go(person, by=by, now=now):
        with writing(by.organization):
            tell_administrators(
                "mail.retreat_wants_planner",
                ref={"retreat": str(retreat.public_id)},
                dedupe=f"retreat planner:{retreat.public_id}:{person.pk}",
                stream=f"retreat planner:{retreat.public_id}",
                now=now,
                organization=by.organization,
            )


def _leave_cohorts(person: Person, by: Viewer, now: datetime) -> None:
    """Out of every group and intake; whoever waits for a seat has it."""
    with reading(by.organization):
        places = list(
            Place.objects.filter(person=person, left_at=None).select_related(
                "cohort", "intake__program", "intake__organization", "person"
            )
        )
    for place in places:
        with suppress(Refusal):
            if place.cohort is not None and place.cohort.state in (
                CohortState.RUNNING,
                CohortState.TAIL,
            ):
                leave_cohort(place, by=by, now=now)
            elif place.intake.state == IntakeState.OPEN:
                give_back(place, by=by, now=now)
