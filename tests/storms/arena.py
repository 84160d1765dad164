"""Storms on the ledger, in processes of their own: a question a line, an answer a line, in JSON.

echo '{"judge": "one_slot", "mutant": "", "processes": 8, "rounds": 5, "seed": 1}' | python arena.py

Each question is answered by a fork, so what a mutant takes away is there again for the next one.
The same judge that finds nothing wrong with the product must find each of the `mutants`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "handrail.site.settings"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

import intakes  # noqa: E402
from blocks import office_hours  # noqa: E402
from django.db import IntegrityError, connection, connections  # noqa: E402 - after setup
from mutants import MUTANTS, PAUSE  # noqa: E402

from factories.world import NOW, World  # noqa: E402
from handrail.apps.calendars import claim as door  # noqa: E402
from handrail.apps.calendars.models import (  # noqa: E402
    LIVE_STATUSES,
    Booking,
    BookingStatus,
    Cell,
    Seat,
)
from handrail.apps.calendars.requests import ClaimRequest  # noqa: E402
from handrail.apps.organizations.actions import create_organization  # noqa: E402
from handrail.apps.organizations.refusals import Refusal  # noqa: E402
from handrail.apps.organizations.scope import reading, writing  # noqa: E402
from handrail.apps.organizations.viewer import Viewer  # noqa: E402
from handrail.apps.people.models import Person  # noqa: E402

FORK = multiprocessing.get_context("fork")


def arena(guests: int) -> tuple[World, Person, list[Person]]:
    """A fresh organisation with one mentor who never sleeps, and guests who do not either."""
    world = World(create_organization(f"Arena {time.time_ns()}", now=NOW))
    always = (0, 1440)
    host = world.add("host", role="mentor", timezone="UTC", minutes_per_week=2400, works=always)
    people = [
        world.add(f"guest{n}", role="mentee", timezone="UTC", works=always) for n in range(guests)
    ]
    return world, host, people


def day_of(number: int) -> datetime:
    """Midnight of the n-th working day after now."""
    week, day = divmod(number, 5)
    return datetime(2026, 2, 9, tzinfo=UTC) + timedelta(weeks=week, days=day)


def request_for(host: Person, guest: Person, start: datetime, **more: Any) -> ClaimRequest:
    return ClaimRequest(
        action="book",
        host_id=host.pk,
        guest_ids=(guest.pk,),
        minutes=20,
        kind="speed",
        starts_at=start,
        **more,
    )


def wins(request: ClaimRequest, by: Viewer) -> bool:
    try:
        door.claim(request, by=by, now=NOW)
    except Refusal:
        return False
    return True


# The judges --------------------------------------------------------------------------------


def race(processes: int, rounds: int, run: Callable[[int, int], bool]) -> list[int]:
    """Winners of each round: all processes leave the barrier together and try once."""
    barrier = FORK.Barrier(processes)
    results = FORK.SimpleQueue()

    def runner(number: int) -> None:
        connections.close_all()
        door.between_check_and_write = lambda: time.sleep(PAUSE)
        won: list[bool] = []
        try:
            for turn in range(rounds):
                barrier.wait(60)
                won.append(run(number, turn))
        except BaseException:
            barrier.abort()  # nobody waits for who is not coming
            raise
        finally:
            connections.close_all()
            results.put((won, door.guard.cell_guard_hits))

    connections.close_all()
    runners = [FORK.Process(target=runner, args=(number,)) for number in range(processes)]
    for one in runners:
        one.start()
    told = [results.get() for _one in runners]
    for one in runners:
        one.join()
    if any(len(won) < rounds for won, _hits in told):
        raise RuntimeError("A process ended before its last round: its own message stands above.")
    race.guard_hits = sum(hits for _won, hits in told)  # type: ignore[attr-defined]
    return [sum(won[turn] for won, _hits in told) for turn in range(rounds)]


def one_slot(processes: int, rounds: int, seed: int) -> dict[str, Any]:
    """Everybody wants the same half hour of the same mentor."""
    world, host, guests = arena(processes)
    by = world.system
    winners = race(
        processes,
        rounds,
        lambda number, turn: wins(
            request_for(host, guests[number], day_of(turn) + timedelta(hours=10)), by
        ),
    )
    return {"winners": winners, "guard_hits": race.guard_hits, **broken(world)}  # type: ignore[attr-defined]


def daily_limit(processes: int, rounds: int, seed: int) -> dict[str, Any]:
    """Everybody wants another half hour of a day on which the mentor gives one session."""
    world, host, guests = arena(processes)
    by = world.system

    def run(number: int, turn: int) -> bool:
        start = day_of(turn) + timedelta(minutes=30 * number)
        return wins(request_for(host, guests[number], start, daily_cap=1), by)

    winners = race(processes, rounds, run)
    return {"winners": winners, "guard_hits": race.guard_hits, **broken(world, cap=1)}  # type: ignore[attr-defined]


def mixed(processes: int, rounds: int, seed: int) -> dict[str, Any]:
    """Book, hold, move, confirm and cancel at random, with a daily limit of three."""
    world, host, guests = arena(processes)
    by, cap = world.system, 3
    done = FORK.Value("i", 0)

    def run(number: int, turn: int) -> bool:
        chance = random.Random(f"{seed}/{number}/{turn}")
        start = day_of(chance.randrange(5)) + timedelta(minutes=30 * chance.randrange(48))
        request = request_for(host, guests[number], start, daily_cap=cap)
        with reading(world.organization):
            own = list(
                Booking.objects.filter(
                    seats__person=guests[number], status__in=LIVE_STATUSES
                ).values_list("public_id", flat=True)
            )
        verb = chance.choice(["book", "hold", "reschedule", "confirm", "cancel", "book"])
        if verb == "hold":
            until = NOW + timedelta(minutes=chance.choice([-5, 30]))
            request = door.replace(request, action="hold", hold_until=until)
        elif verb != "book" and own:
            request = door.replace(request, action=verb, booking_public_id=chance.choice(own))
        with done.get_lock():
            done.value += 1
        return wins(request, by)

    race(processes, rounds, run)
    return {"tries": done.value, "guard_hits": race.guard_hits, **broken(world, cap=cap)}  # type: ignore[attr-defined]


def moves(processes: int, rounds: int, seed: int) -> dict[str, Any]:
    """Everybody moves their own session into one day on which the mentor gives two."""
    world, host, guests = arena(processes)
    by, booked = world.system, []
    for number, guest in enumerate(guests):
        start = day_of(5 + number) + timedelta(hours=9)
        booked.append(door.claim(request_for(host, guest, start), by=by, now=NOW).public_id)

    def run(number: int, turn: int) -> bool:
        start = day_of(turn) + timedelta(minutes=30 * number)
        request = request_for(host, guests[number], start, daily_cap=2)
        return wins(
            door.replace(request, action="reschedule", booking_public_id=booked[number]), by
        )

    race(processes, min(rounds, 3), run)
    return {"guard_hits": race.guard_hits, **broken(world, cap=2, days=3)}  # type: ignore[attr-defined]


def seats(processes: int, rounds: int, seed: int) -> dict[str, Any]:
    """Everybody wants to sit down in a group that has two seats left."""
    world, host, guests = arena(processes + 1)
    by, first = world.system, guests.pop()
    groups = []
    for turn in range(rounds):
        start = day_of(turn) + timedelta(hours=10)
        asked = door.replace(request_for(host, first, start), capacity=3)
        groups.append(door.claim(asked, by=by, now=NOW).public_id)

    def run(number: int, turn: int) -> bool:
        asked = request_for(host, guests[number], day_of(turn))
        try:
            return wins(door.replace(asked, action="join", booking_public_id=groups[turn]), by)
        except IntegrityError:  # two on one number: the lock should have said no
            door.guard.cell_guard_hits += 1
            return False

    winners = race(processes, rounds, run)
    return {"winners": winners, "guard_hits": race.guard_hits, **broken(world)}  # type: ignore[attr-defined]


def kills(processes: int, rounds: int, seed: int, *, early: bool) -> dict[str, Any]:
    """A process that books and answers is killed at any moment; every answer must have stood."""
    world, host, guests = arena(1)
    by, chance = world.system, random.Random(seed)
    answers = Path(os.environ["HANDRAIL_HOME"]) / f"answers-{time.time_ns()}"
    answers.touch()
    connections.close_all()
    for turn in range(rounds):
        said = answers.stat().st_size
        child = os.fork()
        if child == 0:
            book_until_killed(world, host, guests[0], by, turn, answers, early=early)
        # From its first answer on, so that a slow machine does not kill what has not begun.
        while answers.stat().st_size == said:
            ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            assert ended is None, "the process that books ended by itself"
            time.sleep(0.001)
        time.sleep(chance.random() * 0.05)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    answered = answers.read_text().split()
    with reading(world.organization):
        there = {
            str(public_id)
            for public_id in Booking.objects.filter(status=BookingStatus.CONFIRMED).values_list(
                "public_id", flat=True
            )
        }
    lost = [one for one in answered if one not in there]
    return {"answered": len(answered), "lost": len(lost), **broken(world)}


def book_until_killed(
    world: World,
    host: Person,
    guest: Person,
    by: Viewer,
    turn: int,
    answers: Path,
    *,
    early: bool,
) -> None:
    out = os.open(answers, os.O_WRONLY | os.O_APPEND)

    def answer(booking: Booking) -> None:
        os.write(out, f"{booking.public_id}\n".encode())
        if early:
            time.sleep(0.02)

    number = 0
    while True:
        day, slot = divmod(number, 40)
        start = day_of(turn * 3 + day) + timedelta(minutes=30 * slot)
        number += 1
        try:
            booking = door.claim(
                request_for(host, guest, start),
                by=by,
                now=NOW,
                key=f"{turn}/{number}",
                on_booked=answer if early else None,
            )
        except Refusal:
            continue
        if not early:
            answer(booking)


def blocks(processes: int, rounds: int, seed: int) -> dict[str, Any]:
    """Everybody wants a time in the same turn of office hours, while its mentors hand it on."""
    world, host, guests = arena(processes)
    always = (0, 1440)
    others = [
        world.add(f"host{n}", role="mentor", timezone="UTC", minutes_per_week=2400, works=always)
        for n in (2, 3)
    ]
    return office_hours(world, [host, *others], guests, race, rounds, seed)


def intake(processes: int, rounds: int, seed: int) -> dict[str, Any]:
    """Offers, hires and a lead on one intake."""
    world, host, _guests = arena(0)
    return intakes.intake_storm(world, host, race, rounds, seed)


def broken(world: World, *, cap: int = 0, days: int = 60) -> dict[str, Any]:
    """What is wrong with the ledger now; every figure must be nought."""
    with writing(world.organization):
        live = list(Booking.objects.filter(status__in=LIVE_STATUSES))
        seats = list(Seat.objects.filter(booking__in=live).values_list("booking_id", "person_id"))
        held = set(Cell.objects.values_list("booking_id", "person_id", "cell"))
    spans = {
        b.pk: range(int(b.starts_at.timestamp()) // 300, int(b.occupied_until.timestamp()) // 300)
        for b in live
    }
    wanted = {(b, person, cell) for b, person in seats for cell in spans[b]}
    taken = [(person, cell) for _booking, person, cell in wanted]
    a_day: dict[str, int] = {}
    for booking in live:
        if booking.starts_at < day_of(days):
            day = booking.starts_at.date().isoformat()
            a_day[day] = a_day.get(day, 0) + 1
    return {
        "overlaps": len(taken) - len(set(taken)),
        "cells_astray": len(wanted ^ held),
        "days_over_limit": sum(count > cap for count in a_day.values()) if cap else 0,
    }


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    mutant = asked.pop("mutant", "")
    MUTANTS[mutant]()
    judge = asked.pop("judge")
    if judge == "kills":
        return kills(**asked, early=mutant == "answer before commit")
    judges = {
        "one_slot": one_slot,
        "daily_limit": daily_limit,
        "mixed": mixed,
        "moves": moves,
        "seats": seats,
        "blocks": blocks,
        "intake": intake,
    }
    return judges[judge](**asked)


def main() -> None:
    for question in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdout.write(json.dumps(answer(json.loads(question))) + "\n")
            sys.stdout.flush()
            connection.close()
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit("the judge did not come to an end")


if __name__ == "__main__":
    main()
