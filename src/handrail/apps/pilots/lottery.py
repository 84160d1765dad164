"""The lottery's seed and ledger, as the pure half takes them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.sealing import Unsealable, open_sealed, seal
from handrail.apps.pilots.models import Assignment, Pilot
from handrail.domain.evidence.assignment import Assigned


def _place(pilot: Pilot) -> str:
    return f"pilots:{pilot.organization_id}:{pilot.public_id}:seed"


def sealed(pilot: Pilot, seed: bytes) -> str:
    """The seed so that it can be kept: nobody reads the next arm out of a copy of the database."""
    return seal(seed.hex(), place=_place(pilot))


def seed_of(pilot: Pilot) -> bytes:
    """The seed, for drawing the next place; it is shown to nobody before the pilot is closed.

    Raises `Conflict` where the server's secret key is no longer the one it was sealed with.
    """
    try:
        return bytes.fromhex(open_sealed(pilot.sealed_seed, place=_place(pilot)))
    except Unsealable:
        raise Conflict(
            _(
                "The draw was sealed with an earlier secret key of this server. Whoever runs the"
                " server names that key in HANDRAIL_SECRET_KEY_FALLBACKS; then it opens again."
            )
        ) from None


def ledger_of(pilot: Pilot) -> list[Assigned]:
    """Every row of the ledger in the order in which it was written; people by their public id."""
    return [
        Assigned(str(row.subject), row.stratum, row.place, row.arm, row.corrects, row.void)
        for row in Assignment.objects.filter(pilot=pilot).order_by("pk")
    ]
