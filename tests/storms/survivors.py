"""Processes that go on booking while their database is killed and comes back.

python survivors.py PROCESSES STOP [early]

Each answer is a line in the file STOP.answers. They end when the file STOP is there; then what was
answered is looked up, and one JSON object says what was lost. `early` is the mutant that answers
before the commit.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import arena as one
from django.db import Error, connections

from factories.world import World
from handrail.apps.calendars.models import Booking, BookingStatus
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Person

SLOTS_A_DAY = 48


def book_until_told(
    world: World, host: Person, guest: Person, number: int, stop: Path, *, early: bool
) -> None:
    """Book slot after slot of one mentor; a lost connection is opened anew."""
    out = os.open(f"{stop}.answers", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def answer(booking: Booking) -> None:
        os.write(out, f"{booking.public_id}\n".encode())
        if early:
            time.sleep(0.05)

    turn = 0
    while not stop.exists():
        day, slot = divmod(turn, SLOTS_A_DAY)
        start = one.day_of(day) + timedelta(minutes=30 * slot)
        turn += 1
        try:
            booking = one.door.claim(
                one.request_for(host, guest, start),
                by=world.system,
                now=one.NOW,
                key=f"{number}/{turn}",
                on_booked=answer if early else None,
            )
        except Refusal:
            continue
        except Error:
            connections.close_all()
            time.sleep(0.05)
            continue
        if not early:
            answer(booking)


def main() -> None:
    processes, stop, early = int(sys.argv[1]), Path(sys.argv[2]), "early" in sys.argv
    world, host, guests = one.arena(processes)
    # Minutes are not what this is about: nobody runs out of them.
    with reading(world.organization):
        Person.objects.filter(pk=host.pk).update(minutes_per_week=60_000)
    connections.close_all()
    runners = [
        one.FORK.Process(
            target=book_until_told, args=(world, host, guest, number, stop), kwargs={"early": early}
        )
        for number, guest in enumerate(guests)
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    answered = Path(f"{stop}.answers").read_text().split()
    with reading(world.organization):
        rows = Booking.objects.filter(status=BookingStatus.CONFIRMED)
        there = {str(public_id) for public_id in rows.values_list("public_id", flat=True)}
    lost = sum(name not in there for name in answered)
    told = {"answered": len(answered), "lost": lost, **one.broken(world)}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
