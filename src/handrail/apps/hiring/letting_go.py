"""What is left of an offer that came to nothing: a row that counts, and nobody it went to."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import QuerySet

from handrail.apps.hiring.actions.lottery import drawn_for
from handrail.apps.hiring.models import Offer, Outcome
from handrail.apps.organizations.models import Organization
from handrail.apps.outcomes.actions import forget_applicant

FIELDS = ("applicant", "token", "fate_words", "source", "drawn_in", "drawn_arm")
GONE = "gone-"  # how the applicant of an offer is called once they are forgotten


def dead_offers(organization: Organization, before: datetime, do: bool) -> int:
    """Offers that were declined, expired or withdrawn before then.

    Outcome, dates, whether the trajectory was shown and how it was drawn stay, so that every
    comparison counts as before; the applicant, here and among the outcomes, the address of what
    was promised and all words go.
    """
    old: QuerySet[Offer] = Offer.objects.filter(
        outcome__in=(Outcome.DECLINED, Outcome.EXPIRED, Outcome.WITHDRAWN), decided_at__lt=before
    ).exclude(applicant__startswith=GONE)
    if not do:
        return old.count()
    n = 0
    for offer in old.select_for_update():
        gone = f"{GONE}{secrets.token_hex(16)}"
        draw = drawn_for(offer.requisition, offer.applicant, before=offer.offered_at)
        if draw is not None:
            offer.drawn_in, offer.drawn_arm = draw.lottery, draw.arm
        forget_applicant(offer.applicant, offer.requisition, gone)
        offer.applicant = gone
        offer.token = secrets.token_hex(16)
        offer.fate_words, offer.source = "", ""
        offer.save(update_fields=[*FIELDS])
        n += 1
    return n
