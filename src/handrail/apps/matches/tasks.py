"""What the worker does for this room: solve a run that was asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from handrail.apps.matches import making
from handrail.apps.matches.apart import Failed, Lost, NotWanted, answer_apart
from handrail.apps.matches.models import MatchRun, Stage
from handrail.apps.matches.proposing import question_for
from handrail.apps.matches.solving import Found
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import keep_lease
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.programs.models import ProgramStatus

LEASE = timedelta(minutes=2)
RENEW_EVERY = timedelta(seconds=30)


def solve_run(row: OutboxRow, now: datetime) -> None:
    """Bring one run from "being worked out" to a preview, or say why it cannot be.

    A try that is lost raises, so that the outbox comes back to it; the second one is the last.
    """
    by = Viewer.system(row.organization, "matching")
    run = making.take_up(UUID(row.ref["run"]), by=by, now=now)
    if run is None:
        return
    if run.program.status != ProgramStatus.RUNNING:
        making.fail(run, "closed", by=by, now=now)
        return
    try:
        _solve(run, row, by, now)
    except (NotWanted, making.NotOurs):
        return
    except Failed as failed:
        making.fail(run, failed.code, params=failed.params, by=by, now=now)
    except Exception as error:
        if run.attempts < making.MOST_ATTEMPTS:
            making.put_back(run)
            raise
        making.fail(run, error.code if isinstance(error, Lost) else "broken", by=by, now=now)


def _solve(run: MatchRun, row: OutboxRow, by: Viewer, now: datetime) -> None:
    lease = _Lease(row, now)
    question = question_for(run.program, week=run.week, seed=run.seed, now=now)

    def wanted() -> bool:
        return lease.kept() and making.still_ours(run)

    with answer_apart(
        question.asked, say=lambda stage: making.say_stage(run, stage), wanted=wanted
    ) as told:
        making.say_stage(run, Stage.KEEPING)
        making.write_in_batches(run, question, _rows(told.rows, lease))
        making.finish(run, told.whole, question, by=by, now=lease.now())


def _rows(rows: Iterator[dict[str, Any]], lease: _Lease) -> Iterator[making.Row]:
    for row in rows:
        if not lease.kept():
            raise making.NotOurs
        if "match" in row:
            yield Found(**row["match"])
        else:
            person, reasons = row["unmatched"]
            yield person, reasons


class _Lease:
    """The worker's hold on the row, renewed while it works."""

    def __init__(self, row: OutboxRow, now: datetime) -> None:
        self._row, self._now = row, now
        self._began = time.monotonic()
        self._until = self._began  # so that the first look renews it

    def now(self) -> datetime:
        """The time that was told, and what has passed since."""
        return self._now + timedelta(seconds=time.monotonic() - self._began)

    def kept(self) -> bool:
        """Whether the row is still this worker's; renews the lease where it is time."""
        if time.monotonic() < self._until:
            return True
        self._until = time.monotonic() + RENEW_EVERY.total_seconds()
        return keep_lease(self._row, until=self.now() + LEASE)
