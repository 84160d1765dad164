"""What is left of an offer that came to nothing: a row that counts, and nobody it went to."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import QuerySet

from handrail.apps.hiring.models import Offer, OfferLottery, Outcome
from handrail.apps.organizations.models import Organization
from handrail.apps.outcomes.actions import GONE, forget_applicant


def dead_offers(organization: Organization, before: datetime, do: bool) -> int:
    """Offers that were declined, expired or withdrawn before then.

    Outcome, dates, whether the trajectory was shown and how it was drawn stay, so that every
    comparison counts as before; the applicant, here and among the outcomes, the address of what
    was promised and all words go. So does the key of each lottery that was over by then: whom a
    row of it is about cannot be found any more, not even by who guesses their id.
    """
    old: QuerySet[Offer] = Offer.objects.filter(
        outcome__in=(Outcome.DECLINED, Outcome.EXPIRED, Outcome.WITHDRAWN), decided_at__lt=before
    ).exclude(applicant__startswith=GONE)
    if not do:
        return old.count()
    n = 0
    for offer in old.select_for_update():
        forget_applicant_of(offer)
        n += 1
    over = OfferLottery.objects.filter(ended_at__lt=before).exclude(sealed_key="")
    over.update(sealed_key="")
    return n


def forget_applicant_of(offer: Offer) -> None:
    """Leave of one offer what counts; in the caller's transaction."""
    gone = f"{GONE}{secrets.token_hex(16)}"
    forget_applicant(offer.applicant, offer.requisition, gone)
    offer.applicant, offer.token = gone, secrets.token_hex(16)
    offer.fate_words, offer.source = "", ""
    offer.save(update_fields=["applicant", "token", "fate_words", "source"])
