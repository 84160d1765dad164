"""Check-in, timer, no-shows, corrections: what the two people and the clock do together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from factories.world import make_world
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.sessions import actions
from handrail.apps.sessions.models import ChecklistItem


def at(minutes: float) -> datetime:
    return datetime.fromtimestamp(
        datetime(2026, 2, 3, 10, 0, tzinfo=UTC).timestamp() + 60 * minutes, tz=UTC
    )


def test_the_timer_starts_when_the_second_person_comes_in(scene: Any) -> None:
    scene.check_in("alice", at(-3))
    session = scene.check_in("bob", at(4))
    assert (session.state, session.started_at) == ("running", at(4))
    assert scene.attendance() == {"alice": "attended", "bob": "attended"}


def test_both_early_start_at_the_hour_without_a_click(scene: Any) -> None:
    scene.scheduled()
    assert actions.settle_overdue(at(1), by=scene.world.system) == 1
    assert (scene.fresh().state, scene.fresh().started_at) == ("running", at(0))


def test_two_who_meet_earlier_may_start_early(scene: Any) -> None:
    scene.check_in("alice", at(-200))
    scene.check_in("bob", at(-195))
    session = actions.start(scene.session, by=scene.by("bob"), now=at(-194))
    assert (session.state, session.started_at) == ("running", at(-194))


def test_one_alone_cannot_start(scene: Any) -> None:
    scene.check_in("alice", at(-5))
    with pytest.raises(Conflict) as refused:
        actions.start(scene.session, by=scene.by("alice"), now=at(1))
    assert refused.value.code == "not-both-here"


def test_nobody_runs_two_sessions_at_once(scene: Any) -> None:
    world = scene.world
    other = actions.book(
        world.program,
        world.person("bob"),
        world.person("alice"),
        at(120),
        "Write a better commit message",
        by=world.viewer("bob"),
        now=at(-1000),
    )
    scene.running()
    for name in ("alice", "bob"):
        actions.check_in(other, by=world.viewer(name), now=at(6))
    with pytest.raises(Conflict) as refused:
        actions.start(other, by=world.viewer("bob"), now=at(7))
    assert refused.value.code == "in-another-session"


def test_a_one_sided_no_show_is_recorded_without_asking(scene: Any) -> None:
    scene.check_in("alice", at(0))
    actions.settle_overdue(at(11), by=scene.world.system)
    assert scene.fresh().state == "not_held"
    assert scene.attendance() == {"alice": "attended", "bob": "no_show"}


def test_who_comes_after_ten_minutes_is_too_late(scene: Any) -> None:
    scene.check_in("alice", at(0))
    with pytest.raises(Conflict) as refused:
        scene.check_in("bob", at(12))
    assert refused.value.code == "session-not-held"
    # What the clock decided is kept although the check-in was refused.
    assert scene.fresh().state == "not_held"
    assert scene.attendance() == {"alice": "attended", "bob": "no_show"}


def test_nobody_came_is_not_recorded(scene: Any) -> None:
    scene.not_held()
    assert scene.attendance() == {"alice": "not_recorded", "bob": "not_recorded"}


def test_time_over_waits_for_the_artifact(scene: Any) -> None:
    scene.running()
    actions.settle_overdue(at(45), by=scene.world.system)
    assert (scene.fresh().state, scene.fresh().ended_at) == ("awaiting_artifact", at(20))


def test_the_artifact_closes_a_session_whose_time_is_over(scene: Any) -> None:
    scene.running()
    artifact = scene.artifact("bob", at(24))
    assert scene.fresh().state == "closed"
    assert scene.fresh().ended_at == at(20)
    assert artifact.owner == scene.world.person("bob")


def test_handing_in_during_the_session_ends_it(scene: Any) -> None:
    scene.running()
    scene.artifact("alice", at(12))
    assert (scene.fresh().state, scene.fresh().ended_at) == ("closed", at(12))


def test_handing_in_the_same_words_twice_is_once(scene: Any) -> None:
    scene.awaiting_artifact()
    first = scene.artifact("bob", at(18))
    again = scene.artifact("bob", at(19))
    assert again.pk == first.pk


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"learned": "  "}, "learned"),
        ({"next_step": ""}, "next_step"),
        ({"owner": None}, "owner"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "example.org/page"}, "link"),
        ({"link": "https://exa mple.org"}, "link"),
        ({"link": "https://[broken"}, "link"),
        ({"link": "https://example.org/" + "x" * 500}, "link"),
    ],
)
def test_an_incomplete_artifact_is_refused_beside_its_field(
    scene: Any, change: dict[str, Any], field: str
) -> None:
    scene.awaiting_artifact()
    with pytest.raises(Invalid) as refused:
        scene.artifact("bob", at(18), **change)
    assert list(refused.value.fields) == [field]
    assert scene.fresh().state == "awaiting_artifact"


def test_the_owner_of_the_next_step_is_one_of_the_two(scene: Any) -> None:
    scene.awaiting_artifact()
    with pytest.raises(Invalid) as refused:
        scene.artifact("bob", at(18), owner=scene.world.person("charlie"))
    assert list(refused.value.fields) == ["owner"]


def test_the_artifact_is_asked_for_three_times_each(scene: Any) -> None:
    scene.awaiting_artifact()
    rows = scene.waiting("mail.artifact")
    assert [row.due_at for row in rows] == [
        at(15 + 120),
        at(15 + 120),
        at(15 + 1440),
        at(15 + 1440),
        at(15 + 4320),
        at(15 + 4320),
    ]
    scene.artifact("bob", at(18))
    assert scene.waiting("mail.artifact") == []


def test_ticks_are_shared_and_can_be_taken_back(scene: Any) -> None:
    item = ChecklistItem.objects.filter(session=scene.session).first()
    actions.tick(scene.session, item.public_id, True, by=scene.by("bob"), now=at(-60))
    item.refresh_from_db()
    assert (item.ticked_at, item.ticked_by) == (at(-60), scene.world.person("bob"))
    actions.tick(scene.session, item.public_id, False, by=scene.by("alice"), now=at(-50))
    item.refresh_from_db()
    assert (item.ticked_at, item.ticked_by) == (None, None)


def test_a_line_that_is_not_there_cannot_be_ticked(scene: Any) -> None:
    with pytest.raises(NotFound):
        actions.tick(scene.session, uuid4(), True, by=scene.by("bob"), now=at(-60))


def test_a_session_has_the_checklist_of_its_program(scene: Any) -> None:
    lines = [item.text for item in ChecklistItem.objects.filter(session=scene.session)]
    assert lines == [
        "Write down the one thing you want to be able to do afterwards",
        "Have the tool or repository open, and the place where you are stuck",
        "Note what you already tried",
        "Test your sound and screen sharing",
    ]


VERBS = {
    "check_in": lambda s, by: actions.check_in(s, by=by, now=at(0)),
    "start": lambda s, by: actions.start(s, by=by, now=at(0)),
    "tick": lambda s, by: actions.tick(
        s, ChecklistItem.objects.filter(session=s)[0].public_id, True, by=by, now=at(0)
    ),
    "save_text": lambda s, by: actions.save_text(
        s, "shared_notes", "x", base_rev=0, operation=uuid4(), by=by, now=at(0)
    ),
    "save_artifact": lambda s, by: actions.save_artifact(
        s, learned="x", next_step="y", owner=None, by=by, now=at(0)
    ),
    "cancel": lambda s, by: actions.cancel(s, by=by, now=at(-600)),
    "reschedule": lambda s, by: actions.reschedule(s, at(120), by=by, now=at(-600)),
    "correct": lambda s, by: actions.correct_attendance(s, uuid4(), "attended", by=by, now=at(0)),
}


@pytest.mark.parametrize("verb", VERBS)
def test_for_a_stranger_the_session_does_not_exist(scene: Any, verb: str) -> None:
    with pytest.raises(NotFound):
        VERBS[verb](scene.session, scene.by("charlie"))


@pytest.mark.parametrize("verb", VERBS)
def test_for_another_organisation_the_session_does_not_exist(scene: Any, verb: str) -> None:
    foreign = make_world("Southwind")
    with pytest.raises(NotFound):
        VERBS[verb](scene.session, foreign.viewer("alice"))


@pytest.mark.parametrize("verb", ["check_in", "start", "tick", "save_text", "save_artifact"])
def test_an_administrator_does_nothing_inside_the_room(scene: Any, verb: str) -> None:
    scene.scheduled()
    with pytest.raises(NotAllowed):
        VERBS[verb](scene.session, scene.by("adam"))


def test_a_mentee_does_not_correct_their_own_attendance(scene: Any) -> None:
    now = scene.not_held()
    with pytest.raises(NotAllowed):
        actions.correct_attendance(
            scene.session,
            scene.world.person("bob").public_id,
            "attended",
            by=scene.by("bob"),
            now=now,
        )


def _correct(scene: Any, name: str, attendance: str, now: datetime) -> None:
    person = scene.world.person(name).public_id
    actions.correct_attendance(scene.session, person, attendance, by=scene.by("adam"), now=now)


def test_two_who_met_without_checking_in_are_corrected_to_held(scene: Any) -> None:
    scene.not_held()
    _correct(scene, "alice", "attended", at(60))
    assert scene.fresh().state == "not_held"
    _correct(scene, "bob", "attended", at(61))
    assert (scene.fresh().state, scene.fresh().ended_at) == ("awaiting_artifact", at(20))
    assert scene.attendance() == {"alice": "attended", "bob": "attended"}


def test_a_check_in_without_a_person_is_corrected_to_not_held(scene: Any) -> None:
    scene.awaiting_artifact()
    _correct(scene, "bob", "no_show", at(100))
    assert scene.fresh().state == "not_held"
    assert scene.attendance() == {"alice": "attended", "bob": "no_show"}


def test_corrections_end_a_day_after_the_end(scene: Any) -> None:
    scene.not_held()
    _correct(scene, "bob", "no_show", at(20 + 1440))
    with pytest.raises(Conflict) as refused:
        _correct(scene, "bob", "attended", at(21 + 1440))
    assert refused.value.code == "too-late"


def test_attendance_is_not_corrected_to_anything_else(scene: Any) -> None:
    scene.not_held()
    with pytest.raises(Invalid):
        _correct(scene, "bob", "late_cancelled", at(60))
