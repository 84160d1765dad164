"""Whoever is erased leaves no address and no application behind that they were known by."""

from __future__ import annotations

import secrets
from datetime import datetime

from handrail.apps.hiring.letting_go import forget_applicant_of
from handrail.apps.hiring.models import HireRecord, Offer
from handrail.apps.outcomes.actions import GONE
from handrail.apps.people.models import Person


def forget_person(person: Person, now: datetime) -> None:
    """Forget the applicant of their offers, and each address that a hire was told by hand under."""
    hires = list(HireRecord.objects.filter(person=person).order_by("pk"))
    known_by = {person.external_id, *(hire.application for hire in hires)}
    jobs = {(hire.application, hire.job) for hire in hires}
    offers = list(Offer.objects.select_for_update(of=("self",)).filter(applicant__in=known_by))
    named = {offer.applicant for offer in offers if (offer.applicant, offer.requisition) in jobs}
    for offer in offers:
        # Two systems may count from one: where a job says which offer is theirs, no other is.
        if offer.applicant not in named or (offer.applicant, offer.requisition) in jobs:
            forget_applicant_of(offer)
    for hire in hires:
        if "@" in hire.application:
            # No two alike: there is one of a key.
            HireRecord.objects.filter(pk=hire.pk).update(
                application=f"{GONE}{secrets.token_hex(16)}"
            )
