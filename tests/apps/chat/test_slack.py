"""From /mentor to a booked session, its reminder and its artifact; and what never leaves."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from apps.chat.conftest import Slack
from apps.office_hours.conftest import make_office
from factories.world import NOW
from handrail.apps.chat.models import ChatAccount
from handrail.apps.connections.models import Delivery
from handrail.apps.connections.sending import send_again
from handrail.apps.office_hours import actions as office_hours
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Person, SkillOffered
from handrail.apps.requests.actions import accept
from handrail.apps.requests.models import MentoringRequest
from handrail.apps.sessions.actions import check_in, finish, save_text, start
from handrail.apps.sessions.models import (
    Artifact,
    ChecklistItem,
    RoomField,
    RoomRevision,
    RoomText,
    Session,
    SessionState,
)
from handrail.integrations.slack import fake

WORKING = fake.TOKEN
CANARY = "canary-in-a-note"
OBJECTIVE = "Rebase a branch without fear"


def open_choices(workspace: Slack) -> list[str]:
    """The times that the second form offers."""
    element = next(
        block["element"] for block in workspace.shown["blocks"] if block.get("block_id") == "choice"
    )
    return [one["value"] for group in element["option_groups"] for one in group["options"]]


def booked(workspace: Slack) -> Session:
    """Bob asks in Slack, alice accepts."""
    workspace.type("U-bob")
    workspace.hand_in("U-bob", minutes="25")
    workspace.deliver()
    workspace.hand_in("U-bob", choice=open_choices(workspace)[0], objective=OBJECTIVE)
    with reading(workspace.world.organization):
        asked = MentoringRequest.objects.get()
        return accept(asked, by=workspace.world.viewer("alice"), now=workspace.now)


def test_mentor_in_slack_from_the_command_to_the_artifact(workspace: Slack) -> None:
    """One walk: linked, asked, confirmed, booked, reminded, written; no note ever leaves."""
    world = workspace.world
    workspace.link("bob", "U-bob")
    workspace.link("alice", "U-alice")
    assert workspace.type("U-bob") == {}
    first = workspace.shown
    assert [b["block_id"] for b in first["blocks"]] == ["skill", "minutes", "hours"]
    looking = workspace.hand_in("U-bob", minutes="25", hours="afternoon")
    assert looking["response_action"] == "update"
    workspace.deliver()
    offered = open_choices(workspace)
    starts = [datetime.fromisoformat(one.split()[1]) for one in offered]
    assert starts
    # Berlin is an hour ahead of UTC in February: noon there is 11 o'clock here.
    assert all(at.utctimetuple().tm_hour >= 11 for at in starts)
    assert str(world.people["alice"].public_id) in offered[0]

    done = workspace.hand_in("U-bob", choice=offered[0], objective=OBJECTIVE)
    assert done["response_action"] == "update"
    with reading(world.organization):
        asked = MentoringRequest.objects.get()
        assert (asked.objective, asked.minutes, asked.mentee) == (
            OBJECTIVE, 25, world.people["bob"],
        )  # fmt: skip
    workspace.deliver()
    assert len(workspace.answered) == 1
    assert "You asked Alice" in workspace.answered[0]
    assert str(asked.public_id) in workspace.answered[0]

    with reading(world.organization):
        session = accept(asked, by=world.viewer("alice"), now=workspace.now)
        items = [one.text for one in ChecklistItem.objects.filter(session=session)]
    workspace.deliver()
    assert len(workspace.told("U-bob")) == len(workspace.told("U-alice")) == 1
    news = json.dumps(workspace.told("C-news"))
    assert "Tooling start" in news
    assert "Alice" not in news
    assert "Bob" not in news

    workspace.deliver(session.booking.starts_at - timedelta(minutes=59))
    assert len(workspace.told("U-bob")) == 2
    reminder = json.dumps(workspace.told("U-bob")[-1])
    assert "You meet Alice in an hour" in reminder
    assert all(word in reminder for word in (OBJECTIVE, items[0], "/sessions/"))
    cancels = workspace.told("U-bob")[-1]["blocks"][-1]["elements"][-1]
    assert (cancels["action_id"], cancels["value"]) == ("cancel", str(session.public_id))
    assert cancels["confirm"]["confirm"]["text"] == "Yes"

    workspace.now = session.booking.starts_at
    with reading(world.organization):
        for name in ("alice", "bob"):
            check_in(session, by=world.viewer(name), now=workspace.now)
        start(session, by=world.viewer("alice"), now=workspace.now)
        for name in ("bob", "alice"):
            save_text(
                session, RoomField.NOTES, f"{CANARY} of {name}", base_rev=0, operation=uuid4(),
                by=world.viewer(name), now=workspace.now,
            )  # fmt: skip
        save_text(
            session, RoomField.LEARNED, f"{CANARY} of the artifact", base_rev=0,
            operation=uuid4(), by=world.viewer("alice"), now=workspace.now,
        )  # fmt: skip
        workspace.now += timedelta(minutes=25)
        finish(session, by=world.viewer("alice"), now=workspace.now)
    workspace.now += timedelta(hours=2, minutes=5)
    workspace.deliver()
    asked_for = workspace.told("U-bob")[-1]
    button = asked_for["blocks"][-1]["elements"][-1]
    assert button["action_id"] == "artifact"
    workspace.press("U-bob", "artifact", button["value"])
    # Alice has begun in the room: what comes from Slack is kept beside it, and nothing is lost.
    kept = workspace.hand_in("U-bob", learned="Rebase is safe", next_step="Try it", link="")
    assert "beside" in json.dumps(kept)
    with reading(world.organization):
        assert RoomText.objects.get(field=RoomField.LEARNED).body == f"{CANARY} of the artifact"
        assert RoomRevision.objects.get(conflict=True).body == "Rebase is safe"
        assert not Artifact.objects.exists()
        save_text(
            session, RoomField.LEARNED, "", base_rev=1, operation=uuid4(),
            by=world.viewer("alice"), now=workspace.now,
        )  # fmt: skip
    workspace.press("U-bob", "artifact", button["value"])
    workspace.hand_in("U-bob", learned="Rebase is safe", next_step="Try it")
    with reading(world.organization):
        artifact = Artifact.objects.get()
        session.refresh_from_db()
    assert (artifact.learned, artifact.owner_id) == ("Rebase is safe", world.people["bob"].pk)
    assert session.state == SessionState.CLOSED
    workspace.deliver(workspace.now + timedelta(days=4))
    assert CANARY not in workspace.fake.everything
    assert "Rebase is safe" not in workspace.fake.everything


@pytest.mark.nightly
def test_a_taken_time_is_said_beside_the_choice_and_a_form_sent_twice_asks_once(
    workspace: Slack,
) -> None:
    workspace.link("bob", "U-bob")
    workspace.type("U-bob")
    workspace.hand_in("U-bob")
    workspace.deliver()
    form, choice = workspace.shown, open_choices(workspace)[0]
    workspace.hand_in("U-bob", choice=choice, objective="Rebase")
    workspace.shown = form
    again = workspace.hand_in("U-bob", again=True, choice=choice, objective="Rebase")
    assert again["response_action"] == "update"
    with reading(workspace.world.organization):
        assert MentoringRequest.objects.count() == 1
    workspace.shown = form
    other = workspace.hand_in("U-bob", choice=choice, objective="Rebase")
    assert set(other["errors"]) == {"choice"}
    assert "asked already" in workspace.type("U-bob")["text"]


def test_one_tap_cancels_and_only_in_the_name_of_who_linked_it(workspace: Slack) -> None:
    workspace.link("bob", "U-bob")
    session = booked(workspace)
    workspace.press("U-mallory", "cancel", str(session.public_id))
    workspace.link("charlie", "U-charlie")
    workspace.press("U-charlie", "cancel", str(session.public_id))
    with reading(workspace.world.organization):
        session.refresh_from_db()
        assert session.state == SessionState.SCHEDULED
    workspace.press("U-bob", "cancel", str(session.public_id))
    with reading(workspace.world.organization):
        session.refresh_from_db()
        assert (session.state, session.cancelled_by) == (
            SessionState.CANCELLED, workspace.world.people["bob"],
        )  # fmt: skip
    workspace.deliver()
    assert any("Cancelled" in one for one in workspace.answered)


def test_an_account_is_linked_once_by_its_owner_and_consent_ends_it(
    workspace: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = workspace.world
    address = workspace.type("U-bob")["text"].rpartition("http")[2]
    path = "/" + address.split("/", 3)[3]
    bob, charlie = Client(), Client()
    bob.force_login(world.users["bob"])
    charlie.force_login(world.users["charlie"])
    assert "Go on only if you typed the command" in bob.get(path).content.decode()
    assert bob.post(path).status_code == 302
    assert charlie.get(path).status_code == 404  # used up
    other = workspace.type("U-other")["text"].rpartition("http")[2]
    workspace.now += timedelta(minutes=1)
    assert workspace.type("U-bob") == {}
    with reading(world.organization):
        account = ChatAccount.objects.get()
        record_consent(
            world.people["bob"].public_id, "chat_linked", given=False, text_version="1",
            channel="web", by=world.viewer("bob"), now=workspace.now,
        )  # fmt: skip
    assert "Link this chat account" in workspace.type("U-bob")["text"]
    assert charlie.post(f"/settings/chats/{account.public_id}/unlink/").status_code == 404
    assert bob.post(f"/settings/chats/{account.public_id}/unlink/").status_code == 302
    with reading(world.organization):
        account.refresh_from_db()
    assert (account.user, account.handle) == ("", "")  # nothing of the chat's is kept
    late = time.time() + 20 * 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: late)
    old = "/" + other.split("/", 3)[3]
    assert bob.get(old).status_code == 404


def test_what_slack_did_not_sign_is_not_read(workspace: Slack) -> None:
    body = fake.typed("U-bob")
    stale = fake.signed(body, workspace.now.timestamp() - 400)
    forged = fake.signed(body, workspace.now.timestamp(), secret="another")
    for headers in (stale, forged, {"Content-Type": "application/x-www-form-urlencoded"}):
        answer = Client().post(
            f"/hooks/{workspace.connection.address}",
            body,
            content_type=headers.pop("Content-Type"),
            headers=headers,
        )
        assert answer.status_code == 401
    assert not workspace.fake.seen


def test_a_token_that_slack_refuses_shows_on_the_connection_and_the_asker_can_go_on(
    workspace: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.link("bob", "U-bob")
    monkeypatch.setattr("handrail.integrations.slack.fake.TOKEN", "another")
    assert "Slack did not open the form" in workspace.type("U-bob")["text"]
    with reading(workspace.world.organization):
        workspace.connection.refresh_from_db()
    assert (workspace.connection.failures, workspace.connection.failure) == (
        1, "not-allowed-there",
    )  # fmt: skip


def test_where_no_mentor_is_free_office_hours_are_offered_and_booked(workspace: Slack) -> None:
    """Nobody of the program has a time after noon; alice holds office hours then."""
    world = workspace.world
    with reading(world.organization):
        SkillOffered.objects.all().delete()
        office = make_office(world, mentors=("nora",))
        rota = office.rota
        office_hours.add_slot(rota, 2, 840, 60, "Europe/Berlin", by=world.system, now=NOW)
        office.plan()
    workspace.link("bob", "U-bob")
    workspace.type("U-bob")
    # His program has nobody left who offers anything: the form is for office hours alone.
    assert [b["block_id"] for b in workspace.shown["blocks"]] == ["skill", "hours"]
    workspace.hand_in("U-bob", hours="afternoon")
    workspace.deliver()
    assert workspace.shown["callback_id"] == "visit"
    choice = open_choices(workspace)[0]
    assert datetime.fromisoformat(choice.split()[1]) == datetime(2026, 2, 4, 13, 0, tzinfo=UTC)
    form = workspace.shown
    done = workspace.hand_in("U-bob", choice=choice, objective=OBJECTIVE)
    assert "Booked: Wed 4 Feb, 14:00 (Europe/Berlin)" in json.dumps(done)
    workspace.shown = form
    again = workspace.hand_in("U-bob", again=True, choice=choice, objective=OBJECTIVE)
    assert again["response_action"] == "update"
    with reading(world.organization):
        session = Session.objects.select_related("booking").get(program=office.program)
    assert (session.objective, session.booking.starts_at.hour) == (OBJECTIVE, 13)
    # What does not go is said beside its field, and books nothing.
    workspace.shown = form
    assert set(workspace.hand_in("U-bob", choice=choice, objective="")["errors"]) == {"objective"}
    workspace.shown = form
    other = workspace.hand_in("U-bob", choice=choice, objective="Squash")
    assert set(other["errors"]) == {"choice"}
    with reading(world.organization):
        assert Session.objects.filter(program=office.program).count() == 1


def test_a_program_whose_mentors_are_full_leads_to_office_hours(workspace: Slack) -> None:
    world = workspace.world
    with reading(world.organization):
        office = make_office(world, mentors=("nora",))
        office.plan()
        Person.objects.filter(external_id="alice").update(minutes_per_week=0)
    workspace.link("bob", "U-bob")
    workspace.type("U-bob")
    assert [b["block_id"] for b in workspace.shown["blocks"]] == ["skill", "minutes", "hours"]
    workspace.hand_in("U-bob")
    workspace.deliver()
    assert workspace.shown["callback_id"] == "visit"
    assert "No mentor has a time with you" in json.dumps(workspace.shown)


def _to_people_first(one: Delivery) -> tuple[bool, int]:
    return "account" not in one.content, one.pk


def _to_people_first(one: Delivery) -> tuple[bool, int]:
    return "account" not in one.content, one.pk


def test_each_message_stands_on_the_connection_and_can_be_sent_again(
    workspace: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Slack did not take is tried again, given up, sent again, and dropped once it is late."""
    world, adam = workspace.world, workspace.world.viewer("adam")
    workspace.link("bob", "U-bob")
    session = booked(workspace)
    monkeypatch.setattr("handrail.integrations.slack.fake.TOKEN", "another")
    workspace.deliver()

    def rows() -> list[tuple[str, bool, str, str, int]]:
        with reading(world.organization):
            return [
                (one.kind, "account" in one.content, one.state, one.failure, one.tries)
                for one in sorted(Delivery.objects.all(), key=_to_people_first)
            ]

    refused = "not-allowed-there"
    assert rows() == [
        ("booked", True, "given-up", refused, 1),
        ("booked", False, "given-up", refused, 1),
    ]
    monkeypatch.setattr("handrail.integrations.slack.fake.TOKEN", WORKING)
    with reading(world.organization):
        mine = min(Delivery.objects.all(), key=_to_people_first)
        page = Client()
        page.force_login(world.users["adam"])
        shown = page.get(reverse("connection", args=[workspace.connection.public_id]))
        assert "to one person" in shown.content.decode()
        send_again(workspace.connection.public_id, mine.public_id, by=adam, now=workspace.now)
    workspace.deliver()
    assert rows()[0] == ("booked", True, "sent", "", 1)
    assert len(workspace.told("U-bob")) == 2  # refused, then taken
    with reading(world.organization):
        send_again(
            workspace.connection.public_id, mine.public_id, by=adam,
            now=session.booking.starts_at,
        )  # fmt: skip
    workspace.deliver(session.booking.starts_at + timedelta(minutes=1))
    assert rows()[0][2] == "dropped"
    about = [one for one in workspace.told("U-bob") if "You and Alice" in json.dumps(one)]
    assert len(about) == 2
