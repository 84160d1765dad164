"""One intake in a storm: offers are accepted and fall, hires come and go, groups are filled."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from factories.world import World
from handrail.apps.cohorts import actions as cohorts
from handrail.apps.cohorts.actions import forming, holding
from handrail.apps.cohorts.line import Line, line_of
from handrail.apps.cohorts.models import Cohort, HoldEnd, HoldState, Intake, Place, SeatHold
from handrail.apps.hiring import actions as hiring
from handrail.apps.hiring.actions import settling
from handrail.apps.hiring.actions.holding import tend_offers
from handrail.apps.hiring.actions.offers import record_offer
from handrail.apps.hiring.models import Offer
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.actions import create_program, start_program
from handrail.integrations.webhooks.parsed import HireEvent

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
STARTS = date(2027, 1, 11)
SEATS, PEOPLE = 6, 12
Race = Callable[[int, int, Callable[[int, int], bool]], list[int]]


def intake_storm(world: World, host: Person, race: Race, rounds: int, seed: int) -> dict[str, Any]:
    """Everybody does something to the same intake, a round at once; what is wrong afterwards."""
    by = world.system
    with reading(world.organization):
        program = create_program("first-twelve-weeks", starts_on=NOW.date(), by=by, now=NOW)
        start_program(program, by=by, now=NOW)
        intake = cohorts.open_intake(
            program, [host], opens_on=NOW.date(), closes_on=STARTS - timedelta(days=14),
            starts_on=STARTS, hired_from=NOW.date(), seats=SEATS, by=by, now=NOW,
        )  # fmt: skip
        hiring.add_rule(program, job="J", asks_lead=False, by=by, now=NOW)
    seen: dict[str, int] = {}
    found = {"over": 0, "overtaken": 0, "done": 0}
    for turn in range(rounds):

        def run(number: int, _zero: int, turn: int = turn) -> bool:
            chance = random.Random(f"{seed}/{number}/{turn}")
            now = NOW + timedelta(minutes=turn, seconds=number)
            with reading(world.organization), suppress(Refusal):
                _something(intake, f"a{chance.randrange(PEOPLE)}", chance, by, now)
                return True
            return False

        found["done"] += sum(race(8, 1, run))
        with reading(world.organization):
            # The lead has the last word of a round: every seat that shows as free is given.
            _fill(intake, by, NOW + timedelta(minutes=turn, seconds=30))
            _judge(intake, seen, turn, found)
    return found


def _something(intake: Intake, who: str, chance: random.Random, by: Viewer, now: datetime) -> None:
    verb = chance.choice(["accept", "accept", "hire", "hire", "fall", "undo", "fill", "late"])
    if verb in ("accept", "fall"):
        record_offer(
            who, "J", offered_at=NOW - timedelta(days=1), by=by, now=now, decided_at=now,
            outcome="accepted" if verb == "accept" else "declined",
        )  # fmt: skip
    elif verb in ("hire", "undo"):
        event = HireEvent(
            source="greenhouse", application=who, undone=verb == "undo", name=who, work_email="",
            personal_email="", job="J", job_title="", department="", occurred_at=now,
            start_date=None if verb == "undo" else date(2027, 1, 4),
        )  # fmt: skip
        hiring.take_hire(event, connection="g", delivery=now.isoformat(), by=by, now=now)
        tend_offers(by=by, now=now)
    elif verb == "fill":
        _fill(intake, by, now)
    else:
        held = SeatHold.objects.filter(intake=intake, state=HoldState.HELD)
        for hold in list(held.select_related("intake__program"))[:1]:
            cohorts.release_hold(hold, HoldEnd.DAY, by=by, now=now)


def _fill(intake: Intake, by: Viewer, now: datetime) -> None:
    group = Cohort.objects.get(intake=intake)
    for place in Place.objects.filter(intake=intake, cohort=None).select_related("intake"):
        with suppress(Refusal):
            cohorts.move_member(place, group, by=by, now=now)


def _judge(intake: Intake, seen: dict[str, int], turn: int, found: dict[str, int]) -> None:
    """More in the group and held than there are seats, and whoever came back to an old number."""
    line: Line = line_of(intake)
    sitting = Place.objects.filter(cohort__intake=intake, left_at=None).count()
    held = SeatHold.objects.filter(intake=intake, state=HoldState.HELD)
    mine = {str(one.hold_id): one.applicant for one in Offer.objects.exclude(hold=None)}
    found["over"] += sitting + len(line.held) > SEATS
    stands = {f"{mine.get(str(hold.pk))} {hold.eligible_at}" for hold in held}
    for place in Place.objects.filter(intake=intake).select_related("person"):
        stands.add(f"{place.person.name} {place.eligible_at}")
    # Whose number was given up once never has it again: somebody counted on it meanwhile.
    found["overtaken"] += sum(seen.get(one, turn - 1) < turn - 1 for one in stands)
    seen.update(dict.fromkeys(stands, turn))


def line_forgets_what_is_held() -> None:
    """A mutant: whoever fills a group does not see the seats that are held."""

    def blind(intake: Intake) -> Line:
        line = line_of(intake)
        places = line.seated + line.waiting
        return Line(places[: line.seats], [], list(places[line.seats :]), line.seats)

    forming.line_of = blind  # type: ignore[attr-defined]
    holding.line_of = blind  # type: ignore[attr-defined]


def released_seats_come_back() -> None:
    """A mutant: a hire takes the number of a seat that was released before."""
    end = holding._end

    def forgetful(which: Any, state: HoldState, why: str, now: datetime) -> int:
        if state == HoldState.TAKEN:
            return SeatHold.objects.filter(which).update(state=state)
        return end(which, state, why, now)

    def any_hold(hire: Any) -> SeatHold | None:
        offer = Offer.objects.filter(applicant=hire.application).exclude(hold=None).first()
        return offer.hold if offer else None

    holding._end = forgetful
    settling.hold_of = any_hold  # type: ignore[attr-defined]
