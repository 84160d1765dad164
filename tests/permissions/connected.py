"""An account and a connection of each circle, with an event put aside and a delivery sent."""

from __future__ import annotations

from factories.world import NOW, World
from handrail.apps.connections.actions import connect
from handrail.apps.connections.models import Delivery, DeliveryState, Event, EventState
from handrail.apps.organizations.scope import writing
from handrail.apps.outcomes.models import LinkedAccount


def connected(world: World, name: str, number: int) -> dict[str, str]:
    made = connect("github", f"Code of {name}", {}, {}, by=world.system, now=NOW).connection
    with writing(world.organization):
        event = Event.objects.create(
            organization=world.organization,
            connection=made,
            delivery="d-1",
            digest="0" * 64,
            kind="pull_request",
            state=EventState.PARKED,
            reason="author-unknown",
            about=f"github.com#{number + 100}",
            received_at=NOW,
            purge_on=NOW.date(),
        )
        delivery = Delivery.objects.create(
            organization=world.organization,
            connection=made,
            kind="program.closed",
            happened_at=NOW,
            state=DeliveryState.SENT,
            purge_on=NOW.date(),
        )
        account = LinkedAccount.objects.create(
            organization=world.organization,
            person=world.person(name),
            host="github.com",
            number=number,
            claimed_at=NOW,
            claimed_by="tests",
        )
    return {
        "linked_account": str(account.public_id),
        "connection": str(made.public_id),
        "event": str(event.public_id),
        "delivery": str(delivery.public_id),
    }
