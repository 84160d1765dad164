"""Reading the mailbox that calendars answer to: once, or every minute beside the runners."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from handrail.apps.sessions.models import ReplyOutcome
from handrail.apps.sessions.replies import receive
from handrail.apps.sessions.reply_models import FOLLOWED
from handrail.integrations.doors import inbox_door
from handrail.integrations.inbox import Letter, Shut
from handrail.integrations.inbox.imap import mailbox_of

log = logging.getLogger("handrail.mail_in")
PAUSE_SECONDS = 60.0


def require_mail_in() -> None:
    """Raise CommandError where the settings for mail that comes in cannot be right."""
    if not settings.MAIL_IN:
        return
    try:
        inbox_door(_address())
        if settings.MAIL_IN.startswith("imap"):
            mailbox_of(settings.MAIL_IN)
        if not settings.MAIL_IN_HOST:
            raise ValueError(
                "HANDRAIL_MAIL_IN needs HANDRAIL_MAIL_IN_HOST: the name with which your mail"
                " server signs its Authentication-Results."
            )
    except ValueError as error:
        raise CommandError(f"{error} See docs/operate/mail-in.md.", returncode=2) from error


def read_mail_in(clock: Callable[[], datetime]) -> Counter[ReplyOutcome]:
    """Follow what came in, and say what became of each mail; Shut where nobody can be let in."""
    outcomes: Counter[ReplyOutcome] = Counter()

    def take(letter: Letter) -> bool:
        outcome = receive(letter, host=settings.MAIL_IN_HOST, now=clock())
        outcomes[outcome] += 1
        return outcome in FOLLOWED

    inbox_door(_address())(take)
    return outcomes


def run(stop: Event, clock: Callable[[], datetime]) -> None:
    """Read every minute until `stop` is set; a door that is shut is tried again."""
    shut = ""
    try:
        while not stop.is_set():
            try:
                read_mail_in(clock)
                shut = ""
            except Shut as error:
                if error.code != shut:  # once, not once a minute
                    log.error("mail does not come in: %s", error.code)
                shut = error.code
            except DatabaseError as error:
                log.error("mail that comes in waits for the database: %s", type(error).__name__)
                connection.close()
            connection.close_if_unusable_or_obsolete()
            stop.wait(PAUSE_SECONDS)
    finally:
        connection.close()


def run_mail_in_beside(stop: Event, clock: Callable[[], datetime]) -> list[Thread]:
    """A thread that reads, where HANDRAIL_MAIL_IN says from where; else none."""
    if not settings.MAIL_IN:
        return []
    thread = Thread(target=run, args=(stop, clock), name="mail-in", daemon=True)
    thread.start()
    return [thread]


def _address() -> str:
    if settings.MAIL_IN == "folder":
        return f"folder:{settings.MAIL_IN_FOLDER}"
    return str(settings.MAIL_IN)
