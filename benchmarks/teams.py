"""Makes up a remote team: people.csv and merges.csv, the same for the same seed.

    .venv/bin/python benchmarks/teams.py --people 200 --seed 1 --out var/team

Nobody in it is real. The dates lie around those of examples/remote-team-a: newcomers started in
the 26 weeks before 2026-02-01, the data ends on 2026-08-22, and who is not active in its last 180
days has a last day. Skills follow Zipf's law and mentors are scarce.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from time import monotonic
from zoneinfo import ZoneInfo

REFERENCE = date(2026, 2, 1)
DATA_END = date(2026, 8, 22)
LAST_KNOWN_LEAVING = DATA_END - timedelta(days=180)
NEWCOMER_DAYS = 26 * 7
TEAM_SIZE = 60

ZONES = {
    "Europe/London": 14,
    "Europe/Berlin": 14,
    "Asia/Kolkata": 14,
    "America/New_York": 9,
    "America/Los_Angeles": 7,
    "Europe/Helsinki": 5,
    "America/Chicago": 4,
    "America/Sao_Paulo": 4,
    "Africa/Lagos": 4,
    "Europe/Istanbul": 3,
    "Asia/Dubai": 2,
    "Asia/Karachi": 2,
    "Asia/Kathmandu": 1,
    "Asia/Singapore": 3,
    "Asia/Shanghai": 3,
    "Asia/Tokyo": 3,
    "Australia/Sydney": 2,
    "Australia/Brisbane": 1,
    "Pacific/Auckland": 1,
    "America/Denver": 2,
    "America/Puerto_Rico": 1,
    "America/St_Johns": 1,
    "Africa/Nairobi": 2,
    "Pacific/Honolulu": 1,
}
HOURS = {
    "09:00-17:00": 58,
    "08:00-16:00": 10,
    "10:00-18:00": 12,
    "11:00-19:00": 7,
    "12:00-20:00": 6,
    "07:00-15:00": 4,
    "16:00-24:00": 2,
    "22:00-06:00": 1,
}
LANGUAGES = ("de", "es", "fr", "hi", "ja", "pl", "pt", "tr", "uk", "ur", "zh")
MINUTES = {20: 50, 40: 18, 60: 14, 80: 8, 100: 10}
PARTS = (
    "api app auth billing build calendar chat client deploy docs import mail model report search"
)
TOPICS = "admin blocks cache core design forms index io jobs pages rules schema styles tests users"
FIRST = (
    "Ada Amir Anke Bela Chidi Dana Elif Farid Goran Hana Ines Jonas Kofi Lina Mina Noor Otto Pia"
)
LAST = (
    "Abe Blum Cruz Diallo Egger Fofana Gruber Haddad Ivanov Jansen Kaya Lang Marin Ndour Okoye Sato"
)

COLUMNS = (
    *("person_id", "name", "email", "role", "timezone", "working_hours", "start_date"),
    *("last_active", "skills", "wants", "minutes_per_week", "team", "manager_id", "languages"),
    *("pause_until", "not_with", "recent"),
)
EMPLOYMENT = ("employment_end", "known_since")
MERGE_COLUMNS = ("person_id", "kind", "authored_at", "merged_at", "areas")


@dataclass
class Person:
    """One made-up person, as one row of people.csv."""

    person_id: str
    role: str
    timezone: str
    start: date
    last: date | None
    cells: dict[str, str] = field(default_factory=dict)
    areas: list[str] = field(default_factory=list)


def make_team(count: int, seed: int) -> tuple[list[Person], list[dict[str, str]]]:
    """People (a fifth of them mentors, at least one) and the merges of newcomers."""
    draw = Random(f"{seed}:{count}")
    mentors = max(1, count // 5) if count > 1 else 0
    areas = [f"{part}/{topic}" for topic in TOPICS.split() for part in PARTS.split()]
    draw.shuffle(areas)
    areas = areas[: min(max(count // 4, 12), 200)]
    share = list(accumulate(1 / place for place in range(1, len(areas) + 1)))
    progress = Progress(2 * count)
    people = []
    for at in range(count):
        part = "mentor" if at < mentors else "mentee"
        people.append(_person(draw, seed, at, part, areas, share))
        progress.step()
    _put_into_teams(draw, people, mentors)
    merges = []
    leaders = people[:mentors]
    for person in people[mentors:]:
        merges += _merges(draw, person, leaders)
        progress.step()
    merges.sort(key=lambda row: (datetime.fromisoformat(row["merged_at"]), row["person_id"]))
    people.sort(key=lambda person: (person.role, person.person_id))
    return people, merges


class Progress:
    """Says on stderr how far it is, from the second second on."""

    def __init__(self, steps: int) -> None:
        self.steps, self.done, self.next = steps, 0, monotonic() + 2

    def step(self) -> None:
        """One of the steps is done."""
        self.done += 1
        if self.done % 256 == 0 and monotonic() > self.next:
            share = 100 * self.done // self.steps
            print(f"{share} % of the team is made up ...", file=sys.stderr, flush=True)
            self.next = monotonic() + 2


def _one_of(draw: Random, weights: dict[str, int]) -> str:
    return draw.choices(list(weights), list(weights.values()))[0]


def _some_of(draw: Random, names: list[str], share: list[float], count: int) -> list[str]:
    """Different names by their share (running sums): one that is drawn again is put back."""
    chosen: dict[str, None] = {}
    while len(chosen) < count:
        at = bisect_right(share, draw.random() * share[-1])
        chosen[names[min(at, len(names) - 1)]] = None
    return list(chosen)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _person(
    draw: Random, seed: int, at: int, role: str, areas: list[str], share: list[float]
) -> Person:
    key = hashlib.blake2b(f"{seed}:{at}".encode(), digest_size=8).hexdigest()
    if role == "mentor":
        start = REFERENCE - timedelta(days=draw.randrange(400, 3500))
        left = REFERENCE - timedelta(days=draw.randrange(-22, 120))
        last = left if draw.random() < 0.15 else None
    else:
        start = REFERENCE - timedelta(days=draw.randrange(0, NEWCOMER_DAYS))
        left = start + timedelta(days=int(draw.expovariate(1 / 45)))
        last = left if draw.random() < 0.6 and left <= LAST_KNOWN_LEAVING else None
    wished = draw.randrange(1, 5) if role == "mentee" else draw.randrange(3, 9)
    chosen = _some_of(draw, areas, share, wished)
    person = Person(f"p{key}", role, _one_of(draw, ZONES), start, last, areas=chosen)
    first, family = draw.choice(FIRST.split()), draw.choice(LAST.split())
    own = draw.choice(LANGUAGES)
    spoken = (
        [own] if draw.random() < 0.03 else [["en", own], [own, "en"], ["en"]][draw.randrange(3)]
    )
    person.cells = {
        "name": f"{first} {family}",
        "email": f"{person.person_id}@example.org",
        "working_hours": _one_of(draw, HOURS),
        "languages": ";".join(spoken),
        "minutes_per_week": _minutes(draw) if role == "mentor" else "",
        "skills": _levels(draw, person),
        "wants": ";".join(f"{area}:{n}" for n, area in enumerate(chosen, start=1))
        if role == "mentee"
        else "",
        "pause_until": _pause(draw),
    }
    return person


def _minutes(draw: Random) -> str:
    return _one_of(draw, {str(minutes): weight for minutes, weight in MINUTES.items()})


def _levels(draw: Random, person: Person) -> str:
    if person.role == "mentor":
        return ";".join(f"{area}:{draw.randrange(1, 6)}" for area in person.areas)
    known = [area for area in person.areas if draw.random() < 0.25]
    return ";".join(f"{area}:{draw.randrange(1, 3)}" for area in known)


def _pause(draw: Random) -> str:
    if draw.random() >= 0.02:
        return ""
    return (REFERENCE + timedelta(days=draw.randrange(2, 60))).isoformat()


def _put_into_teams(draw: Random, people: list[Person], mentors: int) -> None:
    """Teams of about 60, led by a mentor who answers to the first; a few private and past pairs."""
    teams = max(1, round(len(people) / TEAM_SIZE))
    led_by = [people[team % max(1, mentors)] for team in range(teams)]
    head = led_by[0]
    for at, person in enumerate(people):
        lead = led_by[at % teams]
        above = head if person is lead else lead
        person.cells["team"] = f"team-{at % teams + 1:03d}"
        person.cells["manager_id"] = "" if person is head or not mentors else above.person_id
        person.cells["not_with"] = person.cells["recent"] = ""
        if mentors and person.role == "mentee":
            for column, chance in (("not_with", 0.03), ("recent", 0.08)):
                if draw.random() < chance:
                    other = people[draw.randrange(mentors)]
                    person.cells[column] = other.person_id


def _merges(draw: Random, person: Person, mentors: list[Person]) -> list[dict[str, str]]:
    """The merged changes of a newcomer; three in ten never got one."""
    if draw.random() < 0.3:
        return []
    end = person.last or DATA_END
    rows = []
    authored_on = person.start
    while authored_on <= end and len(rows) < 12:
        authored = _moment(draw, authored_on, person.timezone)
        waited = timedelta(minutes=int(draw.lognormvariate(9.0, 1.4)))
        merger = mentors[draw.randrange(len(mentors))] if mentors else person
        merged = (authored + waited).astimezone(_zone(merger.timezone))
        if merged.date() < DATA_END:
            touched = sorted(set(draw.choices(person.areas, k=min(2, len(person.areas)))))
            rows.append(
                {
                    "person_id": person.person_id,
                    "kind": "merge",
                    "authored_at": authored.isoformat(),
                    "merged_at": merged.isoformat(),
                    "areas": ";".join(touched),
                }
            )
        if draw.random() < 0.45:
            break
        authored_on += timedelta(days=1 + int(draw.expovariate(1 / 20)))
    return rows


def _moment(draw: Random, day: date, zone: str) -> datetime:
    at = time(draw.randrange(8, 20), draw.randrange(60), draw.randrange(60))
    return datetime.combine(day, at, _zone(zone))


def _row(person: Person, employment: bool) -> dict[str, str]:
    last = person.last.isoformat() if person.last else ""
    row = {
        "person_id": person.person_id,
        "role": person.role,
        "timezone": person.timezone,
        "start_date": person.start.isoformat(),
        "last_active": last,
        **person.cells,
    }
    if employment:
        row |= {"employment_end": last, "known_since": last}
    return row


def write_team(folder: Path, count: int, seed: int, employment: bool = False) -> tuple[int, int]:
    """Writes people.csv and merges.csv into the folder; returns how many rows each has."""
    people, merges = make_team(count, seed)
    folder.mkdir(parents=True, exist_ok=True)
    columns = [*COLUMNS, *EMPLOYMENT] if employment else COLUMNS
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(person, employment) for person in people)
    with (folder / "merges.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, MERGE_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(merges)
    return len(people), len(merges)


def main(arguments: list[str]) -> int:
    """The command: prints what was written."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, required=True, metavar="N")
    parser.add_argument("--seed", type=int, required=True, metavar="S")
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="default: here")
    parser.add_argument(
        "--employment", action="store_true", help="add employment_end and known_since"
    )
    chosen = parser.parse_args(arguments)
    if chosen.people < 2:
        parser.error("--people must be 2 or more: one mentor and one mentee")
    if chosen.seed < 0:
        parser.error("--seed must not be negative")
    people, merges = write_team(chosen.out, chosen.people, chosen.seed, chosen.employment)
    print(f"{chosen.out / 'people.csv'}: {people} people")
    print(f"{chosen.out / 'merges.csv'}: {merges} merges")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
