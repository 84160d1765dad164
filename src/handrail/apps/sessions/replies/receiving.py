"""One mail in, one outcome kept: whatever is in it, nothing is silent and nothing happens twice."""

from __future__ import annotations

import hashlib
import logging
import re
from datetime import datetime
from email.message import EmailMessage

from django.db import DatabaseError, transaction

from handrail.apps.calendars.models import Booking
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import finding_entry, writing
from handrail.apps.sessions.models import ReceivedMail, ReplyOutcome, Session
from handrail.apps.sessions.replies.following import follow
from handrail.apps.sessions.reply_models import FOLLOWED
from handrail.integrations.calendar_replies import Ignored, Reply, read_reply
from handrail.integrations.inbox import Letter, opened, sender_of

log = logging.getLogger("handrail.mail_in")
LONGEST_UID = 120
RETREAT_DAY = re.compile(r"[0-9a-f-]{36}-day-\d+@handrail")  # as retreats name their entries


def receive(letter: Letter, *, host: str, now: datetime) -> ReplyOutcome:
    """Follow an answer or say why not; `host` is who received the mail and checked its sender.

    The same mail again has no further effect: its outcome is kept under a digest of its
    Message-ID. What was refused is looked at again. Raises only where the database is away.
    """
    message = opened(letter)
    key, sender = _key(letter, message), sender_of(message)
    try:
        if not letter.is_whole:
            return _refused(key, sender, ReplyOutcome.TOO_LARGE, "", now)
        if message is None:
            return _refused(key, sender, ReplyOutcome.UNREADABLE, "", now)
        reply = read_reply(message, host=host)
    except Ignored as ignored:
        return _refused(key, sender, ReplyOutcome(ignored.why.value), ignored.uid, now)
    organization = _home(reply.uid)
    if organization is None:
        of_retreat = RETREAT_DAY.fullmatch(reply.uid) is not None
        outcome = ReplyOutcome.RETREAT if of_retreat else ReplyOutcome.UNKNOWN
        return _refused(key, sender, outcome, "", now)
    with writing(organization):
        kept, is_new = ReceivedMail.objects.get_or_create(
            organization=organization,
            key=key,
            defaults={"received_at": now, "sender": sender, "outcome": ReplyOutcome.FAILED},
        )
        if not is_new and kept.outcome in FOLLOWED:
            return ReplyOutcome(kept.outcome)
        outcome, session = _followed(reply, now)
        ReceivedMail.objects.filter(pk=kept.pk).update(outcome=outcome, session=session)
    return outcome


def _followed(reply: Reply, now: datetime) -> tuple[ReplyOutcome, Session | None]:
    """What follows, whole or not at all; the mail is noted in either case."""
    try:
        with transaction.atomic():
            return follow(reply, now)
    except DatabaseError:
        raise
    except Refusal as refusal:
        log.warning("an answer by mail was refused: %s", refusal.code)
    except Exception as error:  # an error of ours must not stand in the way of the next mail
        log.error("an answer by mail failed: %s", type(error).__name__)
    return ReplyOutcome.FAILED, None


def _refused(key: str, sender: str, outcome: ReplyOutcome, uid: str, now: datetime) -> ReplyOutcome:
    """Keep the reason where its administrators see it, or where nobody's it is, in the log."""
    organization = _home(uid) or _only_one()
    if organization is None:
        log.warning("a mail that came in was refused: %s", outcome.value)
        return outcome
    with writing(organization):
        kept, is_new = ReceivedMail.objects.get_or_create(
            organization=organization,
            key=key,
            defaults={"received_at": now, "sender": sender, "outcome": outcome},
        )
        # Whoever copies the Message-ID of an answer that was followed does not rename it.
        if not is_new and kept.outcome not in FOLLOWED:
            ReceivedMail.objects.filter(pk=kept.pk).update(outcome=outcome, received_at=now)
    return outcome


def _home(uid: str) -> Organization | None:
    """The organisation whose entry this is."""
    if not 1 <= len(uid) <= LONGEST_UID or not uid.isprintable():
        return None
    with finding_entry(uid):
        booking = Booking.objects.filter(uid=uid).select_related("organization").first()
    return booking.organization if booking else None


def _only_one() -> Organization | None:
    found = list(Organization.objects.filter(erasing_since=None).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def _key(letter: Letter, message: EmailMessage | None) -> str:
    try:
        named = str(message["Message-ID"] or "").strip().encode() if message else b""
    except Exception:  # headers are parsed when they are read
        named = b""
    return hashlib.sha256(named or letter.content).hexdigest()
