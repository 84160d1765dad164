"""A first sync of a directory over real HTTP: how long 10,000 people and their teams take.

    python benchmarks/scim.py [--quick] [--people N] [--workers 4] [--engine sqlite|postgresql|both]
                              [--json OUT]

A fresh install is served by `handrail serve` in a process of its own. As a directory does on its
first day, each person is asked for by user name and then made (with title, department and a
manager), teams of 50 are made with their members, and everybody is read back page by page. Then
one in a hundred is switched off. Counted are the people that came back and the closed places; the
goal is 60 seconds for the first sync of 10,000 people, and missing it ends with 1. Seconds hold for
this machine only.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/harness"), str(ROOT / "tests")]

GOAL, GOAL_PEOPLE = 60.0, 10_000
TEAM = 50
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
KEY = """
from django.utils import timezone
from handrail.apps.organizations.actions import create_api_key
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import writing
from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person
with writing(Organization.objects.get()):
    by = viewer_for_person(Person.objects.get())
    scopes = ["people:read", "people:write"]
    print(create_api_key("scim", scopes, by=by, now=timezone.now(), kind="scim")[1])
"""


@contextmanager
def served(url: str) -> Any:
    """The address and a directory's key of a fresh install on this database, while it serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="handrail-scim-") as home:
        address = f"http://localhost:{port}"
        words = {**os.environ, "HANDRAIL_HOME": home, "HANDRAIL_BASE_URL": address}
        words |= {"DATABASE_URL": url} if url else {}
        handrail = str(Path(sys.executable).with_name("handrail"))
        first = ["init", "--organisation", "Big", "--admin", "ada@example.org"]
        subprocess.run([handrail, *first], env=words, check=True, stdout=subprocess.DEVNULL)
        shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", KEY]
        made = subprocess.run(shell, env=words, check=True, cwd=ROOT, capture_output=True)
        secret = made.stdout.decode().strip().splitlines()[-1]
        command = [handrail, "serve", "--port", str(port)]
        with subprocess.Popen(command, env=words, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(f"{address}/readyz", server)
                yield f"{address}/scim/v2", secret
            finally:
                server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _try in range(300):
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            pass
        if server.poll() is not None:
            sys.exit("the server ended")
        time.sleep(0.1)
    sys.exit("the server does not answer")


class Directory:
    """A directory with some connections of its own."""

    def __init__(self, base: str, secret: str) -> None:
        self.base, self.secret, self.mine = base, secret, threading.local()

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        if not hasattr(self.mine, "client"):
            headers = {"Authorization": f"Bearer {self.secret}"}
            self.mine.client = httpx.Client(headers=headers, timeout=60)
        answer = self.mine.client.request(method, f"{self.base}/{path}", json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def makes(self, number: int, manager: str) -> str:
        name = f"person{number}@big.example"
        assert self("GET", f'Users?filter=userName eq "{name}"')["totalResults"] == 0
        extension: dict[str, Any] = {"department": f"Department {number % 20}"}
        if manager:
            extension["manager"] = {"value": manager}
        made = self(
            "POST",
            "Users",
            {
                "userName": name,
                "externalId": f"ext-{number}",
                "name": {"givenName": "Person", "familyName": str(number)},
                "emails": [{"value": name, "type": "work", "primary": True}],
                "title": "Engineer",
                "active": True,
                ENTERPRISE: extension,
            },
        )
        return str(made["id"])


def sync(people: int, workers: int, url: str) -> dict[str, float]:
    """Seconds of each step, on one database; counts are checked on the way."""
    took: dict[str, float] = {}
    with served(url) as (base, secret), ThreadPoolExecutor(workers) as pool:
        directory = Directory(base, secret)

        def timed(name: str, work: Any) -> Any:
            began = time.perf_counter()
            found = work()
            took[name] = time.perf_counter() - began
            return found

        boss = directory.makes(0, "")
        rest = range(1, people)
        ids = timed("people", lambda: [boss, *pool.map(lambda n: directory.makes(n, boss), rest)])

        def teams() -> None:
            def one(first: int) -> None:
                members = [{"value": one} for one in ids[first : first + TEAM]]
                directory("POST", "Groups", {"displayName": f"Team {first}", "members": members})

            list(pool.map(one, range(0, people, TEAM)))

        timed("teams", teams)

        def read() -> set[str]:
            seen, cursor = set(), ""
            while True:
                page = directory("GET", f"Users?count=200&cursor={cursor}")
                seen |= {one["id"] for one in page["Resources"]}
                if not (cursor := page.get("nextCursor", "")):
                    return seen

        assert set(ids) <= timed("read", read), "somebody was lost"
        off = {"op": "replace", "value": {"active": False}}
        body = {"schemas": [PATCH], "Operations": [off]}
        gone = ids[:: max(100, 1)]
        timed("off", lambda: list(pool.map(lambda i: directory("PATCH", f"Users/{i}", body), gone)))
        inactive = directory("GET", "Users?filter=active eq false&count=0")["totalResults"]
        assert inactive == len(gone), f"{inactive} of {len(gone)} are switched off"
    took["sync"] = took["people"] + took["teams"]
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="500 people, on SQLite alone")
    parser.add_argument("--people", type=int, default=GOAL_PEOPLE)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    people = 500 if asked.quick else asked.people
    engine = "sqlite" if asked.quick else asked.engine
    results: dict[str, dict[str, float]] = {}
    goal, missed = GOAL * people / GOAL_PEOPLE, False
    for name in ("sqlite", "postgresql") if engine == "both" else (engine,):
        if name == "postgresql":
            from postgres import postgres

            database = postgres()
        else:
            database = nullcontext("")
        with database as url:
            took = results[name] = sync(people, asked.workers, url)
        missed |= took["sync"] > goal
        reached = "reached" if took["sync"] <= goal else "MISSED"
        print(
            f"{name}: {people} people and teams in {took['sync']:.1f} s"
            f" ({1000 * took['sync'] / people:.1f} ms each), read back in {took['read']:.1f} s,"
            f" 1 in 100 switched off in {took['off']:.1f} s; goal {goal:.0f} s: {reached}"
        )
    if asked.json:
        shown = {
            name: {step: round(seconds, 2) for step, seconds in took.items()}
            for name, took in results.items()
        }
        asked.json.write_text(
            json.dumps({"people": people, "goal_seconds": goal, "seconds": shown}, indent=1) + "\n"
        )
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
