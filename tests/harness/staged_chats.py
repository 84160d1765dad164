"""Puts a linked chat account and a draft into a demo, for their pictures.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from uuid import uuid4


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.assistance.actions import allow_in
    from handrail.apps.chat.linking import link, link_address
    from handrail.apps.connections.actions import connect
    from handrail.apps.organizations.consent_texts import say
    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import reading
    from handrail.apps.organizations.viewer import Viewer
    from handrail.apps.people.queries import viewer_for_person
    from handrail.apps.sessions.actions import check_in, save_text, start
    from handrail.apps.sessions.company import coming
    from handrail.apps.sessions.models import RoomField, Session, SessionState

    organization = Organization.objects.get(is_demo=True)
    by, now = Viewer.system(organization, "pictures"), timezone.now()
    with reading(organization):
        made = connect(
            "mattermost", "Our chat", {}, {"webhook": "https://chat.invalid/hooks/x"},
            by=by, now=now,
        )  # fmt: skip
        set_to = {"base": "https://models.invalid/v1", "model": "small-model"}
        connect("assistance", "Our own model", set_to, {}, by=by, now=now)
        ahead = Session.objects.filter(
            state=SessionState.SCHEDULED, program__model="speed", booking__starts_at__gt=now
        )
        session = ahead.order_by("-booking__starts_at", "-pk").first()
        assert session is not None
        there = session.booking.seats.select_related("person").order_by("n")
        people = [seat.person for seat in coming(session, there)]
        mentee = viewer_for_person(people[-1])
        allow_in(session.program, True, by=by, now=now)
        for number, person in enumerate(people):
            own, at = viewer_for_person(person), session.booking.starts_at
            say(person.public_id, "assistance", True, channel="web", by=own, now=now)
            check_in(session, by=own, now=at - timedelta(seconds=30 - number))
        start(session, by=mentee, now=session.booking.starts_at)
        for person in people:
            note = f"{people[0].name} showed how to split a change; details in https://x.invalid/1"
            save_text(
                session, RoomField.NOTES, note, base_rev=0, operation=uuid4(),
                by=viewer_for_person(person), now=session.booking.starts_at,
            )  # fmt: skip
        who = people[-1].name
        link(link_address(made.connection, "u1", "somebody").rsplit("/", 2)[1], by=mentee, now=now)
        word = link_address(made.connection, "u2", "somebody.else").rsplit("/", 2)[1]
    pages = [
        ("chats", who, "/settings/chats/"),
        ("chat-link", who, f"/settings/chats/link/{word}/"),
        ("draft", who, f"/sessions/{session.public_id}/draft/"),
        ("draft-room", who, f"/sessions/{session.public_id}/"),
    ]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


if __name__ == "__main__":
    main()
