"""Cohorts: intakes, the groups they become, one's own place, and the weeks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.cohort_schemas import (
    BlockerOut,
    CohortOut,
    CohortPlaceOut,
    CohortWeekOut,
    IntakeIn,
    IntakeOut,
    IntakeWhole,
    MissesOut,
    MovesOut,
    NamedIn,
    OwnPlaceOut,
    PlaceIn,
    StartIn,
    TimeOut,
    TimesOut,
)
from handrail.api.requests import ApiRequest, once, require_scope
from handrail.apps.cohorts import actions, queries
from handrail.apps.cohorts.actions.holding import last_day_held
from handrail.apps.cohorts.models import Cohort, Intake
from handrail.apps.organizations.refusals import Invalid, NotFound
from handrail.apps.people.queries import person_for
from handrail.apps.programs.queries import program_for, require_run

router = Router(tags=["cohorts"])


def intake_out(intake: Intake) -> dict[str, Any]:
    """An intake without its people."""
    return IntakeOut(
        id=intake.public_id,
        program=intake.program.public_id,
        state=intake.state,
        opens_on=intake.opens_on,
        closes_on=intake.closes_on,
        starts_on=intake.starts_on,
        held_until=last_day_held(intake),
        seats=intake.seats,
        by_lot=intake.by_lot,
        tail_sessions=intake.tail_sessions,
        themes=[str(line) for line in intake.themes],
    ).model_dump(mode="json")


def intake_whole(intake: Intake, request: ApiRequest) -> IntakeWhole:
    """An intake with its people, for who runs the program."""
    page = queries.intake_page(request.viewer, intake, request.now)
    groups = {group.cohort.pk: group.cohort.public_id for group in page.groups}

    def shown(places: list[Any]) -> list[CohortPlaceOut]:
        return [
            CohortPlaceOut(
                person=place.person.public_id,
                started_on=place.started_on,
                cohort=groups.get(place.cohort_id),
                offered_until=place.offered_until,
            )
            for place in places
        ]

    return IntakeWhole(
        **intake_out(intake),
        seated=shown(page.seated),
        waiting=shown(page.waiting),
        held=len(page.held),
        cohorts=list(groups.values()),
    )


def cohort_out(cohort: Cohort, request: ApiRequest) -> CohortOut:
    """A cohort with its people and weeks."""
    page = queries.cohort_page(request.viewer, cohort, request.now)
    return CohortOut(
        id=cohort.public_id,
        intake=cohort.intake.public_id,
        mentor=cohort.mentor.public_id,
        state=cohort.state,
        timezone=cohort.timezone,
        first_on=cohort.first_on,
        minute=cohort.minute,
        members=[place.person.public_id for place in page.members],
        wants_mentor_since=cohort.wants_mentor_since,
        weeks=[
            CohortWeekOut(
                number=week.meeting.number,
                planned_at=week.meeting.planned_at,
                session=week.meeting.session.public_id if week.meeting.session else None,
                state=week.state,
            )
            for week in [*page.weeks, *page.tail]
        ],
    )


@router.get("/programs/{program_id}/intakes", response=list[IntakeOut], operation_id="list_intakes")
def list_intakes(request: ApiRequest, program_id: UUID) -> list[dict[str, Any]]:
    """The intakes of a cohort program, newest first, for who runs it."""
    require_scope(request, "programs:read")
    program = program_for(request.viewer, program_id)
    return [intake_out(intake) for intake in queries.intakes_of(request.viewer, program)]


@router.post(
    "/programs/{program_id}/intakes", response={201: IntakeOut}, operation_id="open_intake"
)
def open_intake(request: ApiRequest, program_id: UUID, payload: IntakeIn) -> HttpResponse:
    """Open an intake: new hires are in by default, one group for each mentor."""
    require_scope(request, "programs:write")
    program = program_for(request.viewer, program_id)
    mentors = [person_for(request.viewer, one) for one in payload.mentors]
    values = {k: v for k, v in payload.model_dump(exclude={"mentors"}).items() if v is not None}

    def work() -> tuple[int, dict[str, Any]]:
        intake = actions.open_intake(program, mentors, by=request.viewer, now=request.now, **values)
        return 201, intake_out(intake)

    return once(request, work)


@router.get("/intakes/{intake_id}", response=IntakeWhole, operation_id="read_intake")
def read_intake(request: ApiRequest, intake_id: UUID) -> IntakeWhole:
    """An intake: who is in, who waits in which order, and its groups, for who runs the program."""
    require_scope(request, "programs:read")
    return intake_whole(queries.intake_for(request.viewer, intake_id), request)


def _changed(request: ApiRequest, intake_id: UUID, act: Callable[[Intake], Intake]) -> HttpResponse:
    require_scope(request, "programs:write")
    intake = queries.intake_for(request.viewer, intake_id)

    def work() -> tuple[int, dict[str, Any]]:
        return 200, intake_out(act(intake))

    return once(request, work)


@router.post("/intakes/{intake_id}/groups", response=IntakeOut, operation_id="form_groups")
def form_groups(request: ApiRequest, intake_id: UUID) -> HttpResponse:
    """Put who is in into groups, by the hours they share with a mentor and each other."""
    return _changed(
        request,
        intake_id,
        lambda intake: actions.form_groups(intake, by=request.viewer, now=request.now),
    )


@router.post("/intakes/{intake_id}/call-off", response=IntakeOut, operation_id="call_off_intake")
def call_off_intake(request: ApiRequest, intake_id: UUID) -> HttpResponse:
    """End an intake of which nothing has started; whoever was in comes into the next one first."""
    return _changed(
        request,
        intake_id,
        lambda intake: actions.call_off(intake, by=request.viewer, now=request.now),
    )


@router.get("/intakes/{intake_id}/place", response=OwnPlaceOut, operation_id="read_own_place")
def read_own_place(request: ApiRequest, intake_id: UUID) -> OwnPlaceOut:
    """Your own place: in, waiting on which number, offered a seat, member, or out."""
    require_scope(request, "programs:read")
    return _own_place(request, queries.intake_for(request.viewer, intake_id))


@router.put("/intakes/{intake_id}/place", response=OwnPlaceOut, operation_id="change_own_place")
def change_own_place(request: ApiRequest, intake_id: UUID, payload: PlaceIn) -> OwnPlaceOut:
    """Opt out in private, come in again, or answer to a seat that is offered."""
    require_scope(request, "programs:write")
    intake = queries.intake_for(request.viewer, intake_id)
    own = queries.own_place(request.viewer, intake)
    if own is None:
        raise NotFound(_("There is no such place."))
    verbs = {
        "out": actions.opt_out,
        "in": actions.opt_in,
        "accept": actions.accept_offer,
        "decline": actions.decline_offer,
    }
    if payload.do not in verbs:
        raise Invalid(
            _("Say what to do with your place."),
            fields={"do": _("Choose out, in, accept or decline.")},
        )
    verbs[payload.do](own.place, by=request.viewer, now=request.now)
    return _own_place(request, intake)


def _own_place(request: ApiRequest, intake: Intake) -> OwnPlaceOut:
    own = queries.own_place(request.viewer, intake)
    if own is None:
        raise NotFound(_("There is no such place."))
    group = own.place.cohort if own.state == "member" else None
    return OwnPlaceOut(
        state=own.state,
        number=own.number,
        cohort=group.public_id if group else None,
        offered_until=own.place.offered_until,
    )


@router.get("/cohorts/{cohort_id}", response=CohortOut, operation_id="read_cohort")
def read_cohort(request: ApiRequest, cohort_id: UUID) -> CohortOut:
    """A cohort: its people, its wall time, its weeks; for its people and who runs the program."""
    require_scope(request, "programs:read")
    return cohort_out(queries.cohort_for(request.viewer, cohort_id), request)


@router.get("/cohorts/{cohort_id}/times", response=TimesOut, operation_id="list_cohort_times")
def list_cohort_times(request: ApiRequest, cohort_id: UUID) -> TimesOut:
    """Weekly times for a group that is being formed, best first, with who misses which week."""
    require_scope(request, "programs:read")
    cohort = queries.cohort_for(request.viewer, cohort_id)
    times = queries.times_of(request.viewer, cohort, request.now)
    return TimesOut(
        times=[
            TimeOut(
                first_on=choice.first_on,
                minute=choice.minute,
                everybody_in_weeks=choice.all_free,
                misses=[
                    MissesOut(person=one.person.public_id, weeks=list(one.weeks))
                    for one in choice.misses
                ],
                moves=[
                    MovesOut(person=one.person.public_id, week=one.week, minutes=one.shift.minutes)
                    for one in choice.moves
                ],
            )
            for choice in times.choices
        ],
        never_together=times.apart,
        blockers=[
            BlockerOut(
                person=one.person.public_id,
                weeks_without=one.weeks,
                starts_a_week_without=one.starts,
            )
            for one in times.blockers
        ],
    )


@router.post("/cohorts/{cohort_id}/start", response=CohortOut, operation_id="start_cohort")
def start_cohort(request: ApiRequest, cohort_id: UUID, payload: StartIn) -> HttpResponse:
    """Start a group: twelve sessions at one wall time, for who runs the program."""
    require_scope(request, "programs:write")
    cohort = queries.cohort_for(request.viewer, cohort_id)

    def work() -> tuple[int, dict[str, Any]]:
        started = actions.start_cohort(
            cohort,
            payload.first_on,
            payload.minute,
            by=request.viewer,
            now=request.now,
            although_small=payload.although_small,
        )
        return 200, cohort_out(started, request).model_dump(mode="json")

    return once(request, work)


@router.post("/cohorts/{cohort_id}/mentor", response=CohortOut, operation_id="name_cohort_mentor")
def name_cohort_mentor(request: ApiRequest, cohort_id: UUID, payload: NamedIn) -> HttpResponse:
    """Name another mentor for a group whose own one comes no more, for who runs the program."""
    require_scope(request, "programs:write")
    cohort = queries.cohort_for(request.viewer, cohort_id)
    require_run(request.viewer, cohort.intake.program)
    mentor = person_for(request.viewer, payload.mentor)

    def work() -> tuple[int, dict[str, Any]]:
        named = actions.name_mentor(cohort, mentor, by=request.viewer, now=request.now)
        return 200, cohort_out(named, request).model_dump(mode="json")

    return once(request, work)


@router.post("/cohorts/{cohort_id}/leave", response=dict[str, str], operation_id="leave_cohort")
def leave_cohort(request: ApiRequest, cohort_id: UUID) -> HttpResponse:
    """Leave a cohort that runs: your seats ahead go to whoever waits."""
    require_scope(request, "sessions:write")
    cohort = queries.cohort_for(request.viewer, cohort_id)
    own = queries.member_of(request.viewer, cohort)
    if own is None:
        raise NotFound(_("There is no such place."))

    def work() -> tuple[int, dict[str, Any]]:
        actions.leave_cohort(own, by=request.viewer, now=request.now)
        return 200, {}

    return once(request, work)
