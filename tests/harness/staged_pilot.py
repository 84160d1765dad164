"""Puts a pilot that is being planned into a demo, for its pictures, and all programs side by side.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

LEAD = "Carla Berg"
CLAIM = {"measure": "retention_90", "value": 0.1, "unit": "points", "whom": "offered"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import reading
    from handrail.apps.organizations.viewer import Viewer
    from handrail.apps.people.models import Person, Skill
    from handrail.apps.pilots import actions
    from handrail.apps.pilots.models import Hire, Pilot
    from handrail.apps.programs.actions import create_program
    from handrail.apps.reports.company_wide.building import build_company_report

    now = timezone.now()
    organization = Organization.objects.get(is_demo=True)
    by = Viewer.system(organization, "pictures")
    with reading(organization):
        running = Hire.objects.exclude(assigned_at=None).select_related("person", "pilot").first()
        assert running is not None
        lead = Person.objects.get(name=LEAD)
        begins = now.date() + timedelta(days=7 - now.weekday())
        program = create_program(
            "tooling-start", starts_on=begins, by=by, now=now, leads=[lead], name="Spring hires"
        )
        draft: Pilot = actions.create_pilot(
            program, "Do more stay?", starts_on=begins, by=by, now=now
        )
        draft = actions.edit_pilot(
            draft, sponsor="Paula Ruiz", planned_hires=24, claims=[CLAIM],
            measure="retention_90", hired_from=begins - timedelta(weeks=30),
            by=by, now=now,
        )  # fmt: skip
        skills = Skill.objects.order_by("name")[:2]
        wanted = [(skill.name, "Has a change of their own merged") for skill in skills]
        for person in Person.objects.filter(role="mentee").order_by("external_id")[:2]:
            actions.set_hire_objectives(draft, person, wanted, by=by, now=now)
        every = build_company_report(cut=now.date(), by=by, now=now)
        person, pilot = running.person.name, running.pilot
    at = f"/pilots/{draft.public_id}"
    pages = [
        ("pilot-draft-edit", LEAD, f"{at}/edit/"),
        ("pilot-draft-hires", LEAD, f"{at}/hires/"),
        ("pilot-draft-plan", LEAD, f"{at}/plan/"),
        ("pilot-mine", person, f"/pilots/{pilot.public_id}/mine/"),
        ("report-every", "administrator", f"/reports/{every.public_id}/"),
    ]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


if __name__ == "__main__":
    main()
