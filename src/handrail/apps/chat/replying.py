"""One more answer to somebody who asked in a chat, after the three seconds: from the outbox.

A row holds ids and the address that Slack takes such answers at for half an hour, and no words.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.chat.linking import to_link
from handrail.apps.chat.models import ChatAccount
from handrail.apps.chat.talking import noted
from handrail.apps.connections.models import Connection
from handrail.apps.connections.outbound import outbound
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.actions import enqueue
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.requests.models import Ask, AskAnswer
from handrail.apps.sessions.tasks import when_for
from handrail.integrations import slack

GOOD_FOR = timedelta(minutes=30)


def answer_later(
    connection: Connection,
    reply_to: str,
    what: str,
    *,
    account: ChatAccount | None = None,
    about: str = "",
    user: str = "",
    now: datetime,
) -> None:
    """Have one answer sent to who asked; nothing where there is no way to answer."""
    if not reply_to:
        return
    person = account.person if account else None
    with writing(connection.organization):
        enqueue(
            "chat.reply",
            ref={
                "connection": str(connection.public_id),
                "reply": reply_to[:300],
                "what": what,
                "person": str(person.public_id) if person else "",
                "about": about[:64],
                "user": user[:64],
                "until": (now + GOOD_FOR).isoformat(),
            },
            dedupe=f"reply:{what}:{about[:40]}:{user[:40]}:{now.timestamp()}",
            due_at=now,
            stream=f"reply:{connection.public_id}",
            now=now,
            organization=connection.organization,
        )


def send_reply(row: OutboxRow, now: datetime) -> None:
    """Send one answer, as long as it can arrive."""
    connection = Connection.objects.filter(public_id=row.ref["connection"], is_on=True).first()
    if connection is None or now >= datetime.fromisoformat(row.ref["until"]):
        return
    person = (
        Person.objects.filter(public_id=row.ref["person"]).first() if row.ref["person"] else None
    )
    language = person.language if person else row.organization.language
    with translation.override(language or settings.LANGUAGE_CODE):
        text = _text(row, connection, person)
    if text:
        with noted(connection, now):
            slack.answer_in_place(outbound(), row.ref["reply"], slack.as_words(text))


def _text(row: OutboxRow, connection: Connection, person: Person | None) -> str:
    match row.ref["what"]:
        case "asked":
            return _asked(row.ref["about"], person)
        case "cancelled":
            return _("Cancelled. The time is free again.")
        case "refused":
            page = f"{settings.BASE_URL}{reverse('room', args=[row.ref['about']])}"
            return _("That does not work any more. The room says how things stand: %(page)s") % {
                "page": page
            }
        case "unlinked":
            return to_link(connection, row.ref["user"])
    return ""


def _asked(request: str, person: Person | None) -> str:
    ask = (
        Ask.objects.filter(request__public_id=request, request__mentee=person)
        .filter(answer__in=(AskAnswer.WAITING, AskAnswer.ACCEPTED))
        .select_related("mentor", "booking", "request")
        .first()
    )
    if ask is None or person is None:
        return ""
    page = f"{settings.BASE_URL}{reverse('request', args=[request])}"
    return _(
        "You asked %(name)s: %(when)s. The time is held until there is an answer. %(page)s"
    ) % {
        "name": ask.mentor.name,
        "when": when_for(person, ask.mentor, ask.booking.starts_at),
        "page": page,
    }
