"""People who were hired: known before their first day, under an address or under none yet."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import NOWHERE, is_nowhere
from handrail.apps.people.importing import HIRED
from handrail.apps.people.models import (
    EmploymentSpell,
    LedgerCorrection,
    Person,
    SpellBasis,
    TakesPartAs,
)

SOURCE = "hire"


def person_at(address: str) -> Person | None:
    """Whoever has this address here, whatever its case."""
    return Person.objects.filter(email__iexact=address).first() if address else None


def add_hired(name: str, address: str, *, key: str, by: Viewer, now: datetime) -> Person:
    """A new person who takes part as a mentee; `key` is the hire's own, and the same person's.

    Without an address mails to them go nowhere until they get one.
    """
    _require_system(by)
    external = HIRED + hashlib.sha256(key.encode()).hexdigest()[:16]
    with writing(by.organization):
        person, is_new = Person.objects.get_or_create(
            organization=by.organization,
            external_id=external,
            defaults={
                "name": name,
                "email": address or f"{external}@{NOWHERE}",
                "role": TakesPartAs.MENTEE,
                "timezone": by.organization.timezone,
                "language": by.organization.language,
            },
        )
        if is_new:
            _audit("person.hired", person, by, now)
    return person


def give_address(person: Person, address: str, *, by: Viewer, now: datetime) -> None:
    """The address of somebody who had none; who has one keeps it."""
    _require_system(by)
    if not is_nowhere(person.email):
        return
    with writing(by.organization):
        Person.objects.filter(pk=person.pk).update(email=address, rev=F("rev") + 1)
        _audit("person.address_given", person, by, now)
    person.refresh_from_db(fields=["email", "rev"])


def was_here_before(person: Person, day: date, *, except_since: date | None = None) -> bool:
    """Whether a stay that began before this day goes on over it; but for one that may be given."""
    spells = EmploymentSpell.objects.filter(person=person, started_on__lt=day)
    return any(
        (spell.ended_on is None or spell.ended_on >= day) and spell.started_on != except_since
        for spell in spells
    )


def plan_stay(
    person: Person,
    started_on: date,
    *,
    known_since: date,
    instead_of: date | None,
    by: Viewer,
    now: datetime,
) -> None:
    """Write down from when somebody will be here, and since when that is known.

    `instead_of` is the first day that was written before: it is corrected, and what stood is kept.
    A stay that another source knows to begin on this day stays as it is.
    """
    _require_system(by)
    with writing(by.organization):
        spells = EmploymentSpell.objects.filter(person=person)
        if spells.filter(started_on=started_on).exists():
            if instead_of is not None and instead_of != started_on:
                cancel_stay(person, instead_of, by=by, now=now)
            return
        stands = spells.filter(started_on=instead_of).first() if instead_of else None
        if stands is None:
            EmploymentSpell.objects.create(
                organization=by.organization,
                person=person,
                basis=SpellBasis.EMPLOYMENT,
                started_on=started_on,
                start_known_since=known_since,
            )
            return
        before = _plain(stands)
        stands.started_on = started_on
        stands.start_known_since = known_since
        stands.save(update_fields=["started_on", "start_known_since"])
        _keep(person, before, _plain(stands), by, now)


def cancel_stay(person: Person, started_on: date, *, by: Viewer, now: datetime) -> None:
    """Take back a stay that came to nothing; the ledger keeps that it was planned."""
    _require_system(by)
    with writing(by.organization):
        stands = EmploymentSpell.objects.filter(
            person=person, started_on=started_on, ended_on=None
        ).first()
        if stands is None:
            return
        _keep(person, _plain(stands), {}, by, now)
        stands.delete()


def end_stay(
    person: Person, started_on: date, ended_on: date, *, by: Viewer, now: datetime
) -> None:
    """Somebody began, and left again on this day."""
    _require_system(by)
    with writing(by.organization):
        EmploymentSpell.objects.filter(person=person, started_on=started_on, ended_on=None).update(
            ended_on=max(ended_on, started_on), end_known_since=now.date()
        )


def forget_hired(person: Person, *, by: Viewer, now: datetime) -> bool:
    """Delete somebody who came by a hire and never began; False where other records name them."""
    _require_system(by)
    if not person.external_id.startswith(HIRED) or person.membership_id is not None:
        return False
    if EmploymentSpell.objects.filter(person=person).exists():
        return False
    with writing(by.organization):
        try:
            with transaction.atomic():
                person.delete()
        except ProtectedError:
            return False
        _audit("person.forgotten", person, by, now)
    return True


def _require_system(by: Viewer) -> None:
    """Only a hire does this, whose own action has asked who may."""
    if not by.is_system:
        raise NotAllowed("Only a hire may do this.")


def _plain(spell: EmploymentSpell) -> dict[str, Any]:
    return {
        "started_on": spell.started_on.isoformat(),
        "start_known_since": spell.start_known_since.isoformat(),
    }


def _keep(
    person: Person, before: dict[str, Any], after: dict[str, Any], by: Viewer, now: datetime
) -> None:
    LedgerCorrection.objects.create(
        organization=by.organization,
        subject=str(person.public_id),
        about="spell",
        before=before,
        after=after,
        source=SOURCE,
        corrected_at=now,
        corrected_by=by.actor,
    )


def _audit(verb: str, person: Person, by: Viewer, now: datetime) -> None:
    record_audit(by=by, verb=verb, object_type="person", object_id=person.public_id, now=now)
