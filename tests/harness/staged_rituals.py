"""Puts what the demo does not play into it, for its pictures: quiet, an appeal, thanks.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handrail.apps.organizations.viewer import Viewer

LEAD, QUIET = "Carla Berg", "Ben Singh"


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
    by = Viewer.system(organization, "pictures")
    with writing(organization):
        pages = [*_quiet(by, now), *_missed(now), *_thanked(now)]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


def _quiet(by: Viewer, now: datetime) -> list[tuple[str, str, str]]:
    """A program in which nothing happened for 90 days, and a part of one that goes on."""
    from handrail.apps.people.models import Person
    from handrail.apps.programs.actions import create_program, enrol, start_program
    from handrail.apps.programs.models import QuietQuestion
    from handrail.apps.sessions.quiet import look_after_quiet

    then = now - timedelta(days=100)
    lead, person = (Person.objects.get(name=name) for name in (LEAD, QUIET))
    newcomer = Person.objects.filter(role="mentee").exclude(pk=person.pk).order_by("pk")[0]
    for name, joins in (("First review", None), ("First on call", newcomer)):
        program = create_program(
            "code-review-start",
            name=name,
            starts_on=then.date(),
            ends_on=(now + timedelta(days=60)).date(),
            by=by,
            now=then,
            leads=[lead],
        )
        start_program(program, by=by, now=then)
        enrol(program, person, "mentee", by=by, now=then)
        if joins is not None:
            enrol(program, joins, "mentee", by=by, now=now)
    look_after_quiet(by=by, now=now)
    whole = QuietQuestion.objects.get(program__name="First review")
    part = QuietQuestion.objects.get(program__name="First on call", enrolment__person=person)
    return [
        ("quiet-program", LEAD, f"/quiet/{whole.public_id}/"),
        ("quiet-part", QUIET, f"/quiet/{part.public_id}/"),
        ("quiet-today", QUIET, "/"),
    ]


def _missed(now: datetime) -> list[tuple[str, str, str]]:
    """A session that its mentee missed lately: the pictures' browser says what happened."""
    from handrail.apps.calendars.models import Attendance, Seat, SeatRole
    from handrail.apps.sessions.models import Session

    lately = Seat.objects.filter(
        role=SeatRole.MENTEE,
        attendance=Attendance.NO_SHOW,
        booking__starts_at__range=(now - timedelta(days=13), now),
    )
    missed = lately.select_related("person").order_by("-booking__starts_at", "pk")[0]
    mentor = Seat.objects.select_related("person").get(
        booking=missed.booking_id, role=SeatRole.MENTOR
    )
    room = f"/sessions/{Session.objects.get(booking=missed.booking_id).public_id}/"
    return [
        ("appeal-to-say", missed.person.name, room),
        ("appeal-said", missed.person.name, room),
        ("appeal-mentor", mentor.person.name, room),
        ("appeal-today", mentor.person.name, "/"),
        ("appeal-lead", LEAD, room),
    ]


def _thanked(now: datetime) -> list[tuple[str, str, str]]:
    """A session that a mentee said thanks for, and one that could be thanked for."""
    from handrail.apps.calendars.models import Attendance, Seat, SeatRole
    from handrail.apps.people.viewers import viewer_for_person
    from handrail.apps.sessions.models import Session, SessionState
    from handrail.apps.sessions.thanking import thank

    closed = Seat.objects.filter(
        role=SeatRole.MENTEE,
        attendance=Attendance.ATTENDED,
        booking__session__state=SessionState.CLOSED,
    )
    seats = list(closed.select_related("person", "booking").order_by("-booking__starts_at", "pk"))
    given, open_still = seats[:2]
    session = Session.objects.get(booking=given.booking)
    said = "The reflog saved my week. I showed it to the whole team."
    thank(session, said, by=viewer_for_person(given.person), now=now)
    mentor = Seat.objects.select_related("person").get(booking=given.booking, role=SeatRole.MENTOR)
    other = Session.objects.get(booking=open_still.booking)
    return [
        ("thanks-to-say", open_still.person.name, f"/sessions/{other.public_id}/"),
        ("thanks-said", given.person.name, f"/sessions/{session.public_id}/"),
        ("thanks-mentor", mentor.person.name, f"/sessions/{session.public_id}/"),
        ("thanks-today", mentor.person.name, "/"),
    ]


if __name__ == "__main__":
    main()
