"""Puts office hours into a demo, for their pictures: planned, booked by one, offered to another.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handrail.apps.office_hours.models import PlaceInLine, Rota, Turn
    from handrail.apps.organizations.viewer import Viewer
    from handrail.apps.people.models import Person
    from handrail.apps.sessions.models import Session


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
        mentors = Person.objects.filter(
            role="mentor", timezone__startswith="Europe/", membership__isnull=False
        )
        for person in mentors.exclude(pk=lead.pk).order_by("external_id")[:6]:
            enrol(program, person, "mentor", by=by, now=now)
        rota = Rota.objects.get(program=program)
        actions.plan(rota, by=by, now=now)
        first = next(one for one in blocks(rota, asking, now) if one.first)
        session = actions.book(
            first.turn,
            first.first[0],
            "Rebase a branch without losing work",
            note="I tried it twice and lost a commit each time.",
            by=viewer_for_person(asking),
            now=now,
        )
        turn = Turn.objects.select_related("host").get(pk=first.turn.pk)
        assert turn.host is not None
        offered = _offered(rota, asking, by, now)
    its_program = f"/programs/{program.public_id}"
    pages = [
        ("office-all", "Ben Singh", "/office-hours/"),
        ("office-book", "Ben Singh", f"{its_program}/office-hours/"),
        ("office-move", "Ben Singh", f"/sessions/{session.public_id}/move/"),
        ("office-turns", turn.host.name, "/office-hours/turns/"),
        ("office-cannot", turn.host.name, f"/turns/{turn.public_id}/cannot/"),
        ("office-rota", "lead", f"{its_program}/rota/"),
        ("office-program", "lead", f"{its_program}/"),
        ("office-offer", offered.person.name, f"/office-hours/offers/{offered.public_id}/"),
        ("office-offer-today", offered.person.name, "/"),
    ]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


def _offered(rota: Rota, asking: Person, by: Viewer, now: datetime) -> PlaceInLine:
    """A block becomes full, one more waits in line, and a booked time becomes free."""
    from handrail.apps.office_hours import actions
    from handrail.apps.office_hours.blocks import blocks
    from handrail.apps.office_hours.models import LineState
    from handrail.apps.people.models import Person
    from handrail.apps.people.viewers import viewer_for_person
    from handrail.apps.programs.actions import enrol
    from handrail.apps.sessions.actions import cancel

    others: list[tuple[Person, Viewer]] = []
    mentees = Person.objects.filter(role="mentee", membership__isnull=False).exclude(pk=asking.pk)
    for person in mentees.order_by("external_id"):
        enrol(rota.program, person, "mentee", by=by, now=now)
        others.append((person, viewer_for_person(person)))
    turn = blocks(rota, asking, now)[-1].turn
    booked: list[tuple[Session, Viewer]] = []
    for person, viewer in others:
        for start in _starts(rota, turn, person, now)[:1]:
            session = actions.book(turn, start, "Read a failing build", by=viewer, now=now)
            booked.append((session, viewer))
    objective = "Squash commits before a review"
    place = actions.wait(turn, objective, by=viewer_for_person(asking), now=now)
    for session, viewer in booked:
        cancel(session, by=viewer, now=now)
        place.refresh_from_db()
        if place.state == LineState.OFFERED:
            return place
    raise SystemExit("No time became free for who waits.")


def _starts(rota: Rota, turn: Turn, person: Person, now: datetime) -> list[datetime]:
    from handrail.apps.office_hours.blocks import blocks

    return next(one.starts for one in blocks(rota, person, now) if one.turn.pk == turn.pk)


if __name__ == "__main__":
    main()
