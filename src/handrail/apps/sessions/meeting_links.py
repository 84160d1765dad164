"""The organisation's own server for calls: which link each session has there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.urls import reverse

from handrail.apps.connections.models import Connection
from handrail.apps.connections.queries import connections_of_kind
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.sessions.models import Session
from handrail.integrations import jitsi
from handrail.integrations.meetings import SERVER_FIRST

KINDS = ("jitsi", "bigbluebutton")


@dataclass(frozen=True, slots=True)
class ServerLink:
    """A session's link on the server, and whether it comes before people's own."""

    url: str
    comes_first: bool


def server_link(session: Session) -> ServerLink | None:
    """The link of one session on the server that is connected; None where there is none."""
    server = connections_of_kind(*KINDS).first()
    if server is None:
        return None
    url = page_of(session)
    if server.kind == "jitsi":
        found = _jitsi_address(server, session)
        if not found:
            return None
        url = found
    return ServerLink(url, comes_first(server.settings))


def with_server(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """The same sessions, with whether there is a server for their calls looked up at once."""
    server = Connection.objects.filter(
        organization=OuterRef("organization"), kind__in=KINDS, is_on=True
    ).order_by("id")
    set_to = Subquery(server.values("settings")[:1], output_field=JSONField())
    return sessions.annotate(call_server=set_to)


def server_link_in_list(session: Session) -> ServerLink | None:
    """The link of a session out of a list that `with_server` made: the page that leads on."""
    set_to = getattr(session, "call_server", None)
    if not isinstance(set_to, dict):
        return None
    return ServerLink(page_of(session), comes_first(set_to))


def comes_first(set_to: Mapping[str, Any]) -> bool:
    """Whether the server's link comes before people's own."""
    return set_to.get("order") == SERVER_FIRST


def page_of(session: Session) -> str:
    """The page here that leads on to the call."""
    return f"{settings.BASE_URL}{reverse('session_call', args=[session.public_id])}"


def _jitsi_address(server: Connection, session: Session) -> str:
    try:
        # The newest secret counts, at whatever moment.
        found = opened(server, now=session.booking.starts_at)
    except Unsealable:
        return ""
    host, secret = str(found.settings["host"]), found.secret("room_secret")
    return jitsi.room_address(host, secret, str(session.public_id)) if secret else ""
