"""Taking an offer of support back: from the public at once, and silently from nobody."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from handrail.apps.hiring.access import audit
from handrail.apps.hiring.models import (
    CopyState,
    Fate,
    Offer,
    Outcome,
    Posting,
    PostingCopy,
    PostingState,
    Withdrawn,
)
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import leads_of


def withdraw_posting(posting: Posting, why: Withdrawn, *, by: Viewer, now: datetime) -> None:
    """Withdraw a live posting in the caller's transaction.

    Every pasted copy becomes a task until it is seen to be gone, and everybody who was promised
    something and has not declined becomes a question to the program's leads.
    """
    moved = Posting.objects.filter(pk=posting.pk, state=PostingState.LIVE).update(
        state=PostingState.WITHDRAWN, withdrawn_why=why, withdrawn_at=now, rev=F("rev") + 1
    )
    if not moved:
        return
    PostingCopy.objects.filter(posting=posting).update(
        state=CopyState.WAITING, findings=[], open_since=now
    )
    asked = Offer.objects.filter(
        posting=posting,
        promise__isnull=False,
        fate=Fate.STANDS,
        outcome__in=[Outcome.PENDING, Outcome.ACCEPTED],
    ).update(fate=Fate.OPEN, rev=F("rev") + 1)
    audit("posting.withdrawn", "posting", posting.public_id, by=by, now=now, why=str(why))
    if asked and posting.job.program is not None:
        tell_leads(posting, posting.job.program, now)


def withdraw_all_of(program: Program, *, by: Viewer, now: datetime) -> None:
    """Withdraw whatever a program that was closed is offered by, in the caller's transaction."""
    live = Posting.objects.filter(job__program=program, state=PostingState.LIVE)
    for posting in live.select_related("job__program", "organization"):
        withdraw_posting(posting, Withdrawn.PROGRAM, by=by, now=now)


def tell_leads(posting: Posting, program: Program, now: datetime) -> None:
    """Ask each lead by mail what becomes of the promises."""
    for person in leads_of(program):
        enqueue(
            "mail.promises_open",
            ref={"posting": posting.pk, "person": person.pk},
            dedupe=f"promises:{posting.public_id}:{person.pk}:{now:%Y%m%dT%H%M%S%f}",
            due_at=now,
            stream=f"person:{person.pk}",
            now=now,
            organization=posting.organization,
        )
