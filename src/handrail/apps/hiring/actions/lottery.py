"""A lottery of who is shown the trajectory: drawn and written down before an offer is sent."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.hiring.access import audit, require_recruiter
from handrail.apps.hiring.drawn import STRATUM, hashed, ledger_of, place_of
from handrail.apps.hiring.models import DrawnBy, Offer, OfferDraw, OfferLottery
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import Unsealable, open_sealed, seal
from handrail.apps.organizations.viewer import Viewer
from handrail.domain.evidence.assignment import SEED_BYTES, assign, block_list, commitment

PLACES = 1000
KEY_BYTES = 32


def start_lottery(
    unit: str, *, by: Viewer, now: datetime, seed: bytes | None = None
) -> OfferLottery:
    """Draw the whole list and publish its hash; from now on offers can be drawn one by one.

    `seed` is for replays in tests; left out, it is drawn from the system's own source.
    """
    require_recruiter(by)
    if unit not in DrawnBy.values:
        raise Invalid(_("Choose one of the list."), fields={"unit": _("Choose one of the list.")})
    seed = seed or secrets.token_bytes(SEED_BYTES)
    with writing(by.organization):
        if OfferLottery.objects.filter(ended_at=None).exists():
            raise Conflict(_("A lottery is running already. End it first."))
        lottery = OfferLottery(
            organization=by.organization,
            unit=unit,
            places=PLACES,
            commitment=commitment(seed, block_list(seed, [STRATUM], places=PLACES)),
            started_at=now,
            started_by=by.actor,
        )
        lottery.sealed_seed = seal(seed.hex(), place=place_of(lottery, "seed"))
        if unit == DrawnBy.OFFER:
            key = secrets.token_bytes(KEY_BYTES)
            lottery.sealed_key = seal(key.hex(), place=place_of(lottery, "key"))
        lottery.save()
        audit("lottery.started", "lottery", lottery.public_id, by=by, now=now, unit=unit)
    return lottery


def draw(requisition: str, applicant: str, *, by: Viewer, now: datetime) -> OfferDraw:
    """Draw for one offer, or for the requisition it belongs to; a second time says the same.

    Refused once the offer was sent: who knows the answer must not draw.
    """
    require_recruiter(by)
    requisition, applicant = requisition.strip(), applicant.strip()
    if not 1 <= len(requisition) <= 80 or len(applicant) > 80 or "|" in requisition + applicant:
        raise Invalid(
            _("Write the reference of the job."),
            fields={"requisition": _("Write 1 to 80 characters.")},
        )
    with writing(by.organization):
        lottery = OfferLottery.objects.select_for_update().filter(ended_at=None).first()
        if lottery is None:
            raise Conflict(_("No lottery is running."))
        if lottery.unit == DrawnBy.OFFER and not applicant:
            raise Invalid(
                _("This lottery draws for each offer."),
                fields={"applicant": _("Write the applicant's id.")},
            )
        about = requisition
        if lottery.unit == DrawnBy.OFFER:
            about = hashed(_open(lottery, lottery.sealed_key, "key"), requisition, applicant)
        drawn = OfferDraw.objects.filter(lottery=lottery, about=about).first()
        if drawn is not None:
            return drawn
        sent = Offer.objects.filter(requisition=requisition)
        if lottery.unit == DrawnBy.OFFER:
            sent = sent.filter(applicant=applicant)
        if sent.exists():
            raise Conflict(_("An offer was sent already: it is too late to draw for it."))
        blocks = block_list(
            _open(lottery, lottery.sealed_seed, "seed"), [STRATUM], places=lottery.places
        )
        try:
            row = assign(blocks, ledger_of(lottery), person=about, stratum=STRATUM)
        except IndexError:
            raise Conflict(_("All places that were drawn are taken. Start another one.")) from None
        drawn = OfferDraw.objects.create(
            organization=by.organization,
            lottery=lottery,
            about=about,
            place=row.place,
            arm=row.arm,
            drawn_at=now,
            drawn_by=by.actor,
        )
        audit("lottery.drawn", "lottery", lottery.public_id, by=by, now=now, place=row.place)
    return drawn


def end_lottery(*, by: Viewer, now: datetime) -> OfferLottery:
    """End the running lottery and show its seed, so that anybody can draw it again."""
    require_recruiter(by)
    with writing(by.organization):
        lottery = OfferLottery.objects.select_for_update().filter(ended_at=None).first()
        if lottery is None:
            raise Conflict(_("No lottery is running."))
        lottery.revealed_seed = _open(lottery, lottery.sealed_seed, "seed").hex()
        lottery.ended_at = now
        lottery.save(update_fields=["revealed_seed", "ended_at"])
        audit("lottery.ended", "lottery", lottery.public_id, by=by, now=now)
    return lottery


def _open(lottery: OfferLottery, sealed: str, column: str) -> bytes:
    try:
        return bytes.fromhex(open_sealed(sealed, place=place_of(lottery, column)))
    except Unsealable:
        raise Conflict(
            _(
                "The draw was sealed with an earlier secret key of this server. Whoever runs the"
                " server names that key in HANDRAIL_SECRET_KEY_FALLBACKS; then it opens again."
            )
        ) from None
