"""Another mentor: everything ahead changes hands, the old time is free, who was told what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.projects.conftest import DAY, Make, ahead, hold, keep, mails, mentor_of, series
from factories.world import NOW, World
from handrail.apps.calendars.models import Booking
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.outbox.actions import drain
from handrail.apps.people.actions import pause, set_not_with
from handrail.apps.programs.actions import enrol, leave
from handrail.apps.programs.models import Enrolment
from handrail.apps.projects import actions, queries
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.models import Session

pytestmark = pytest.mark.later_on_postgresql


def entries(sessions: list[Session]) -> list[tuple[str, int]]:
    return [(one.booking.uid, one.booking.sequence) for one in sessions]


def test_m05_a_hand_over_reassigns_what_is_ahead_and_tells_everybody(
    world: World, make: Make
) -> None:
    project = make(mentor="nora")
    uids = [uid for uid, _sequence in entries(ahead(project, NOW))]
    by = world.viewer("mona")
    done = actions.hand_over(project, world.person("alice"), note="Ask for tests", by=by, now=NOW)
    assert (done.kept, done.moved, done.given_up) == (5, 0, 0)
    assert entries(ahead(project, NOW)) == [(uid, 1) for uid in uids]
    assert {line[-5:] for line in series(project)} == {"alice"}
    # Nora's times are free at once.
    first = ahead(project, NOW)[0].booking.starts_at
    charlie = book(
        project.program,
        world.person("charlie"),
        world.person("nora"),
        first,
        "Merge a branch",
        by=world.viewer("charlie"),
        now=NOW,
    )
    assert charlie.state == "scheduled"
    nora = str(world.person("nora").public_id)
    assert mails("given_away") == [nora] * 5
    assert set(mails("new_mentor")) == {str(world.person("bob").public_id)}
    assert len(mails("project_handed_over")) == 3
    shown = queries.shown(
        world.viewer("alice"), queries.project_for(world.viewer("alice"), project.public_id)
    )
    assert shown.note == "Ask for tests"
    with pytest.raises(NotFound):
        queries.project_for(world.viewer("nora"), project.public_id)
    assert drain(now=NOW).dead == 0


def test_m05_what_the_new_mentor_cannot_keep_moves_or_is_given_up(world: World, make: Make) -> None:
    project = make(mentor="nora")
    taken = ahead(project, NOW)[1].booking.starts_at
    book(
        project.program,
        world.person("charlie"),
        world.person("alice"),
        taken,
        "Merge a branch",
        by=world.viewer("charlie"),
        now=NOW,
    )
    pause(world.person("alice"), (NOW + 20 * DAY).date(), by=world.viewer("alice"), now=NOW)
    pause(world.person("alice"), None, by=world.viewer("alice"), now=NOW)
    done = actions.hand_over(project, world.person("alice"), by=world.viewer("mona"), now=NOW)
    assert (done.kept, done.moved, done.given_up) == (4, 1, 0)
    assert series(project)[1] == "09 Feb 10 Feb 10:00 alice"
    pause(world.person("ole"), (NOW + 13 * DAY).date(), by=world.viewer("ole"), now=NOW)
    done = actions.hand_over(project, world.person("ole"), by=world.viewer("mona"), now=NOW)
    assert (done.kept, done.moved, done.given_up) == (3, 0, 2)
    assert series(project)[:3] == ["02 Feb paused", "09 Feb paused", "16 Feb 16 Feb 10:00 ole"]


def test_m05_where_the_time_never_suits_the_new_mentor_another_one_is_chosen(
    world: World, make: Make
) -> None:
    late = world.add(
        "lea", role="mentor", offers={"git": 4}, minutes_per_week=40, works=(14 * 60, 22 * 60)
    )
    assert world.program is not None
    enrol(world.program, late, "mentor", by=world.system, now=NOW)
    project = make(mentor="nora")
    uids = [uid for uid, _sequence in entries(ahead(project, NOW))]
    done = actions.hand_over(project, late, by=world.viewer("mona"), now=NOW)
    assert (done.kept, done.moved, done.given_up) == (0, 5, 0)
    assert series(project)[:2] == ["02 Feb 02 Feb 13:00 lea", "09 Feb 09 Feb 13:00 lea"]
    assert entries(ahead(project, NOW)) == [(uid, 1) for uid in uids]


def test_m05_a_refused_hand_over_leaves_everything_as_it_was(world: World, make: Make) -> None:
    far = world.add(
        "hana", role="mentor", offers={"git": 4}, timezone="Pacific/Auckland", minutes_per_week=40
    )
    assert world.program is not None
    enrol(world.program, far, "mentor", by=world.system, now=NOW)
    project = make(mentor="nora")
    before = (series(project), entries(ahead(project, NOW)), mails("new_mentor"))
    with pytest.raises(Conflict, match="no time of this rhythm"):
        actions.hand_over(project, far, by=world.viewer("mona"), now=NOW)
    with pytest.raises(Conflict, match="mentors this project already"):
        actions.hand_over(project, world.person("nora"), by=world.viewer("mona"), now=NOW)
    with pytest.raises(NotAllowed):
        actions.hand_over(project, world.person("alice"), by=world.viewer("nora"), now=NOW)
    assert (series(project), entries(ahead(project, NOW)), mails("new_mentor")) == before
    assert mentor_of(project).mentor.external_id == "nora"


def test_m05_a_mentor_asks_out_or_leaves_and_the_lead_is_told_once(
    world: World, make: Make
) -> None:
    project = make(mentor="nora")
    mona = str(world.person("mona").public_id)
    actions.ask_out(project, "The parser is half done.", by=world.viewer("nora"), now=NOW)
    actions.ask_out(project, "The parser is done.", by=world.viewer("nora"), now=NOW)
    assert mails("project_wants_mentor") == [mona]
    assert Booking.objects.filter(host=world.person("nora"), status="confirmed").count() == 5
    actions.offer(project, by=world.viewer("ole"), now=NOW)
    with pytest.raises(NotAllowed):
        actions.ask_out(project, "", by=world.viewer("alice"), now=NOW)
    actions.stay(project, by=world.viewer("nora"), now=NOW)
    assert mentor_of(project).asked_out_at is None
    # Somebody's private word looks like any other reason, and like leaving.
    set_not_with(world.person("bob"), [world.person("nora")], by=world.viewer("bob"), now=NOW)
    keep(world, NOW + DAY)
    assert mails("project_wants_mentor") == [mona, mona]
    set_not_with(world.person("bob"), [], by=world.viewer("bob"), now=NOW)
    actions.stay(project, by=world.viewer("nora"), now=NOW)
    part = Enrolment.objects.get(program=world.program, person=world.person("nora"))
    leave(part, by=world.viewer("nora"), now=NOW + 2 * DAY)
    keep(world, NOW + 3 * DAY)
    keep(world, NOW + 4 * DAY)
    assert mails("project_wants_mentor") == [mona, mona, mona]
    actions.hand_over(
        project,
        world.person("alice"),
        note="Nora has left.",
        by=world.viewer("mona"),
        now=NOW + 4 * DAY,
    )
    alice = world.viewer("alice")
    shown = queries.shown(alice, queries.project_for(alice, project.public_id))
    assert shown.note == "The parser is done.\n\nNora has left."


def test_m05_the_new_mentor_reads_what_was_written_only_where_everybody_allows_it(
    world: World, make: Make
) -> None:
    project = make(mentor="nora")
    hold(world, ahead(project, NOW)[0], next_step="Parse one real file")
    later = NOW + timedelta(days=1)
    actions.hand_over(project, world.person("alice"), by=world.viewer("mona"), now=later)
    alice, bob = world.viewer("alice"), world.viewer("bob")
    # What a check-in before was for came from an artifact too: that it was is all there is to see.
    before = queries.shown(alice, queries.project_for(alice, project.public_id)).check_ins[0]
    assert (before.may_open, before.session is not None) == (False, True)
    assert queries.artifacts_of(alice, project) == ([], 1)
    assert len(queries.artifacts_of(bob, project)[0]) == 1
    assert queries.artifacts_of(world.viewer("mona"), project) == ([], 0)
    for name in ("bob", "nora"):
        assert queries.artifacts_of(alice, project) == ([], 1)
        record_consent(
            world.person(name).public_id,
            "artifact_shared",
            True,
            by=world.viewer(name),
            now=later,
            text_version="1",
            channel="settings",
        )
    assert len(queries.artifacts_of(alice, project)[0]) == 1
