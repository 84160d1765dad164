"""Somebody else: either may ask, without a reason, and the other hears a neutral sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from factories.world import MONDAY, NOW, World
from handrail.apps.calendars.models import Seat
from handrail.apps.matches.actions import propose_matches
from handrail.apps.matches.models import Match
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Conflict, NotFound
from handrail.apps.outbox.runner import drain
from handrail.apps.people.models import NotWith
from handrail.apps.requests import actions
from handrail.apps.requests.options import options_for
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.queries import mentors_to_book
from handrail.integrations.mail_folder import list_mails, read_mail

TUESDAY = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


def booked(world: World, start: datetime = TUESDAY) -> Session:
    assert world.program is not None
    bob, alice = world.person("bob"), world.person("alice")
    return book(
        world.program, bob, alice, start, "Rebase a branch", by=world.viewer("bob"), now=NOW
    )


@pytest.mark.parametrize(("asker", "other"), [("bob", "alice"), ("alice", "bob")])
def test_either_ends_the_pair_and_nothing_tells_who(
    world: World, asker: str, other: str, tmp_path: Path, settings: Any
) -> None:
    settings.MAIL, settings.MAIL_FOLDER = "folder", tmp_path
    assert world.program is not None
    session = booked(world)
    while drain(now=NOW).delivered:
        pass
    before = {mail.name for mail in list_mails(tmp_path)}
    late = TUESDAY - timedelta(minutes=30)  # a cancellation would be late

    given_back = actions.ask_for_somebody_else(
        world.program, world.person(other), by=world.viewer(asker), now=late
    )

    assert given_back == 1
    session.refresh_from_db()
    assert session.state == SessionState.CANCELLED
    assert session.cancelled_by is None
    seats = Seat.objects.filter(booking=session.booking)
    assert {str(seat.attendance) for seat in seats} == {"not_recorded"}
    assert AuditEntry.objects.get(verb="pair.parted").actor == "system:pairing"
    assert AuditEntry.objects.get(verb="session.cancelled").actor == "system:pairing"
    while drain(now=late).delivered:
        pass
    mails: dict[str, list[str]] = {"alice": [], "bob": []}
    for row in list_mails(tmp_path):
        mail = read_mail(tmp_path, row.name) if row.name not in before else None
        part = mail.get_body(("plain",)) if mail is not None else None
        if part is not None:
            name = "alice" if "alice@" in row.recipient else "bob"
            mails[name].append(" ".join(part.get_content().split()))
    for name, met in (("alice", "Bob"), ("bob", "Alice")):
        said = " ".join(mails[name])
        assert f"From now on you and {met} are matched with other people" in said
        assert f"Your session with {met} is cancelled." in said
        assert f"{met} cancelled" not in said
        assert "You cancelled" not in said
    assert "These could be next for you:" in " ".join(mails["bob"])
    assert "Nora:" in " ".join(mails["bob"])


def test_the_engine_proposes_somebody_else_from_then_on(world: World) -> None:
    program = world.program
    assert program is not None
    booked(world)
    bob, alice = world.person("bob"), world.person("alice")

    actions.ask_for_somebody_else(program, alice, by=world.viewer("bob"), now=NOW)

    lead = world.viewer("alice")
    options = options_for(program, bob, None, minutes=20, now=NOW)
    assert [option.mentor.name for option in options] == ["Nora", "Ole"]
    assert "Alice" not in [m.person.name for m in mentors_to_book(lead, program, bob, now=NOW)]
    run = propose_matches(program, week=MONDAY, by=lead, now=NOW)
    assert [match.mentor.name for match in Match.objects.filter(run=run)] == ["Nora"]
    with pytest.raises(Conflict, match="not available here"):
        booked(world, TUESDAY + timedelta(days=1))
    assert not NotWith.objects.exists()


def test_never_again_goes_onto_the_askers_private_list(world: World) -> None:
    assert world.program is not None
    booked(world)
    alice = world.person("alice")
    actions.ask_for_somebody_else(
        world.program, alice, never_again=True, by=world.viewer("bob"), now=NOW
    )
    assert [(row.person, row.other) for row in NotWith.objects.all()] == [
        (world.person("bob"), alice)
    ]
    # Saying it again changes nothing and tells nobody.
    actions.ask_for_somebody_else(world.program, alice, by=world.viewer("bob"), now=NOW)
    assert AuditEntry.objects.filter(verb="pair.parted").count() == 1


def test_two_who_never_met_are_no_pair(world: World) -> None:
    assert world.program is not None
    for name, other in (("bob", "alice"), ("charlie", "alice"), ("alice", "charlie")):
        with pytest.raises(NotFound):
            actions.ask_for_somebody_else(
                world.program, world.person(other), by=world.viewer(name), now=NOW
            )


def test_an_open_request_goes_on_without_the_mentor_who_asked(world: World, ask: Any) -> None:
    assert world.program is not None
    asked = ask("alice")
    actions.ask_for_somebody_else(
        world.program, world.person("bob"), by=world.viewer("alice"), now=NOW
    )
    while drain(now=NOW).delivered:
        pass
    waiting = asked.asks.filter(answer="waiting").select_related("mentor")
    assert [one.mentor.name for one in waiting] == ["Nora"]
