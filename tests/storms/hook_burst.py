"""A burst of deliveries to a served house, which is killed in the middle and comes back.

python hook_burst.py EVENTS KILLS [early]

Prints one JSON object: how many deliveries were acknowledged, how many of those are not stored,
how many events nobody acted on, and the server's own times of acknowledged ones. A delivery that
got no answer is sent again, as every sender does.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

HERE = Path(__file__).resolve().parent
SENDERS = 8
PATIENCE = 180.0  # seconds until a killed house answers again, on a machine that does much else
KEY = "our secret"


class House:
    """The served house: started, killed, started again on the same port."""

    def __init__(self, early: bool) -> None:
        self.early = early
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.process = self._start()
        self.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        paths = [str(HERE), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        return subprocess.Popen(
            [sys.executable, str(HERE / "hooking.py"), str(self.port)]
            + (["early"] if self.early else []),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stdout=sys.stderr,
            start_new_session=True,
        )

    def wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        self.kill()  # it would keep our output open, and whoever reads that would wait for ever
        raise SystemExit("the house does not answer")

    def kill(self) -> None:
        """Every process of it, at once and without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def again(self) -> None:
        self.process = self._start()
        self.wait()


class Burst:
    """Deliveries, sent by several senders at once until each is acknowledged."""

    def __init__(self, house: House, address: str, events: int, *, pace: float = 0) -> None:
        self.house, self.address, self.events = house, address, events
        self.senders, self.pace = (1 if pace else SENDERS), pace
        self.acknowledged: list[str] = []
        self.times: list[float] = []
        self.retried = 0
        self._lock, self._next = Lock(), count()

    def send_all(self) -> None:
        with ThreadPoolExecutor(self.senders) as senders:
            for done in [senders.submit(self._send_on) for _ in range(self.senders)]:
                done.result()

    def _send_on(self) -> None:
        from handrail.integrations.webhooks import SCHEMES, sign

        line, due = None, time.monotonic()
        while (number := next(self._next)) < self.events:
            if self.pace:
                due += 1 / self.pace
                time.sleep(max(0.0, due - time.monotonic()))
            body = json.dumps(delivery(number)).encode()
            headers = {
                "Content-Type": "application/json",
                "X-Hub-Signature-256": sign(SCHEMES["github"], KEY, body),
                "X-GitHub-Delivery": f"burst-{number}",
                "X-GitHub-Event": "pull_request",
            }
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                line = line or http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=30)
                try:
                    line.request("POST", f"/hooks/{self.address}", body, headers)
                    answer = line.getresponse()
                    answer.read()
                except (OSError, http.client.HTTPException):
                    line.close()
                    line = None
                    self.retried += 1
                    time.sleep(0.02)
                    continue
                if answer.status == 200:
                    timing = answer.headers.get("Server-Timing", "dur=0").rpartition("=")[2]
                    with self._lock:
                        self.acknowledged.append(f"burst-{number}")
                        self.times.append(float(timing))
                    break
                raise SystemExit(f"answered with {answer.status}")


def delivery(number: int) -> dict[str, Any]:
    """A merge by somebody who is linked to nobody: each waits, and none is counted."""
    return {
        "action": "closed",
        "repository": {"full_name": "our/tool"},
        "pull_request": {
            "number": number,
            "merged": True,
            "merged_at": "2026-02-03T10:00:00Z",
            "user": {"id": 1000 + number % 50, "login": "somebody", "type": "User"},
            "title": "A change" * 20,
        },
    }


def connect_one() -> tuple[Any, str]:
    """An organisation with one connection: the organisation, and where to send to."""
    from django.utils import timezone

    from handrail.apps.connections.actions import connect
    from handrail.apps.organizations.actions import create_organization
    from handrail.apps.organizations.scope import reading
    from handrail.apps.organizations.viewer import Viewer

    now = timezone.now()
    organization = create_organization(f"Burst {time.time_ns()}", now=now)
    by = Viewer.system(organization, "burst")
    with reading(organization):
        made = connect("github", "Code", {}, {"signing": KEY}, by=by, now=now)
    return organization, made.connection.address


def run(events: int, kills: int, *, early: bool = False) -> dict[str, Any]:
    """One burst with so many kills in it, and what is left of it."""
    from handrail.apps.connections.models import Event, EventState
    from handrail.apps.organizations.scope import reading

    organization, address = connect_one()
    house = House(early)
    try:
        burst = Burst(house, address, events)
        with ThreadPoolExecutor(1) as beside:
            sending = beside.submit(burst.send_all)
            for number in range(1, kills + 1):
                while len(burst.acknowledged) < events * number // (kills + 1):
                    if sending.done():
                        break
                    time.sleep(0.002)
                house.kill()
                house.again()
            sending.result()
        time.sleep(0.3 if early else 0)
        deadline = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < deadline:
            with reading(organization):
                waiting = Event.objects.filter(state=EventState.RECEIVED).count()
            if not waiting:
                break
            time.sleep(0.2)
    finally:
        house.kill()
    with reading(organization):
        stored = set(Event.objects.values_list("delivery", flat=True))
        total = Event.objects.count()
    return {
        "acknowledged": len(burst.acknowledged),
        "lost": len(set(burst.acknowledged) - stored),
        "twice": total - len(stored),
        "waiting": waiting,
        "sent_again": burst.retried,
        "times": sorted(burst.times),
    }


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django

    django.setup()
    found = run(int(sys.argv[1]), int(sys.argv[2]), early="early" in sys.argv)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
