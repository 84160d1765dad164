"""Hiring in the demo: a job with a live posting, and three offers, of which nothing can be told."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from handrail.apps.hiring.actions.jobs import edit_job_page, save_job
from handrail.apps.hiring.actions.offers import record_offer
from handrail.apps.hiring.actions.postings import publish
from handrail.apps.hiring.public import trajectory_address
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill, SkillOffered, TakesPartAs
from handrail.apps.people.queries import still_here, viewer_for_person
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole

DESCRIPTION = """You keep the tools that a remote team builds with, and make the next change easier.

- small changes, read by two people
- a first change of your own in the first week
- no meeting that could have been a note"""


def show_posting(lead: Person, *, since: date, monday: date, by: Viewer, now: datetime) -> str:
    """The address of a posting whose program takes new hires in all year."""
    program = create_program(
        "tooling-start",
        name="Welcome to new hires",
        starts_on=since,
        ends_on=monday + timedelta(days=364),
        leads=[lead],
        by=by,
        now=now,
    )
    runs = viewer_for_person(lead)
    start_program(program, by=runs, now=now)
    mentors = list(still_here(monday).filter(role=TakesPartAs.MENTOR))
    for mentor in mentors:
        enrol(program, mentor, EnrolmentRole.MENTOR, by=runs, now=now)
    record_consent(
        lead.public_id, "mentor_named", True, text_version="1", channel="settings", by=runs, now=now
    )
    recruiter = viewer_for_person(Person.objects.get(external_id="office-recruiter"))
    job = save_job(
        None,
        title="Tools engineer",
        program=program,
        mentor_role="an engineer who works on that tool every day",
        skills=_most_taught(mentors),
        named_mentor=lead,
        family="engineering",
        ref="TE-1",
        by=recruiter,
        now=now,
    )
    edit_job_page(
        job,
        hosted=True,
        description=DESCRIPTION,
        remote=True,
        country="PT",
        employment="FULL_TIME",
        apply_url="https://example.org/jobs/tools-engineer",
        by=recruiter,
        now=now,
    )
    posting = publish(job, by=recruiter, now=now)
    for applicant, shown, outcome in (
        ("app-101", "yes", "accepted"),
        ("app-102", "yes", "pending"),
        ("app-103", "no", "declined"),
    ):
        record_offer(
            applicant,
            "TE-1",
            offered_at=now,
            shown=shown,
            outcome=outcome,
            decided_at=None if outcome == "pending" else now,
            by=recruiter,
            now=now,
        )
    return trajectory_address(posting)


def _most_taught(mentors: list[Person]) -> list[Skill]:
    """The three skills that most mentors offer."""
    offers = SkillOffered.objects.filter(person__in=mentors).select_related("skill")
    counts = Counter(offer.skill for offer in offers)
    ranked = sorted(counts, key=lambda skill: (-counts[skill], skill.name))
    return ranked[:3]
