"""Puts answers by mail into a demo, for their pictures: a proposed time, mails that came in.

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

    from handrail.apps.calendars.actions import record_answer
    from handrail.apps.calendars.models import Seat
    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import writing
    from handrail.apps.sessions.models import ReceivedMail, Session, TimeProposal

    now = timezone.now()
    organization = Organization.objects.get(is_demo=True)
    with writing(organization):
        ahead = Session.objects.filter(state="scheduled", booking__starts_at__gt=now)
        session = ahead.order_by("booking__starts_at")[0]
        seats = list(Seat.objects.filter(booking=session.booking).select_related("person"))
        record_answer(seats[0], "tentative")
        record_answer(seats[1], "accepted")
        TimeProposal.objects.create(
            organization=organization,
            session=session,
            person=seats[0].person,
            starts_at=session.booking.starts_at + timedelta(days=1),
            sequence=session.booking.sequence,
            made_at=now,
        )
        for number, outcome in enumerate(("unproven", "accepted", "outdated", "proposed")):
            ReceivedMail.objects.create(
                organization=organization,
                key=f"pictures-{number}",
                received_at=now - timedelta(hours=number),
                sender=seats[number % 2].person.email,
                outcome=outcome,
                session=session,
            )
    pages = [
        ("room-proposal", seats[1].person.name, f"/sessions/{session.public_id}/"),
        ("proposal-today", seats[1].person.name, "/"),
        ("mail-in-list", "administrator", "/settings/mail-in/"),
    ]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


if __name__ == "__main__":
    main()
