"""What is left of an offer that came to nothing: a row that counts, and nobody it went to."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import QuerySet

from handrail.apps.hiring.models import Offer, Outcome
from handrail.apps.organizations.models import Organization

GONE = "gone-"  # how the applicant of an offer is called once they are forgotten


def dead_offers(organization: Organization, before: datetime, do: bool) -> int:
    """Offers that were declined, expired or withdrawn before then.

    Outcome, dates and whether the trajectory was shown stay, so that every comparison counts as
    before; the applicant, the address of what was promised and all words go.
    """
    old: QuerySet[Offer] = Offer.objects.filter(
        outcome__in=(Outcome.DECLINED, Outcome.EXPIRED, Outcome.WITHDRAWN), decided_at__lt=before
    ).exclude(applicant__startswith=GONE)
    if not do:
        return old.count()
    n = 0
    for offer in old.select_for_update():
        offer.applicant = f"{GONE}{secrets.token_hex(16)}"
        offer.token = secrets.token_hex(16)
        offer.fate_words, offer.source = "", ""
        offer.save(update_fields=["applicant", "token", "fate_words", "source"])
        n += 1
    return n
