"""Somebody else, where turns are booked: the two never meet in this program again."""

from __future__ import annotations

import pytest

from apps.office_hours.conftest import Office
from factories.world import NOW
from handrail.apps.office_hours import actions
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.requests.actions import ask_for_somebody_else
from handrail.apps.sessions.models import SessionState


@pytest.mark.parametrize("asker", ["mentee", "mentor"])
def test_who_asked_for_somebody_else_meets_the_others_from_then_on(
    office: Office, asker: str
) -> None:
    turn = office.turns()[0]
    host = turn.host
    assert host is not None
    session = office.book("bob", turn)
    by, other = (
        ("bob", host) if asker == "mentee" else (host.external_id, office.world.person("bob"))
    )
    given_back = ask_for_somebody_else(office.program, other, by=office.world.viewer(by), now=NOW)
    session.refresh_from_db()
    assert (given_back, session.state) == (1, SessionState.CANCELLED)
    # The time is the turn's again, and free for all but bob.
    assert {block.turn.host for block in office.blocks("bob")}.isdisjoint({host})
    assert office.blocks("charlie")[0].turn == turn
    with pytest.raises(Conflict, match="not available here"):
        office.book("bob", turn)


def test_a_turn_with_somebody_in_it_is_not_handed_to_whom_they_parted_from(office: Office) -> None:
    turn = office.turns()[0]
    assert turn.host is not None
    theirs = next(t for t in office.turns() if t.host not in (None, turn.host))
    parted = theirs.host
    assert parted is not None
    office.book("bob", theirs)
    ask_for_somebody_else(office.program, parted, by=office.world.viewer("bob"), now=NOW)
    office.book("bob", turn)
    actions.cannot(turn, by=office.world.system, now=NOW)
    turn.refresh_from_db()
    mentors = {office.world.person(name) for name in ("alice", "marc", "nora")}
    assert turn.host in mentors - {parted}
