"""Going to the call of a session, on whichever server it is."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.calendars.models import SeatRole
from handrail.apps.connections.noting import note_failure, note_ok
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.queries import connections_of_kind
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.sessions.call_links import call_link_of, may_have_call
from handrail.apps.sessions.meeting_links import KINDS, page_of
from handrail.apps.sessions.models import Session
from handrail.integrations import bigbluebutton
from handrail.integrations.chat import Failed
from handrail.integrations.chat.fields import trouble_of

LONGER = 60  # minutes that a meeting may go on: people come early, and talk on


def join_call(session: Session, *, by: Viewer, now: datetime) -> str:
    """Where this person joins the call now; on BigBlueButton the meeting is made first.

    Raises Conflict with words on what else to do where there is no call, or the server fails.
    """
    seats = may_have_call(by, session)
    if seats is None:
        raise NotAllowed(_("Only the people of this session join its call, until it is over."))
    call = call_link_of(session, seats)
    if call is None:
        raise Conflict(
            _("Nobody has given a link to a call yet. Give one in the room."), code="no-call"
        )
    if call.url != page_of(session):
        return call.url
    server = connections_of_kind(*KINDS).first()
    mine = next(seat for seat in seats if seat.person_id == by.person_id)
    assert server is not None  # its page was the link a moment ago
    try:
        there = bigbluebutton.server_of(opened(server, now=now))
        meeting = _meeting(there.secret, session)
        bigbluebutton.create(outbound(), there, meeting, minutes=session.minutes + LONGER)
    except (Failed, Unsealable) as error:
        why = trouble_of(error) if isinstance(error, Failed) else "sealed-elsewhere"
        note_failure(server, why, now=now)
        raise Conflict(
            _("The server for calls does not answer. Give another link in the room meanwhile."),
            code="call-server",
        ) from None
    note_ok(server, now=now)
    return bigbluebutton.join_address(
        there, meeting, name=mine.person.name, moderates=mine.role == SeatRole.MENTOR
    )


def _meeting(secret: str, session: Session) -> bigbluebutton.Meeting:
    ident = str(session.public_id)

    def word(role: str) -> str:
        return hmac.new(secret.encode(), f"{role}:{ident}".encode(), hashlib.sha256).hexdigest()[
            :24
        ]

    return bigbluebutton.Meeting(ident, session.program.name, word("attendee"), word("moderator"))
