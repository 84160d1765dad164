"""Operations of a device: each once, nothing blended, what is refused stays with its writer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from handrail.apps.calendars.models import Seat
from handrail.apps.sessions.actions import Operation, Outcome, Status, take_operation
from handrail.apps.sessions.models import RoomOperation, RoomRevision
from handrail.apps.sessions.queries import room

BEFORE = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)
START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


def send(
    scene: Any,
    who: str,
    fields: dict[str, str],
    base: dict[str, str] | None = None,
    *,
    id: UUID | None = None,
    kind: str = "room",
    now: datetime = BEFORE,
) -> Outcome:
    wish = Operation(id or uuid4(), kind, scene.session.public_id, 0, base or {}, fields)
    return take_operation(wish, by=scene.by(who), now=now)


def body(scene: Any, who: str, field: str, now: datetime = BEFORE) -> str:
    here = room(scene.by(who), scene.fresh(), now)
    return str(here.texts[field].body)


def copies(scene: Any, field: str) -> list[tuple[str, str]]:
    texts = room(scene.by("bob"), scene.fresh(), BEFORE).texts
    return [(copy.author.external_id, copy.body) for copy in texts[field].copies]


def test_several_fields_are_taken_at_once(scene: Any) -> None:
    told = send(scene, "bob", {"notes": "mine", "learned": "ours"})
    assert (told.status, dict(told.fields), told.conflict) == (
        Status.DONE,
        {"notes": "mine", "learned": "ours"},
        (),
    )
    assert told.rev == scene.fresh().rev > 0


def test_the_same_operation_again_changes_nothing(scene: Any) -> None:
    id = uuid4()
    first = send(scene, "bob", {"learned": "A rebase replays"}, id=id)
    again = send(scene, "bob", {"learned": "A rebase replays"}, id=id)
    assert (first.status, again.status) == (Status.DONE, Status.REPLAYED)
    assert (again.rev, again.fields) == (first.rev, first.fields)
    assert RoomRevision.objects.filter(session=scene.session).count() == 1


def test_a_replay_tells_what_stands_by_now(scene: Any) -> None:
    id = uuid4()
    send(scene, "bob", {"learned": "one"}, id=id)
    send(scene, "alice", {"learned": "one and two"}, {"learned": "one"})
    assert send(scene, "bob", {"learned": "one"}, id=id).fields == {"learned": "one and two"}


def test_an_id_used_for_another_wish_is_parked(scene: Any) -> None:
    id = uuid4()
    send(scene, "bob", {"learned": "one"}, id=id)
    told = send(scene, "bob", {"learned": "two"}, id=id)
    assert (told.status, told.code) == (Status.PARKED, "operation-reused")
    assert body(scene, "bob", "learned") == "one"


def test_two_devices_with_the_same_field_keep_both(scene: Any) -> None:
    send(scene, "alice", {"next_step": "Ship on Monday"})
    told = send(scene, "bob", {"next_step": "Never ship"})
    assert (told.status, told.conflict) == (Status.DONE, ("next_step",))
    assert told.fields == {"next_step": "Ship on Monday"}
    assert copies(scene, "next_step") == [("bob", "Never ship")]


def test_only_the_field_that_both_changed_is_a_conflict(scene: Any) -> None:
    send(scene, "alice", {"next_step": "hers"})
    told = send(scene, "bob", {"next_step": "his", "learned": "his too"})
    assert told.conflict == ("next_step",)
    assert body(scene, "alice", "learned") == "his too"


def test_a_longer_copy_of_the_same_writer_takes_the_place_of_the_shorter(scene: Any) -> None:
    send(scene, "alice", {"learned": "hers"})
    send(scene, "bob", {"learned": "his"})
    assert send(scene, "bob", {"learned": "his, and more"}).conflict == ("learned",)
    assert copies(scene, "learned") == [("bob", "his, and more")]
    sent = RoomRevision.objects.filter(session=scene.session).order_by("pk")
    assert [one.body for one in sent] == ["hers", "his", "his, and more"]


def test_what_one_writer_only_went_on_writing_is_no_conflict(scene: Any) -> None:
    """From memory where the disk was full, and from the disk later: in either order."""
    send(scene, "bob", {"learned": "one"})
    assert send(scene, "bob", {"learned": "one and two"}).conflict == ()
    assert send(scene, "bob", {"learned": "one and"}).fields == {"learned": "one and two"}
    assert copies(scene, "learned") == []
    # What somebody else wrote is another text, however it begins.
    assert send(scene, "alice", {"learned": "one and two, and three"}).conflict == ("learned",)


def test_a_copy_that_was_put_away_stays_in_the_history(scene: Any) -> None:
    send(scene, "alice", {"learned": "hers"})
    send(scene, "bob", {"learned": "his"})
    beside = RoomRevision.objects.get(session=scene.session, conflict=True)
    send(scene, "alice", {f"copy:{beside.public_id}": "away"})
    assert copies(scene, "learned") == []
    assert RoomRevision.objects.filter(session=scene.session, body="his").exists()


def test_each_has_notes_of_their_own(scene: Any) -> None:
    send(scene, "alice", {"notes": "hers"})
    told = send(scene, "bob", {"notes": "his"})
    assert told.conflict == ()
    here = room(scene.by("bob"), scene.fresh(), BEFORE)
    assert here.texts["notes"].body == "his"
    assert [(one.person.external_id, one.body) for one in here.notes_of_others] == [
        ("alice", "hers")
    ]


def test_a_tick_is_a_field(scene: Any) -> None:
    item = scene.session.checklist.first()
    name = f"tick:{item.public_id}"
    assert send(scene, "bob", {name: "yes"}).fields == {name: "yes"}
    # Alice saw it unticked and ticks it too: nothing to decide.
    assert send(scene, "alice", {name: "yes"}).fields == {name: "yes"}
    assert send(scene, "alice", {name: ""}, {name: "yes"}).fields == {name: ""}
    sent = RoomRevision.objects.filter(session=scene.session, field=name).order_by("pk")
    assert [one.body for one in sent] == ["yes", "yes", ""]


def test_a_text_for_an_artifact_that_was_handed_in_is_a_late_note(scene: Any) -> None:
    now = scene.closed()
    told = send(scene, "alice", {"learned": "From the train"}, now=now)
    assert (told.status, told.conflict) == (Status.LATE, ("learned",))
    assert RoomRevision.objects.get(session=scene.session, late=True).body == "From the train"


def test_a_stranger_s_operation_is_parked_and_leaves_nothing(scene: Any) -> None:
    told = send(scene, "charlie", {"notes": "x"})
    assert (told.status, told.code) == (Status.PARKED, "not-found")
    assert RoomOperation.objects.count() == 0


@pytest.mark.parametrize(
    "fields", [{"objective": "x"}, {"call_link": "x"}, {"tick:1": "yes"}, {"notes": "x" * 100_001}]
)
def test_what_cannot_be_taken_is_parked_whole(scene: Any, fields: dict[str, str]) -> None:
    told = send(scene, "bob", {"learned": "with it", **fields})
    assert told.status == Status.PARKED
    assert told.reason
    assert body(scene, "bob", "learned") == ""


def test_an_unknown_kind_is_parked(scene: Any) -> None:
    assert send(scene, "bob", {"notes": "x"}, kind="dance").status == Status.PARKED


def test_a_zero_byte_does_not_stop_a_text(scene: Any) -> None:
    assert send(scene, "bob", {"notes": "a\0b"}).fields == {"notes": "a\ufffdb"}


def test_html_is_a_text_like_any_other(scene: Any) -> None:
    words = "<script>alert(1)</script><b>bold</b>"
    assert send(scene, "bob", {"learned": words}).fields == {"learned": words}


def test_a_start_made_offline_counts_from_when_it_was_made(scene: Any) -> None:
    scene.check_in("alice", START - timedelta(minutes=5))
    told = send(
        scene,
        "bob",
        # By a device that is two minutes slow.
        {"at": (START - timedelta(minutes=6)).isoformat(), "offset": "120000"},
        kind="start",
        now=START - timedelta(minutes=1),
    )
    assert told.status == Status.DONE
    assert told.fields == {"started_at": (START - timedelta(minutes=4)).isoformat()}
    kept = RoomOperation.objects.get()
    assert (kept.client_at, kept.received_at) == (
        START - timedelta(minutes=4),
        START - timedelta(minutes=1),
    )


def test_the_other_side_s_earlier_start_wins(scene: Any) -> None:
    scene.scheduled()
    send(scene, "alice", {"at": (START - timedelta(minutes=3)).isoformat()}, kind="start",
         now=START - timedelta(minutes=3))  # fmt: skip
    told = send(scene, "bob", {"at": (START - timedelta(minutes=4)).isoformat()}, kind="start",
                now=START)  # fmt: skip
    assert told.conflict == ("started_at",)
    assert told.fields == {"started_at": (START - timedelta(minutes=3)).isoformat()}


def test_a_start_from_a_clock_that_is_a_day_ahead_is_no_later_than_its_arrival(scene: Any) -> None:
    scene.scheduled()
    now = START - timedelta(minutes=2)
    told = send(
        scene, "bob", {"at": (START + timedelta(days=1)).isoformat()}, kind="start", now=now
    )
    assert told.fields == {"started_at": now.isoformat()}


def test_a_start_without_the_other_is_parked_with_the_reason(scene: Any) -> None:
    told = send(scene, "bob", {"at": START.isoformat()}, kind="start", now=START)
    assert (told.status, told.code) == (Status.PARKED, "not-both-here")


def test_a_check_in_made_offline_lets_the_clock_start(scene: Any) -> None:
    scene.check_in("alice", START)
    told = send(
        scene, "bob", {"at": (START + timedelta(minutes=1)).isoformat()}, kind="check_in",
        now=START + timedelta(minutes=4),
    )  # fmt: skip
    assert told.fields == {"started_at": (START + timedelta(minutes=1)).isoformat()}
    seat = Seat.objects.get(booking=scene.session.booking, person=scene.world.person("bob"))
    assert seat.checked_in_at == START + timedelta(minutes=1)


def test_an_artifact_handed_in_offline_closes_the_session(scene: Any) -> None:
    now = scene.awaiting_artifact()
    bob = str(scene.world.person("bob").public_id)
    words = {"learned": "Replays", "next_step": "Try it", "owner": bob, "link": ""}
    assert send(scene, "bob", words, kind="hand_in", now=now).status == Status.DONE
    assert scene.fresh().state == "closed"


def test_half_an_artifact_is_parked_with_what_is_missing(scene: Any) -> None:
    now = scene.awaiting_artifact()
    told = send(scene, "bob", {"learned": "Replays"}, kind="hand_in", now=now)
    assert told.status == Status.PARKED
    assert "next step" in told.reason


def test_an_artifact_handed_in_offline_after_the_other_one_is_a_late_note(scene: Any) -> None:
    now = scene.closed()
    told = send(scene, "alice", {"learned": "Hers", "next_step": ""}, kind="hand_in", now=now)
    assert told.status == Status.LATE
    assert copies(scene, "learned") == [("alice", "Hers")]
