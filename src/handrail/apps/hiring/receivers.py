"""What hiring does when a program below says that something happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handrail.apps.cohorts.signals import elsewhere_asked
from handrail.apps.hiring.actions.withdrawing import withdraw_all_of
from handrail.apps.hiring.directions import belong_elsewhere
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program, ProgramStatus
from handrail.apps.programs.signals import program_changed


@receiver(elsewhere_asked, dispatch_uid="handrail.hiring.elsewhere_asked")
def whose_job_leads_elsewhere(
    sender: object, program: Program, people: frozenset[int], **_kwargs: Any
) -> set[int]:
    """Whom a cohort does not take in by default: their job leads elsewhere, or nowhere by word."""
    return belong_elsewhere(program, people) if people else set()


@receiver(program_changed, dispatch_uid="handrail.hiring.program_changed")
def withdraw_what_is_closed(
    sender: object, program: Program, by: Viewer, now: datetime, **_kwargs: Any
) -> None:
    """A closed program is offered nowhere: in the transaction that closes it."""
    if program.status == ProgramStatus.CLOSED:
        withdraw_all_of(program, by=by, now=now)
