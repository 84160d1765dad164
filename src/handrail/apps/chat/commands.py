"""What is typed in Mattermost or said to a bot in Zulip: a link to ask, and what comes next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.chat.asking import programs_to_ask
from handrail.apps.chat.linking import account_of, to_link
from handrail.apps.chat.models import ChatAccount
from handrail.apps.chat.visiting import office_hours_of
from handrail.apps.connections.models import Connection
from handrail.apps.connections.noting import note_event, note_failure
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.people.viewers import viewer_for_person
from handrail.apps.sessions.models import SessionState
from handrail.apps.sessions.queries import my_sessions, with_whom
from handrail.apps.sessions.tasks import when_for
from handrail.integrations import mattermost as mattermost_door
from handrail.integrations import zulip as zulip_door
from handrail.integrations.kinds import Reply
from handrail.integrations.webhooks import Rejected, Why


def mattermost(
    connection: Connection, headers: Mapping[str, str], body: bytes, now: datetime
) -> Reply:
    """Answer a slash command, to be seen by its asker alone."""
    try:
        command = mattermost_door.command(headers, body, _tokens(connection, "command_token", now))
    except mattermost_door.NotTheirs:
        note_failure(connection, "wrong-signature", now=now)
        raise Rejected(Why.WRONG) from None
    note_event(connection, "command", now=now)
    text = _said(connection, command.user, command.handle, now)
    return _json(mattermost_door.only_for_them(text))


def zulip(connection: Connection, _headers: Mapping[str, str], body: bytes, now: datetime) -> Reply:
    """Answer who speaks to the bot alone; where others read along, it stays silent."""
    try:
        spoken = zulip_door.spoken(body, _tokens(connection, "bot_token", now))
    except zulip_door.NotTheirs:
        note_failure(connection, "wrong-signature", now=now)
        raise Rejected(Why.WRONG) from None
    note_event(connection, "command", now=now)
    if not spoken.private:
        return _json(zulip_door.silence())
    return _json(zulip_door.answer(_said(connection, spoken.user, "", now)))


def _said(connection: Connection, user: str, handle: str, now: datetime) -> str:
    account = account_of(connection, user, handle)
    if account is None:
        with translation.override(connection.organization.language):
            return to_link(connection, user, handle)
    with translation.override(account.person.language or settings.LANGUAGE_CODE):
        return _for_them(account, now)


def _for_them(account: ChatAccount, now: datetime) -> str:
    person = account.person
    viewer = viewer_for_person(person)
    lines = []
    ahead = my_sessions(viewer, now).filter(
        state=SessionState.SCHEDULED, booking__starts_at__gt=now
    )
    coming = ahead.order_by("booking__starts_at", "pk").first()
    if coming is not None:
        room = f"{settings.BASE_URL}{reverse('room', args=[coming.public_id])}"
        lines.append(
            _("Next you meet %(name)s: %(when)s. %(page)s")
            % {
                "name": with_whom(viewer, coming),
                "when": when_for(person, person, coming.booking.starts_at),
                "page": room,
            }
        )
    for program in programs_to_ask(person):
        page = f"{settings.BASE_URL}{reverse('program_ask', args=[program.public_id])}"
        lines.append(
            _("Ask a mentor of %(program)s: %(page)s") % {"program": program.name, "page": page}
        )
    if office_hours_of(person):
        page = f"{settings.BASE_URL}{reverse('office_hours_all')}"
        lines.append(_("Come to office hours: %(page)s") % {"page": page})
    if not lines:
        page = f"{settings.BASE_URL}{reverse('today')}"
        lines.append(
            _("You have no session ahead. What goes on is here: %(page)s") % {"page": page}
        )
    return "\n".join(lines)


def _tokens(connection: Connection, field: str, now: datetime) -> tuple[str, ...]:
    try:
        return opened(connection, now=now).secrets.get(field, ())
    except Unsealable:
        raise Rejected(Why.NO_SECRET) from None


def _json(content: Mapping[str, object]) -> Reply:
    return Reply(body=json.dumps(content), content_type="application/json")
