"""Several people claim at the same moment: each piece goes to one of them, none is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from apps.retreats.conftest import item, make_kick_off
from factories.together import own_database, together
from factories.world import NOW, World, make_world
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import reading
from handrail.apps.retreats import actions
from handrail.apps.retreats.models import KitPiece

__all__ = ["own_database"]


@pytest.fixture
def world(own_database: None) -> Iterator[World]:
    made = make_world()
    with reading(made.organization):
        yield made


def test_m23_claims_at_the_same_moment_never_share_a_piece(world: World) -> None:
    retreat = make_kick_off(world)
    names = ("bob", "charlie", "mona", "adam")
    for name in names:
        actions.add_guest(retreat, world.person(name), by=world.viewer("alice"), now=NOW)
    power = item(retreat, "Power strip")  # two of them
    viewers = [world.viewer(name) for name in names]

    def claim(place: int) -> None:
        with reading(world.organization):
            actions.claim_pieces(power, 1, by=viewers[place], now=NOW)

    answers = together(*(lambda place=place: claim(place) for place in range(4)))
    refused = [answer for answer in answers if answer is not None]
    assert len(refused) == 2
    assert all(isinstance(answer, Conflict) for answer in refused)
    bringers = [piece.guest_id for piece in KitPiece.objects.filter(item=power)]
    assert None not in bringers
    assert len(set(bringers)) == 2
