"""Verbs on jobs: what they are called, which program a hire comes into, when they are filled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.hiring.access import audit, local_day, require_recruiter
from handrail.apps.hiring.actions.withdrawing import withdraw_posting
from handrail.apps.hiring.models import (
    Employment,
    Job,
    PayUnit,
    Posting,
    PostingSkill,
    PostingState,
    Withdrawn,
)
from handrail.apps.hiring.offering import may_be_named, mentors_of
from handrail.apps.hiring.tokens import posting_token
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Program, ProgramStatus

MOST_SKILLS = 12
PAGE_FIELDS = (
    "city", "region", "country", "postal_code", "remote", "employment", "description", "apply_url",
    "closes_on", "pay_low", "pay_high", "pay_currency", "pay_unit",
)  # fmt: skip
_is_address = URLValidator(schemes=["http", "https"])


def save_job(
    job: Job | None,
    *,
    title: str,
    by: Viewer,
    now: datetime,
    program: Program | None = None,
    mentor_role: str = "",
    skills: Sequence[Skill] = (),
    named_mentor: Person | None = None,
    family: str = "",
    department: str = "",
    ref: str = "",
    apply_url: str = "",
) -> Job:
    """Make a job or change it, with what its posting says beside the program's own facts.

    Of a published posting nothing is offered while it says what could not be published.
    """
    require_recruiter(by)
    title, mentor_role = " ".join(title.split()), " ".join(mentor_role.split())
    family, ref = " ".join(family.split()), ref.strip()
    problems: dict[str, str] = {}
    if not 1 <= len(title) <= 160:
        problems["title"] = _("Give the job a title of at most 160 characters.")
    if not 1 <= len(mentor_role) <= 120:
        problems["mentor_role"] = _("Say in a few words who the mentor is: their role, no name.")
    if not 1 <= len(set(skills)) <= MOST_SKILLS:
        problems["skills"] = _("Name 1 to 12 skills that the first weeks are about.")
    if program is not None and program.status == ProgramStatus.CLOSED:
        problems["program"] = _("This program is closed. Choose one that runs.")
    if named_mentor is not None and not _nameable(named_mentor, program, now):
        problems["named_mentor"] = _(
            "Only a mentor of the program who allowed it may be named on public pages."
        )
    if apply_url:
        problems |= _address(apply_url)
    if len(family) > 80 or len(ref) > 80 or len(department) > 120:
        problems["family"] = _("Shorten it.")
    if problems:
        raise Invalid(_("The job was not saved. Correct the marked fields."), fields=problems)
    with writing(by.organization):
        if job is not None:
            job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
            _require_open(job)
        source = job.source if job is not None else "hand"
        others = Job.objects.filter(source=source, ref=ref)
        if job is not None:
            others = others.exclude(pk=job.pk)
        if ref and others.exists():
            raise Invalid(
                _("Another job has this reference."), fields={"ref": _("Choose another one.")}
            )
        values: dict[str, Any] = {
            "title": title,
            "program": program,
            "family": family,
            "department": department,
            "ref": ref,
            "apply_url": apply_url,
        }
        if job is None:
            job = Job.objects.create(organization=by.organization, created_at=now, **values)
            audit("job.created", "job", job.public_id, by=by, now=now)
        else:
            Job.objects.filter(pk=job.pk).update(**values, rev=F("rev") + 1)
            audit("job.edited", "job", job.public_id, by=by, now=now)
        _keep_posting(job, title, mentor_role, skills, named_mentor, by, now)
    return Job.objects.select_related("program", "posting", "organization").get(pk=job.pk)


def _keep_posting(
    job: Job,
    title: str,
    mentor_role: str,
    skills: Sequence[Skill],
    named: Person | None,
    by: Viewer,
    now: datetime,
) -> None:
    posting, _made = Posting.objects.get_or_create(
        organization=by.organization,
        job=job,
        defaults={
            "token": posting_token(title),
            "language": by.organization.language,
            "mentor_role": mentor_role,
            "named_mentor": named,
            "created_at": now,
        },
    )
    Posting.objects.filter(pk=posting.pk).update(
        mentor_role=mentor_role, named_mentor=named, rev=F("rev") + 1
    )
    PostingSkill.objects.filter(posting=posting).delete()
    PostingSkill.objects.bulk_create(
        PostingSkill(organization=by.organization, posting=posting, skill=skill, position=number)
        for number, skill in enumerate(dict.fromkeys(skills), start=1)
    )


def _nameable(person: Person, program: Program | None, now: datetime) -> bool:
    return (
        program is not None
        and may_be_named(person.public_id)
        and person in mentors_of(program, now)
    )


def edit_job_page(job: Job, *, hosted: bool, by: Viewer, now: datetime, **changes: Any) -> Job:
    """Say whether the job has a page of its own here, and what stands on it."""
    require_recruiter(by)
    if unknown := set(changes) - set(PAGE_FIELDS):
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    with writing(by.organization):
        job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        _require_open(job)
        for name, value in changes.items():
            setattr(job, name, value)
        job.country = job.country.strip().upper()
        job.pay_currency = job.pay_currency.strip().upper()
        problems = _page_problems(job, hosted, now)
        if problems:
            raise Invalid(_("The page was not saved. Correct the marked fields."), fields=problems)
        if hosted and job.posted_on is None:
            job.posted_on = local_day(by.organization, now)
        job.rev += 1
        job.save()
        Posting.objects.filter(job=job).update(hosted=hosted, rev=F("rev") + 1)
        audit("job.page_edited", "job", job.public_id, by=by, now=now, hosted=hosted)
    return Job.objects.select_related("program", "posting", "organization").get(pk=job.pk)


def _page_problems(job: Job, hosted: bool, now: datetime) -> dict[str, str]:
    found: dict[str, str] = {}
    if hosted and len(job.description.strip()) < 40:
        found["description"] = _("Describe the job: a page without a description is not found.")
    if hosted and not job.remote and not (job.city.strip() and job.country):
        found["city"] = _("Say where the work is done, or that it is remote.")
    if job.country and not (len(job.country) == 2 and job.country.isalpha()):
        found["country"] = _("Write two letters, such as DE.")
    if job.employment and job.employment not in Employment.values:
        found["employment"] = _("Choose one of the list.")
    if job.closes_on is not None and job.closes_on < local_day(job.organization, now):
        found["closes_on"] = _("This day is over. Choose a later one.")
    low, high = job.pay_low, job.pay_high
    if (low is None) != (high is None) or (low is not None and high is not None and low > high):
        found["pay_low"] = _("Give a lowest and a highest pay; they may be the same.")
    elif low is not None and low < Decimal(0):
        found["pay_low"] = _("Pay is not negative.")
    if low is not None and not (len(job.pay_currency) == 3 and job.pay_currency.isalpha()):
        found["pay_currency"] = _("Write three letters, such as EUR.")
    if low is not None and job.pay_unit not in PayUnit.values:
        found["pay_unit"] = _("Say for how long that is.")
    if job.apply_url:
        found |= _address(job.apply_url)
    return found


def _address(url: str) -> dict[str, str]:
    try:
        _is_address(url)
    except ValidationError:
        return {"apply_url": _("Write a whole address, such as https://example.org/jobs/7.")}
    return {} if len(url) <= 500 else {"apply_url": _("Shorten it.")}


def close_job(job: Job, *, by: Viewer, now: datetime) -> Job:
    """The job is filled or called off: its page and its offer go in the same transaction."""
    require_recruiter(by)
    with writing(by.organization):
        moved = Job.objects.filter(pk=job.pk, closed_at=None).update(
            closed_at=now, rev=F("rev") + 1
        )
        if not moved:
            raise Conflict(_("This job is closed already."))
        posting = Posting.objects.filter(job=job, state=PostingState.LIVE).first()
        if posting is not None:
            withdraw_posting(posting, Withdrawn.JOB, by=by, now=now)
        audit("job.closed", "job", job.public_id, by=by, now=now)
    job.refresh_from_db()
    return job


def _require_open(job: Job | None) -> None:
    if job is None:
        raise NotFound(_("There is no such job."))
    if job.closed_at is not None:
        raise Conflict(_("This job is closed and cannot be changed."))
