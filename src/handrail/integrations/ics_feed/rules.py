"""Which repetitions are followed: daily and slower, a whole number of times."""

from __future__ import annotations

FOLLOWED = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
MOST_A_DAY = 24


def too_often(line: str) -> bool:
    """Whether a rule repeats below a day, or by less than one: what would never end."""
    said = dict(
        part.strip().upper().partition("=")[::2]
        for part in line.rpartition(":")[2].split(";")
        if "=" in part
    )
    if said.get("FREQ") not in FOLLOWED or "BYSECOND" in said:
        return True
    interval = said.get("INTERVAL", "1")
    if not (interval.isdecimal() and int(interval) >= 1):
        return True
    times = len(said.get("BYHOUR", "0").split(",")) * len(said.get("BYMINUTE", "0").split(","))
    return times > MOST_A_DAY
