"""Completed sessions go to a learning record store, where an administrator has connected one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from handrail.apps.calendars.models import Attendance, Seat, SeatRole
from handrail.apps.connections.delivering import Unneeded, announce, attempt
from handrail.apps.connections.models import Connection, Delivery
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.queries import connections_of_kind
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.models import AuditEntry, Organization
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.sessions.models import Session, SessionState
from handrail.integrations import xapi

KIND = "xapi"


def note_completed(sender: object, entry: AuditEntry, now: datetime, **_signal: Any) -> None:
    """When a session closes, have each store that is connected hear of it once."""
    if entry.verb != "session.closed":
        return
    for connection in connections_of_kind(KIND):
        _announce(connection, entry.object_id, entry.organization, now)


def _announce(
    connection: Connection, session: str, organization: Organization, now: datetime
) -> None:
    announce(
        connection,
        "session.closed",
        {"session": session},
        organization,
        once=f"{KIND}:{connection.public_id}:{session}",
        stream=f"{KIND}:{connection.public_id}",
        now=now,
    )


def send(row: OutboxRow, now: datetime) -> None:
    """Send one session's statement; a second one of the same id changes nothing there."""

    if "delivery" not in row.ref:  # as versions before deliveries wrote it
        asked = connections_of_kind(KIND).filter(public_id=row.ref["connection"]).first()
        if asked is not None:
            with writing(row.organization):
                _announce(asked, row.ref["session"], row.organization, now)
        return

    def _send(delivery: Delivery) -> None:
        statement = _statement(delivery, now)
        xapi.send(opened(delivery.connection, now=now), outbound(), statement)

    attempt(row, _send, now=now)


def _statement(delivery: Delivery, now: datetime) -> dict[str, Any]:
    session = (
        Session.objects.select_related("booking")
        .filter(public_id=delivery.content["session"], state=SessionState.CLOSED)
        .first()
    )
    if session is None:
        raise Unneeded
    there = Seat.objects.filter(booking=session.booking).exclude(attendance=Attendance.NO_SHOW)
    seats = [(seat.role, str(seat.person.public_id)) for seat in there.select_related("person")]
    mentees = sorted(person for role, person in seats if role == SeatRole.MENTEE)
    mentor = next((person for role, person in seats if role == SeatRole.MENTOR), "")
    if not mentees or not mentor:
        raise Unneeded
    return xapi.statement_of(
        xapi.Completed(
            home=settings.BASE_URL,
            session=str(session.public_id),
            mentees=mentees,
            mentor=mentor,
            at=session.closed_at or now,
            minutes=session.minutes,
        )
    )
