"""The pages of office hours: book in one press, wait, hand a turn on, the rota and its rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from apps.office_hours.conftest import TUESDAY, Office, at, make_office
from factories.world import NOW, World
from handrail.apps.office_hours import actions
from handrail.apps.office_hours.models import PlaceInLine, Rota, RotaSlot
from handrail.apps.organizations.scope import reading
from handrail.apps.sessions.actions import cancel
from handrail.apps.sessions.models import Session

Enter = Callable[[str], Client]


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    with reading(world.organization):
        office = make_office(world)
        office.plan()
        yield office


def page(office: Office) -> str:
    return f"/programs/{office.program.public_id}/office-hours/"


def test_a_stranger_books_with_one_press(signed_in_as: Enter, office: Office) -> None:
    charlie = signed_in_as("charlie")
    assert "Office hours" in charlie.get("/").content.decode()
    shown = charlie.get(page(office)).content.decode()
    turn = office.turns()[0]
    assert turn.host is not None
    value = f"{turn.public_id} {TUESDAY.isoformat()}"
    assert f'value="{value}"' in shown
    answer = charlie.post(
        page(office), {"objective": "Rebase a branch", "note": "Tried -i", "choice": value}
    )
    session = Session.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/sessions/{session.public_id}/")
    assert "Tried -i" in charlie.get(answer["Location"]).content.decode()
    # The next one is possible in a week: the page says so at the others' times.
    assert "You have a session in this block." in charlie.get(page(office)).content.decode()
    # Taken: the next three stand on the page, and the words are still there.
    refused = signed_in_as("mona").post(page(office), {"objective": "Squash", "choice": value})
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "These three are next" in text
    assert "Squash" in text
    assert f'value="{turn.public_id} {at(minutes=30).isoformat()}"' in text
    # What cannot be read is refused beside its field.
    assert (
        signed_in_as("mona").post(page(office), {"objective": "", "choice": "x"}).status_code == 422
    )


def test_whoever_booked_moves_it_with_one_press(signed_in_as: Enter, office: Office) -> None:
    turn = office.turns()[0]
    session = office.book("bob", turn)
    bob, address = signed_in_as("bob"), f"/sessions/{session.public_id}/move/"
    value = f"{turn.public_id} {at(minutes=30).isoformat()}"
    assert f'value="{value}"' in bob.get(address).content.decode()
    assert bob.post(address, {"choice": "x"}).status_code == 422
    moved = bob.post(address, {"choice": value})
    assert moved["Location"] == f"/sessions/{session.public_id}/"
    session.refresh_from_db()
    assert session.booking.starts_at == at(minutes=30)
    office.book("charlie", turn)
    taken = bob.post(address, {"choice": f"{turn.public_id} {TUESDAY.isoformat()}"})
    assert taken.status_code == 409
    assert "These three are next" in taken.content.decode()
    # Whoever holds the turn hands it on instead.
    assert turn.host is not None
    if turn.host.external_id != "alice":
        there = signed_in_as(turn.host.external_id).get(address)
        assert there["Location"] == "/office-hours/turns/"


def test_waiting_taking_and_leaving(signed_in_as: Enter, office: Office) -> None:
    office.book("bob")
    last = office.book("charlie", minute=30)
    turn = office.turns()[0]
    mona = signed_in_as("mona")
    assert "Wait in line" in mona.get(page(office)).content.decode()
    mona.post(page(office), {"objective": "Squash", "wait": str(turn.public_id)})
    place = PlaceInLine.objects.get()
    offer = f"/office-hours/offers/{place.public_id}/"
    assert "You are in line" in mona.get(offer).content.decode()
    assert "Leave the line" in mona.get("/office-hours/").content.decode()
    cancel(last, by=office.world.viewer("charlie"), now=NOW)
    assert "is held for you" in mona.get("/").content.decode()
    assert "Take it" in mona.get(offer).content.decode()
    taken = mona.post(offer, {"do": "take"})
    assert taken["Location"].startswith("/sessions/")
    assert "You have taken this time." in mona.get(offer).content.decode()


def test_a_turn_is_handed_on_and_the_lead_sees_why(signed_in_as: Enter, office: Office) -> None:
    turn = office.turns()[0]
    assert turn.host is not None
    name = turn.host.external_id
    office.book("bob", turn)
    host = signed_in_as(name)
    mine = host.get("/office-hours/turns/").content.decode()
    assert "Rebase a branch" in mine
    assert (
        "1 session is booked in it" in host.get(f"/turns/{turn.public_id}/cannot/").content.decode()
    )
    host.post(f"/turns/{turn.public_id}/cannot/")
    turn.refresh_from_db()
    assert turn.host is not None
    rota = signed_in_as("alice").get(f"/programs/{office.program.public_id}/rota/").content.decode()
    assert "who owes a turn" in rota
    assert "1 handed on" in rota
    assert "1 of 2 times booked" in rota


def test_the_lead_changes_rules_and_blocks(signed_in_as: Enter, office: Office) -> None:
    alice, address = signed_in_as("alice"), f"/programs/{office.program.public_id}/rota/"
    rules = {"open_to": "enrolled", "plan_weeks": "2", "fair_sessions": "2", "fair_days": "14"}
    alice.post(address, {**rules, "offer_minutes": "60", "compact": "on"})
    rota = Rota.objects.get(pk=office.rota.pk)
    assert (rota.open_to, rota.plan_weeks, rota.compact, rota.lost_time_counts) == (
        "enrolled",
        2,
        True,
        False,
    )
    bad = alice.post(address, {**rules, "plan_weeks": "40", "offer_minutes": "60"})
    assert bad.status_code == 422
    block = {"weekday": "4", "starts_min": "09:30", "minutes": "30", "timezone": "Asia/Kolkata"}
    alice.post(f"{address}block/", block)
    slot = RotaSlot.objects.get(weekday=4, removed_at=None)
    assert (slot.starts_min, slot.minutes, slot.timezone) == (570, 30, "Asia/Kolkata")
    assert alice.post(f"{address}block/", {**block, "minutes": "5"}).status_code == 422
    alice.post(f"/rota/blocks/{slot.public_id}/remove/")
    assert not RotaSlot.objects.filter(weekday=4, removed_at=None).exists()
    actions.run(by=office.world.system, now=NOW)
    assert signed_in_as("charlie").get(page(office)).status_code == 404  # for its mentees only, now
