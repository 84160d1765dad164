"""What a hire holds now, and where their job leads: read for `domain.hiring` to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from handrail.apps.cohorts.models import CohortState, Intake, IntakeState, Place
from handrail.apps.hiring.models import HireRecord, HireRule, HireTold, Job
from handrail.apps.organizations.models import Organization
from handrail.apps.programs.models import (
    Enrolment,
    EnrolmentRole,
    Program,
    ProgramModel,
    ProgramStatus,
)
from handrail.domain.hiring import Held, Rule, Told, Window, rule_for

JOB = "job:"  # begins the key of a rule that a job itself is


@dataclass(frozen=True, slots=True)
class Standing:
    """A hire's place or part; `out`: the person took themself out of it."""

    held: Held | None = None
    out: bool = False
    place: Place | None = None
    enrolment: Enrolment | None = None
    waits_since: datetime | None = None  # of an intake that was called off


@dataclass(frozen=True, slots=True)
class Leads:
    """The program that a job leads to, and whether a lead is asked before the hire is told."""

    program: Program
    asks_lead: bool


def local_day(organization: Organization, now: datetime) -> date:
    """The day it is where the organisation is."""
    return now.astimezone(ZoneInfo(organization.timezone)).date()


def told_of(hire: HireRecord) -> list[Told]:
    """Everything that was told of a hire, as the rules see it."""
    return [
        Told(
            key=row.key,
            received_at=row.received_at,
            occurred_at=row.occurred_at,
            undone=row.undone,
            start_date=row.start_date,
            job=row.job,
            job_title=row.job_title,
            department=row.department,
            name=row.name,
            work_email=row.work_email,
        )
        for row in HireTold.objects.filter(hire=hire)
    ]


def standing_of(hire: HireRecord) -> Standing:
    """What the hire's person holds of what this hire is about."""
    if hire.person is None:
        return Standing()
    if hire.program is not None and hire.program.model != ProgramModel.COHORT:
        return _part(hire)
    # A place of an earlier stay is none of this hire; one that the clock gave by default is.
    mine = Q(intake_id=hire.intake_id or 0) | Q(intake__state=IntakeState.OPEN)
    places = Place.objects.filter(mine, person=hire.person).select_related(
        "cohort", "offered", "person", "intake__program", "intake__organization"
    )
    if hire.program is not None:
        places = places.filter(intake__program=hire.program)
    found = list(places.order_by("-intake__starts_on", "-pk"))
    live = [place for place in found if place.intake.state == IntakeState.OPEN] or [
        place for place in found if place.intake.state == IntakeState.STARTED
    ]
    if not live:
        return Standing(waits_since=found[0].eligible_at if found else None)
    place = live[0]
    started = place.cohort is not None and place.cohort.state != CohortState.FORMING
    return Standing(
        held=Held(
            program=str(place.intake.program_id),
            start_date=hire.held_for or place.started_on,
            intake=str(place.intake_id),
            starts_on=place.intake.starts_on,
            begun=started,
        ),
        out=place.opted_out_at is not None or place.left_at is not None,
        place=place,
    )


def _part(hire: HireRecord) -> Standing:
    if hire.held_for is None:
        return Standing()
    enrolment = Enrolment.objects.filter(
        program=hire.program, person=hire.person, role=EnrolmentRole.MENTEE
    ).first()
    if enrolment is None:
        return Standing()
    held = Held(program=str(hire.program_id), start_date=hire.held_for)
    return Standing(held=held, out=enrolment.left_at is not None, enrolment=enrolment)


def windows_of(program: Program) -> list[Window]:
    """The intakes of a program that have not started."""
    intakes = Intake.objects.filter(program=program, state=IntakeState.OPEN)
    return [Window(str(one.pk), one.closes_on, one.starts_on) for one in intakes]


def rules_now(source: str = "") -> list[tuple[Rule, Leads]]:
    """The rules whose program runs, in order; jobs with a program and a reference come first.

    A job that was made by hand counts for every hiring system, another one for its own.
    """
    running = {"program__status": ProgramStatus.RUNNING}
    jobs = Job.objects.filter(**running).exclude(ref="").select_related("program").order_by("pk")
    found = [
        (Rule(f"{JOB}{job.pk}", str(job.program.pk), job=job.ref), Leads(job.program, True))
        for job in jobs
        if job.program is not None and (not source or job.source in ("hand", source))
    ]
    rows = HireRule.objects.filter(**running).select_related("program").order_by("pk")
    return found + [(as_rule(row), Leads(row.program, row.asks_lead)) for row in rows]


def as_rule(row: HireRule) -> Rule:
    """A kept rule as `domain.hiring` sees it."""
    return Rule(str(row.pk), str(row.program_id), row.job, row.title, row.department)


def leads_to(hire: HireRecord, rules: list[tuple[Rule, Leads]]) -> Leads | None:
    """The running program that a hire's job leads to, if any."""
    rule = rule_for([one for one, _to in rules], hire.job, hire.job_title, hire.department)
    return next((to for one, to in rules if one == rule), None) if rule else None
