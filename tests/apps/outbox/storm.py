"""Many processes on one outbox; run by the tests, one line of JSON out.

storm.py kills send-first|mark-first FOLDER    a runner is killed 20 times around sending
storm.py together FOLDER                       three runners drain at the same time
storm.py twins FOLDER                          eight processes send the same keyed request
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
django.setup()

from django.db import connection  # noqa: E402 - needs the settings
from django.utils import timezone  # noqa: E402

from handrail.apps.organizations.actions import create_organization  # noqa: E402
from handrail.apps.organizations.models import Organization  # noqa: E402
from handrail.apps.organizations.refusals import Conflict  # noqa: E402
from handrail.apps.organizations.scope import reading, running_outbox, writing  # noqa: E402
from handrail.apps.outbox import runner  # noqa: E402
from handrail.apps.outbox.actions import enqueue  # noqa: E402
from handrail.apps.outbox.idempotency import Answer, answered_once  # noqa: E402
from handrail.apps.outbox.models import IdempotencyKey, OutboxRow  # noqa: E402

ROWS, STREAMS, SEED = 400, 100, 7
SOON = timedelta(milliseconds=500)  # what a killed runner held is free again


def main() -> None:
    what, *arguments, folder = sys.argv[1:]
    organization = create_organization("Storm", now=timezone.now())
    plays = {"kills": kills, "together": together, "twins": twins, "impatient": impatient}
    sys.stdout.write(json.dumps(plays[what](organization, Path(folder), *arguments)))


def fill(organization: Organization, rows: int) -> None:
    now = timezone.now()
    with writing(organization):
        for n in range(rows):
            enqueue(
                "probe",
                ref={"n": n},
                dedupe=f"probe {n}",
                due_at=now,
                stream=f"stream {n % STREAMS}",
                now=now,
                organization=organization,
            )


def child(work) -> int:
    """Fork a process that does this work and ends; nothing of ours is shared but the folder."""
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def drain(
    folder: Path, die: tuple[str, int] | None = None, lease: timedelta = runner.LEASE
) -> None:
    """Drain until nothing is left; the receiver is a file, a line for each thing that arrives.

    `die` names where this runner is killed: "before" or "after" sending its n-th row.
    """
    received = os.open(folder / "received", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    sending = 0

    def perhaps_die(place: str) -> None:
        if die == (place, sending):
            os.kill(os.getpid(), signal.SIGKILL)

    def deliver(row: OutboxRow, _now) -> None:
        nonlocal sending
        sending += 1
        perhaps_die("before")
        os.write(received, f"{row.ref['n']}\n".encode())
        perhaps_die("after")

    while left() > 0:
        runner.drain(
            now=timezone.now(),
            clock=timezone.now,
            handlers={"probe": deliver},
            lease=lease,
        )
        time.sleep(0.01)


def left() -> int:
    with running_outbox():
        return OutboxRow.objects.filter(done_at=None, dead_at=None).count()


def arrived(folder: Path) -> list[int]:
    path = folder / "received"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def mark_first() -> None:
    """The mutant: the row is done before it is sent."""
    deliver = runner._deliver

    def mark_then_deliver(row, now, handlers):
        with running_outbox():
            OutboxRow.objects.filter(pk=row.pk).update(done_at=now)
        return deliver(row, now, handlers)

    runner._deliver = mark_then_deliver


def kills(
    organization: Organization, folder: Path, order: str, rows: str, killings: str
) -> dict[str, int]:
    if order == "mark-first":
        mark_first()
    fill(organization, int(rows))
    chance = random.Random(SEED)
    for number in range(int(killings)):
        place = ("before", "after", "anywhere")[number % 3]
        before = len(arrived(folder))
        # At a chosen place the runner kills itself; anywhere else it is killed from outside.
        # Not always among the first rows: who kills eight runners is rightly given up.
        die = (place, chance.randrange(1, 16))
        pid = child(lambda die=die: drain(folder, die, SOON))
        if place == "anywhere":
            while len(arrived(folder)) == before and left_alive(pid):
                time.sleep(0.001)
            time.sleep(chance.uniform(0.0, 0.01))
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    drain(folder, lease=SOON)
    times = Counter(arrived(folder))
    with running_outbox():
        dead = OutboxRow.objects.exclude(dead_at=None).count()
    return {
        "missing": int(rows) - len(times),
        "doubles": sum(times.values()) - len(times),
        "dead": dead,
    }


def left_alive(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def together(organization: Organization, folder: Path) -> dict[str, int]:
    fill(organization, ROWS)
    pids = [child(lambda: drain(folder)) for _ in range(3)]
    failed = sum(os.waitpid(pid, 0)[1] != 0 for pid in pids)
    came = arrived(folder)
    last: dict[int, int] = {}
    disorder = 0
    for n in came:
        disorder += n < last.get(n % STREAMS, -1)
        last[n % STREAMS] = n
    return {
        "missing": ROWS - len(set(came)),
        "doubles": len(came) - len(set(came)),
        "disorder": disorder,
        "failed": failed,
    }


def twins(organization: Organization, folder: Path) -> dict[str, int]:
    start = timezone.now().timestamp() + 0.5

    def ask(number: int) -> None:
        def work() -> tuple[int, dict]:
            time.sleep(0.05)
            fill(organization, 1 + number)  # an effect that tells who caused it
            return 201, {"made_by": number}

        connection.ensure_connection()
        time.sleep(max(0.0, start - timezone.now().timestamp()))
        with reading(organization):
            answer = answered_once(
                "person:1", "the key", "same", work, organization=organization, now=timezone.now()
            )
        (folder / f"answer {number}").write_text(json.dumps([answer.status, answer.body]))

    pids = [child(lambda n=n: ask(n)) for n in range(8)]
    failed = sum(os.waitpid(pid, 0)[1] != 0 for pid in pids)
    answers = [path.read_text() for path in folder.glob("answer *")]
    made_by = json.loads(answers[0])[1]["made_by"]
    with reading(organization):
        return {
            "answers": len(answers),
            "different": len(set(answers)),
            "effects_of_others": OutboxRow.objects.count() - (1 + made_by),
            "keys": IdempotencyKey.objects.count(),
            "failed": failed,
        }


def impatient(organization: Organization, folder: Path) -> dict[str, str]:
    def ask(work, patience: float) -> Answer:
        with reading(organization):
            return answered_once(
                "person:1",
                "the key",
                "same",
                work,
                organization=organization,
                now=timezone.now(),
                patience=timedelta(seconds=patience),
            )

    def slowly() -> tuple[int, dict]:
        (folder / "working").touch()
        time.sleep(1.5)
        return 201, {}

    pid = child(lambda: ask(slowly, 10))
    while not (folder / "working").exists():
        time.sleep(0.005)
    try:
        told = "replayed" if ask(slowly, 0.1).replayed else "fresh"
    except Conflict as refusal:
        told = refusal.code
    os.waitpid(pid, 0)
    return {"told": told, "engine": connection.vendor}


main()
