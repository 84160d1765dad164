"""What the house does for a person by itself: switched off for good, or quiet for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import (
    ASKED_ELSEWHERE,
    DONE_UNLESS_REFUSED,
    FOR_ADMINISTRATORS,
    ConsentPurpose,
)
from handrail.apps.organizations.queries import administrators, is_allowed
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Snooze

LONGEST_DAYS = 28


@dataclass(frozen=True, slots=True)
class Automation:
    """One thing that is done without being asked, as it stands for a person."""

    purpose: str
    label: str
    is_on: bool  # not switched off for good
    quiet_until: datetime | None  # it wakes by itself then


def may_do(subject: UUID, purpose: str, now: datetime) -> bool:
    """Whether this may be done for the person now: not switched off, and not quiet at present."""
    return (
        is_allowed(subject, purpose)
        and not Snooze.objects.filter(
            person__public_id=subject, purpose=purpose, until__gt=now
        ).exists()
    )


def automations_of(person: Person, now: datetime) -> list[Automation]:
    """All of them, in the order in which the settings show them."""
    quiet = dict(
        Snooze.objects.filter(person=person, until__gt=now).values_list("purpose", "until")
    )
    heads = administrators().filter(pk=person.membership_id or 0).exists()
    return [
        Automation(
            purpose.value,
            str(purpose.label),
            is_allowed(person.public_id, purpose),
            quiet.get(purpose.value),
        )
        for purpose in ConsentPurpose
        if purpose in DONE_UNLESS_REFUSED
        and purpose not in ASKED_ELSEWHERE
        and (heads or purpose not in FOR_ADMINISTRATORS)
    ]


def quiet_now(person: Person, now: datetime) -> list[Automation]:
    """Those that are quiet at present."""
    if not Snooze.objects.filter(person=person, until__gt=now).exists():
        return []
    return [one for one in automations_of(person, now) if one.is_on and one.quiet_until]


def pauses_until(person: Person, today: date) -> date | None:
    """The day up to which the person takes no sessions, as long as it is not past."""
    until = person.pause_until
    return until if until is not None and until >= today else None


def snooze(person: Person, purpose: str, days: int, *, by: Viewer, now: datetime) -> None:
    """Keep one automation quiet for some days; with 0 it wakes now."""
    if by.person_id != person.pk or not by.may("people:write"):
        raise NotAllowed(_("Only the person themself may do this."))
    if purpose not in DONE_UNLESS_REFUSED:
        raise Invalid(_("There is no such automation."), fields={"purpose": _("Unknown.")})
    if not 0 <= days <= LONGEST_DAYS:
        raise Invalid(
            _("Choose up to %(days)d days.") % {"days": LONGEST_DAYS},
            fields={"days": _("Choose a smaller number, or switch it off for good.")},
        )
    with writing(by.organization):
        if days:
            Snooze.objects.update_or_create(
                organization=by.organization,
                person=person,
                purpose=purpose,
                defaults={"until": now + timedelta(days=days)},
            )
        else:
            Snooze.objects.filter(person=person, purpose=purpose).delete()
        record_audit(
            by=by,
            verb="person.snoozed",
            object_type="person",
            object_id=str(person.public_id),
            detail={"purpose": purpose, "days": days},
            now=now,
        )
