"""Booking, moving, cancelling: time and session change together or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from factories.world import NOW, World
from handrail.apps.calendars.models import Booking, BookingStatus, Cell
from handrail.apps.calendars.refusals import SlotTaken
from handrail.apps.matches.actions import forbid
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.actions import set_not_with
from handrail.apps.programs.actions import close_program, edit_program, enrol
from handrail.apps.sessions import actions
from handrail.apps.sessions.models import ChecklistItem, Session

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)  # Tuesday, 11:00 in Berlin


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def _book(world: World, **changes: Any) -> Session:
    request: dict[str, Any] = {
        "program": world.program,
        "mentee": world.person("bob"),
        "mentor": world.person("alice"),
        "starts_at": START,
        "objective": "Rebase a branch without fear",
        "by": world.viewer("bob"),
        "now": NOW,
        **changes,
    }
    return actions.book(**request)


def _rows() -> list[tuple[str, datetime]]:
    live = OutboxRow.objects.filter(kind__startswith="mail.", cancelled_at=None)
    return sorted(live.values_list("kind", "due_at"))


def test_a_mentee_books_and_both_are_invited_and_reminded(world: World) -> None:
    session = _book(world)
    assert (session.state, session.objective) == ("scheduled", "Rebase a branch without fear")
    assert session.booking.status == BookingStatus.CONFIRMED
    assert _rows() == [
        ("mail.invitation", NOW),
        ("mail.invitation", NOW),
        ("mail.reminder", at(-1440)),
        ("mail.reminder", at(-1440)),
        ("mail.reminder", at(-60)),
        ("mail.reminder", at(-60)),
    ]


def test_a_session_booked_for_soon_is_not_reminded_of_yesterday(world: World) -> None:
    _book(world, now=at(-300))
    assert [row for row in _rows() if row[0] == "mail.reminder"] == [
        ("mail.reminder", at(-60)),
        ("mail.reminder", at(-60)),
    ]


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_m06_without_an_objective_nothing_is_bookable(world: World, words: str) -> None:
    with pytest.raises(Conflict) as refused:
        _book(world, objective=words)
    assert refused.value.code == "no-objective"
    assert not Booking.objects.exists()


@pytest.mark.parametrize("minutes", [10, 19, 31, 60])
def test_m02_other_lengths_than_20_to_30_are_refused(world: World, minutes: int) -> None:
    assert world.program is not None
    world.program.session_minutes = minutes
    with pytest.raises(Invalid) as refused:
        _book(world)
    assert list(refused.value.fields) == ["minutes"]


def test_an_objective_is_one_sentence(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        _book(world, objective="x" * 281)
    assert list(refused.value.fields) == ["objective"]


def test_a_taken_slot_comes_with_the_next_three(world: World) -> None:
    _book(world)
    rows = _rows()
    with pytest.raises(SlotTaken) as refused:
        _book(world)
    assert refused.value.alternatives == [at(30), at(60), at(90)]
    assert (Session.objects.count(), Booking.objects.count()) == (1, 1)
    assert _rows() == rows


def test_what_fails_while_the_session_is_made_gives_the_time_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the outbox is gone")

    monkeypatch.setattr("handrail.apps.sessions.actions.making.announce_booked", broken)
    with pytest.raises(RuntimeError):
        _book(world)
    left = (Session.objects, ChecklistItem.objects, Booking.objects, Cell.objects)
    assert [kept.count() for kept in left] == [0, 0, 0, 0]


def test_a_lead_books_for_a_mentee(world: World) -> None:
    assert _book(world, by=world.viewer("alice")).state == "scheduled"


@pytest.mark.parametrize("name", ["charlie", "mona", "ana", "otto", "rita"])
def test_nobody_else_books_for_a_mentee(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        _book(world, by=world.viewer(name))


def test_who_does_not_take_part_cannot_book(world: World) -> None:
    with pytest.raises(Conflict) as refused:
        _book(world, mentee=world.person("charlie"), by=world.viewer("charlie"))
    assert refused.value.code == "not-enrolled"


def test_only_mentors_of_the_program_are_booked(world: World) -> None:
    with pytest.raises(Conflict) as refused:
        _book(world, mentor=world.person("charlie"))
    assert refused.value.code == "mentor-not-available"


def test_a_private_wish_looks_like_every_other_reason(world: World) -> None:
    set_not_with(world.person("alice"), [world.person("bob")], by=world.viewer("alice"), now=NOW)
    with pytest.raises(Conflict) as wish:
        _book(world)
    with pytest.raises(Conflict) as stranger:
        _book(world, mentor=world.person("charlie"))
    assert (wish.value.code, wish.value.message) == (stranger.value.code, stranger.value.message)


def test_a_pair_that_a_lead_forbade_is_not_booked(world: World) -> None:
    forbid(
        world.program,
        world.person("bob"),
        world.person("alice"),
        by=world.viewer("alice"),
        now=NOW,
    )
    with pytest.raises(Conflict) as refused:
        _book(world)
    assert refused.value.code == "mentor-not-available"


def test_nothing_is_booked_in_a_closed_program(world: World) -> None:
    close_program(world.program, by=world.viewer("alice"), now=NOW)
    with pytest.raises(Conflict) as refused:
        _book(world)
    assert refused.value.code == "program-not-running"


def test_nothing_is_booked_after_the_program(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        _book(world, starts_at=datetime(2026, 3, 4, 10, 0, tzinfo=UTC))
    assert refused.value.fields == {"starts_at": "Choose a time within the program."}


def test_three_sessions_are_enough(world: World) -> None:
    for n in range(3):
        _book(world, starts_at=at(60 * n))
    with pytest.raises(Conflict) as refused:
        _book(world, starts_at=at(7 * 1440))
    assert refused.value.code == "enough-sessions"
    assert Booking.objects.count() == 3


def test_a_cancelled_session_may_be_booked_again(world: World) -> None:
    for n in range(3):
        session = _book(world, starts_at=at(60 * n))
    actions.cancel(session, by=world.viewer("bob"), now=NOW)
    assert _book(world, starts_at=at(120)).state == "scheduled"


def test_the_same_key_books_once(world: World) -> None:
    edit_program(world.program, sessions_per_mentee=1, by=world.viewer("alice"), now=NOW)
    first = _book(world, key="the form was sent twice")
    assert _book(world, key="the form was sent twice").pk == first.pk
    assert Session.objects.count() == 1


def test_moving_keeps_one_session_and_updates_in_place(world: World) -> None:
    session = _book(world)
    uid = session.booking.uid
    moved = actions.reschedule(session, at(120), by=world.viewer("bob"), now=NOW)
    assert (moved.booking.starts_at, moved.booking.uid) == (at(120), uid)
    assert (moved.booking.sequence, Session.objects.count()) == (1, 1)
    assert _rows() == [
        ("mail.invitation", NOW),
        ("mail.invitation", NOW),
        ("mail.reminder", at(120 - 1440)),
        ("mail.reminder", at(120 - 1440)),
        ("mail.reminder", at(60)),
        ("mail.reminder", at(60)),
        ("mail.update", NOW),
        ("mail.update", NOW),
    ]


def test_moving_to_a_taken_slot_leaves_everything(world: World) -> None:
    _book(world, starts_at=at(120))
    session = _book(world)
    with pytest.raises(SlotTaken) as refused:
        actions.reschedule(session, at(120), by=world.viewer("bob"), now=NOW)
    assert refused.value.alternatives == [at(150), at(180), at(210)]
    session.refresh_from_db()
    assert (session.booking.starts_at, session.booking.sequence) == (START, 0)


def test_moving_to_where_it_is_changes_nothing(world: World) -> None:
    session = _book(world)
    assert actions.reschedule(session, START, by=world.viewer("bob"), now=NOW).booking.sequence == 0


def test_a_session_is_not_moved_out_of_its_program(world: World) -> None:
    session = _book(world)
    with pytest.raises(Invalid):
        actions.reschedule(
            session, datetime(2026, 3, 4, 10, 0, tzinfo=UTC), by=world.viewer("bob"), now=NOW
        )


def test_a_session_whose_start_has_passed_is_not_moved(world: World) -> None:
    session = _book(world)
    with pytest.raises(Conflict) as refused:
        actions.reschedule(session, at(120), by=world.viewer("bob"), now=at(1))
    assert refused.value.code == "already-started"


def test_m15_a_moved_session_counts_once(scene: Any) -> None:
    world = scene.world
    actions.reschedule(scene.session, at(120), by=world.viewer("bob"), now=NOW)
    for name in ("alice", "bob"):
        scene.check_in(name, at(119))
    actions.start(scene.session, by=world.viewer("bob"), now=at(120))
    assert scene.attendance() == {"alice": "attended", "bob": "attended"}
    assert Session.objects.count() == 1


def test_cancelling_early_counts_nowhere_and_frees_the_time(scene: Any) -> None:
    world = scene.world
    session = actions.cancel(scene.session, by=world.viewer("bob"), now=at(-120))
    assert (session.state, session.cancelled_by) == ("cancelled", world.person("bob"))
    assert scene.attendance() == {"alice": "not_recorded", "bob": "not_recorded"}
    assert [kind for kind, _due in _rows()] == [
        "mail.cancellation",
        "mail.cancellation",
        "mail.invitation",
        "mail.invitation",
    ]
    assert _book(world, now=at(-119)).state == "scheduled"


def test_m15_a_late_cancellation_is_the_cancellers_alone(scene: Any) -> None:
    actions.cancel(scene.session, by=scene.by("bob"), now=at(-119))
    assert scene.fresh().state == "cancelled"
    assert scene.attendance() == {"alice": "not_recorded", "bob": "late_cancelled"}


def test_a_lead_cancels_late_without_a_mark_on_anybody(scene: Any) -> None:
    actions.cancel(scene.session, by=scene.by("adam"), now=at(-10))
    assert scene.attendance() == {"alice": "not_recorded", "bob": "not_recorded"}
    assert scene.fresh().cancelled_by == scene.world.person("adam")


def test_m15_cancelling_after_the_start_is_a_no_show(scene: Any) -> None:
    scene.check_in("alice", at(0))
    session = actions.cancel(scene.session, by=scene.by("bob"), now=at(5))
    assert session.state == "not_held"
    assert scene.attendance() == {"alice": "attended", "bob": "no_show"}


def test_giving_up_where_the_other_did_not_come_either(scene: Any) -> None:
    actions.cancel(scene.session, by=scene.by("bob"), now=at(5))
    assert scene.attendance() == {"alice": "not_recorded", "bob": "no_show"}


def test_a_lead_does_not_cancel_what_has_started(scene: Any) -> None:
    with pytest.raises(Conflict) as refused:
        actions.cancel(scene.session, by=scene.by("adam"), now=at(5))
    assert refused.value.code == "already-started"


def test_cancelling_twice_is_cancelling_once(scene: Any) -> None:
    actions.cancel(scene.session, by=scene.by("bob"), now=at(-600))
    again = actions.cancel(scene.session, by=scene.by("alice"), now=at(-500))
    assert (again.cancelled_by, again.cancelled_at) == (scene.world.person("bob"), at(-600))
    assert len(scene.waiting("mail.cancellation")) == 2


def test_the_programs_days_are_the_mentees(world: World) -> None:
    # 2026-02-02 00:30 in Berlin is the day before in UTC: still the program's first day.
    night = world.add("nina", role="mentor", offers={"git": 4}, minutes_per_week=60, works=(0, 480))
    bob = world.person("bob")
    bob.works_from_min, bob.works_to_min = 0, 480
    bob.save()
    enrol(world.program, night, "mentor", by=world.system, now=NOW)
    early = datetime(2026, 2, 1, 23, 30, tzinfo=UTC)
    session = _book(world, mentor=night, starts_at=early, now=early - timedelta(days=1))
    assert session.booking.wall_time == "2026-02-02T00:30"
    assert world.program is not None
    assert world.program.starts_on == date(2026, 2, 2)
