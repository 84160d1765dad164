"""Records on pages: a statement that anybody checks, exports, erasure, groups, periods."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.matches.actions import propose_matches
from handrail.apps.matches.models import Match
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.people.models import Person
from handrail.apps.records import attesting, fairness
from handrail.apps.records.models import ErasureRequest, GroupAnswer, GroupQuestion
from handrail.apps.sessions import actions as sessions
from handrail.apps.sessions.models import Artifact, Session

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]
As = Callable[[str], Client]


def done(world: World) -> Session:
    assert world.program is not None
    with writing(world.organization):
        session = sessions.book(
            world.program,
            world.person("bob"),
            world.person("alice"),
            NOW + timedelta(days=1, hours=2),
            "Rebase",
            by=world.viewer("bob"),
            now=NOW,
        )
        Artifact.objects.create(
            organization=world.organization,
            session=session,
            learned="To rebase",
            next_step="More",
            submitted_by=world.person("bob"),
            submitted_at=NOW,
        )
    return session


def test_a_mentor_signs_a_mentee_shares_and_anybody_checks_it(
    world: World, signed_in_as: As, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = done(world)
    page, bob, alice = (
        reverse("attest", args=[session.public_id]),
        signed_in_as("bob"),
        signed_in_as("alice"),
    )
    words = {"do": "sign", "mentee": str(world.person("bob").public_id), "statement": "He can."}
    refused = alice.post(page, words)  # asked for by itself, and not yet
    assert refused.status_code == 409
    assert "Allow first" in refused.content.decode()
    alice.post(reverse("settings_consent"), {"purpose": "attestation", "do": "allow"})
    assert alice.post(page, words).status_code == 302
    assert "Sign a statement" not in alice.get(page).content.decode()  # about nobody else
    again = alice.post(page, words)
    assert (again.status_code, "signed one already" in again.content.decode()) == (409, True)
    with reading(world.organization):
        made = attesting.attestations_of(world.viewer("bob"), session)[0]
    where = [world.organization.public_id, made.public_id]
    public, anybody = reverse("attested", args=where), Client()
    assert anybody.get(public).status_code == 404  # the mentee decides, and nobody else
    assert alice.post(page, {"do": "share", "statement": str(made.public_id)}).status_code == 403
    bob.post(page, {"do": "share", "statement": str(made.public_id)})
    shown = anybody.get(public)
    assert "The signature holds" in shown.content.decode()
    assert "He can." in shown.content.decode()
    assert not shown.cookies
    assert b"<script" not in shown.content

    # Offline, with the three files that the page leads to; a key that was changed still verifies.
    with reading(world.organization):
        attesting.rotate_key(by=world.viewer("adam"), now=NOW)
    files = {}
    for name, at in (("attested_json", where), ("attested_keys", where[:1])):
        answer = anybody.get(reverse(name, args=at))
        files[name] = tmp_path / f"{name}.json"
        files[name].write_bytes(answer.content)
        assert not answer.cookies
    signed, keys = files["attested_json"], files["attested_keys"]
    listed = json.loads(keys.read_bytes())["keys"]
    assert [bool(one.get("until")) for one in listed] == [True, False]
    call_command("verify", str(signed), keys=keys)
    assert "It is a key of this organisation." in capsys.readouterr().out
    changed = tmp_path / "changed.json"
    changed.write_text(signed.read_text().replace("He can.", "He can!"))
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify", str(changed))
    assert "Rebase" in signed.read_text()
    assert "To rebase" not in signed.read_text()  # the artifact's words are not in it

    alice.post(page, {"do": "revoke", "statement": str(made.public_id)})
    assert "taken back" in anybody.get(public).content.decode()
    assert "Sign a statement" in alice.get(page).content.decode()
    gone = tmp_path / "revoked.json"
    gone.write_bytes(anybody.get(reverse("attested_revoked", args=where[:1])).content)
    with pytest.raises(CommandError, match="taken back"):
        call_command("verify", str(signed), revoked=gone)
    bob.post(page, {"do": "unshare", "statement": str(made.public_id)})
    assert anybody.get(public).status_code == 404


def test_people_ask_and_a_lead_decides_on_the_pages(world: World, signed_in_as: As) -> None:
    own, bob = reverse("settings_data"), signed_in_as("bob")
    bob.post(own, {"do": "export"})
    assert "Being made" in bob.get(own).content.decode()
    assert bob.post(own, {"do": "export"}).status_code == 302  # not twice
    bob.post(own, {"do": "erase", "word": "I leave."})
    with reading(world.organization):
        wish = ErasureRequest.objects.get()
    page = reverse("erasure", args=[wish.public_id])
    assert "I leave." in signed_in_as("alice").get(page).content.decode()
    assert signed_in_as("mona").get(page).status_code == 404
    assert signed_in_as("adam").post(page, {"do": "erase"}).status_code == 302
    with reading(world.organization):
        assert not Person.objects.filter(name="Bob").exists()
    assert bob.get(own).status_code == 302  # signed out

    adam, page = signed_in_as("adam"), reverse("records")
    assert "Today 0 would go." in adam.get(page).content.decode()
    wrong = {"do": "periods", "events": "90", "offers": "180", "notes": "365"}
    assert adam.post(page, {**wrong, "harm": "730", "audit": "730"}).status_code == 422
    right = {**wrong, "events": "7", "harm": "730", "audit": "730"}
    assert adam.post(page, right).status_code == 302
    assert "Everything is as it was written." in adam.post(page, {"do": "verify"}).content.decode()


def test_groups_are_sealed_and_show_only_where_there_are_enough(
    world: World, signed_in_as: As
) -> None:
    adam, page = signed_in_as("adam"), reverse("impact")
    adam.post(page, {"do": "ask", "label": "Where do you work?", "choices": "At home\nElsewhere"})
    with reading(world.organization):
        question = GroupQuestion.objects.get()
    said = {"do": "group", "question": str(question.public_id), "said": "At home"}
    bob = signed_in_as("bob")
    assert bob.post(reverse("settings_data"), said).status_code == 302
    with reading(world.organization):
        answer = GroupAnswer.objects.get()
        assert "home" not in answer.sealed
        assert [own.said for own in fairness.own_answers(world.viewer("bob"))] == ["At home"]
        assert [own.said for own in fairness.own_answers(world.viewer("adam"))] == [""]
    shown = adam.get(page).content.decode()
    assert "Self-assessment, not an independent audit." in shown
    assert shown.count("Too few people to tell") == 4
    assert signed_in_as("ana").get(page).status_code == 403


def test_no_answer_about_oneself_changes_a_match(world: World) -> None:
    """Whatever people say, and to whichever group they change: the plan is the same to the byte."""
    assert world.program is not None

    def plan() -> list[Any]:
        with writing(world.organization):
            assert world.program is not None
            run = propose_matches(world.program, week=NOW.date(), by=world.system, now=NOW, seed=7)
            fields = ("mentee", "mentor", "starts_at", "score", "reasons", "explanation")
            found = list(Match.objects.filter(run=run).order_by("pk").values_list(*fields))
        assert found
        return found

    plan()
    before = plan()  # the second one says of a pair that it was kept
    with writing(world.organization):
        asked = fairness.put_question("Which?", ["A", "B"], by=world.viewer("adam"), now=NOW)
    for said in ("A", "B", ""):
        for name in ("alice", "bob"):
            fairness.say_group(asked.public_id, said, by=world.viewer(name), now=NOW)
        assert plan() == before
    with reading(world.organization):
        lines = AuditEntry.objects.filter(object_type="group question")
        assert lines.count() == 1  # that it was asked; nobody's word on it
