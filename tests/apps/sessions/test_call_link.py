"""Where the two talk: whose link holds, and who may give another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from factories.world import NOW, make_world
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.people.actions import edit_profile
from handrail.apps.people.models import Person
from handrail.apps.sessions import actions
from handrail.apps.sessions.models import RoomRevision
from handrail.apps.sessions.queries import CallLink, room

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)
ALICES = "https://meet.example.org/alice"
BOBS = "https://meet.example.org/bob"
OTHER = "https://calls.example.org/for-once?pwd=1&x=2"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def _takes_calls(scene: Any, who: str, link: str, now: datetime = NOW) -> None:
    """Write it into their own settings."""
    person = Person.objects.get(pk=scene.world.person(who).pk)
    edit_profile(person, by=scene.by(who), now=now, call_link=link)


def _give(
    scene: Any,
    who: str,
    link: str,
    base_rev: int = 0,
    *,
    operation: UUID | None = None,
    now: datetime = NOW,
) -> Any:
    return actions.give_call_link(
        scene.session,
        link,
        base_rev=base_rev,
        operation=operation or uuid4(),
        by=scene.by(who),
        now=now,
    )


def _call(scene: Any, now: datetime = NOW) -> CallLink | None:
    return room(scene.by("bob"), scene.fresh(), now).call


def _url(scene: Any) -> str | None:
    call = _call(scene)
    return call.url if call else None


# Whose link holds ----------------------------------------------------------------------------


def test_nobody_gave_a_link(scene: Any) -> None:
    assert _call(scene) is None


def test_the_mentors_link_holds(scene: Any) -> None:
    _takes_calls(scene, "bob", BOBS)
    _takes_calls(scene, "alice", ALICES)
    assert _call(scene) == CallLink(ALICES, scene.world.person("alice"), False)


def test_without_the_mentors_the_mentees_link_holds(scene: Any) -> None:
    _takes_calls(scene, "bob", BOBS)
    assert _call(scene) == CallLink(BOBS, scene.world.person("bob"), False)


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_each_of_the_two_gives_another_link_for_this_session(scene: Any, who: str) -> None:
    _takes_calls(scene, "alice", ALICES)
    saved = _give(scene, who, f"  {OTHER} ")
    assert (saved.body, saved.rev, saved.conflict) == (OTHER, 1, False)
    assert _call(scene) == CallLink(OTHER, scene.world.person(who), True)


def test_an_empty_link_goes_back_to_the_settings(scene: Any) -> None:
    _takes_calls(scene, "alice", ALICES)
    _give(scene, "bob", OTHER)
    _give(scene, "bob", "", 1)
    assert _url(scene) == ALICES


def test_the_link_is_of_one_session(scene: Any) -> None:
    _give(scene, "bob", OTHER)
    later = actions.book(
        scene.world.program,
        scene.world.person("bob"),
        scene.world.person("alice"),
        at(24 * 60),
        "Rebase a branch without fear",
        by=scene.by("bob"),
        now=NOW,
    )
    assert room(scene.by("bob"), later, NOW).call is None


def test_it_can_be_given_while_the_session_runs(scene: Any) -> None:
    now = scene.running()
    _give(scene, "alice", OTHER, now=now)
    call = _call(scene, now)
    assert call is not None
    assert call.url == OTHER


# Who may ------------------------------------------------------------------------------------


def test_a_colleague_who_is_not_of_the_session_gives_none(scene: Any) -> None:
    with pytest.raises(NotFound):
        _give(scene, "charlie", OTHER)
    assert _call(scene) is None


def test_an_administrator_gives_none(scene: Any) -> None:
    with pytest.raises(NotAllowed):
        _give(scene, "adam", OTHER)
    assert _call(scene) is None


def test_a_stranger_of_another_organisation_gives_none(scene: Any) -> None:
    fabrikam = make_world("Fabrikam")
    with reading(fabrikam.organization), pytest.raises(NotFound):
        actions.give_call_link(
            scene.session,
            OTHER,
            base_rev=0,
            operation=uuid4(),
            by=fabrikam.viewer("bob"),
            now=NOW,
        )
    assert _call(scene) is None


def test_nobody_says_for_somebody_else_where_they_take_calls(scene: Any) -> None:
    with pytest.raises(NotAllowed):
        edit_profile(scene.world.person("bob"), by=scene.by("adam"), now=NOW, call_link=OTHER)
    assert Person.objects.get(pk=scene.world.person("bob").pk).call_link == ""


# What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["meet.example.org", "javascript:alert(1)", "https://a b"])
def test_what_is_no_link_is_refused_beside_its_field(scene: Any, link: str) -> None:
    words = {"call_link": "Give a whole address that starts with https:// or http://."}
    with pytest.raises(Invalid) as in_the_room:
        _give(scene, "bob", link)
    with pytest.raises(Invalid) as in_the_settings:
        _takes_calls(scene, "bob", link)
    assert in_the_room.value.fields == words
    assert in_the_settings.value.fields == words
    assert _call(scene) is None


def test_a_link_given_against_an_older_one_lies_beside_it(scene: Any) -> None:
    _give(scene, "alice", ALICES)
    late = _give(scene, "bob", BOBS)
    assert (late.body, late.rev, late.conflict, late.copy) == (ALICES, 1, True, BOBS)
    assert _url(scene) == ALICES
    text = room(scene.by("alice"), scene.fresh(), NOW).texts["call_link"]
    assert [(copy.body, copy.author.name) for copy in text.copies] == [(BOBS, "Bob")]


def test_the_same_save_twice_is_one(scene: Any) -> None:
    operation = uuid4()
    first = _give(scene, "bob", OTHER, operation=operation)
    assert _give(scene, "bob", OTHER, operation=operation) == first
    assert RoomRevision.objects.filter(session=scene.session).count() == 1
    assert scene.fresh().booking.sequence == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("awaiting_artifact", "The time of this session is over. Write the artifact to close it."),
        ("closed", "This session is closed."),
        ("not_held", "This session was not held."),
        ("cancelled", "This session was cancelled."),
    ],
)
def test_a_session_that_is_over_has_no_call(scene: Any, state: str, words: str) -> None:
    _takes_calls(scene, "alice", ALICES)
    now = getattr(scene, state)()
    with pytest.raises(Conflict) as refused:
        _give(scene, "bob", OTHER, now=now)
    assert refused.value.message == words
    assert _call(scene, now) is None


def test_the_rooms_other_texts_do_not_reach_it(scene: Any) -> None:
    with pytest.raises(Invalid):
        actions.save_text(
            scene.session,
            "call_link",
            "javascript:alert(1)",
            base_rev=0,
            operation=uuid4(),
            by=scene.by("bob"),
            now=NOW,
        )
