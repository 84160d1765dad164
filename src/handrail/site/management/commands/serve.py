"""`handrail serve`: Granian with the WSGI application; runner threads inside, if wanted."""

from __future__ import annotations

import ipaddress
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from handrail.site.mail import require_mail
from handrail.site.mail_in import require_mail_in
from handrail.site.static_files import collect
from handrail.web.views.health import schema_is_current


def is_loopback(address: str) -> bool:
    """Whether this address is reached from this machine alone."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def serve(address: str, port: int, threads: int) -> None:
    """Serve until stopped."""
    near = is_loopback(address)
    os.environ["HANDRAIL_SERVED_ON_LOOPBACK"] = "yes" if near else "no"
    # The server's processes may be copies of this one, whose settings are read already.
    settings.SERVED_ON_LOOPBACK = near
    collect()
    os.environ["HANDRAIL_STATIC_COLLECTED"] = "yes"
    settings.STATIC_COLLECTED = True
    os.environ["HANDRAIL_RUN_WORKER"] = "yes" if settings.WORKER_IN_WEB else "no"
    from granian import Granian  # late: only serving needs it
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "handrail.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        log_enabled=True,
        log_level=LogLevels.error,  # where it listens we say ourselves
        log_access=False,
    ).serve()


class Command(BaseCommand):
    help = "Serve the pages and the API on http://ADDRESS:PORT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--address", default="127.0.0.1", help="where to listen; default: this machine alone"
        )
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument(
            "--threads", type=int, default=8, help="requests at the same time; default: 8"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not schema_is_current():
            raise CommandError(
                "The database is not set up, or older than this version. "
                "Begin with: handrail init. After an update: handrail migrate.",
                returncode=2,
            )
        require_mail(settings.MAIL)
        require_mail_in()
        self.stdout.write(
            f"Handrail on http://{options['address']}:{options['port']} until Ctrl-C."
        )
        self.stdout.flush()  # serving goes on for long; a log must not wait for its end
        serve(options["address"], options["port"], options["threads"])
