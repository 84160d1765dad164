"""Two people at the same moment: nothing is lost, nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from factories.together import own_database, together
from factories.world import MONDAY, NOW, World, make_world
from handrail.apps.calendars.models import Seat
from handrail.apps.matches.actions import propose_matches
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.sessions import actions
from handrail.apps.sessions.models import Artifact, RoomRevision, RoomText, Session

__all__ = ["own_database"]

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def world(own_database: None) -> Iterator[World]:
    made = make_world()
    with reading(made.organization):
        yield made


@pytest.fixture
def session(world: World) -> Session:
    return actions.book(
        world.program,
        world.person("bob"),
        world.person("alice"),
        START,
        "Rebase a branch without fear",
        by=world.viewer("bob"),
        now=NOW,
    )


def test_both_check_in_at_once_and_the_timer_starts(world: World, session: Session) -> None:
    alice, bob = world.viewer("alice"), world.viewer("bob")
    together(
        lambda: actions.check_in(session, by=alice, now=START),
        lambda: actions.check_in(session, by=bob, now=START),
    )
    session.refresh_from_db()
    assert (session.state, session.started_at) == ("running", START)
    seats = Seat.objects.filter(booking=session.booking)
    assert {str(seat.attendance) for seat in seats} == {"attended"}


def test_both_write_at_once_and_both_texts_are_kept(world: World, session: Session) -> None:
    def save(name: str) -> Callable[[], Any]:
        viewer = world.viewer(name)
        return lambda: actions.save_text(
            session,
            "shared_notes",
            f"{name}'s words",
            base_rev=0,
            operation=uuid4(),
            by=viewer,
            now=START,
        )

    answers = together(save("alice"), save("bob"))
    assert sorted(saved.conflict for saved in answers) == [False, True]
    current = RoomText.objects.get(session=session)
    kept = RoomRevision.objects.get(session=session, conflict=True)
    assert {current.body, kept.body} == {"alice's words", "bob's words"}


def test_one_device_sends_twice_at_once_and_it_is_one_revision(
    world: World, session: Session
) -> None:
    viewer, operation = world.viewer("bob"), uuid4()

    def save() -> Any:
        return actions.save_text(
            session,
            "shared_notes",
            "Stuck",
            base_rev=0,
            operation=operation,
            by=viewer,
            now=START,
        )

    first, second = together(save, save)
    assert (first, second) == (first, first)
    assert first.conflict is False
    assert RoomRevision.objects.filter(session=session).count() == 1


def test_both_hand_in_at_once_and_nothing_is_lost(world: World, session: Session) -> None:
    for name in ("alice", "bob"):
        actions.check_in(session, by=world.viewer(name), now=START)
    now = START + timedelta(minutes=21)

    def hand_in(name: str) -> Callable[[], Any]:
        viewer = world.viewer(name)
        return lambda: actions.save_artifact(
            session,
            learned=f"{name}'s sentence",
            next_step="Try it",
            owner=world.person("bob"),
            by=viewer,
            now=now,
        )

    answers = together(hand_in("alice"), hand_in("bob"))
    assert [getattr(one, "code", "") for one in answers].count("session-closed") == 1
    kept = RoomRevision.objects.get(session=session, conflict=True, field="learned")
    assert {Artifact.objects.get().learned, kept.body} == {"alice's sentence", "bob's sentence"}


def test_one_cancels_while_the_other_starts(world: World, session: Session) -> None:
    for name in ("alice", "bob"):
        actions.check_in(session, by=world.viewer(name), now=START - timedelta(minutes=5))
    now = START - timedelta(minutes=4)
    alice, bob = world.viewer("alice"), world.viewer("bob")
    answers = together(
        lambda: actions.start(session, by=alice, now=now),
        lambda: actions.cancel(session, by=bob, now=now),
    )
    session.refresh_from_db()
    refused = [getattr(one, "code", "") for one in answers if isinstance(one, Refusal)]
    if session.state == "running":
        assert refused == ["session-running"]
        assert session.booking.status == "confirmed"
    else:
        assert (session.state, refused) == ("cancelled", ["session-cancelled"])


def test_one_moves_while_the_other_gives_a_link_and_calendars_hear_of_both(
    world: World, session: Session
) -> None:
    alice, bob, later = world.viewer("alice"), world.viewer("bob"), START + timedelta(hours=2)
    link = "https://meet.example.org/bob"
    moved, given = together(
        lambda: actions.reschedule(session, later, by=alice, now=NOW),
        lambda: actions.give_call_link(
            session, link, base_rev=0, operation=uuid4(), by=bob, now=NOW
        ),
    )
    assert (moved.pk, given.body) == (session.pk, link)
    booking = Session.objects.get(pk=session.pk).booking
    assert (booking.starts_at, booking.sequence) == (later, 2)
    numbers = OutboxRow.objects.filter(kind__in=("mail.update", "mail.call_link"))
    assert sorted(row.ref["sequence"] for row in numbers) == [1, 1, 2, 2]


def test_a_run_published_twice_at_once_is_published_once(world: World) -> None:
    run = propose_matches(world.program, week=MONDAY, by=world.viewer("alice"), now=NOW)
    alice, adam = world.viewer("alice"), world.viewer("adam")
    answers = together(
        lambda: actions.publish_run(run, by=alice, now=NOW),
        lambda: actions.publish_run(run, by=adam, now=NOW),
    )
    outcomes = [one for one in answers if isinstance(one, actions.PublishOutcome)]
    assert len(outcomes) == 1
    assert outcomes[0].refused == []
    assert Session.objects.count() == 1
    assert OutboxRow.objects.filter(kind="mail.invitation").count() == 2


def test_the_last_session_of_a_program_is_booked_once(world: World) -> None:
    assert world.program is not None
    world.program.sessions_per_mentee = 1
    world.program.save(update_fields=["sessions_per_mentee"])
    bob, lead = world.viewer("bob"), world.viewer("alice")

    def book(viewer: Any, hours: int) -> Callable[[], Any]:
        return lambda: actions.book(
            world.program,
            world.person("bob"),
            world.person("alice"),
            START + timedelta(hours=hours),
            "Rebase a branch without fear",
            by=viewer,
            now=NOW,
        )

    answers = together(book(bob, 0), book(lead, 1))
    refused = [one.code for one in answers if isinstance(one, Refusal)]
    assert refused == ["enough-sessions"]
    assert Session.objects.count() == 1
