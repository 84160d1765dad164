"""The house as it is served, whose answers say how long they took within it.

python hooking.py PORT [early]

`early` is the mutant that answers a delivery before it is stored.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

EARLY = "HOOKING_EARLY"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Handrail's own, with a header that says how many milliseconds it took."""
    began = time.perf_counter()

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        took = (time.perf_counter() - began) * 1000
        return start_response(status, [*headers, ("Server-Timing", f"house;dur={took:.3f}")], *more)

    return _house()(environ, start)


def _house() -> Any:
    if "house" not in globals():
        from handrail.site.wsgi import application as house

        if os.environ.get(EARLY):
            _answer_early()
        globals()["house"] = house
    return globals()["house"]


def _answer_early() -> None:
    from handrail.apps.connections import receiving

    store = receiving._store

    def late(*told: Any) -> receiving.Receipt:
        def work() -> None:
            time.sleep(0.05)
            store(*told)

        Thread(target=work, daemon=True).start()
        return receiving.Receipt(receiving.Taken.STORED)

    receiving._store = late


def main() -> None:
    if "early" in sys.argv:
        os.environ[EARLY] = "yes"
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "handrail.site.settings",
        "HANDRAIL_RUN_WORKER": "yes",
        "HANDRAIL_SERVED_ON_LOOPBACK": "yes",
    }
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "hooking:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main()
