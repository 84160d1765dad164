"""`handrail serve`: Granian with the WSGI application; runner threads inside, if wanted."""

from __future__ import annotations

import ipaddress
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


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
    os.environ["HANDRAIL_RUN_WORKER"] = "yes" if settings.WORKER_IN_WEB else "no"
    from granian import Granian  # late: only serving needs it
    from granian.constants import Interfaces

    Granian(
        "handrail.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        log_enabled=True,
        log_access=False,
    ).serve()


class Command(BaseCommand):
    help = "Serve the pages and the API on http://ADDRESS:PORT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="127.0.0.1", help="where to listen")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=8, help="requests at the same time")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Handrail on http://{options['address']}:{options['port']}")
        serve(options["address"], options["port"], options["threads"])
