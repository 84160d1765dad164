"""Puts office hours into a demo, for their pictures: planned, and booked by one person.

Run with HANDRAIL_HOME at the demo's folder; prints the ids of the program and of the turn that is
booked, and the name of who holds it.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.office_hours import actions
    from handrail.apps.office_hours.blocks import blocks
    from handrail.apps.office_hours.models import Rota, Turn
    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import writing
    from handrail.apps.organizations.viewer import Viewer
    from handrail.apps.people.models import Person
    from handrail.apps.people.viewers import viewer_for_person
    from handrail.apps.programs.actions import create_program, enrol, start_program

    now = timezone.now()
    organization = Organization.objects.get(is_demo=True)
    by = Viewer.system(organization, "pictures")
    with writing(organization):
        lead, asking = (Person.objects.get(name=name) for name in ("Carla Berg", "Ben Singh"))
        program = create_program("office-hours", starts_on=now.date(), by=by, now=now, leads=[lead])
        start_program(program, by=by, now=now)
        mentors = Person.objects.filter(role="mentor", timezone__startswith="Europe/")
        for person in mentors.exclude(pk=lead.pk).order_by("external_id")[:6]:
            enrol(program, person, "mentor", by=by, now=now)
        rota = Rota.objects.get(program=program)
        actions.plan(rota, by=by, now=now)
        first = next(one for one in blocks(rota, asking, now) if one.first)
        actions.book(
            first.turn,
            first.first[0],
            "Rebase a branch without losing work",
            note="I tried it twice and lost a commit each time.",
            by=viewer_for_person(asking),
            now=now,
        )
        turn = Turn.objects.select_related("host").get(pk=first.turn.pk)
    assert turn.host is not None
    sys.stdout.write(f"{program.public_id}\n{turn.public_id}\n{turn.host.name}")


if __name__ == "__main__":
    main()
