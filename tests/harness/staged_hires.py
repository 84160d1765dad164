"""Puts hires into a demo, for their pictures: each kind of line that a lead can answer.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from open_intakes import LEAD, open_intake_for

if TYPE_CHECKING:
    from handrail.apps.organizations.viewer import Viewer


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import writing
    from handrail.apps.organizations.viewer import Viewer

    now = timezone.now()
    organization = Organization.objects.get(is_demo=True)
    with writing(organization):
        pages = _hires(Viewer.system(organization, "pictures"), now)
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


def _hires(by: Viewer, now: datetime) -> list[tuple[str, str, str]]:
    """A cohort program with a hire who is in, one to approve, and some with something missing."""
    from handrail.apps.hiring.actions import take_oneself_out, tell_hire
    from handrail.apps.hiring.hire_words import own_word

    open_intake_for("J-7", "First weeks for engineers", by=by, now=now)
    told = {
        name: tell_hire(
            by=by,
            now=now,
            application=f"picture-{number}",
            name=name,
            job=job,
            job_title=title,
            start_date=now.date() + timedelta(days=days) if days else None,
        )
        for number, (name, job, title, days) in enumerate(
            (
                ("Ines Okafor", "J-7", "Platform engineer", 12),
                ("Rui Castro", "J-7", "Platform engineer", 20),
                ("Lena Vogt", "J-7", "Site reliability engineer", 0),
                ("Tom Abara", "J-7", "Data engineer", 90),
                ("Mia Sorel", "J-31", "Designer", 15),
            )
        )
    }
    out = told["Rui Castro"]
    take_oneself_out(own_word(out), now=now)
    return [
        ("hires", LEAD, "/hires/"),
        ("hire-new", LEAD, "/hires/new/"),
        ("hires-file", LEAD, "/hires/file/"),
        ("hire-jobs", LEAD, "/hires/jobs/"),
        ("hire-approve", LEAD, f"/hires/{told['Ines Okafor'].public_id}/"),
        ("hire-no-date", LEAD, f"/hires/{told['Lena Vogt'].public_id}/"),
        ("hire-no-job", LEAD, f"/hires/{told['Mia Sorel'].public_id}/"),
        ("own-place", "nobody", f"/place/{own_word(told['Ines Okafor'])}/"),
        ("own-place-out", "nobody", f"/place/{own_word(out)}/"),
    ]


if __name__ == "__main__":
    main()
