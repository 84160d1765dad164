"""Open jobs from a public board: read and shown first, then taken over."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.hiring.access import audit, require_recruiter
from handrail.apps.hiring.linting import outbound
from handrail.apps.hiring.models import Job, JobReading
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.integrations.greenhouse_board import BoardJob, Unfit, read_board
from handrail.integrations.guarded_http import Unfetched

SOURCE = "greenhouse"
TAKEN = ("title", "department", "city", "remote", "description", "apply_url")


def read_jobs(board: str, *, by: Viewer, now: datetime) -> JobReading:
    """Read a board's open jobs and keep them to be looked at; nothing here changes yet."""
    require_recruiter(by)
    board = board.strip()
    try:
        jobs = read_board(board, outbound())
    except Unfit as unfit:
        if unfit.code == "token":
            raise Invalid(
                _("There is no such board."),
                fields={"board": _("Write the board's name, as it stands in its address.")},
            ) from None
        raise Conflict(_("The board answered with something that we cannot read.")) from None
    except Unfetched:
        raise Conflict(_("The board could not be reached. Try again later.")) from None
    with writing(by.organization):
        reading = JobReading.objects.create(
            organization=by.organization,
            board=board,
            jobs=[_as_json(job) for job in jobs],
            digest=_digest(),
            read_at=now,
            read_by=by.actor,
        )
        audit("jobs.read", "job reading", reading.public_id, by=by, now=now, jobs=len(jobs))
    return reading


def differences(reading: JobReading) -> list[dict[str, Any]]:
    """What taking the jobs over would do, job by job: "new", "changed", "same" or "gone"."""
    here = {job.ref: job for job in Job.objects.filter(source=SOURCE).exclude(ref="")}
    found = []
    for one in reading.jobs:
        job = here.pop(one["ref"], None)
        if job is None:
            found.append({"what": "new", "title": one["title"], "city": one["city"]})
            continue
        fields = [name for name in TAKEN if getattr(job, name) != one[name]]
        what = "changed" if fields else "same"
        found.append({"what": what, "title": one["title"], "city": one["city"], "fields": fields})
    found += [
        {"what": "gone", "title": job.title, "city": job.city}
        for job in here.values()
        if job.closed_at is None
    ]
    return found


def apply_jobs(reading: JobReading, *, by: Viewer, now: datetime) -> dict[str, int]:
    """Take the jobs over, unless jobs here changed since they were shown.

    A job that the board does not show is left as it is: a board shows open posts, and somebody
    may have been hired through another one.
    """
    require_recruiter(by)
    with writing(by.organization):
        reading = JobReading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
        if reading.applied_at is not None:
            raise Conflict(_("These jobs were taken over already."))
        if reading.digest != _digest():
            raise Conflict(_("Jobs changed since you looked. Read the board again."))
        counts = {"new": 0, "changed": 0, "same": 0}
        for one in reading.jobs:
            counts[_take(one, by, now)] += 1
        reading.applied_at = now
        reading.save(update_fields=["applied_at"])
        audit("jobs.taken_over", "job reading", reading.public_id, by=by, now=now, **counts)
    return counts


def _take(one: dict[str, Any], by: Viewer, now: datetime) -> str:
    job = Job.objects.filter(source=SOURCE, ref=one["ref"]).first()
    wanted = {name: one[name] for name in TAKEN}
    if job is None:
        posted = date.fromisoformat(one["posted_on"]) if one["posted_on"] else None
        Job.objects.create(
            organization=by.organization,
            source=SOURCE,
            ref=one["ref"],
            posted_on=posted,
            created_at=now,
            **wanted,
        )
        return "new"
    if all(getattr(job, name) == said for name, said in wanted.items()):
        return "same"
    Job.objects.filter(pk=job.pk).update(**wanted, rev=F("rev") + 1)
    return "changed"


def _as_json(job: BoardJob) -> dict[str, Any]:
    return {
        "ref": job.ref,
        "title": job.title,
        "department": job.department,
        "city": job.city,
        "remote": job.is_remote,
        "description": job.description,
        "apply_url": job.url,
        "posted_on": job.posted_on.isoformat() if job.posted_on else "",
    }


def _digest() -> str:
    rows = list(Job.objects.filter(source=SOURCE).order_by("pk").values_list("ref", "rev"))
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
