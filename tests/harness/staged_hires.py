"""Puts hires into a demo, for their pictures: each kind of line that a lead can answer.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handrail.apps.organizations.viewer import Viewer

LEAD = "Carla Berg"


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
    from handrail.apps.cohorts.actions import open_intake
    from handrail.apps.hiring.actions import add_rule, take_oneself_out, tell_hire
    from handrail.apps.hiring.hire_words import own_word
    from handrail.apps.people.models import Person
    from handrail.apps.programs.actions import create_program, start_program

    day = now.date()
    lead = Person.objects.get(name=LEAD)
    mentor = Person.objects.filter(role="mentor").exclude(pk=lead.pk).order_by("pk")[0]
    program = create_program(
        "first-twelve-weeks",
        name="First weeks for engineers",
        starts_on=day,
        ends_on=day + timedelta(days=200),
        by=by,
        now=now,
        leads=[lead],
    )
    start_program(program, by=by, now=now)
    open_intake(
        program,
        [mentor],
        opens_on=day,
        closes_on=day + timedelta(days=13),
        starts_on=day + timedelta(days=28),
        hired_from=day + timedelta(days=1),
        by=by,
        now=now,
    )
    add_rule(program, job="J-7", title="", department="", by=by, now=now)
    told = {
        name: tell_hire(
            by=by,
            now=now,
            application=f"picture-{number}",
            name=name,
            job=job,
            job_title=title,
            start_date=day + timedelta(days=days) if days else None,
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
