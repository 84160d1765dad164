"""What people say of their time holds for the page, the plan and the booking alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.calendars.conftest import TUESDAY, Take
from factories.world import NOW, World
from handrail.apps.calendars import hours
from handrail.apps.calendars.holidays import next_holiday
from handrail.apps.calendars.hours import Budget, Day, Limits, Week
from handrail.apps.calendars.models import Booking, Cell
from handrail.apps.calendars.queries import free_starts, week_bits, who_blocks
from handrail.apps.calendars.refusals import CapReached, OutsideHours, SlotTaken, TooLate
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.domain.scheduling import start_of_cell

HALF_HOUR = timedelta(minutes=30)
DAY = TUESDAY.date()
NONE: dict[int, Any] = {}


@pytest.fixture
def says(world: World) -> Callable[..., None]:
    """What alice says of her time: says(week=…), says(day=…), says(buffer_before=10)."""
    alice, by = world.people["alice"], world.viewer("alice")

    def says(week: Week | None = None, day: Day | None = None, **limits: Any) -> None:
        if week is not None:
            hours.set_week(alice, week, by=by, now=NOW)
        if day is not None:
            hours.set_day(alice, day, by=by, now=NOW)
        if limits:
            hours.set_limits(alice, Limits(**limits), by=by, now=NOW)

    return says


def free(world: World) -> list[str]:
    """Alice's free starts on the Tuesday, in her time (an hour ahead of UTC)."""
    alice = world.people["alice"]
    alice.refresh_from_db()
    begin = TUESDAY - timedelta(hours=10)
    starts = free_starts([alice], begin, begin + timedelta(days=1), 20, now=NOW, host=alice)
    return [f"{start + timedelta(hours=1):%H:%M}" for start in starts]


def agree(world: World, take: Take, refusal: type[SlotTaken], why: str, at: datetime) -> None:
    """Page, plan, reason and ledger say the same of a start."""
    alice = world.people["alice"]
    alice.refresh_from_db()
    assert at not in free_starts([alice], at, at + HALF_HOUR, 20, now=NOW, host=alice)
    plan = week_bits([alice], date(2026, 2, 2), now=NOW, hosts=[alice])[alice.pk]
    slot = (at - datetime(2026, 2, 2, tzinfo=at.tzinfo)) // HALF_HOUR
    assert not plan >> slot & 1
    assert [b.why for b in who_blocks([alice], at, 20, now=NOW, host=alice)] == [why]
    with pytest.raises(refusal):
        take(at=at)
    assert not Booking.objects.filter(starts_at=at).exists()


def test_several_spans_a_day_take_the_place_of_the_working_hours(
    world: World, says: Callable[..., None], take: Take
) -> None:
    says(Week({1: ((600, 660), (840, 900))}, NONE))
    assert free(world) == ["10:00", "10:30", "14:00", "14:30"]
    agree(world, take, OutsideHours, "hours", TUESDAY + timedelta(hours=1))  # 12:00
    says(Week(NONE, NONE))
    assert len(free(world)) == 16  # 09:00 to 17:00 again


def test_closed_hours_are_cut_out_of_the_working_hours(
    world: World, says: Callable[..., None], take: Take
) -> None:
    says(Week(NONE, {1: ((540, 900),)}))
    assert free(world) == ["15:00", "15:30", "16:00", "16:30"]
    agree(world, take, OutsideHours, "closed", TUESDAY)


def test_one_day_is_closed_or_has_other_hours(
    world: World, says: Callable[..., None], take: Take
) -> None:
    says(day=Day(DAY))
    assert free(world) == []
    agree(world, take, OutsideHours, "closed", TUESDAY)
    says(Week(NONE, {1: ((0, 1440),)}), Day(DAY, ((1080, 1140),)))
    assert free(world) == ["18:00", "18:30"]
    alice = world.people["alice"]
    assert hours.days_of(alice, DAY) == [Day(DAY, ((1080, 1140),))]
    hours.clear_day(alice, DAY, by=world.viewer("alice"), now=NOW)
    assert hours.days_of(alice, DAY) == []


def test_a_holiday_of_the_chosen_country_closes_the_day(
    world: World, says: Callable[..., None], take: Take
) -> None:
    """The third of February is a holiday in Mozambique; in Berlin the eighth of March is one."""
    says(holidays_of="MZ")
    assert free(world) == []
    agree(world, take, OutsideHours, "holiday", TUESDAY)
    says(day=Day(DAY, ((600, 630),)))
    assert free(world) == ["10:00"]  # who sets hours on a holiday means them
    says(holidays_of="DE-BE")
    assert next_holiday("DE-BE", DAY, "de") == (date(2026, 3, 8), "Frauentag")
    assert next_holiday("DE-BY", DAY, "en") == (date(2026, 4, 3), "Good Friday")


def test_an_administrator_closes_a_day_for_everybody(
    world: World, says: Callable[..., None], take: Take
) -> None:
    says(day=Day(DAY, ((600, 630),)))
    admin = world.viewer("adam")
    hours.close_day(DAY, "Team  day", by=admin, now=NOW)
    assert free(world) == []
    agree(world, take, OutsideHours, "holiday", TUESDAY - HALF_HOUR * 2)
    assert [(day.day, day.name) for day in hours.closed_days(DAY)] == [(DAY, "Team day")]
    hours.reopen_day(DAY, by=admin, now=NOW)
    assert free(world) == ["10:00"]
    with pytest.raises(NotAllowed):
        hours.close_day(DAY, "Mine", by=world.viewer("bob"), now=NOW)
    with pytest.raises(Invalid) as refused:
        hours.close_day(date(2026, 1, 1), " ", by=admin, now=NOW)
    assert set(refused.value.fields) == {"day", "name"}


def test_a_buffer_belongs_to_the_one_who_wants_it_and_buffers_stack(
    world: World, says: Callable[..., None], take: Take
) -> None:
    says(buffer_before=10, buffer_after=15)
    booking = take()
    spans = {
        name: [
            f"{start_of_cell(cell):%H:%M}"
            for cell in sorted(
                Cell.objects.filter(person__external_id=name).values_list("cell", flat=True)
            )
        ]
        for name in ("alice", "bob")
    }
    assert (spans["alice"][0], spans["alice"][-1]) == ("09:50", "10:35")
    assert (spans["bob"][0], spans["bob"][-1]) == ("10:00", "10:25")
    # 10:40 would do after the one session's buffer; before the other ten minutes are kept too.
    with pytest.raises(SlotTaken):
        take(at=TUESDAY + timedelta(minutes=40), guest="charlie")
    agree(world, take, SlotTaken, "buffer", TUESDAY + HALF_HOUR)
    assert take(at=TUESDAY + timedelta(minutes=50), guest="charlie")
    take("reschedule", of=booking, at=TUESDAY + timedelta(hours=4))
    assert take(at=TUESDAY)


def test_own_notice_and_own_cap_hold_beside_the_programs(
    world: World, says: Callable[..., None], take: Take
) -> None:
    says(min_notice_minutes=27 * 60, daily_cap=1)
    agree(world, take, TooLate, "notice", TUESDAY)  # 26 hours ahead
    later = TUESDAY + timedelta(hours=2)
    booking = take(at=later, min_notice_minutes=60, daily_cap=4)
    assert free(world) == []
    agree(world, take, CapReached, "cap", later + HALF_HOUR)
    take("reschedule", of=booking, at=later + HALF_HOUR)  # its own place does not count


def test_the_minutes_of_a_week_are_one_budget_over_all_models(world: World, take: Take) -> None:
    alice = world.people["alice"]
    given = alice.minutes_per_week // 20
    for number in range(given):
        kind = ("speed", "cohort", "office_hours", "project")[number % 4]
        take(at=TUESDAY + number * HALF_HOUR, kind=kind)
    this, after = hours.budgets(alice, NOW)
    assert this == Budget(date(2026, 2, 2), given * 20, alice.minutes_per_week)
    assert (after.monday, after.given, after.left) == (date(2026, 2, 9), 0, alice.minutes_per_week)
    assert this.left < 20
    with pytest.raises(CapReached, match="no more minutes that week"):
        take(at=TUESDAY + timedelta(days=1))
    assert take(at=TUESDAY + timedelta(days=7))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"week": Week({0: ((0, 1500),)}, NONE)}, "open_0"),  # a rule of 25 hours
        ({"week": Week(NONE, {7: ((0, 60),)})}, "closed_7"),
        ({"day": Day(DAY, ((541, 600),))}, "hours"),
        ({"day": Day(date(2026, 2, 1))}, "day"),
        ({"buffer_before": 7}, "buffer_before"),
        ({"buffer_after": 65}, "buffer_after"),
        ({"min_notice_minutes": 20_161}, "min_notice_minutes"),
        ({"daily_cap": -1}, "daily_cap"),
        ({"holidays_of": "XX"}, "holidays_of"),
        ({"holidays_of": "DE-XX"}, "holidays_of"),
    ],
)
def test_nonsense_is_refused_by_the_field(
    says: Callable[..., None], wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        says(**wrong)
    assert list(refused.value.fields) == [field]


def test_only_the_person_or_an_administrator_sets_hours(world: World) -> None:
    alice = world.people["alice"]
    for change in (
        lambda by: hours.set_week(alice, Week(NONE, NONE), by=by, now=NOW),
        lambda by: hours.set_day(alice, Day(DAY), by=by, now=NOW),
        lambda by: hours.clear_day(alice, DAY, by=by, now=NOW),
        lambda by: hours.set_limits(alice, Limits(), by=by, now=NOW),
        lambda by: hours.replace_hours(alice, Week(NONE, NONE), [], Limits(), by=by, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            change(world.viewer("charlie"))


def test_all_is_replaced_at_once_or_nothing(world: World, says: Callable[..., None]) -> None:
    alice, by = world.people["alice"], world.viewer("alice")
    says(Week({0: ((540, 600),)}, NONE), Day(DAY), buffer_after=20)
    week = Week({1: ((600, 660),)}, {1: ((630, 640),)})
    days = [Day(date(2026, 2, 4), ((540, 600),))]
    with pytest.raises(Invalid):
        hours.replace_hours(alice, week, [*days, *days], Limits(), by=by, now=NOW)
    assert hours.week_of(alice) == Week({0: ((540, 600),)}, {})
    hours.replace_hours(alice, week, days, Limits(daily_cap=2), by=by, now=NOW)
    assert hours.week_of(alice) == week
    assert hours.days_of(alice, DAY) == days
    assert Limits.of(alice) == Limits(daily_cap=2)


def test_the_number_of_queries_does_not_grow_with_people(world: World) -> None:
    persons = [world.people[name] for name in ("alice", "bob", "charlie")]

    def count(some: list[Any]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            free_starts(some, TUESDAY, TUESDAY + timedelta(days=14), 20, now=NOW, host=some[0])
        return len(seen)

    assert (
        count(persons[:1]) == count(persons) == 6
    )  # busy, last days, cells, bookings, rules, closed days
