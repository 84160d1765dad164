"""Field by field: nothing goes further than approved, and than everybody agreed who wrote in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from factories.answers import EVERYBODY, LEARNED, Scene, make_scene, written
from factories.outbox import deliver
from factories.world import World
from handrail.apps.answers import actions
from handrail.apps.answers.models import (
    Answer,
    AnswerRevision,
    AnswerState,
    Audience,
    TextField,
)
from handrail.apps.answers.queries import answer_for, inside, may_take, shown
from handrail.apps.organizations.models import ConsentRecord
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import EmploymentSpell
from handrail.apps.sessions.actions import save_text

pytestmark = pytest.mark.django_db
ORG = Audience.ORGANIZATION


def read(scene: Scene, name: str) -> Any:
    """What somebody reads of the answer; None where it is hidden from them."""
    try:
        answer = answer_for(scene.by(name), scene.answer.public_id)
    except NotFound:
        return None
    found = shown(scene.by(name), [answer], scene.now.date())
    return (found[0].question, found[0].body, found[0].next_step) if found else "proposed"


def agree(scene: Scene, name: str, field: str, upto: int, revision: int = 1) -> Answer:
    return actions.agree(
        scene.answer, field, upto, revision=revision, by=scene.by(name), now=scene.now
    )


def test_m09_an_artifact_becomes_a_proposal_that_only_its_people_see(scene: Scene) -> None:
    assert scene.fresh().state == AnswerState.PROPOSED
    assert scene.answer.owner == scene.world.person("bob")
    assert [read(scene, name) for name in ("alice", "bob")] == ["proposed", "proposed"]
    assert [read(scene, name) for name in ("charlie", "mona", "adam")] == [None, None, None]


def test_m09_approved_with_nothing_widened_it_stays_with_the_pair(scene: Scene) -> None:
    scene.approve({})
    assert read(scene, "alice") == (
        "Rebase a branch without fear",
        LEARNED,
        "Rebase the docs branch",
    )
    assert read(scene, "charlie") is None


def test_m09_a_field_is_held_back_until_everybody_who_wrote_in_it_agrees(
    fresh_world: World,
) -> None:
    """Alice wrote notes into what was learned before bob handed it in."""
    with reading(fresh_world.organization):
        scene = _written_by_both(fresh_world)
        scene.approve()
        assert read(scene, "charlie") is None
        asked = OutboxRow.objects.filter(kind="mail.answer_yes")
        assert [row.ref["person"] for row in asked] == [str(fresh_world.person("alice").public_id)]
        agree(scene, "alice", TextField.BODY, ORG)
        assert read(scene, "charlie") == (
            "Rebase a branch without fear",
            LEARNED,
            "Rebase the docs branch",
        )


def test_m09_each_field_goes_as_far_as_its_own_audience(scene: Scene) -> None:
    scene.approve({**EVERYBODY, TextField.NEXT_STEP: int(Audience.TEAM)})
    assert read(scene, "charlie") == ("Rebase a branch without fear", LEARNED, "")
    assert read(scene, "alice")[2] == "Rebase the docs branch"


def test_m09_a_withdrawn_yes_acts_at_once_and_stands_in_the_ledger(scene: Scene) -> None:
    scene.approve()
    assert read(scene, "charlie") is not None
    agree(scene, "bob", TextField.BODY, Audience.PAIR)
    assert read(scene, "charlie") is None
    assert read(scene, "alice") is not None
    ledger = ConsentRecord.objects.filter(about__contains=":body:").order_by("pk")
    assert [(line.given, line.extent) for line in ledger] == [
        (True, "organization"),
        (False, "pair"),
    ]


def test_m09_who_did_not_write_in_a_field_has_no_say_in_it(scene: Scene) -> None:
    scene.approve({})
    with pytest.raises(NotAllowed):
        agree(scene, "alice", TextField.BODY, ORG)
    with pytest.raises(NotFound):
        agree(scene, "charlie", TextField.BODY, ORG)


def test_m09_the_owner_alone_approves(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        scene.approve(by=scene.by("alice"))
    with pytest.raises(NotFound):
        scene.approve(by=scene.by("adam"))


def test_m21_approved_words_are_frozen_and_an_edit_waits_for_approval(scene: Scene) -> None:
    scene.approve()
    words = {"question": "How do I rebase?", "next_step": "", "link": ""}
    actions.edit(scene.answer, body="Shorter.", base=1, by=scene.by("bob"), now=scene.now, **words)
    assert read(scene, "charlie")[1] == LEARNED
    scene.approve()
    assert read(scene, "charlie") == ("How do I rebase?", "Shorter.", "")
    bodies = AnswerRevision.objects.filter(answer=scene.answer).values_list("n", "body")
    assert list(bodies) == [(1, LEARNED), (2, "Shorter.")]


def test_m09_changed_words_need_a_new_yes_of_everybody_whose_words_they_were(
    fresh_world: World,
) -> None:
    with reading(fresh_world.organization):
        scene = _written_by_both(fresh_world)
        scene.approve()
        agree(scene, "alice", TextField.BODY, ORG)
        actions.edit(
            scene.answer,
            question="Rebase a branch without fear",
            body=f"{LEARNED} Alice once lost a day that way.",
            base=1,
            by=scene.by("bob"),
            now=scene.now,
        )
        scene.approve()
        assert read(scene, "charlie") is None
        agree(scene, "alice", TextField.BODY, ORG, revision=2)
        assert read(scene, "charlie") is not None


def test_m21_a_draft_may_be_thrown_away_but_not_the_only_wording(scene: Scene) -> None:
    with pytest.raises(Conflict) as refused:
        actions.discard_draft(scene.answer, by=scene.by("bob"), now=scene.now)
    assert refused.value.code == "only-wording"
    scene.approve()
    actions.edit(
        scene.answer, question="How?", body="So.", base=1, by=scene.by("bob"), now=scene.now
    )
    actions.discard_draft(scene.answer, by=scene.by("bob"), now=scene.now)
    seen = inside(scene.by("bob"), scene.fresh())
    assert seen is not None
    assert (seen.last.body, seen.is_draft) == (LEARNED, False)


def test_m21_an_edit_of_what_somebody_else_changed_writes_nothing(scene: Scene) -> None:
    words = {"question": "How?", "by": scene.by("bob"), "now": scene.now}
    actions.edit(scene.answer, body="First.", base=1, **words)
    with pytest.raises(Conflict) as refused:
        actions.edit(scene.answer, body="Second.", base=1, **words)
    assert refused.value.code == "changed-meanwhile"
    last = AnswerRevision.objects.filter(answer=scene.answer).last()
    assert last is not None
    assert last.body == "First."


def test_m21_an_answer_deleted_while_somebody_edits_it_says_so(scene: Scene) -> None:
    scene.approve()
    actions.delete(scene.answer, by=scene.by("bob"), now=scene.now)
    assert read(scene, "alice") is None
    with pytest.raises(Conflict) as refused:
        actions.edit(
            scene.answer, question="How?", body="So.", base=1, by=scene.by("bob"), now=scene.now
        )
    assert refused.value.code == "answer-deleted"
    assert not AnswerRevision.objects.filter(answer=scene.answer).exists()


def test_two_megabytes_are_refused_by_name_and_nothing_is_cut(scene: Scene) -> None:
    with pytest.raises(Invalid) as refused:
        actions.edit(
            scene.answer,
            question="How?",
            body="x" * 2_000_000,
            base=1,
            by=scene.by("bob"),
            now=scene.now,
        )
    assert set(refused.value.fields) == {"body"}
    assert "2000000" in str(refused.value.fields["body"])
    last = AnswerRevision.objects.filter(answer=scene.answer).last()
    assert last is not None
    assert last.body == LEARNED


def test_m09_words_that_came_after_the_artifact_flag_the_answer(scene: Scene) -> None:
    scene.approve()
    session = scene.artifact.session
    later = scene.now + timedelta(hours=1)
    save_text(
        session,
        "learned",
        "Never rebase what others have.",
        base_rev=0,
        operation=scene.answer.public_id,
        by=scene.by("alice"),
        now=later,
    )
    deliver(later)
    assert scene.fresh().superseded_at == later
    actions.check(scene.answer, by=scene.by("bob"), now=later)
    assert scene.fresh().superseded_at is None


def _written_by_both(world: World) -> Scene:
    scene = make_scene(world, save_first=("alice", "learned", "Alice's own words."))
    assert scene.answer.writers.filter(field=TextField.BODY).count() == 2
    return scene


def test_an_answer_is_handed_to_nobody_who_has_not_begun_here(world: World) -> None:
    kept = written(world, "alice", "How do I rebase?", "Commit by commit.")
    tom = world.add("tom", team="Tools")
    EmploymentSpell.objects.filter(person=tom).update(started_on=date(2026, 2, 9))

    def takers(day: date) -> list[str]:
        return [one.external_id for one in may_take(world.viewer("alice"), kept, day)]

    assert takers(date(2026, 2, 8)) == ["bob"]
    assert takers(date(2026, 2, 9)) == ["bob", "tom"]
