"""A first day and a last day ahead: until they come, few people are told of them."""

from __future__ import annotations

from copy import copy
from datetime import date

from django.db.models import Exists, OuterRef, Q

from handrail.apps.people.importing import HIRED
from handrail.apps.people.models import EmploymentSpell


def have_come(day: date, person: str = "") -> Q:
    """Who is not merely hired: has begun, or is known from elsewhere than a first day ahead.

    `person` is the way from the rows that are asked to their person, such as "person".
    """
    way = f"{person}__" if person else ""
    spells = EmploymentSpell.objects.filter(person=OuterRef(f"{way}pk"))
    begun, ahead = spells.filter(started_on__lte=day), spells.filter(started_on__gt=day)
    hired = Q(**{f"{way}external_id__startswith": HIRED})
    return Q(Exists(begun)) | Q(~Exists(ahead) & ~hired)


def without_end_ahead(stay: EmploymentSpell, day: date) -> EmploymentSpell:
    """The stay as it is shown to whom a last day is told only once it lies behind."""
    shown = copy(stay)
    if shown.ended_on is not None and shown.ended_on >= day:
        shown.ended_on = shown.end_known_since = None
    return shown
