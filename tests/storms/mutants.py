"""The ledger with one guard taken away: what finds nothing wrong with the product finds each.

They live here, never in the product. Each works until its process ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import intakes

from handrail.apps.calendars import claim as door
from handrail.apps.calendars.models import Booking, Cell
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person

PAUSE = 0.01  # between check and write: wide enough for everybody to step into


def no_person_lock() -> None:
    door.lock_people = lambda ids: {p.pk: p for p in Person.objects.filter(pk__in=ids)}


def check_before_begin() -> None:
    checked, claim, check = [], door.claim, door.check

    def early(request: ClaimRequest, *, by: Viewer, now: datetime, **more: Any) -> Booking:
        with reading(by.organization):
            people = {p.pk: p for p in Person.objects.filter(pk__in=request.people)}
            check(request, people, request.starts_at, now)
        checked.append(True)
        time.sleep(PAUSE)
        return claim(request, by=by, now=now, **more)

    door.claim = early
    door.check = lambda *_args, **_more: None


def no_key() -> None:
    check_before_begin()
    door._insert_cells = lambda *_args: None


def move_forgets_the_limit() -> None:
    check = door.check

    def forgetful(request: ClaimRequest, *args: Any, **more: Any) -> None:
        if request.action == "reschedule":
            request = door.replace(request, daily_cap=0)
        check(request, *args, **more)

    door.check = forgetful


def no_seat_check() -> None:
    door.may_sit_down = lambda *_args: None


def time_not_given_back() -> None:
    door.free_cells = lambda booking: Cell.objects.filter(booking=booking).delete()


MUTANTS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "no person lock": no_person_lock,
    "check before begin": check_before_begin,
    "no key": no_key,
    "move forgets the limit": move_forgets_the_limit,
    "no seat check": no_seat_check,
    "time not given back": time_not_given_back,
    "held seats unseen": intakes.line_forgets_what_is_held,
    "released seats come back": intakes.released_seats_come_back,
    "answer before commit": lambda: None,  # the kill judge itself answers early
}
