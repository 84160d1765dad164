"""`handrail worker`: drain the outbox until told to stop."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from handrail.apps.outbox.worker import run_beside
from handrail.site.mail import require_mail
from handrail.site.mail_in import require_mail_in, run_mail_in_beside


class Command(BaseCommand):
    help = "Send what waits in the outbox: invitations, reminders, changes. Stops on Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        require_mail(settings.MAIL)
        require_mail_in()
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("Worker started. Ctrl-C stops it after the current row.")
        threads = [*run_beside(stop, timezone.now), *run_mail_in_beside(stop, timezone.now)]
        while not stop.wait(1.0) and all(thread.is_alive() for thread in threads):
            pass
        broken = not stop.is_set()  # one ended by itself: whoever supervises us starts us anew
        stop.set()
        for thread in threads:
            thread.join()
        if broken:
            raise CommandError("A runner ended by itself; the log above says why. Start it again.")
