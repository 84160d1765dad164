"""Booking in a turn, fair use, the line, and times beside what is booked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import icalendar
import pytest

from apps.office_hours.conftest import TUESDAY, Office, at
from factories.world import NOW
from handrail.apps.calendars.queries import minutes_booked
from handrail.apps.calendars.refusals import CapReached, NotLive, SlotTaken
from handrail.apps.calendars.sources import renew_feed
from handrail.apps.office_hours import actions
from handrail.apps.office_hours.models import LineState, PlaceInLine
from handrail.apps.office_hours.queries import next_slots
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.actions import set_not_with
from handrail.apps.people.models import Person, Skill
from handrail.apps.sessions import actions as sessions
from handrail.apps.sessions.models import RoomText, Session, SessionState
from handrail.apps.sessions.own_feed import feed_by_word, feed_word

HALF_HOUR = timedelta(minutes=30)


def place_of(office: Office, who: str) -> PlaceInLine:
    return PlaceInLine.objects.get(person=office.world.person(who))


def full(office: Office) -> tuple[Session, Session]:
    return office.book("bob"), office.book("charlie", minute=30)


def wait(office: Office, who: str) -> PlaceInLine:
    by = office.world.viewer(who)
    return actions.wait(office.turns()[0], "Squash commits", by=by, now=NOW, note="Tried -i")


def test_a_time_is_booked_with_an_objective_and_a_note_for_both(office: Office) -> None:
    session = office.book("charlie", note="I tried rebase -i.\nIt stopped.")
    turn = office.turns()[0]
    assert (session.objective, session.state, session.minutes) == (
        "Rebase a branch",
        SessionState.SCHEDULED,
        20,
    )
    assert session.booking.host == turn.host
    assert RoomText.objects.get(session=session).body == "I tried rebase -i.\nIt stopped."
    # Minutes of the mentor: the session alone, once.
    assert turn.host is not None
    assert minutes_booked(turn.host, date(2026, 2, 3), now=NOW) == 20
    with pytest.raises(Conflict, match="objective"):
        actions.book(turn, at(minutes=30), " ", by=office.world.viewer("bob"), now=NOW)


def test_a_time_that_was_just_taken_is_refused_with_the_next_three(office: Office) -> None:
    office.book("bob")
    with pytest.raises(SlotTaken) as refused:
        office.book("charlie")
    assert refused.value.alternatives == [at(minutes=30), at(weeks=1), at(weeks=1, minutes=30)]


def test_a_turn_that_moves_at_that_moment_is_booked_with_whoever_holds_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = office.turns()[0]
    assert turn.host is not None
    before = turn.host

    def meanwhile(*_given: object) -> None:
        actions.cannot(turn, by=office.world.system, now=NOW)

    monkeypatch.setattr("handrail.apps.office_hours.actions.booking.not_paused", meanwhile)
    session = office.book("bob", turn)
    turn.refresh_from_db()
    assert turn.host != before
    assert (session.booking.host, session.state) == (turn.host, SessionState.SCHEDULED)
    assert Session.objects.count() == 1

    monkeypatch.setattr(
        "handrail.apps.office_hours.actions.booking._moved_on", lambda *_given: None
    )
    with pytest.raises(NotLive):
        office.book("charlie", minute=30)


def test_the_same_key_gets_the_same_session_also_after_the_turn_has_moved(office: Office) -> None:
    turn, key = office.turns()[0], uuid4().hex
    session = office.book("bob", turn, key=key)
    actions.cannot(turn, by=office.world.system, now=NOW)
    assert office.book("bob", turn, key=key) == session
    assert Session.objects.count() == 1


def test_turns_stand_in_the_hosts_own_calendar_as_their_mails_say(office: Office) -> None:
    turn = office.turns()[0]
    assert turn.host is not None
    assert turn.booking is not None
    first = turn.host.external_id

    def entries(name: str) -> list[tuple[str, datetime, datetime]]:
        person = office.world.person(name)
        feed = renew_feed(person, by=office.world.viewer(name), now=NOW)
        calendar = icalendar.Calendar.from_ical(feed_by_word(feed_word(feed), now=NOW))
        return [
            (str(event["UID"]), event["DTSTART"].dt, event["DTEND"].dt)
            for event in calendar.walk("VEVENT")
        ]

    its = (turn.booking.uid, TUESDAY, TUESDAY + 2 * HALF_HOUR)
    assert its in entries(first)
    actions.cannot(turn, by=office.world.viewer(first), now=NOW)
    turn.refresh_from_db()
    assert its not in entries(first)
    assert its in entries(turn.host.external_id)
    assert entries("bob") == []


def test_times_beside_what_is_booked_come_first(office: Office) -> None:
    block = office.blocks("charlie")[0]
    assert (block.first, block.others) == ([TUESDAY], [TUESDAY + HALF_HOUR])
    office.book("bob", minute=30)
    block = office.blocks("charlie")[0]
    assert (block.first, block.others, block.booked) == ([TUESDAY], [], 1)
    actions.edit_rules(office.rota, by=office.world.system, now=NOW, compact=False)
    office.rota.refresh_from_db()
    block = office.blocks("charlie")[1]
    assert (block.first, block.others) == ([at(weeks=1), at(weeks=1, minutes=30)], [])


def test_a_program_for_mentees_is_not_open_to_everybody(office: Office) -> None:
    actions.edit_rules(office.rota, by=office.world.system, now=NOW, open_to="enrolled")
    with pytest.raises(NotAllowed):
        office.book("charlie")
    assert office.book("bob").state == SessionState.SCHEDULED


def test_fair_use_says_when_the_next_one_is_possible(office: Office) -> None:
    session = office.book("bob")
    with pytest.raises(Conflict, match="block already"):
        office.book("bob", minute=30)
    actions.edit_rules(office.rota, by=office.world.system, now=NOW, fair_days=14)
    with pytest.raises(Conflict, match="Tue 17 Feb 2026") as refused:
        office.book("bob", office.turns()[1])
    assert (refused.value.code, refused.value.detail["next_day"]) == ("fair-use", "2026-02-17")
    assert office.book("bob", office.turns()[2]).state == SessionState.SCHEDULED
    # What is cancelled does not count.
    sessions.cancel(session, by=office.world.viewer("bob"), now=NOW)
    third = office.turns()[0]
    assert office.book("bob", third).booking.starts_at == TUESDAY


def test_what_a_mentor_gives_elsewhere_counts_here_too(office: Office) -> None:
    host = office.turns()[0].host
    assert host is not None
    office.book("bob")
    Person.objects.filter(pk=host.pk).update(minutes_per_week=20)
    with pytest.raises(CapReached):
        office.book("charlie", minute=30)
    assert next(block.starts for block in office.blocks("charlie")) == []


def test_a_freed_time_is_held_for_the_first_in_line_then_for_the_next(office: Office) -> None:
    first, _second = full(office)
    for who in ("mona", "rita"):
        wait(office, who)
    assert wait(office, "mona").pk == place_of(office, "mona").pk  # once
    sessions.cancel(first, by=office.world.viewer("bob"), now=NOW)
    mona, rita = place_of(office, "mona"), place_of(office, "rita")
    assert (mona.state, rita.state) == (LineState.OFFERED, LineState.WAITING)
    assert mona.booking is not None
    assert (mona.booking.status, mona.booking.starts_at) == ("hold", TUESDAY)
    assert mona.offered_until == NOW + timedelta(hours=4)
    with pytest.raises(SlotTaken):  # held: nobody else gets it meanwhile
        office.book("ana")
    assert OutboxRow.objects.filter(kind="mail.line_offer").count() == 1
    actions.leave(mona, by=office.world.viewer("mona"), now=NOW)
    rita.refresh_from_db()
    assert rita.state == LineState.OFFERED
    session = actions.take(rita, by=office.world.viewer("rita"), now=NOW)
    assert (session.objective, session.booking.starts_at) == ("Squash commits", TUESDAY)
    assert RoomText.objects.get(session=session).body == "Tried -i"
    assert actions.take(rita, by=office.world.viewer("rita"), now=NOW).pk == session.pk
    with pytest.raises(NotFound):
        actions.take(rita, by=office.world.viewer("mona"), now=NOW)


def test_an_offer_without_an_answer_goes_to_the_next_by_itself(office: Office) -> None:
    first, _second = full(office)
    actions.edit_rules(office.rota, by=office.world.system, now=NOW, offer_minutes=30)
    for who in ("mona", "rita"):
        wait(office, who)
    early = NOW - timedelta(hours=12)
    sessions.cancel(first, by=office.world.viewer("bob"), now=early)
    mona, rita = place_of(office, "mona"), place_of(office, "rita")
    late = early + timedelta(minutes=30)
    actions.run(by=office.world.system, now=late)
    for place in (mona, rita):
        place.refresh_from_db()
    assert (mona.state, rita.state) == (LineState.PASSED, LineState.OFFERED)
    with pytest.raises(Conflict, match="run out"):
        actions.take(mona, by=office.world.viewer("mona"), now=late)
    actions.run(by=office.world.system, now=late + timedelta(minutes=30))
    # Nobody is left in line: the time is free for all, and the block is whole again.
    assert TUESDAY in office.blocks("ana", late + timedelta(minutes=30))[0].starts
    assert office.book("ana", now=late + timedelta(minutes=30)).state == SessionState.SCHEDULED


def test_nobody_waits_where_a_time_is_free_or_the_pair_must_not_meet(office: Office) -> None:
    with pytest.raises(Conflict, match="free time"):
        wait(office, "mona")
    host = office.turns()[0].host
    assert host is not None
    set_not_with(office.world.person("mona"), [host], by=office.world.viewer("mona"), now=NOW)
    with pytest.raises(Conflict, match="not available"):
        wait(office, "mona")
    assert host not in [block.turn.host for block in office.blocks("mona")]


def test_office_hours_are_not_moved_out_of_their_block(office: Office) -> None:
    session = office.book("bob")
    with pytest.raises(Conflict, match="moved on its page"):
        sessions.reschedule(session, at(minutes=180), by=office.world.viewer("bob"), now=NOW)


def test_the_next_times_with_somebody_who_knows_a_skill(office: Office) -> None:
    docs = Skill.objects.get(name="docs")  # alice alone offers it
    found = next_slots(office.world.viewer("charlie"), docs, now=NOW)
    hers = [t for t in office.turns() if t.host and t.host.external_id == "alice"]
    expected = [t.starts_at + n * HALF_HOUR for t in hers for n in (0, 1)][:3]
    assert [slot.starts_at for slot in found] == expected
    assert {slot.host.external_id for slot in found} == {"alice"}
