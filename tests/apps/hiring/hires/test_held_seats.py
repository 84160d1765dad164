"""An accepted offer holds a seat until a day; then it is the hire's, or whoever waits has it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from apps.hiring.hires.conftest import JANUARY, Desk
from handrail.apps.cohorts import actions as cohorts
from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.models import HoldEnd, HoldState, Intake, Place, SeatHold
from handrail.apps.hiring import actions
from handrail.apps.hiring.actions.holding import tend_offers
from handrail.apps.hiring.actions.offers import import_offers, record_offer
from handrail.apps.hiring.models import Offer
from handrail.apps.hiring.seat_words import seat_words
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.programs.actions import close_program

DAY = timedelta(days=1)
CLOSES = JANUARY - timedelta(days=14)  # 28 December, the last day on which the window is open


def offered(desk: Desk, applicant: str, outcome: str = "accepted", **more: object) -> Offer:
    desk.now += timedelta(seconds=1)
    decided = None if outcome == "pending" else more.pop("decided_at", desk.now)
    return record_offer(
        applicant,
        "J-7",
        offered_at=desk.now - 40 * DAY,
        outcome=outcome,
        decided_at=decided,  # type: ignore[arg-type]
        by=desk.world.viewer("rita"),
        now=desk.now,
    )


def tend(desk: Desk) -> None:
    cohorts.tend(by=desk.world.system, now=desk.now)
    desk.tend()
    tend_offers(by=desk.world.system, now=desk.now)


def holds(intake: Intake) -> list[SeatHold]:
    return line_of(intake).held


def hold_of(offer: Offer) -> SeatHold:
    offer.refresh_from_db()
    assert offer.hold is not None
    return offer.hold


def test_m11_an_accepted_offer_holds_a_seat_until_the_window_closes(desk: Desk) -> None:
    desk.rule()
    offer = offered(desk, "ann", "pending")
    assert SeatHold.objects.count() == 0
    offer = offered(desk, "ann")
    hold = hold_of(offer)
    assert (hold.intake, hold.until, hold.label) == (desk.january, CLOSES, "J-7")
    assert "28 December 2026" in seat_words(offer)
    offered(desk, "ann")  # said again it holds one seat
    assert holds(desk.january) == [hold]
    for name in ("bea", "cem", "dan", "eva", "fay"):
        desk.told(name)
    assert desk.seated(desk.january) == ["bea", "cem", "dan", "eva", "fay"]  # of six seats
    late = desk.told("gus")
    assert desk.waiting(desk.january) == ["gus"]
    assert late.intake == desk.january


def test_m11_the_hire_takes_the_seat_with_its_number_in_line(desk: Desk) -> None:
    desk.rule()
    offer = offered(desk, "ann")
    for name in ("bea", "cem", "dan", "eva", "fay", "gus"):
        desk.told(name)
    assert desk.waiting(desk.january) == ["gus"]
    desk.told("ann")
    assert hold_of(offer).state == HoldState.TAKEN
    assert desk.seated(desk.january) == ["ann", "bea", "cem", "dan", "eva", "fay"]
    assert desk.waiting(desk.january) == ["gus"]
    tend(desk)
    offer.refresh_from_db()
    assert not offer.seat_wanted
    offered(desk, "ann", "withdrawn")  # what the hire's own events say counts from now on
    assert "ann" in desk.seated(desk.january)
    desk.undone("ann")
    assert desk.seated(desk.january) == ["bea", "cem", "dan", "eva", "fay", "gus"]


@pytest.mark.parametrize("outcome", ["declined", "withdrawn", "expired"])
def test_m11_an_offer_that_falls_gives_its_seat_to_the_head_of_the_line(
    desk: Desk, outcome: str
) -> None:
    desk.rule()
    offer = offered(desk, "ann")
    for name in ("bea", "cem", "dan", "eva", "fay", "gus", "hal"):
        desk.told(name)
    assert desk.waiting(desk.january) == ["gus", "hal"]
    offered(desk, "ann", outcome)
    assert (hold_of(offer).state, hold_of(offer).why) == (HoldState.RELEASED, HoldEnd.OFFER)
    assert desk.seated(desk.january)[-1] == "gus"
    assert desk.waiting(desk.january) == ["hal"]
    again = offered(desk, "ann")  # accepted after all: at the end of the line
    assert line_of(desk.january).queue[-1] == hold_of(again)
    assert line_of(desk.january).number_of(desk.place("hal")) == 1


def test_m11_the_day_of_a_held_seat_is_the_leads_and_passes(desk: Desk) -> None:
    desk.rule()
    offer = offered(desk, "ann")
    for name in ("bea", "cem", "dan", "eva", "fay", "gus"):
        desk.told(name)
    with pytest.raises(NotAllowed):
        cohorts.hold_until(
            hold_of(offer), desk.now.date(), by=desk.world.viewer("bob"), now=desk.now
        )
    with pytest.raises(Invalid):  # who comes after the window comes into the next intake
        cohorts.hold_until(hold_of(offer), CLOSES + DAY, by=desk.lead, now=desk.now)
    cohorts.edit_intake(desk.january, held_until=date(2026, 11, 20), by=desk.lead, now=desk.now)
    assert hold_of(offer).until == date(2026, 11, 20)
    cohorts.hold_until(hold_of(offer), date(2026, 11, 10), by=desk.lead, now=desk.now)
    desk.now = datetime.combine(date(2026, 11, 10), desk.now.timetz())
    tend(desk)
    assert hold_of(offer).state == HoldState.HELD  # on that day still
    desk.now += DAY
    tend(desk)
    assert (hold_of(offer).state, hold_of(offer).why) == (HoldState.RELEASED, HoldEnd.DAY)
    assert desk.seated(desk.january)[-1] == "gus"
    tend(desk)
    assert (SeatHold.objects.count(), seat_words(offer)) == (
        1,
        "The seat that was held for this offer was released: its day has passed.",
    )
    desk.told("ann")  # late: at the end of the line, like anybody
    assert desk.waiting(desk.january) == ["ann"]


def test_a_lead_may_release_a_held_seat(desk: Desk) -> None:
    desk.rule()
    hold = hold_of(offered(desk, "ann"))
    cohorts.release_hold(hold, HoldEnd.LEAD, by=desk.lead, now=desk.now)
    tend(desk)
    assert holds(desk.january) == []
    assert SeatHold.objects.count() == 1  # the clock does not take it back


def test_m11_without_an_intake_the_seat_is_held_as_soon_as_there_is_one(desk: Desk) -> None:
    desk.rule()
    for intake in (desk.january, desk.march):
        cohorts.call_off(intake, by=desk.lead, now=desk.now)
    offer = offered(desk, "ann")
    assert offer.hold is None
    assert "as soon as" in seat_words(offer)
    opened = cohorts.open_intake(
        desk.program,
        [desk.world.person("nora")],
        opens_on=desk.now.date(),
        closes_on=CLOSES,
        starts_on=JANUARY,
        by=desk.lead,
        now=desk.now,
    )
    tend(desk)
    assert hold_of(offer).intake == opened


def test_m11_a_called_off_intake_sends_its_held_seat_to_the_next_one(desk: Desk) -> None:
    desk.rule()
    offer = offered(desk, "ann")
    since = hold_of(offer).eligible_at
    cohorts.call_off(desk.january, by=desk.lead, now=desk.now)
    tend(desk)
    assert (hold_of(offer).intake, hold_of(offer).eligible_at) == (desk.march, since)
    desk.told("ann", date(2027, 2, 1))
    assert desk.seated(desk.march) == ["ann"]
    assert holds(desk.march) == []


def test_a_hire_who_starts_later_lets_the_seat_go_and_stands_in_the_other_line(desk: Desk) -> None:
    desk.rule()
    offer = offered(desk, "ann")
    desk.told("ann", date(2027, 2, 1))
    assert hold_of(offer).why == HoldEnd.ELSEWHERE
    assert (desk.seated(desk.january), desk.seated(desk.march)) == ([], ["ann"])


def test_a_hire_without_a_day_keeps_the_held_seat(desk: Desk) -> None:
    desk.rule()
    offer = offered(desk, "ann")
    desk.told("ann", None)
    assert hold_of(offer).state == HoldState.HELD
    desk.told("ann")
    assert hold_of(offer).state == HoldState.TAKEN
    assert desk.seated(desk.january) == ["ann"]


def test_whom_the_hiring_system_told_of_first_needs_no_held_seat(desk: Desk) -> None:
    desk.rule()
    desk.told("ann")
    assert offered(desk, "ann").hold is None
    tend(desk)
    assert (holds(desk.january), desk.seated(desk.january)) == ([], ["ann"])


def test_an_undone_hire_or_one_that_is_refused_releases_the_seat(desk: Desk) -> None:
    desk.rule()
    ann, bea = offered(desk, "ann"), offered(desk, "bea")
    desk.undone("ann")
    actions.refuse_hire(desk.told("bea", None), by=desk.lead, now=desk.now)
    assert [hold_of(one).state for one in (ann, bea)] == [HoldState.RELEASED] * 2


def test_old_offers_and_jobs_of_no_cohort_hold_nothing(desk: Desk) -> None:
    assert offered(desk, "nobody-knows-the-job").hold is None
    desk.rule()
    rows = "applicant_id,requisition,offered_at,outcome,trajectory_shown,decided_at,job_family\n"
    rows += (
        "old,J-7,2026-06-01,accepted,yes,2026-06-10,\nnew,J-7,2026-10-01,accepted,yes,2026-10-30,"
    )
    import_offers(rows.encode(), filename="o.csv", by=desk.world.viewer("rita"), now=desk.now)
    tend(desk)
    told = {offer.applicant: offer.hold is not None for offer in Offer.objects.all()}
    assert told == {"nobody-knows-the-job": True, "old": False, "new": True}


def test_a_closed_program_holds_no_seats(desk: Desk) -> None:
    desk.rule()
    offer = offered(desk, "ann")
    close_program(desk.program, by=desk.lead, now=desk.now)
    tend(desk)
    assert hold_of(offer).why == HoldEnd.PROGRAM


def test_m11_groups_leave_room_and_do_not_start_over_a_held_seat(desk: Desk) -> None:
    desk.rule()
    ann = offered(desk, "ann")
    for name in ("bea", "cem", "dan", "eva", "fay", "gus"):
        desk.told(name)
    cohorts.form_groups(desk.january, by=desk.lead, now=desk.now)
    group = desk.january.cohorts.get()
    assert Place.objects.filter(cohort=group).count() == 5
    with pytest.raises(Conflict, match="waiting list"):
        cohorts.move_member(desk.place("gus"), group, by=desk.lead, now=desk.now)
    with pytest.raises(Conflict) as refused:
        cohorts.start_cohort(
            group, JANUARY, 14 * 60, by=desk.lead, now=desk.now, although_small=True
        )
    assert refused.value.code == "seats-held"
    desk.told("ann")  # sits down in the group at once
    assert hold_of(ann).state == HoldState.TAKEN
    assert desk.place("ann").cohort == group
    bob = offered(desk, "hal")
    assert line_of(desk.january).queue[-1] == hold_of(bob)
    desk.undone("ann")
    assert desk.place("gus").cohort == group  # the head of the line, not the newer offer
    cohorts.start_cohort(group, JANUARY, 14 * 60, by=desk.lead, now=desk.now)
    tend(desk)
    assert (hold_of(bob).intake, hold_of(bob).state) == (desk.march, HoldState.HELD)
