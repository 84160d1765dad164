"""What a posting may say right now: the rows of its program, put to the one function of facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from handrail.apps.cohorts.models import Cohort, CohortState, IntakeState
from handrail.apps.cohorts.models import Intake as IntakeRow
from handrail.apps.hiring.access import local_day
from handrail.apps.hiring.models import Posting, PostingSkill, PostingState
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import consent
from handrail.apps.people.models import Person, SkillOffered
from handrail.apps.people.queries import still_here
from handrail.apps.programs.models import Enrolment, EnrolmentRole, Program, ProgramStatus
from handrail.domain.hiring import Facts, Intake, Kind, Missing, NotOffered, Support, facts_of


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts of a posting, or why there is nothing to offer."""

    facts: Facts | None
    why: Missing | None = None
    what: str = ""


def standing_of(posting: Posting, now: datetime) -> Standing:
    """What could be said of the program behind a posting, whether it is published or not."""
    try:
        return Standing(facts_for(posting, now))
    except NotOffered as missing:
        return Standing(None, missing.why, missing.what)


def offered_now(posting: Posting, now: datetime) -> Standing:
    """What the public is told: facts only where the posting is live and they hold today."""
    if posting.state != PostingState.LIVE:
        return Standing(None, Missing.NOT_RUNNING)
    return standing_of(posting, now)


def facts_for(posting: Posting, now: datetime) -> Facts:
    """The facts of the live program behind this posting; raises NotOffered."""
    program = posting.job.program
    if program is None:
        raise NotOffered(Missing.NO_PROGRAM)
    today = local_day(program.organization, now)
    mentors = mentors_of(program, now)
    rows = PostingSkill.objects.filter(posting=posting).select_related("skill")
    return facts_of(
        Support(
            kind=Kind(program.model),
            is_running=program.status == ProgramStatus.RUNNING,
            starts_on=program.starts_on,
            ends_on=program.ends_on,
            minutes=program.session_minutes,
            sessions=program.sessions_per_mentee,
            within_days=program.within_days,
            mentors=len(mentors),
            intakes=tuple(
                Intake(one.closes_on, one.starts_on, one.seats)
                for one in IntakeRow.objects.filter(program=program, state=IntakeState.OPEN)
            ),
            mentor_role=posting.mentor_role,
            skills=tuple(row.skill.name for row in rows),
            taught=frozenset(
                SkillOffered.objects.filter(person__in=mentors).values_list(
                    "skill__name", flat=True
                )
            ),
        ),
        today,
    )


def mentors_of(program: Program, now: datetime) -> list[Person]:
    """Who mentors in the program and is still here.

    In a cohort program also whom a lead has named for an intake that is open: they are enrolled
    only as their group starts.
    """
    today = local_day(program.organization, now)
    enrolled = Enrolment.objects.filter(program=program, role=EnrolmentRole.MENTOR, left_at=None)
    named = Cohort.objects.filter(
        intake__program=program, intake__state=IntakeState.OPEN, state=CohortState.FORMING
    )
    return list(
        still_here(today).filter(
            Q(pk__in=enrolled.values("person_id")) | Q(pk__in=named.values("mentor_id"))
        )
    )


def may_be_named(person_id: UUID) -> bool:
    """Whether a mentor's name may stand on a public page: only under their own live yes."""
    return consent(person_id, ConsentPurpose.MENTOR_NAMED) is True


def named_mentor(posting: Posting, now: datetime) -> str:
    """The name to show, asked of the ledger each time; empty where there is none to show."""
    person, program = posting.named_mentor, posting.job.program
    if person is None or program is None or not may_be_named(person.public_id):
        return ""
    return person.name if person in mentors_of(program, now) else ""
