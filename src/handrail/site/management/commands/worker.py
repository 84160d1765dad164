"""`handrail worker`: drain the outbox until told to stop."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from handrail.apps.outbox.worker import run


class Command(BaseCommand):
    help = "Send what waits in the outbox: invitations, reminders, changes. Stops on Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("Worker started. Ctrl-C stops it after the current row.")
        run(stop=stop, clock=timezone.now)
