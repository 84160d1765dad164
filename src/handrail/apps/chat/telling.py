"""What is said about a session: who, when, what for, what to prepare, and where to tap.

Links and times, the objective and the checklist; never a note, never a word of an artifact.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.chat.models import ChatAccount
from handrail.apps.chat.talking import CHATS, tell_channel, tell_person
from handrail.apps.connections.delivering import Unneeded, announce, attempt
from handrail.apps.connections.models import Connection, Delivery
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.automations import may_do
from handrail.apps.sessions.company import is_group
from handrail.apps.sessions.models import ChecklistItem, Session, SessionState
from handrail.apps.sessions.tasks import Reading, cancel_address, read, when_for
from handrail.integrations.chat import Link, Message
from handrail.integrations.slack import Press

ARTIFACT, CANCEL = "artifact", "cancel"  # what Slack's buttons are called


def send(row: OutboxRow, now: datetime) -> None:
    """Say one thing about a session, to one person or to a channel, as things stand."""

    def _send(delivery: Delivery) -> None:
        say = _to_person if "account" in delivery.content else _to_channel
        say(delivery, row, now)

    attempt(row, _send, now=now)


def hand_over(row: OutboxRow, now: datetime) -> None:
    """Make a delivery of what an earlier version put into the outbox; the same row makes one."""
    content = dict(row.ref)
    what, where = str(content.pop("what")), content.pop("connection", "")
    chats = Connection.objects.filter(kind__in=CHATS, is_on=True)
    if "account" in content:
        account = ChatAccount.objects.filter(public_id=content["account"], ended_at=None)
        connection = chats.filter(pk__in=account.values("connection")).first()
    else:
        connection = chats.filter(public_id=where).first()
    if connection is not None:
        with writing(row.organization):
            announce(
                connection,
                what,
                content,
                row.organization,
                once=row.dedupe,
                stream=row.stream,
                now=now,
            )


def _to_person(delivery: Delivery, row: OutboxRow, now: datetime) -> None:
    account = (
        ChatAccount.objects.filter(public_id=delivery.content["account"], ended_at=None)
        .select_related("connection", "person")
        .first()
    )
    session = _session(delivery)
    reading = read(row, now, session, delivery.content) if session else None
    if account is None or reading is None or account.person_id != reading.reader.pk:
        raise Unneeded
    what = delivery.kind
    if not _is_wanted(what, reading):
        raise Unneeded
    with translation.override(reading.reader.language or settings.LANGUAGE_CODE):
        message, pressed = _message(what, reading)
    if account.connection.kind == "slack" and pressed:
        # What a button does there needs no link beside it.
        message = replace(message, links=tuple(one for one in message.links if not one.careful))
        tell_person(account, message, pressed=pressed, now=now)
    else:
        tell_person(account, message, now=now)


def _to_channel(delivery: Delivery, row: OutboxRow, now: datetime) -> None:
    """Say what became of a session: when, and of which program."""
    connection, what = delivery.connection, delivery.kind
    session = _session(delivery)
    if session is None or what not in connection.settings.get("news", []):
        raise Unneeded
    gone = session.state == SessionState.CANCELLED
    sequence = delivery.content.get("sequence", 0)
    if gone != (what == "cancelled") or sequence != session.booking.sequence:
        raise Unneeded
    with translation.override(row.organization.language or settings.LANGUAGE_CODE):
        tell_channel(connection, _news(what, session, row.organization.timezone), now=now)


def _is_wanted(what: str, reading: Reading) -> bool:
    session, person, now = reading.session, reading.reader.public_id, reading.now
    if not may_do(person, ConsentPurpose.CHAT_LINKED, now):
        return False
    if what == "artifact":
        missing = session.state == SessionState.AWAITING_ARTIFACT
        return missing and may_do(person, ConsentPurpose.CHAT_REMINDERS, now)
    if what == "cancelled":
        told = session.state == SessionState.CANCELLED
        return told and may_do(person, ConsentPurpose.CHAT_NEWS, now)
    ahead = (
        reading.is_current and session.state == SessionState.SCHEDULED and reading.starts_at > now
    )
    kind = ConsentPurpose.CHAT_REMINDERS if what == "reminder" else ConsentPurpose.CHAT_NEWS
    return ahead and may_do(person, kind, now)


def _message(what: str, reading: Reading) -> tuple[Message, list[Press]]:
    session, name = reading.session, reading.name
    facts = (
        (_("Objective"), session.objective),
        (_("When"), when_for(reading.reader, reading.clock, reading.starts_at)),
    )
    room = _address("room", session)
    match what:
        case "artifact":
            lead = _("Five minutes for what you learned with %(name)s") % {"name": name}
            links = (Link(_("Write it in the room"), room),)
            return Message(lead, facts[:1], links=links), [
                Press(ARTIFACT, _("Write it here"), str(session.public_id))
            ]
        case "cancelled":
            lead = _("Your session with %(name)s is cancelled. The time is free again.")
            return Message(lead % {"name": name}, facts[1:]), []
        case "moved":
            lead = _("Your session with %(name)s has a new time.") % {"name": name}
        case "call-link":
            lead = _("There is another link to your call with %(name)s.") % {"name": name}
        case "reminder":
            hours = max(1, round((reading.starts_at - reading.now) / timedelta(hours=1)))
            begins = ngettext("in an hour", "in %(n)d hours", hours) % {"n": hours}
            lead = _("You meet %(name)s %(begins)s, for %(minutes)d minutes.") % {
                "name": name,
                "begins": begins,
                "minutes": session.minutes,
            }
        case _:
            lead = _("You and %(name)s meet for %(minutes)d minutes.") % {
                "name": name,
                "minutes": session.minutes,
            }
    items = ChecklistItem.objects.filter(session=session).order_by("position")
    links = (
        *((Link(_("Join the call"), reading.call),) if reading.call else ()),
        Link(_("Open the room and its checklist"), room),
    )
    message = Message(
        lead,
        facts,
        items_title=_("Before the session"),
        items=tuple(item.text for item in items),
        links=(*links, Link(_cancel_words(reading), cancel_address(session, reading.reader), True)),
    )
    sure = (_("Give this time back? The others are told."), _("Yes"), _("Not now"))
    return message, [Press(CANCEL, _cancel_words(reading), str(session.public_id), sure)]


def _cancel_words(reading: Reading) -> str:
    own_seat = is_group(reading.session) and reading.is_mentee
    return _("I cannot come this time") if own_seat else _("Cancel this session")


def _news(what: str, session: Session, zone: str) -> Message:
    words = {
        "booked": _("A session of %(program)s was booked."),
        "moved": _("A session of %(program)s has a new time."),
        "cancelled": _("A session of %(program)s was cancelled."),
    }
    lead = words[what] % {"program": session.program.name}
    when = _when(session.booking.starts_at, zone)
    page = f"{settings.BASE_URL}{reverse('program', args=[session.program.public_id])}"
    return Message(lead, ((_("When"), when),), links=(Link(_("Open the program"), page),))


def _when(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    # Translators: Django date format of a day in a list, for example Tue 3 Feb 2026
    day = django_format(local, _("D j M Y"))
    if local.utcoffset() == timedelta(0):
        return f"{day}, {local:%H:%M} (UTC)"
    return f"{day}, {local:%H:%M} ({zone}), {at.astimezone(UTC):%H:%M} (UTC)"


def _session(delivery: Delivery) -> Session | None:
    return (
        Session.objects.select_related("booking", "program", "cancelled_by", "organization")
        .filter(public_id=delivery.content["session"])
        .first()
    )


def _address(page: str, session: Session) -> str:
    return f"{settings.BASE_URL}{reverse(page, args=[session.public_id])}"
