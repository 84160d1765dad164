"""Who comes: put on the list, with their own words on the way there, or taken off again."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.retreats.actions.changing import changing, one_line
from handrail.apps.retreats.actions.kit import fit_pieces
from handrail.apps.retreats.actions.telling import tell_off
from handrail.apps.retreats.models import (
    AgendaBlock,
    Guest,
    Hub,
    KitItem,
    KitPiece,
    PieceState,
    Retreat,
    RetreatStatus,
)
from handrail.apps.retreats.queries import may_plan, require_plan, require_scope

LONGEST_NEEDS = 1000
# Who arrives earlier than that comes for something else as well.
AROUND = timedelta(days=14)


def add_guest(
    retreat: Retreat, person: Person, *, by: Viewer, now: datetime, hub: Hub | None = None
) -> Guest:
    """Put a person on the list; each gets what everybody gets. Calendars are told when you say."""
    require_plan(by, retreat)
    with changing(retreat, "retreat.guest_added", by=by, now=now, person=str(person.public_id)):
        place = hub or Hub.objects.filter(retreat=retreat).first()
        assert place is not None
        guest, created = Guest.objects.get_or_create(
            organization=by.organization,
            retreat=retreat,
            person=person,
            defaults={"hub": place},
        )
        if not created and guest.taken_off_at is not None:
            guest.taken_off_at = None
            guest.told_at = None
            guest.hub = place
            guest.save(update_fields=["taken_off_at", "told_at", "hub"])
        _fit_kit(retreat)
    return guest


def save_part(
    guest: Guest,
    *,
    by: Viewer,
    now: datetime,
    comes_from: str = "",
    arrives_at: datetime | None = None,
    leaves_at: datetime | None = None,
    needs: str = "",
    hub: Hub | None = None,
) -> Guest:
    """Write down where a guest comes from, when, and what they need: by them or a planner."""
    require_scope(by, "retreats:write")
    retreat = guest.retreat
    if guest.person_id != by.person_id and not may_plan(by, retreat):
        raise NotAllowed(_("Only they themselves or who plans the retreat may say this."))
    guest.comes_from = one_line(comes_from)
    guest.needs = needs.strip()
    guest.arrives_at, guest.leaves_at = arrives_at, leaves_at
    _check(guest)
    written = ["comes_from", "needs", "arrives_at", "leaves_at"]
    with changing(retreat, "retreat.part_saved", by=by, now=now):
        if not Guest.objects.filter(pk=guest.pk, taken_off_at=None).exists():
            raise Conflict(_("This person does not come any more."))
        if hub is not None and hub.pk != guest.hub_id:
            guest.hub = hub
            guest.told_at = None  # their entry names another place
            written += ["hub", "told_at"]
        guest.save(update_fields=written)
    return guest


def take_off(guest: Guest, *, by: Viewer, now: datetime) -> None:
    """Take a person off the list: out of their calendar, and what they bring is open again."""
    retreat = guest.retreat
    require_plan(by, retreat)
    person = str(guest.person.public_id)
    with changing(retreat, "retreat.guest_taken_off", by=by, now=now, person=person):
        if not Guest.objects.filter(pk=guest.pk, taken_off_at=None).update(taken_off_at=now):
            raise Conflict(_("This person does not come any more."))
        guest.refresh_from_db()
        tell_off(retreat, guest, now)
        # What they said about themselves was for this retreat alone.
        Guest.objects.filter(pk=guest.pk).update(
            needs="", comes_from="", arrives_at=None, leaves_at=None, told_at=None
        )
        theirs = KitPiece.objects.filter(item__retreat=retreat, guest=guest)
        theirs.filter(item__per_person=False).update(guest=None, state=PieceState.OPEN)
        _fit_kit(retreat)


def let_go(person: Person, *, by: Viewer, now: datetime) -> list[Retreat]:
    """Take somebody who has left out of every retreat ahead; says which they planned.

    They come no more, lead no block, and plan nothing: an administrator goes on with what they
    planned, and becomes its planner with the first change of its name or days.
    """
    with reading(by.organization):
        ahead = Retreat.objects.filter(ends_on__gte=now.date()).exclude(
            status=RetreatStatus.CALLED_OFF
        )
        guests = list(
            Guest.objects.filter(person=person, taken_off_at=None, retreat__in=ahead)
            .select_related("retreat", "person", "hub")
            .order_by("pk")
        )
        blocks = AgendaBlock.objects.filter(led_by=person)
        others = ahead.filter(Q(planner=person) | Q(pk__in=blocks.values("retreat")))
        touched = list(others.order_by("pk"))
    for guest in guests:
        with suppress(Conflict):  # somebody was quicker
            take_off(guest, by=by, now=now)
    planned = [retreat for retreat in touched if retreat.planner_id == person.pk]
    for retreat in touched:
        with suppress(Conflict), changing(retreat, "retreat.person_left", by=by, now=now):
            blocks.filter(retreat=retreat).update(led_by=None)
            Retreat.objects.filter(pk=retreat.pk, planner=person).update(planner=None)
    return planned


def _fit_kit(retreat: Retreat) -> None:
    for item in KitItem.objects.filter(retreat=retreat, per_person=True):
        fit_pieces(item)


def _check(guest: Guest) -> None:
    fields: dict[str, str] = {}
    retreat = guest.retreat
    if len(guest.comes_from) > 120:
        fields["comes_from"] = _("Say it in at most 120 characters.")
    if len(guest.needs) > LONGEST_NEEDS:
        fields["needs"] = _("Say it in at most 1000 characters.")
    arrives, leaves = guest.arrives_at, guest.leaves_at
    if arrives is not None and not (
        retreat.starts_on - AROUND <= arrives.date() <= retreat.ends_on + timedelta(days=1)
    ):
        fields["arrives_at"] = _("Choose a moment in the two weeks before the retreat.")
    if leaves is not None and not (
        retreat.starts_on <= leaves.date() + timedelta(days=1)
        and leaves.date() <= retreat.ends_on + AROUND
    ):
        fields["leaves_at"] = _("Choose a moment in the two weeks after the retreat begins.")
    if arrives is not None and leaves is not None and leaves <= arrives:
        fields["leaves_at"] = _("You leave before you arrive. Choose a later moment.")
    if fields:
        raise Invalid(_("This cannot be saved like this."), fields=fields)
