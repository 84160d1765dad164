"""Puts two open requests into a demo, for their pictures: one fresh, one with a question back.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handrail.apps.programs.models import Program
    from handrail.apps.requests.models import Ask

LEAD = "Carla Berg"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import reading
    from handrail.apps.people.models import Person
    from handrail.apps.people.viewers import viewer_for_person
    from handrail.apps.programs.models import Program
    from handrail.apps.requests.actions import question
    from handrail.apps.requests.mail_links import answer_word
    from handrail.apps.sessions.mail_links import cancel_word
    from handrail.apps.sessions.models import Session

    now = timezone.now()
    with reading(Organization.objects.get(is_demo=True)):
        program = Program.objects.get(name="Tooling start")
        fresh, questioned = _asked(program, now)
        question(
            questioned.request,
            "Which branch is it, and who else works on it?",
            by=viewer_for_person(questioned.mentor),
            now=now,
        )
        ahead = Session.objects.filter(state="scheduled", booking__starts_at__gt=now)
        session = ahead.order_by("booking__starts_at")[0]
        person = Person.objects.filter(seats__booking=session.booking_id).order_by("pk")[0]
        one = f"/requests/{fresh.request.public_id}/"
        other = f"/requests/{questioned.request.public_id}/"
        room = f"/sessions/{session.public_id}/"
        booking = f"/programs/{program.public_id}/book/?mentee={fresh.request.mentee.public_id}"
        pages = [
            ("request", fresh.request.mentee.name, one),
            ("request-mentor", fresh.mentor.name, one),
            ("request-today", fresh.mentor.name, "/"),
            ("request-mail", "nobody", f"{one}answer/from-mail/?word={answer_word(fresh)}"),
            ("request-question", questioned.request.mentee.name, other),
            ("request-asked-back", questioned.mentor.name, other),
            (
                "cancel-mail",
                "nobody",
                f"{room}cancel/from-mail/?word={cancel_word(session, person)}",
            ),
            ("book-for", LEAD, booking),
            ("book-why-not", LEAD, f"{booking}&why={session.booking.starts_at:%Y-%m-%dT%H:%M}"),
        ]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


def _asked(program: Program, now: datetime) -> list[Ask]:
    """The first two mentees who can ask somebody now, and whom they asked."""
    from contextlib import suppress

    from handrail.apps.organizations.refusals import Conflict
    from handrail.apps.people.models import Person
    from handrail.apps.people.viewers import viewer_for_person
    from handrail.apps.requests.actions import ask
    from handrail.apps.requests.actions.access import waiting_ask
    from handrail.apps.requests.options import options_for

    made: list[Ask] = []
    taking_part = Person.objects.filter(enrolments__program=program, enrolments__role="mentee")
    for mentee in taking_part.exclude(name="Ben Singh").order_by("external_id"):
        if len(made) == 2:
            break
        minutes = program.session_minutes
        before = [one.mentor.pk for one in made]
        options = options_for(
            program, mentee, None, minutes=minutes, now=now, asked=before, shown=1
        )
        if not options or not options[0].starts:
            continue
        with suppress(Conflict):  # nothing is left to book, or a request is open already
            request = ask(
                program,
                mentee,
                options[0].mentor,
                options[0].starts[0],
                "Rebase a branch without losing work",
                note="I tried it twice and lost a commit each time. The reflog shows it.",
                by=viewer_for_person(mentee),
                now=now,
            )
            asked = waiting_ask(request)
            assert asked is not None
            made.append(asked)
    return made


if __name__ == "__main__":
    main()
