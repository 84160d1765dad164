"""Whoever is erased leaves no address behind that a hire was known by."""

from __future__ import annotations

import secrets
from datetime import datetime

from handrail.apps.hiring.letting_go import GONE
from handrail.apps.hiring.models import HireRecord
from handrail.apps.people.models import Person


def forget_person(person: Person, now: datetime) -> None:
    """Give another key to each hire that was told by hand and is known by its work address."""
    for hire in HireRecord.objects.filter(person=person, application__contains="@"):
        HireRecord.objects.filter(pk=hire.pk).update(
            application=f"{GONE}{secrets.token_hex(16)}"  # no two alike: there is one of a key
        )
