"""Asking for a session: held, accepted, declined, told more, taken back; who may do what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apps.requests.conftest import TUESDAY, Ask, mails
from factories.world import NOW, World
from handrail.apps.calendars.models import Booking, Cell
from handrail.apps.calendars.refusals import SlotTaken
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.outbox.actions import drain
from handrail.apps.people.actions import set_not_with
from handrail.apps.people.models import EmploymentSpell, Person, Skill
from handrail.apps.programs.actions import edit_program
from handrail.apps.requests import actions, queries
from handrail.apps.requests.models import MentoringRequest
from handrail.apps.requests.options import Option, options_for
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.queries import mentors_to_book

HOUR = timedelta(hours=1)


def state(request: MentoringRequest) -> str:
    request.refresh_from_db()
    return str(request.state)


def asked(request: MentoringRequest) -> list[tuple[str, str]]:
    """Who was asked in turn, and how it went."""
    return [(ask.mentor.external_id, str(ask.answer)) for ask in request.asks.all()]


def offered(world: World, to: str = "bob") -> list[Option]:
    assert world.program is not None
    skill = Skill.objects.get(name="git")
    return options_for(world.program, world.person(to), skill, minutes=20, now=NOW)


def test_m02_every_mentor_offered_says_why_and_the_slot_is_free_for_both(world: World) -> None:
    found = offered(world)
    assert [one.mentor.external_id for one in found] == [
        "alice",
        "nora",
        "ole",
    ]  # two levels ahead fits best
    assert found[0].why[0] == "Strong at git: level 4 of 5, you start at 2."
    # Four hours of notice from 09:00 in Berlin, then every half hour that both work.
    first = [start.strftime("%d %H:%M") for start in found[0].starts]
    assert first == ["02 12:00", "02 12:30", "02 13:00", "02 13:30", "02 14:00", "02 14:30"]


def test_a_mentor_is_offered_from_their_first_day_on(world: World) -> None:
    program, bob = world.program, world.person("bob")
    assert program is not None

    def names(now: datetime) -> list[str]:
        found = options_for(program, bob, None, minutes=20, now=now)
        booked = mentors_to_book(world.viewer("bob"), program, bob, now=now)
        assert {one.mentor.pk for one in found} == {one.person.pk for one in booked}
        return sorted(one.mentor.external_id for one in found)

    EmploymentSpell.objects.filter(person=world.person("nora")).update(started_on=date(2026, 2, 4))
    assert names(NOW) == ["alice", "ole"]
    assert names(NOW + timedelta(days=2)) == ["alice", "nora", "ole"]


@pytest.mark.parametrize("minutes", [15, 35, 60])
def test_m02_other_lengths_are_refused(ask: Ask, minutes: int) -> None:
    with pytest.raises(Invalid, match="20 to 30 minutes"):
        ask(minutes=minutes)
    assert not MentoringRequest.objects.exists()


def test_asking_holds_the_time_for_both_and_tells_the_mentor(world: World, ask: Ask) -> None:
    request = ask(note="I tried merge")
    booking = Booking.objects.get()
    assert (booking.status, booking.hold_until) == ("hold", TUESDAY - HOUR)
    assert Cell.objects.filter(booking=booking).count() == 12
    (only,) = request.asks.all()
    # A weekday is 24 hours: Tuesday 08:00 UTC, before the hold ends at 09:00.
    assert only.answer_by == NOW + 24 * HOUR
    assert mails("request_asked") == [str(world.person("alice").public_id)]
    assert not Session.objects.exists()


def test_one_request_is_open_at_a_time(ask: Ask) -> None:
    ask()
    with pytest.raises(Conflict, match="You have asked already"):
        ask("nora", at=TUESDAY + HOUR)
    assert Booking.objects.filter(status="hold").count() == 1


def test_too_soon_for_an_answer_is_refused_with_later_times(ask: Ask) -> None:
    with pytest.raises(SlotTaken, match="too soon for an answer") as refused:
        ask(at=NOW + 2 * HOUR)
    assert refused.value.alternatives[0] == NOW + 4 * HOUR


def test_an_accepted_request_is_a_session_with_invitations(world: World, ask: Ask) -> None:
    request = ask()
    session = actions.accept(request, by=world.viewer("alice"), now=NOW + HOUR)
    assert (session.state, session.objective) == ("scheduled", "Rebase a branch without fear")
    assert session.booking.status == "confirmed"
    assert state(request) == "booked"
    assert len(mails("invitation")) == 2
    again = actions.accept(request, by=world.viewer("alice"), now=NOW + HOUR)
    assert again.pk == session.pk
    assert len(mails("invitation")) == 2


def test_a_declined_request_goes_on_to_the_next_at_the_same_time(world: World, ask: Ask) -> None:
    request = ask()
    actions.decline(request, by=world.viewer("alice"), now=NOW + HOUR)
    while drain(now=NOW + HOUR).delivered:
        pass
    assert asked(request) == [("alice", "declined"), ("nora", "waiting")]
    (held,) = Booking.objects.filter(status="hold")
    assert (held.host.external_id, held.starts_at) == ("nora", TUESDAY)
    assert mails("request_goes_on") == [str(world.person("bob").public_id)]
    with pytest.raises(Conflict, match="does not wait"):
        actions.accept(request, by=world.viewer("alice"), now=NOW + HOUR)


def test_who_does_not_want_it_to_go_on_is_told_instead(world: World, ask: Ask) -> None:
    request = ask(goes_on=False)
    actions.decline(request, by=world.viewer("alice"), now=NOW + HOUR)
    while drain(now=NOW + HOUR).delivered:
        pass
    assert (state(request), asked(request)) == ("nobody", [("alice", "declined")])
    assert mails("request_nobody") == [str(world.person("bob").public_id)]


def test_tell_me_more_turns_the_clock_and_the_answer_turns_it_back(world: World, ask: Ask) -> None:
    request = ask(at=TUESDAY + 24 * HOUR)
    alice, bob = world.viewer("alice"), world.viewer("bob")
    actions.question(request, "Which branch?", by=alice, now=NOW + HOUR)
    assert state(request) == "tell_more"
    assert [one.request for one in queries.to_answer(bob)] == [request]
    assert queries.to_answer(alice) == []
    with pytest.raises(Conflict, match="asked already"):
        actions.question(request, "And why?", by=alice, now=NOW + HOUR)
    actions.tell(request, "The docs branch", by=bob, now=NOW + 3 * HOUR)
    (card,) = queries.to_answer(alice)
    assert card.ask is not None
    assert card.ask.answer_by == NOW + 27 * HOUR
    assert [message.body for message in card.messages] == ["Which branch?", "The docs branch"]
    assert Booking.objects.get().status == "hold"
    actions.accept(request, by=alice, now=NOW + 4 * HOUR)
    assert state(request) == "booked"


def test_taken_back_frees_the_time_and_tells_the_mentor(world: World, ask: Ask) -> None:
    request = ask()
    actions.withdraw(request, by=world.viewer("bob"), now=NOW + HOUR)
    assert (state(request), asked(request)) == ("withdrawn", [("alice", "withdrawn")])
    assert not Cell.objects.exists()
    assert mails("request_taken_back") == [str(world.person("alice").public_id)]
    actions.withdraw(request, by=world.viewer("bob"), now=NOW + HOUR)
    with pytest.raises(Conflict, match="does not wait"):
        actions.accept(request, by=world.viewer("alice"), now=NOW + HOUR)
    ask(now=NOW + HOUR)  # and may ask again


ACTS: dict[str, Any] = {
    "accept": actions.accept,
    "decline": actions.decline,
    "question": lambda request, **who: actions.question(request, "What?", **who),
    "withdraw": actions.withdraw,
    "tell": lambda request, **who: actions.tell(request, "This.", **who),
}


@pytest.mark.parametrize("who", ["charlie", "nora", "adam"])
@pytest.mark.parametrize("verb", sorted(ACTS))
def test_strangers_other_mentors_and_administrators_do_not_answer(
    world: World, ask: Ask, verb: str, who: str
) -> None:
    request = ask()
    with pytest.raises(NotFound):
        ACTS[verb](request, by=world.viewer(who), now=NOW)
    assert asked(request) == [("alice", "waiting")]


@pytest.mark.parametrize(
    ("verb", "who"),
    [
        ("accept", "bob"),
        ("decline", "bob"),
        ("question", "bob"),
        ("withdraw", "alice"),
        ("tell", "alice"),
    ],
)
def test_each_of_the_two_has_verbs_of_their_own(
    world: World, ask: Ask, verb: str, who: str
) -> None:
    request = ask()
    with pytest.raises(NotAllowed):
        ACTS[verb](request, by=world.viewer(who), now=NOW)
    assert asked(request) == [("alice", "waiting")]


def test_a_lead_sees_who_waits_but_not_what_was_written(world: World, ask: Ask) -> None:
    request = ask("nora", note="I am lost")
    assert world.program is not None
    (seen,) = queries.requests_of_program(world.viewer("alice"), world.program)
    assert seen == request
    with pytest.raises(NotFound):
        queries.request_for(world.viewer("alice"), request.public_id)
    with pytest.raises(NotAllowed):
        queries.requests_of_program(world.viewer("bob"), world.program)


def test_a_mentor_on_the_private_list_is_neither_offered_nor_asked(world: World, ask: Ask) -> None:
    set_not_with(world.person("bob"), [world.person("nora")], by=world.viewer("bob"), now=NOW)
    assert [one.mentor.external_id for one in offered(world)] == ["alice", "ole"]
    with pytest.raises(Conflict, match="not available here"):
        ask("nora")


def test_the_budget_of_a_week_counts_what_is_held(world: World, ask: Ask) -> None:
    Person.objects.filter(pk=world.person("alice").pk).update(minutes_per_week=20)
    ask()
    found = offered(world, "charlie")
    starts = next(one.starts for one in found if one.mentor.external_id == "alice")
    assert min(starts).strftime("%d") == "09"  # the Monday after


def test_waiting_time_is_told_from_five_requests_on(world: World, ask: Ask) -> None:
    assert world.program is not None
    edit_program(world.program, by=world.system, now=NOW, sessions_per_mentee=12)
    for number in range(5):
        mentor = "nora" if number % 2 else "alice"
        request = ask(mentor, at=TUESDAY + number * HOUR)
        told = queries.waiting_time(world.program, now=NOW)
        assert (told.half_within, told.answered) == (None, number)
        actions.accept(request, by=world.viewer(mentor), now=NOW + (number + 1) * HOUR)
    assert queries.waiting_time(world.program, now=NOW).half_within == 3 * HOUR
