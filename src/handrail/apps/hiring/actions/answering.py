"""What a lead says about a hire in the queue: into which program, yes, no, or what was missing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from handrail.apps.hiring.actions.rules import add_rule
from handrail.apps.hiring.actions.settling import introduce, locked, settle
from handrail.apps.hiring.addresses import address_of
from handrail.apps.hiring.models import HireRecord, HireTold, Introduction, Waits
from handrail.apps.hiring.roles import require_answer
from handrail.apps.hiring.standing import standing_of
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.hired import cancel_stay, end_stay
from handrail.apps.programs.models import Program, ProgramStatus
from handrail.apps.programs.queries import require_run


def complete_hire(
    hire: HireRecord,
    *,
    by: Viewer,
    now: datetime,
    name: str = "",
    work_email: str = "",
    start_date: date | None = None,
) -> HireRecord:
    """Say what nobody had said: the name, the work address, the first day; it counts from now."""
    require_answer(by, hire)
    if work_email.strip() and not address_of(work_email):
        raise Invalid(
            _("The hire cannot be taken like this."),
            fields={"work_email": _("This is not an e-mail address. Correct it.")},
        )
    with writing(by.organization):
        hire = locked(hire)
        if hire.undone:
            raise Conflict(_("This hire is undone."), code="hire-undone")
        HireTold.objects.create(
            organization=by.organization,
            hire=hire,
            key=f"hand:{uuid4().hex}",
            received_at=now,
            occurred_at=now,
            start_date=start_date,
            name=name.strip()[:200],
            work_email=address_of(work_email),
            told_by=by.actor,
        )
        _audit("hire.completed", hire, by, now)
        return settle(hire, now=now)


def send_hire_to(
    hire: HireRecord,
    program: Program,
    *,
    always: bool = False,
    by: Viewer,
    now: datetime,
) -> HireRecord:
    """Say into which program a hire comes; with `always` so do all later hires for this job."""
    require_answer(by, hire)
    require_run(by, program)
    if program.status != ProgramStatus.RUNNING:
        raise Conflict(
            _("This program is not running. Start it first."), code="program-not-running"
        )
    with writing(by.organization):
        hire = locked(hire)
        if hire.held_for is not None:
            raise Conflict(_("This hire has a place already."), code="has-a-place")
        hire.program, hire.closed_at = program, None
        _audit("hire.sent_to", hire, by, now, program=str(program.public_id))
        found = settle(hire, now=now, looked_at=True)
        if always:
            _remember(hire, program, by, now)
        return found


def approve_hire(hire: HireRecord, *, by: Viewer, now: datetime) -> HireRecord:
    """Let a hire be told that they are in."""
    require_answer(by, hire)
    with writing(by.organization):
        hire = locked(hire)
        if hire.introduction != Introduction.ASKED:
            raise Conflict(_("Nothing is asked about this hire any more."), code="nothing-asked")
        introduce(hire, now=now)
        hire.rev += 1
        hire.save(update_fields=["introduction", "introduced_at", "rev"])
        _audit("hire.approved", hire, by, now)
    return hire


def take_anyway(hire: HireRecord, *, by: Viewer, now: datetime) -> HireRecord:
    """Take somebody who is here already, or who was undone and is hired again."""
    require_answer(by, hire)
    with writing(by.organization):
        hire = locked(hire)
        if hire.waits == Waits.HERE_ALREADY:
            hire.although_here = True
        elif hire.waits == Waits.DOUBTFUL:
            last = HireTold.objects.filter(hire=hire, undone=False).last()
            assert last is not None
            HireTold.objects.create(
                organization=by.organization,
                hire=hire,
                key=f"hand:{uuid4().hex}",
                received_at=now,
                occurred_at=now,
                start_date=last.start_date,
                told_by=by.actor,
            )
        else:
            raise Conflict(_("Nothing is asked about this hire any more."), code="nothing-asked")
        _audit("hire.taken_anyway", hire, by, now)
        return settle(hire, now=now, looked_at=True)


def refuse_hire(hire: HireRecord, *, by: Viewer, now: datetime) -> HireRecord:
    """Say that a hire comes into no program; what is held for them is given back."""
    require_answer(by, hire)
    with writing(by.organization):
        hire = locked(hire)
        standing = standing_of(hire)
        if standing.held is not None and standing.held.begun:
            raise Conflict(
                _("Their cohort has started. They leave it on its page."), code="cohort-started"
            )
        hire.closed_at = now
        settle(hire, now=now)
        _audit("hire.refused", hire, by, now)
    return hire


def reopen_hire(hire: HireRecord, *, by: Viewer, now: datetime) -> HireRecord:
    """Think again about a hire that was to come into no program."""
    require_answer(by, hire)
    with writing(by.organization):
        hire = locked(hire)
        hire.closed_at = None
        _audit("hire.reopened", hire, by, now)
        return settle(hire, now=now)


def say_whether_they_came(
    hire: HireRecord, *, left_on: date | None, by: Viewer, now: datetime
) -> HireRecord:
    """After a hire was undone past the first day: they never came, or came and left on a day."""
    require_answer(by, hire)
    with writing(by.organization):
        hire = locked(hire)
        if hire.waits != Waits.BEGUN or hire.person is None or hire.stay_from is None:
            raise Conflict(_("Nothing is asked about this hire any more."), code="nothing-asked")
        system = Viewer.system(by.organization, "hires")
        if left_on is None:
            cancel_stay(hire.person, hire.stay_from, by=system, now=now)
        elif left_on < hire.stay_from:
            raise Invalid(
                _("This day lies before the first one."),
                fields={"left_on": _("Choose a later day.")},
            )
        else:
            end_stay(hire.person, hire.stay_from, left_on, by=system, now=now)
        hire.stay_from = None
        _audit("hire.ended", hire, by, now, came=left_on is not None)
        return settle(hire, now=now)


def _remember(hire: HireRecord, program: Program, by: Viewer, now: datetime) -> None:
    """The rule that later hires for the same job come under."""
    if not hire.job and not hire.job_title:
        raise Invalid(
            _("Nobody said which job this hire is for. Make a rule by department or title."),
            fields={"always": _("There is no job to go by.")},
        )
    job, title = (hire.job, "") if hire.job else ("", hire.job_title)
    add_rule(program, job=job, title=title, by=by, now=now)


def _audit(verb: str, hire: HireRecord, by: Viewer, now: datetime, **detail: Any) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="hire",
        object_id=hire.public_id,
        detail=detail,
        now=now,
    )
