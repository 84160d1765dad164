"""Office hours of one circle: a block full of others' time, an offer to the mentee, a free turn."""

from __future__ import annotations

from factories.world import MONDAY, NOW, World
from handrail.apps.office_hours import actions
from handrail.apps.office_hours.models import PlaceInLine, Rota, RotaSlot, Turn
from handrail.apps.organizations.scope import reading
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.sessions.actions import cancel


def office_hours(world: World, mentee: str, mentor: str, lead: str) -> dict[str, str]:
    """Ids of the program, its block, a turn with an offer in it, the offer, and a free turn."""
    by = world.system
    with reading(world.organization):
        program = create_program(
            "office-hours", starts_on=MONDAY, by=by, now=NOW, leads=[world.person(lead)]
        )
        rota = Rota.objects.get(program=program)
        for slot in RotaSlot.objects.filter(rota=rota):
            actions.remove_slot(slot, by=by, now=NOW)
        block = actions.add_slot(rota, 4, 14 * 60, 30, "Europe/Berlin", by=by, now=NOW)
        start_program(program, by=by, now=NOW)
        enrol(program, world.person(mentee), EnrolmentRole.MENTEE, by=by, now=NOW)
        enrol(program, world.person(mentor), EnrolmentRole.MENTOR, by=by, now=NOW)
        actions.plan(rota, by=by, now=NOW)
        turns = list(Turn.objects.filter(slot=block).order_by("starts_at"))
        stranger = viewer_for_person(world.person("charlie"))
        taken = actions.book(turns[0], turns[0].starts_at, "Squash", by=stranger, now=NOW)
        waits = viewer_for_person(world.person(mentee))
        actions.wait(turns[0], "Rebase", by=waits, now=NOW)
        cancel(taken, by=stranger, now=NOW)
        place = PlaceInLine.objects.get(turn=turns[0])
        assert place.state == "offered"
        actions.edit_rules(rota, open_to="enrolled", fair_sessions=0, by=by, now=NOW)
    return {
        "office": str(program.public_id),
        "slot": str(block.public_id),
        "turn": str(turns[0].public_id),
        "free_turn": str(turns[1].public_id),
        "free_start": turns[1].starts_at.isoformat(),
        "place": str(place.public_id),
    }
