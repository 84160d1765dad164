"""How long writers wait on SQLite with the gate and without it: many threads, one file.

    python benchmarks/gate.py [--quick] [--threads 64] [--seconds 60] [--json OUT]

Each thread writes as fast as it may through Django's transactions. Trust the ratios; the
absolute figures are those of the machine.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings

if not settings.configured:
    settings.configure(USE_TZ=True, DATABASES={})
    django.setup()

from django.db.backends.sqlite3.base import DatabaseWrapper as Plain
from django.db.utils import OperationalError

from handrail.site.sqlite.base import DatabaseWrapper as Gated

BACKENDS = {"gate": Gated, "no gate": Plain}


def connect(backend: str, path: Path) -> Any:
    return BACKENDS[backend](
        {
            "ENGINE": backend,
            "NAME": str(path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
            },
            "TIME_ZONE": None,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": False,
            "AUTOCOMMIT": True,
            "ATOMIC_REQUESTS": False,
        },
        alias="default",
    )


def write_until(
    end: float, backend: str, path: Path, waits: list[float], failures: list[int]
) -> None:
    connection = connect(backend, path)
    connection.ensure_connection()
    while time.monotonic() < end:
        asked = time.monotonic()
        try:
            connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM (SELECT 1 FROM entry LIMIT 20)")
                cursor.execute("INSERT INTO entry (text) VALUES ('x')")
            connection.commit()
            waits.append(time.monotonic() - asked)
        except OperationalError:
            connection.rollback()
            failures.append(1)
        finally:
            connection.set_autocommit(True)
    connection.close()


def one_process(backend: str, path: Path, threads: int, seconds: float, out: Any) -> None:
    waits: list[float] = []
    failures: list[int] = []
    end = time.monotonic() + seconds
    workers = [
        threading.Thread(target=write_until, args=(end, backend, path, waits, failures))
        for _ in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    out.put((waits, len(failures)))


def measure(backend: str, *, threads: int, processes: int, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gate.sqlite3"
        connection = connect("no gate", path)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, text TEXT)")
        connection.close()
        context = multiprocessing.get_context("fork")
        out = context.Queue()
        children = [
            context.Process(
                target=one_process, args=(backend, path, threads // processes, seconds, out)
            )
            for _ in range(processes)
        ]
        for child in children:
            child.start()
        results = [out.get() for _ in children]
        for child in children:
            child.join()
    waits = sorted(wait for part, _failures in results for wait in part)
    return {
        "backend": backend,
        "threads": threads,
        "processes": processes,
        "seconds": seconds,
        "writes_per_second": round(len(waits) / seconds, 1),
        "p50_ms": round(1000 * waits[len(waits) // 2], 1),
        "p99_ms": round(1000 * waits[int(len(waits) * 0.99)], 1),
        "max_ms": round(1000 * waits[-1], 1),
        "failures": sum(failures for _part, failures in results),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="ends within 50 seconds")
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    seconds = 6.0 if chosen.quick else chosen.seconds
    rows = []
    for processes in (1, 2):
        for backend in BACKENDS:
            row = measure(backend, threads=chosen.threads, processes=processes, seconds=seconds)
            rows.append(row)
            print(
                f"{processes} process(es), {backend:8}: {row['writes_per_second']:8.1f} writes/s,"
                f" p50 {row['p50_ms']:7.1f} ms, p99 {row['p99_ms']:8.1f} ms,"
                f" max {row['max_ms']:8.1f} ms, {row['failures']} failures",
                flush=True,
            )
        gate, plain = rows[-2:]
        print(
            f"   with the gate: longest wait {gate['max_ms'] / plain['max_ms']:.2f},"
            f" throughput {gate['writes_per_second'] / plain['writes_per_second']:.2f}"
            " of that without"
        )
    if chosen.json:
        machine = f"{platform.machine()}, {platform.system()} {platform.release()}"
        chosen.json.write_text(json.dumps({"machine": machine, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
