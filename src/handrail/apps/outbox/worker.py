"""The worker: a loop that drains the outbox until it is told to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import DatabaseError, connection

from handrail.apps.outbox.runner import drain
from handrail.apps.outbox.tasks import enqueue_rules

log = logging.getLogger("handrail.outbox")

IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 5.0
RULES_EVERY = timedelta(minutes=1)


def run(stop: Event, clock: Callable[[], datetime], *, slow: bool | None = None) -> None:
    """Drain until `stop` is set; a database that is away for a while is waited for.

    With `slow` true only what may take minutes, with false only the rest, and the clock's rules.
    """
    rules_at: datetime | None = None
    try:
        while not stop.is_set():
            now = clock()
            try:
                due = rules_at is None or now >= rules_at or now < rules_at - RULES_EVERY
                if due and not slow:
                    enqueue_rules(now=now)
                    rules_at = now + RULES_EVERY
                drained = drain(now=now, clock=clock, stopped=stop.is_set, slow=slow)
            except DatabaseError as error:
                log.error("the outbox waits for the database: %s", type(error).__name__)
                connection.close()
                stop.wait(TROUBLE_SECONDS)
                continue
            if drained.delivered + drained.failed + drained.dead == 0:
                connection.close_if_unusable_or_obsolete()
                stop.wait(IDLE_SECONDS)
    finally:
        connection.close()


def run_beside(stop: Event, clock: Callable[[], datetime]) -> list[Thread]:
    """Two runners in threads of their own: what may take minutes never keeps a mail waiting."""
    threads = [
        Thread(
            target=run,
            args=(stop, clock),
            kwargs={"slow": slow},
            name="outbox-slow" if slow else "outbox",
            daemon=True,
        )
        for slow in (False, True)
    ]
    for thread in threads:
        thread.start()
    return threads
