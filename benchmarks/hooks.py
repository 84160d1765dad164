"""How soon a delivery is acknowledged, in the server's own time: at a pace and in a burst.

    python benchmarks/hooks.py [--quick] [--each 600] [--burst 1000] [--json OUT]

A house is served as ever, with SQLite and its runner, and signed deliveries are sent to a
connection of it. The goal is the brief's: 95 of 100 acknowledged within 50 ms, while 20 a second
come in. A burst of eight senders at once, each as fast as it may, says how many a second fit
through. Both are also given as a ratio to a page that asks nothing (/healthz), which is less the
machine's.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
GOAL = 50.0  # milliseconds, for 95 of 100
PACE = 20  # deliveries a second


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(share * len(times)), len(times) - 1)]


def floor_of(port: int, asked: int) -> list[float]:
    """The server's own milliseconds for a page that asks nothing."""
    line, times = http.client.HTTPConnection("127.0.0.1", port, timeout=10), []
    for _ in range(asked):
        line.request("GET", "/healthz")
        answer = line.getresponse()
        answer.read()
        times.append(float(answer.headers["Server-Timing"].rpartition("=")[2]))
        time.sleep(1 / PACE / 4)
    return times


def measure(each: int, burst: int) -> dict[str, Any]:
    from hook_burst import Burst, House, connect_one

    _organization, address = connect_one()
    house = House(early=False)
    try:
        floor = floor_of(house.port, 100)
        calm = Burst(house, address, each, pace=PACE)
        calm.send_all()
        _organization, address = connect_one()
        storm = Burst(house, address, burst)
        began = time.monotonic()
        storm.send_all()
        took = time.monotonic() - began
    finally:
        house.kill()
    return {
        "calm": _told(calm.times, floor),
        "burst": {**_told(storm.times, floor), "a_second": round(burst / took, 1)},
        "floor_p95_ms": round(quantile(floor, 0.95), 3),
    }


def _told(times: list[float], floor: list[float]) -> dict[str, Any]:
    p95 = quantile(times, 0.95)
    return {
        "deliveries": len(times),
        "p50_ms": round(quantile(times, 0.5), 2),
        "p95_ms": round(p95, 2),
        "max_ms": round(max(times), 2),
        "times_the_floor": round(p95 / quantile(floor, 0.95), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer, within 50 seconds")
    parser.add_argument("--each", type=int, default=600, help="deliveries one after the other")
    parser.add_argument("--burst", type=int, default=1000, help="deliveries at once")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    each, burst = (200, 200) if asked.quick else (asked.each, asked.burst)
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/storms")]
    from factories.databases import copied_sqlite

    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "DATABASE_URL": copied_sqlite(Path(home) / "hooks.sqlite3"),
            "HANDRAIL_HOME": home,
            "DJANGO_SETTINGS_MODULE": "handrail.site.settings",
        }
        import django

        django.setup()
        found = measure(each, burst)
    found["reached"] = found["calm"]["p95_ms"] <= GOAL
    found["machine"] = f"{platform.machine()}, {os.cpu_count()} processors"
    for name in ("calm", "burst"):
        row = found[name]
        print(
            f"{name:6} {row['deliveries']:5} deliveries: p50 {row['p50_ms']} ms,"
            f" p95 {row['p95_ms']} ms ({row['times_the_floor']} × a page that asks nothing),"
            f" longest {row['max_ms']} ms"
        )
    print(f"burst  {found['burst']['a_second']} a second")
    reached = "reached" if found["reached"] else "NOT reached"
    print(f"goal   p95 ≤ {GOAL:.0f} ms at {PACE} a second: {reached}")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
