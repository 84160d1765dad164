"""Questions about programs; each sees only what its viewer may see."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.stays import have_come
from handrail.apps.programs.models import (
    Enrolment,
    EnrolmentRole,
    Objective,
    Program,
    ProgramLead,
    ProgramStatus,
)


def _sees_all_programs(viewer: Viewer) -> bool:
    return viewer.is_administrator or viewer.is_analyst or viewer.is_auditor


def programs_for(viewer: Viewer) -> QuerySet[Program]:
    """The programs the viewer leads, takes part in, or may see by a grant; newest first."""
    programs = Program.objects.all()
    if not _sees_all_programs(viewer):
        # By key, not by join: a join would let the viewer's own enrolment alone be counted below.
        own = Q(person_id=viewer.person_id)
        mine, led = Enrolment.objects.filter(own, left_at=None), ProgramLead.objects.filter(own)
        programs = programs.filter(
            Q(pk__in=led.values("program_id")) | Q(pk__in=mine.values("program_id"))
        )
    live = Q(enrolments__left_at=None)
    return programs.annotate(
        mentees=Count(
            "enrolments", filter=live & Q(enrolments__role=EnrolmentRole.MENTEE), distinct=True
        ),
        mentors=Count(
            "enrolments", filter=live & Q(enrolments__role=EnrolmentRole.MENTOR), distinct=True
        ),
    ).order_by("-starts_on", "name")


def program_for(viewer: Viewer, public_id: UUID) -> Program:
    """The program, or NotFound where it is not there or not the viewer's to see."""
    program = programs_for(viewer).filter(public_id=public_id).first()
    if program is None:
        raise NotFound(_("There is no such program."))
    return program


def is_lead(viewer: Viewer, program: Program) -> bool:
    """Whether the viewer leads this program."""
    if viewer.person_id is None:
        return False
    return ProgramLead.objects.filter(program=program, person_id=viewer.person_id).exists()


def may_run(viewer: Viewer, program: Program) -> bool:
    """Whether the viewer may change this program: its leads and administrators."""
    return viewer.is_administrator or is_lead(viewer, program)


def require_run(viewer: Viewer, program: Program, scope: str = "programs:write") -> None:
    """Raise NotAllowed unless the viewer may run this program."""
    if not viewer.may(scope) or not may_run(viewer, program):
        raise NotAllowed(_("Only a lead of this program or an administrator may do this."))


def led_programs(viewer: Viewer) -> QuerySet[Program]:
    """The programs that the viewer leads and that are not closed."""
    if viewer.person_id is None:
        return Program.objects.none()
    return Program.objects.filter(leads__person_id=viewer.person_id).exclude(
        status=ProgramStatus.CLOSED
    )


def mentors_here(program: Program, day: date) -> QuerySet[Person]:
    """Who mentors in the program and has begun here by that day: whom others may be shown."""
    parts = Enrolment.objects.filter(program=program, role=EnrolmentRole.MENTOR, left_at=None)
    return Person.objects.filter(have_come(day), pk__in=parts.values("person_id"))


def day_in(program: Program, now: datetime) -> date:
    """The day it is where the program's organisation is."""
    return now.astimezone(ZoneInfo(program.organization.timezone)).date()


def leads_of(program: Program) -> QuerySet[Person]:
    """The people who lead this program."""
    return Person.objects.filter(leads__program=program).order_by("name", "id")


def enrolments(viewer: Viewer, program: Program) -> QuerySet[Enrolment]:
    """Who takes part, for those who run the program; who left is not listed."""
    require_run(viewer, program, "programs:read")
    return (
        Enrolment.objects.filter(program=program, left_at=None)
        .select_related("person", "person__team")
        .prefetch_related("objectives", "person__wants__skill", "person__offers__skill")
        .order_by("role", "person__name", "id")
    )


def enrolment_of(
    viewer: Viewer, program: Program, role: str = EnrolmentRole.MENTEE
) -> Enrolment | None:
    """The viewer's own live enrolment in this role, if there is one."""
    if viewer.person_id is None:
        return None
    return Enrolment.objects.filter(
        program=program, person_id=viewer.person_id, role=role, left_at=None
    ).first()


def enrolment_for(viewer: Viewer, public_id: UUID) -> Enrolment:
    """One enrolment: the person's own, or one of a program that the viewer runs."""
    found = (
        Enrolment.objects.filter(public_id=public_id).select_related("program", "person").first()
    )
    if found is None or not (found.person_id == viewer.person_id or may_run(viewer, found.program)):
        raise NotFound(_("There is no such enrolment."))
    return found


def objective_for(viewer: Viewer, public_id: UUID) -> Objective:
    """One objective: the person's own, or one of a program that the viewer runs."""
    found = (
        Objective.objects.filter(public_id=public_id)
        .select_related("skill", "enrolment__program", "enrolment__person")
        .first()
    )
    if found is None or not (
        found.enrolment.person_id == viewer.person_id or may_run(viewer, found.enrolment.program)
    ):
        raise NotFound(_("There is no such objective."))
    return found


def current_objective(program: Program, person: Person) -> Objective | None:
    """The objective a mentee works on now: the last one they set."""
    return (
        Objective.objects.filter(
            enrolment__program=program,
            enrolment__person=person,
            enrolment__role=EnrolmentRole.MENTEE,
            enrolment__left_at=None,
        )
        .select_related("skill")
        .order_by("-position")
        .first()
    )


def takes_part(program: Program, person: Person, role: str) -> bool:
    """Whether the person is enrolled in this role now."""
    return Enrolment.objects.filter(
        program=program, person=person, role=role, left_at=None
    ).exists()


def own_checklists(viewer: Viewer) -> list[tuple[str, list[str]]]:
    """What the viewer prepares sessions with: name and checklist of each program they are in."""
    mine = Enrolment.objects.filter(person_id=viewer.person_id or 0, left_at=None)
    programs = Program.objects.filter(
        pk__in=mine.values("program_id"), status=ProgramStatus.RUNNING
    ).order_by("name", "pk")
    return [(program.name, list(program.checklist)) for program in programs]
