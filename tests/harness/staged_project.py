"""Puts projects into a demo, for their pictures: one that runs and was missed, one that seeks.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import timedelta


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.refusals import Conflict
    from handrail.apps.organizations.scope import writing
    from handrail.apps.organizations.viewer import Viewer
    from handrail.apps.people.models import Person, Skill
    from handrail.apps.programs.actions import create_program, enrol, start_program
    from handrail.apps.projects import actions
    from handrail.apps.sessions.actions import settle_overdue

    now = timezone.now()
    then = now - timedelta(weeks=3)
    organization = Organization.objects.get(is_demo=True)
    by = Viewer.system(organization, "pictures")
    with writing(organization):
        lead = Person.objects.get(name="Carla Berg")
        program = create_program(
            "first-project", starts_on=then.date(), by=by, now=then, leads=[lead]
        )
        start_program(program, by=by, now=then)
        people = Person.objects.filter(timezone="Europe/Berlin").order_by("external_id")
        mentees = [Person.objects.get(name="Ben Singh"), *people.filter(role="mentee")[:2]]
        for person in mentees:
            enrol(program, person, "mentee", by=by, now=then)
        mentors = Person.objects.filter(role="mentor", timezone__startswith="Europe/")
        for person in mentors.exclude(pk=lead.pk).order_by("external_id")[:12]:
            enrol(program, person, "mentor", by=by, now=then)
        skills = list(Skill.objects.filter(name__in=["wagtail/admin", "docs/releases"]))
        running = actions.create_project(
            program,
            "A report of broken links",
            people=mentees[:1],
            skills=skills,
            what="Every week editors get a list of links that lead nowhere, with where they stand.",
            link="https://example.org/board/links",
            by=by,
            now=then,
        )
        seeking = actions.create_project(
            program,
            "Faster search in the admin",
            people=mentees[1:],
            skills=skills,
            by=by,
            now=now,
        )
        for mentor in mentors.filter(enrolments__program=program).order_by("external_id"):
            with suppress(Conflict):  # the first of them who has time
                actions.assign(running, mentor, by=by, now=then)
                break
    settle_overdue(now, by=by)
    actions.keep_projects(by=by, now=now)
    its_program, its_page = f"/programs/{program.public_id}", f"/projects/{running.public_id}/"
    pages = [
        ("project-program", "lead", f"{its_program}/"),
        ("project-list", "lead", f"{its_program}/projects/"),
        ("project-new", "lead", f"{its_program}/projects/new/"),
        ("project-lead", "lead", its_page),
        ("project-edit", "lead", f"{its_page}edit/"),
        ("project-mentor", "lead", f"/projects/{seeking.public_id}/mentor/"),
        ("project-hand-over", "lead", f"{its_page}mentor/"),
        ("project-week", "lead", f"{its_program}/week/"),
        ("project-objectives", "lead", f"{its_program}/objectives/"),
        ("project-mentee", "Ben Singh", its_page),
        ("project-today", "Ben Singh", "/"),
    ]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


if __name__ == "__main__":
    main()
