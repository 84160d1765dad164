"""A visit to office hours that moves: one session and one calendar entry all the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.office_hours.conftest import TUESDAY, Office, at
from factories.world import NOW
from handrail.apps.calendars.models import Booking, Cell
from handrail.apps.calendars.refusals import SlotTaken
from handrail.apps.office_hours import actions
from handrail.apps.office_hours.models import LineState, PlaceInLine
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.programs.actions import enrol
from handrail.apps.sessions.models import Session, SessionState

HALF_HOUR = timedelta(minutes=30)


def mails(kind: str) -> int:
    return OutboxRow.objects.filter(kind=f"mail.{kind}").count()


def test_m25_a_move_within_a_turn_is_one_entry_with_the_next_number(office: Office) -> None:
    session = office.book("bob")
    uid, by = session.booking.uid, office.world.viewer("bob")
    moved = actions.move(session, at(minutes=30), by=by, now=NOW)
    assert (moved.pk, moved.booking.uid, moved.booking.sequence) == (session.pk, uid, 1)
    assert moved.booking.starts_at == at(minutes=30)
    assert mails("update") == 2
    assert Booking.objects.filter(kind="office_hours").exclude(within=None).count() == 1
    # What was given back is the turn's again.
    assert office.blocks("charlie")[0].starts == [TUESDAY]
    assert actions.move(moved, at(minutes=30), by=by, now=NOW).booking.sequence == 1


def test_m25_a_move_to_another_turn_brings_its_mentor_and_tells_the_one_before(
    office: Office,
) -> None:
    session = office.book("bob")
    before = session.booking.host
    later = next(turn for turn in office.turns()[1:] if turn.host != before)
    weeks = office.turns().index(later)
    by = office.world.viewer("bob")
    moved = actions.move(session, later.starts_at + HALF_HOUR, by=by, now=NOW)
    assert (moved.pk, moved.booking.host) == (session.pk, later.host)
    assert (moved.booking.starts_at, moved.booking.within) == (
        at(weeks=weeks, minutes=30),
        later.booking,
    )
    assert (moved.booking.uid, moved.booking.sequence) == (session.booking.uid, 1)
    assert (mails("given_away"), mails("new_mentor")) == (1, 1)
    assert not Cell.objects.filter(booking=moved.booking, person=before).exists()
    assert office.blocks("charlie")[0].starts == [TUESDAY, TUESDAY + HALF_HOUR]


def test_m25_a_time_that_is_given_back_by_a_move_goes_to_the_first_in_line(office: Office) -> None:
    session = office.book("bob")
    office.book("charlie", minute=30)
    turn = office.turns()[0]
    office.world.add("dana", role="mentee")
    enrol(office.program, office.world.person("dana"), "mentee", by=office.world.system, now=NOW)
    dana = office.world.viewer("dana")
    place = actions.wait(turn, "Squash commits", by=dana, now=NOW)
    actions.move(session, at(weeks=1), by=office.world.viewer("bob"), now=NOW)
    place = PlaceInLine.objects.select_related("booking").get(pk=place.pk)
    assert place.state == LineState.OFFERED
    assert place.booking is not None
    assert place.booking.starts_at == TUESDAY


def test_m25_what_cannot_be_moved_stays_whole(office: Office) -> None:
    session = office.book("bob")
    office.book("charlie", minute=30)
    bob = office.world.viewer("bob")
    with pytest.raises(SlotTaken) as refused:
        actions.move(session, at(minutes=30), turn=office.turns()[0], by=bob, now=NOW)
    assert at(weeks=1) in refused.value.alternatives
    with pytest.raises(Conflict, match="started already"):
        actions.move(session, at(weeks=1), by=bob, now=TUESDAY)
    session.refresh_from_db()
    assert (session.state, session.booking.starts_at) == (SessionState.SCHEDULED, TUESDAY)
    assert Session.objects.count() == 2


def test_a_mentor_moves_nobody_but_who_runs_the_program_may(office: Office) -> None:
    turn = next(turn for turn in office.turns() if turn.host and turn.host.external_id != "alice")
    session, start = office.book("bob", turn), turn.starts_at + HALF_HOUR
    assert turn.host is not None
    host = office.world.viewer(turn.host.external_id)
    with pytest.raises(NotAllowed, match="Whoever booked"):
        actions.move(session, start, by=host, now=NOW)
    moved = actions.move(session, start, by=office.world.viewer("alice"), now=NOW)
    assert moved.booking.starts_at == start


def test_a_move_counts_once_in_fair_use(office: Office) -> None:
    actions.edit_rules(office.rota, by=office.world.system, now=NOW, fair_sessions=1, fair_days=14)
    session = office.book("bob")
    bob = office.world.viewer("bob")
    moved = actions.move(session, at(weeks=1), by=bob, now=NOW)
    assert moved.booking.starts_at == at(weeks=1)
    with pytest.raises(Conflict, match="So that everybody gets a turn"):
        office.book("bob", office.turns()[2])
