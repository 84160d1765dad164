"""Completed sessions go to a learning record store, where an administrator has connected one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from handrail.apps.calendars.models import Attendance, Seat, SeatRole
from handrail.apps.connections.models import Connection
from handrail.apps.connections.noting import note_failure, note_ok
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.queries import connections_of_kind
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.outbox.actions import enqueue
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.sessions.models import Session, SessionState
from handrail.integrations import xapi
from handrail.integrations.kinds import Trouble

KIND = "xapi"
SEND = "xapi.send"


def note_completed(sender: object, entry: AuditEntry, now: datetime, **_signal: Any) -> None:
    """When a session closes, have each store that is connected hear of it once."""
    if entry.verb != "session.closed":
        return
    for connection in connections_of_kind(KIND):
        enqueue(
            SEND,
            ref={"connection": str(connection.public_id), "session": entry.object_id},
            dedupe=f"{SEND}:{connection.public_id}:{entry.object_id}",
            due_at=now,
            stream=f"{SEND}:{connection.public_id}",
            now=now,
            organization=entry.organization,
        )


def send(row: OutboxRow, now: datetime) -> None:
    """Send one session's statement; the outbox tries again, and a second one changes nothing."""
    connection = Connection.objects.filter(public_id=row.ref["connection"], is_on=True).first()
    session = (
        Session.objects.select_related("booking")
        .filter(public_id=row.ref["session"], state=SessionState.CLOSED)
        .first()
    )
    if connection is None or session is None:
        return
    there = Seat.objects.filter(booking=session.booking).exclude(attendance=Attendance.NO_SHOW)
    seats = [(seat.role, str(seat.person.public_id)) for seat in there.select_related("person")]
    mentees = sorted(person for role, person in seats if role == SeatRole.MENTEE)
    mentor = next((person for role, person in seats if role == SeatRole.MENTOR), "")
    if not mentees or not mentor:
        return
    statement = xapi.statement_of(
        xapi.Completed(
            home=settings.BASE_URL,
            session=str(session.public_id),
            mentees=mentees,
            mentor=mentor,
            at=session.closed_at or now,
            minutes=session.minutes,
        )
    )
    try:
        xapi.send(opened(connection, now=now), outbound(), statement)
    except Trouble as trouble:
        note_failure(connection, trouble.why, now=now)
        raise
    note_ok(connection, now=now)
