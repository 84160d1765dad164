"""Turns: shared evenly, each with its reason, moved on when somebody cannot."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.office_hours.conftest import TUESDAY, Office, at, make_office
from factories.world import NOW, World
from handrail.apps.calendars.hours import close_day
from handrail.apps.calendars.refusals import SlotTaken
from handrail.apps.matches.wording import sentence
from handrail.apps.office_hours import actions
from handrail.apps.office_hours.models import Turn, TurnState
from handrail.apps.office_hours.pool import mentors_of
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.actions import pause, set_not_with
from handrail.apps.people.models import EmploymentSpell
from handrail.apps.programs.actions import close_program, enrol, leave
from handrail.apps.programs.models import Enrolment
from handrail.apps.sessions.actions import book as book_speed
from handrail.apps.sessions.models import Session, SessionState


def levels(office: Office) -> Counter[str]:
    return Counter(name for name in office.hosts() if name != "-")


def test_m04_turns_differ_by_at_most_one_over_a_rotation(office: Office) -> None:
    assert len(office.turns()) == 4  # as many weeks ahead
    for week in range(1, 9):
        assert office.plan(NOW + timedelta(weeks=week)) == 1
        counts = [levels(office)[name] for name in ("alice", "marc", "nora")]
        assert max(counts) - min(counts) <= 1
    assert [turn.starts_at for turn in office.turns()][:2] == [TUESDAY, at(weeks=1)]
    assert {reason["code"] for turn in office.turns() for reason in turn.reasons} <= {
        "fewest_turns",
        "turn_drawn",
        "makes_up",
    }
    assert office.plan(NOW + timedelta(weeks=8)) == 0  # nothing new, nothing twice


def test_m04_a_turn_keeps_the_mentor_from_all_other_models(office: Office) -> None:
    turn = office.turns()[0]
    assert turn.host is not None
    world = office.world
    if turn.host.external_id != "alice":
        enrol(world.program, turn.host, "mentor", by=world.system, now=NOW)
    with pytest.raises(SlotTaken):
        book_speed(
            world.program,
            world.person("bob"),
            turn.host,
            at(minutes=20),
            "Rebase",
            by=world.viewer("bob"),
            now=NOW,
        )


def test_closed_days_have_no_turn_and_a_mentors_own_days_pass_to_others(
    fresh_world: World,
) -> None:
    world = fresh_world
    with reading(world.organization):
        close_day(date(2026, 2, 10), "Team day", by=world.viewer("adam"), now=NOW)
        office = make_office(world)
        pause(world.person("marc"), date(2026, 2, 20), by=world.viewer("marc"), now=NOW)
        office.plan()
        assert [turn.state for turn in office.turns()] == [
            "planned",
            "day_off",
            "planned",
            "planned",
        ]
        # Marc is away on the 3rd and the 17th; the 24th is his.
        assert office.hosts()[3] == "marc"
        assert levels(office) == Counter(alice=1, marc=1, nora=1)


def test_m04_an_absent_mentors_turn_moves_on_with_what_is_booked_in_it(office: Office) -> None:
    turn = office.turns()[0]
    absent = turn.host
    assert absent is not None
    session = office.book("bob", turn)
    before = levels(office)
    actions.cannot(turn, by=office.world.viewer(absent.external_id), now=NOW)
    turn.refresh_from_db()
    assert turn.host is not None
    assert turn.host != absent
    session = Session.objects.select_related("booking").get(pk=session.pk)
    assert (session.booking.host, session.booking.starts_at) == (turn.host, TUESDAY)
    assert session.state == SessionState.SCHEDULED
    # The debt is kept: the turn counts for who took it, and the next new one makes up for it.
    after = levels(office)
    assert (before - after, after - before) == (
        Counter({absent.external_id: 1}),
        Counter({turn.host.external_id: 1}),
    )
    names = {str(absent.public_id): absent.name}
    assert sentence(turn.reasons[0], names) == f"Takes over from {absent.name}, who owes a turn."
    told = OutboxRow.objects.filter(kind__in=("mail.turn_off", "mail.new_mentor"), done_at=None)
    assert {(row.kind, row.ref["person"]) for row in told} == {
        ("mail.turn_off", str(absent.public_id)),
        ("mail.new_mentor", str(office.world.person("bob").public_id)),
    }
    # Saying it twice is saying it once.
    again = actions.cannot(turn, by=office.world.viewer(absent.external_id), now=NOW)
    assert again.host == turn.host
    for week in range(1, 4):
        office.plan(NOW + timedelta(weeks=week))
    counts = [levels(office)[name] for name in ("alice", "marc", "nora")]
    assert max(counts) - min(counts) <= 1


def test_a_turn_passes_over_who_is_privately_not_with_who_booked(office: Office) -> None:
    turn = office.turns()[0]
    assert turn.host is not None
    office.book("bob", turn)
    others = [n for n in ("alice", "marc", "nora") if n != turn.host.external_id]
    kept_from = office.world.person(others[0])
    set_not_with(office.world.person("bob"), [kept_from], by=office.world.viewer("bob"), now=NOW)
    actions.cannot(turn, by=office.world.system, now=NOW)
    turn.refresh_from_db()
    assert turn.host == office.world.person(others[1])


def test_where_nobody_can_everybody_is_told_and_it_is_tried_again(office: Office) -> None:
    turn = office.turns()[0]
    session = office.book("bob", turn)
    for _mentor in range(3):
        turn.refresh_from_db()
        assert turn.host is not None
        actions.cannot(turn, by=office.world.viewer(turn.host.external_id), now=NOW)
    turn.refresh_from_db()
    session.refresh_from_db()
    assert (turn.state, turn.host, turn.booking) == (TurnState.NOBODY, None, None)
    assert session.state == SessionState.CANCELLED
    told = OutboxRow.objects.filter(kind="mail.turn_nobody").values_list("ref__person", flat=True)
    assert set(told) == {
        str(office.world.person(name).public_id) for name in ("alice", "bob")
    }  # the lead, and who had booked
    assert office.cells("bob") == 0
    office.world.add("olga", role="mentor", minutes_per_week=60)
    enrol(office.program, office.world.person("olga"), "mentor", by=office.world.system, now=NOW)
    office.plan()
    assert office.hosts()[0] == "olga"


def test_who_leaves_the_rota_gives_their_turns_on(office: Office) -> None:
    turn = office.turns()[0]
    assert turn.host is not None
    part = Enrolment.objects.get(program=office.program, person=turn.host)
    leave(part, by=office.world.system, now=NOW)
    actions.run(by=office.world.system, now=NOW)
    assert turn.host.external_id not in office.hosts()
    assert office.cells(turn.host.external_id) == 0
    close_program(office.program, by=office.world.system, now=NOW)
    actions.run(by=office.world.system, now=NOW)
    assert {t.state for t in office.turns()} == {"dropped"}
    assert sum(office.cells(name) for name in ("alice", "marc", "nora")) == 0


def test_only_its_host_or_who_runs_the_program_says_that_one_cannot(office: Office) -> None:
    turn = next(t for t in office.turns() if t.host and t.host.external_id != "marc")
    for who in ("marc", "bob", "charlie"):
        with pytest.raises(NotAllowed):
            actions.cannot(turn, by=office.world.viewer(who), now=NOW)
    with pytest.raises(Conflict):
        actions.cannot(turn, by=office.world.system, now=turn.starts_at)
    assert Turn.objects.get(pk=turn.pk).host == turn.host


def test_nobody_is_given_a_turn_before_their_first_day_here(office: Office) -> None:
    first = date(2026, 6, 1)
    marc = office.world.person("marc")
    EmploymentSpell.objects.filter(person=marc).update(started_on=first)
    for week in (1, 2, 3):
        office.plan(NOW + timedelta(weeks=week))
    assert set(office.hosts()[4:]) == {"alice", "nora"}
    assert marc not in mentors_of(office.program, NOW)
    assert marc in mentors_of(office.program, datetime(2026, 6, 1, 8, tzinfo=UTC))
