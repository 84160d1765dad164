"""The supply clock: silence moves a request on, and pauses who stays silent, kindly."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from apps.requests.conftest import TUESDAY, Ask, mails
from apps.requests.test_asking import asked, state
from factories.world import NOW, World
from handrail.apps.calendars.models import Booking, Cell
from handrail.apps.organizations.actions import record_consent
from handrail.apps.outbox.actions import drain
from handrail.apps.outbox.tasks import enqueue_rules
from handrail.apps.people.models import Person
from handrail.apps.requests import actions

HOUR = timedelta(hours=1)
WEDNESDAY = TUESDAY + 24 * HOUR


def clock(world: World, now: datetime) -> int:
    return actions.move_on(by=world.system, now=now)


def test_silence_moves_on_after_the_hours_and_not_before(world: World, ask: Ask) -> None:
    request = ask(at=WEDNESDAY)
    assert clock(world, NOW + 23 * HOUR) == 0
    assert clock(world, NOW + 24 * HOUR) == 1
    assert asked(request) == [("alice", "silent"), ("nora", "waiting")]
    (held,) = Booking.objects.filter(status="hold")
    assert (held.host.external_id, held.starts_at) == ("nora", WEDNESDAY)


def test_the_worker_moves_requests_on_by_itself(world: World, ask: Ask) -> None:
    request = ask(at=WEDNESDAY)
    now = NOW + 25 * HOUR
    enqueue_rules(now=now)
    while drain(now=now).delivered:
        pass
    assert asked(request)[0] == ("alice", "silent")


def test_nobody_is_left_when_all_are_silent(world: World, ask: Ask) -> None:
    request = ask(at=TUESDAY + 7 * 24 * HOUR)
    now = NOW
    for _mentor in range(3):
        now += 24 * HOUR
        clock(world, now)
    assert [answer for _name, answer in asked(request)] == ["silent"] * 3
    assert state(request) == "nobody"
    assert not Cell.objects.exists()
    assert mails("request_nobody") == [str(world.person("bob").public_id)]


def test_two_silences_in_a_row_pause_for_a_week_with_a_mail(world: World, ask: Ask) -> None:
    alice = world.person("alice")
    first = ask(at=WEDNESDAY)
    clock(world, NOW + 24 * HOUR)
    alice.refresh_from_db()
    assert alice.pause_until is None
    now = NOW + 25 * HOUR
    actions.withdraw(first, by=world.viewer("bob"), now=now)
    ask(at=WEDNESDAY + 24 * HOUR, now=now)
    clock(world, now + 24 * HOUR)
    alice.refresh_from_db()
    # Tuesday and a day: Wednesday 4 February, and a week.
    assert alice.pause_until == date(2026, 2, 11)
    assert mails("mentor_paused") == [str(alice.public_id)]


def test_an_answer_between_two_silences_pauses_nobody(world: World, ask: Ask) -> None:
    first = ask(at=WEDNESDAY)
    clock(world, NOW + 24 * HOUR)
    now = NOW + 25 * HOUR
    actions.withdraw(first, by=world.viewer("bob"), now=now)
    second = ask(at=WEDNESDAY + 24 * HOUR, now=now)
    actions.decline(second, by=world.viewer("alice"), now=now)
    actions.withdraw(second, by=world.viewer("bob"), now=now)
    ask(at=WEDNESDAY + 48 * HOUR, now=now)
    clock(world, now + 24 * HOUR)
    assert not Person.objects.exclude(pause_until=None).exists()


def test_who_does_not_want_to_be_paused_is_passed_over_only(world: World, ask: Ask) -> None:
    alice = world.person("alice")
    record_consent(
        alice.public_id,
        "silence_pauses",
        False,
        text_version="1",
        channel="web",
        by=world.viewer("alice"),
        now=NOW,
    )
    first = ask(at=WEDNESDAY)
    clock(world, NOW + 24 * HOUR)
    now = NOW + 25 * HOUR
    actions.withdraw(first, by=world.viewer("bob"), now=now)
    second = ask(at=WEDNESDAY + 24 * HOUR, now=now)
    clock(world, now + 24 * HOUR)
    assert asked(second)[0] == ("alice", "silent")
    assert not Person.objects.exclude(pause_until=None).exists()


def test_a_mentee_who_does_not_tell_more_gets_the_request_back(world: World, ask: Ask) -> None:
    request = ask(at=WEDNESDAY)
    actions.question(request, "Which branch?", by=world.viewer("alice"), now=NOW + HOUR)
    clock(world, NOW + 25 * HOUR)
    assert (state(request), asked(request)) == ("withdrawn", [("alice", "withdrawn")])
    assert not Cell.objects.exists()
    assert not Person.objects.exclude(pause_until=None).exists()


def test_an_answer_in_the_last_moment_counts(world: World, ask: Ask) -> None:
    request = ask(at=WEDNESDAY)
    actions.accept(request, by=world.viewer("alice"), now=NOW + 24 * HOUR)
    assert clock(world, NOW + 24 * HOUR) == 0
    assert state(request) == "booked"


def test_a_request_that_lost_its_mentor_half_way_is_taken_up_again(world: World, ask: Ask) -> None:
    request = ask(at=WEDNESDAY)
    # Declined, and the row that would ask the next one was lost with its worker.
    actions.decline(request, by=world.viewer("alice"), now=NOW + HOUR)
    clock(world, NOW + 2 * HOUR)
    assert asked(request) == [("alice", "declined"), ("nora", "waiting")]
