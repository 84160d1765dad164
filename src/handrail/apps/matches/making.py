"""A run in the making: a worker takes it up, says how far it is, writes it down, or gives it up.

Every step looks whether the run is still wanted and still this worker's: a lead may stop it, and
a worker whose lease ran out may find that another one has taken it up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from handrail.apps.matches.models import Match, MatchRun, RunStatus, Stage, Unmatched
from handrail.apps.matches.proposing import Question, Reasons
from handrail.apps.matches.solving import Found
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program

MOST_ATTEMPTS = 2  # a run that was lost is tried again once
BATCH = 500  # rows in one transaction: others write in between

Left = tuple[str, Reasons]  # who was not matched, by the engine's id, with why
Row = Found | Left


class NotOurs(Exception):
    """The run was stopped, or another worker has it."""


def take_up(public_id: UUID, *, by: Viewer, now: datetime) -> MatchRun | None:
    """Make the run this worker's; None where it is no longer wanted, or was lost too often."""
    with writing(by.organization):
        run = (
            MatchRun.objects.select_for_update(of=("self",))
            .select_related("program")
            .filter(public_id=public_id, status=RunStatus.RUNNING)
            .first()
        )
        if run is None:
            return None
        if run.attempts >= MOST_ATTEMPTS:
            fail(run, "lost", by=by, now=now)
            return None
        run.attempts += 1
        run.stage = Stage.READING
        run.save(update_fields=["attempts", "stage"])
        run.matches.all().delete()
        run.unmatched.all().delete()
    return run


def say_stage(run: MatchRun, stage: str) -> bool:
    """Write down how far the run is; False where it is not this worker's any more."""
    known = {"stage": stage} if stage in Stage.values else {"stage": Stage.SOLVING}
    return bool(_ours(run).update(**known))


def still_ours(run: MatchRun) -> bool:
    """Whether the run is wanted, and by nobody but this worker."""
    return _ours(run).exists()


def _ours(run: MatchRun) -> QuerySet[MatchRun]:
    return MatchRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING, attempts=run.attempts)


def _hold(run: MatchRun) -> None:
    if _ours(run).select_for_update().first() is None:
        raise NotOurs


def write_in_batches(run: MatchRun, question: Question, rows: Iterable[Row]) -> None:
    """Write the rows of a run that nobody sees yet, a batch at a time; NotOurs once it is not."""
    everybody = chain(question.waiting, rows)
    while batch := list(islice(everybody, BATCH)):
        with writing(run.organization):
            _hold(run)
            write_rows(run, question, batch)


def write_rows(run: MatchRun, question: Question, rows: Iterable[Row]) -> None:
    """Write proposals, and people left out with why, as rows of the run."""
    problem, ids = question.asked.problem, question.ids
    matches: list[Match] = []
    unmatched: list[Unmatched] = []
    for row in rows:
        if isinstance(row, Found):
            matches.append(
                Match(
                    organization=run.organization,
                    run=run,
                    mentee_id=ids[row.mentee],
                    mentor_id=ids[row.mentor],
                    starts_at=problem.starts_at(row.slot),
                    minutes=problem.minutes,
                    skill=row.skill,
                    score=row.score,
                    reasons=row.reasons,
                    explanation=row.explanation,
                    pinned=row.pinned,
                )
            )
        else:
            person, reasons = row
            unmatched.append(
                Unmatched(
                    organization=run.organization, run=run, person_id=ids[person], reasons=reasons
                )
            )
    Match.objects.bulk_create(matches)
    Unmatched.objects.bulk_create(unmatched)


def lock_program(program: Program) -> None:
    """Let nobody else begin, end or show a run of this program until the transaction is over."""
    list(Program.objects.select_for_update().filter(pk=program.pk).values_list("pk"))


def show(run: MatchRun, whole: dict[str, Any], question: Question) -> None:
    """Make the run the week's preview, with its proof; the preview before it is put aside.

    The caller holds the program's lock, writes the record, and has written the rows.
    """
    MatchRun.objects.filter(
        program_id=run.program_id, week=run.week, status=RunStatus.PREVIEW
    ).exclude(pk=run.pk).update(status=RunStatus.DISCARDED)
    run.status = RunStatus.PREVIEW
    run.certificate = whole["certificate"]
    run.prices = whole["prices"]
    run.advice = whole["advice"]
    run.rules = question.rules
    run.save(update_fields=["status", "certificate", "prices", "advice", "rules"])


def finish(
    run: MatchRun, whole: dict[str, Any], question: Question, *, by: Viewer, now: datetime
) -> None:
    """The last step of a run in the making; NotOurs where somebody stopped it meanwhile."""
    with writing(by.organization):
        lock_program(run.program)
        _hold(run)
        show(run, whole, question)
        record_proposed(run, by=by, now=now)


def record_proposed(run: MatchRun, *, by: Viewer, now: datetime) -> None:
    """Write into the record that proposals are there."""
    record_audit(
        by=by,
        verb="matches.proposed",
        object_type="match_run",
        object_id=str(run.public_id),
        detail={"week": run.week.isoformat(), "seed": run.seed, "matches": run.matches.count()},
        now=now,
    )


def fail(
    run: MatchRun, code: str, *, by: Viewer, now: datetime, params: dict[str, Any] | None = None
) -> None:
    """End the run with a reason, for good; what was proposed before stays."""
    with writing(by.organization):
        if _ours(run).update(
            status=RunStatus.FAILED, failure={"code": code, "params": params or {}}
        ):
            run.matches.all().delete()
            run.unmatched.all().delete()
            record_audit(
                by=by,
                verb="matches.failed",
                object_type="match_run",
                object_id=str(run.public_id),
                detail={"reason": code},
                now=now,
            )


def put_back(run: MatchRun) -> None:
    """Let the run wait for its second try."""
    _ours(run).update(stage=Stage.WAITING)
