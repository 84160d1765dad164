"""Puts offers and copies of a posting into a demo, for their pictures: enough to be compared.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from open_intakes import open_intake_for

if TYPE_CHECKING:
    from handrail.apps.hiring.models import Job
    from handrail.apps.organizations.viewer import Viewer

RECRUITER = "recruiter"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.hiring.models import Job
    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import writing
    from handrail.apps.organizations.viewer import Viewer

    now = timezone.now()
    organization = Organization.objects.get(is_demo=True)
    with writing(organization):
        by = Viewer.system(organization, "pictures")
        _decided(by, now)
        held = _held(by, now)
        job = Job.objects.get(ref="TE-1")
        _copies(job, by, now)
    pages = [
        ("offers-compared", RECRUITER, "/offers/"),
        ("offer-held", RECRUITER, f"/offers/{held}/"),
        ("copies", RECRUITER, f"/hiring/jobs/{job.public_id}/"),
        ("hiring-to-correct", RECRUITER, "/hiring/"),
    ]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


def _decided(by: Viewer, now: datetime) -> None:
    """18 of 24 accepted where it was shown, 30 of 50 where not, in two families of jobs."""
    from handrail.apps.hiring.actions.offers import record_offer

    for shown, accepted, all_of_them in (("yes", 18, 24), ("no", 30, 50)):
        for number in range(all_of_them):
            record_offer(
                f"past-{shown}-{number}",
                f"R-{number % 7}",
                offered_at=now - timedelta(days=40),
                shown=shown,
                outcome="accepted" if number < accepted else "declined",
                decided_at=now - timedelta(days=35),
                family=("engineering", "research")[number % 2],
                by=by,
                now=now,
            )


def _held(by: Viewer, now: datetime) -> str:
    """An accepted offer whose job leads into an intake that is open."""
    from handrail.apps.hiring.actions.offers import record_offer

    open_intake_for("R-12", "First weeks for researchers", by=by, now=now)
    offer = record_offer(
        "app-112",
        "R-12",
        offered_at=now - timedelta(days=3),
        shown="yes",
        outcome="accepted",
        decided_at=now,
        by=by,
        now=now,
    )
    return str(offer.public_id)


def _copies(job: Job, by: Viewer, now: datetime) -> None:
    """Three pages elsewhere: in step, another text, and one that nobody can read."""
    from handrail.apps.hiring.linting import to_json
    from handrail.apps.hiring.models import CopyState, Posting, PostingCopy
    from handrail.domain.hiring.lint import Code, Finding

    old = Finding(Code.BLOCK_OLD, seen="three sessions of 20 minutes", wanted="four")
    for name, state, findings in (
        ("example.org/jobs/tools-engineer", CopyState.CLEAR, []),
        ("boards.example.net/a-team-with-a-long-name/jobs/tools", CopyState.DIFFERS, [old]),
        ("talent.example.com/j/77", CopyState.UNREACHABLE, []),
    ):
        PostingCopy.objects.create(  # without the action, which has the page looked at
            organization=by.organization,
            posting=Posting.objects.get(job=job),
            url=f"https://{name}",
            state=state,
            findings=to_json(findings),
            added_at=now - timedelta(days=9),
            added_by=by.actor,
            checked_at=now - timedelta(hours=2),
            open_since=None if state == CopyState.CLEAR else now - timedelta(days=2),
        )


if __name__ == "__main__":
    main()
