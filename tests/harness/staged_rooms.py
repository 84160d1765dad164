"""Puts a session into its last minutes and one past its end, for their pictures.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import reading
    from handrail.apps.people.queries import viewer_for_person
    from handrail.apps.sessions.actions import check_in, start
    from handrail.apps.sessions.company import coming
    from handrail.apps.sessions.models import Session, SessionState

    pages: list[tuple[str, str, str]] = []
    with reading(Organization.objects.get(is_demo=True)):
        ahead = Session.objects.filter(state=SessionState.SCHEDULED, program__model="speed")
        sessions = list(
            ahead.order_by("-booking__starts_at", "pk")[1:3]
        )  # the last one is a draft's
        for name, gone in (("room-last-minutes", 17), ("room-over", 21)):
            session = sessions[len(pages)]
            seats = session.booking.seats.select_related("person").order_by("n")
            people = [seat.person for seat in coming(session, seats)]
            at = session.booking.starts_at
            for number, person in enumerate(people):
                by = viewer_for_person(person)
                check_in(session, by=by, now=at - timedelta(seconds=30 - number))
            start(session, by=viewer_for_person(people[-1]), now=at)
            # Its hour has not come: the timer is put to where it would be by then.
            began = timezone.now() - timedelta(minutes=gone)
            Session.objects.filter(pk=session.pk).update(started_at=began)
            pages.append((name, people[-1].name, f"/sessions/{session.public_id}/"))
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


if __name__ == "__main__":
    main()
