"""What comes from Slack, answered within its three seconds; what takes longer waits in the outbox.

Everything is proven by the signing secret before it is read, everything is done by the same actions
as on the pages, and every answer is seen by its asker alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.chat import asking, visiting, writing_down
from handrail.apps.chat.linking import account_of, to_link
from handrail.apps.chat.models import ChatAccount
from handrail.apps.chat.replying import answer_later
from handrail.apps.chat.telling import ARTIFACT, CANCEL
from handrail.apps.connections.models import Connection
from handrail.apps.connections.noting import note_event, note_failure
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.people.viewers import viewer_for_person
from handrail.apps.sessions.actions import cancel
from handrail.apps.sessions.queries import session_for
from handrail.integrations import slack
from handrail.integrations.chat import Failed
from handrail.integrations.chat.fields import trouble_of
from handrail.integrations.kinds import Opened, Reply
from handrail.integrations.webhooks import SCHEMES, Rejected, Why, verify

SUBMITTED: dict[str, Callable[[ChatAccount, slack.Submitted, datetime], dict[str, Any]]] = {
    asking.ASK: asking.look,
    asking.CHOOSE: asking.ask_mentor,
    visiting.VISIT: visiting.visit,
    writing_down.WRITE: writing_down.hand_in,
}


def answer(connection: Connection, headers: Mapping[str, str], body: bytes, now: datetime) -> Reply:
    """Answer a command, a pressed button or a modal that was handed in."""
    try:
        found = opened(connection, now=now)
        verify(SCHEMES["slack"], headers, body, found.secrets.get("signing", ()), now)
    except Unsealable:
        raise Rejected(Why.NO_SECRET) from None
    except Rejected as rejected:
        note_failure(connection, rejected.why.value, now=now)
        raise
    try:
        if b"payload=" not in body:
            note_event(connection, "command", now=now)
            return _command(connection, found, slack.command(body), now)
        said = slack.interaction(body)
    except slack.Unreadable:
        note_failure(connection, "unreadable", now=now)
        return Reply(status=400)
    if isinstance(said, slack.Submitted):
        note_event(connection, "modal", now=now)
        return _submitted(connection, said, now)
    if isinstance(said, slack.Pressed):
        note_event(connection, "button", now=now)
        return _pressed(connection, found, said, now)
    return Reply()


def _command(connection: Connection, found: Opened, command: slack.Command, now: datetime) -> Reply:
    account = account_of(connection, command.user)
    if account is None:
        with translation.override(connection.organization.language):
            return _only_them(to_link(connection, command.user))
    with translation.override(account.person.language or settings.LANGUAGE_CODE):
        view = asking.first_view(account, command.reply_to, now)
        if isinstance(view, str):
            return _only_them(view)
        return _opened(connection, found, command.trigger, view, now)


def _pressed(connection: Connection, found: Opened, pressed: slack.Pressed, now: datetime) -> Reply:
    account = account_of(connection, pressed.user)
    if account is None:
        with translation.override(connection.organization.language):
            answer_later(connection, pressed.reply_to, "unlinked", user=pressed.user, now=now)
        return Reply()
    with translation.override(account.person.language or settings.LANGUAGE_CODE):
        try:
            session = session_for(viewer_for_person(account.person), UUID(pressed.value))
            if pressed.action == ARTIFACT:
                view = writing_down.view_for(account, session)
                return _opened(connection, found, pressed.trigger, view, now)
            if pressed.action == CANCEL:
                cancel(session, by=viewer_for_person(account.person), now=now)
                _answer(account, pressed, "cancelled", now)
        except (Refusal, ValueError):
            # The room says why, in a page of its own; here there is no room for it.
            _answer(account, pressed, "refused", now)
    return Reply()


def _answer(account: ChatAccount, pressed: slack.Pressed, what: str, now: datetime) -> None:
    answer_later(
        account.connection,
        pressed.reply_to,
        what,
        account=account,
        about=pressed.value,
        now=now,
    )


def _submitted(connection: Connection, submitted: slack.Submitted, now: datetime) -> Reply:
    account = account_of(connection, submitted.user)
    act = SUBMITTED.get(submitted.callback)
    if account is None or act is None:
        return Reply()
    with translation.override(account.person.language or settings.LANGUAGE_CODE):
        return _json(act(account, submitted, now))


def _opened(
    connection: Connection, found: Opened, trigger: str, view: dict[str, Any], now: datetime
) -> Reply:
    # In the request: what opens a modal is good for three seconds, and the outbox may take longer.
    try:
        slack.open_view(outbound(), slack.workspace_of(found), trigger, view)
    except Failed as failed:
        note_failure(connection, trouble_of(failed), now=now)
        page = f"{settings.BASE_URL}{reverse('today')}"
        return _only_them(
            _("Slack did not open the form. Type the command again, or go on here: %(page)s")
            % {"page": page}
        )
    return Reply()


def _only_them(text: str) -> Reply:
    return _json({"response_type": "ephemeral", "text": slack.as_words(text)})


def _json(content: dict[str, Any]) -> Reply:
    return Reply(body=json.dumps(content), content_type="application/json")
