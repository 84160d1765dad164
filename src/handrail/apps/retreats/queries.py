"""Questions about retreats; who plans one or comes to it sees it, nobody else knows of it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.queries import led_programs
from handrail.apps.retreats.models import (
    AgendaBlock,
    Guest,
    Hub,
    KitItem,
    Retreat,
    RetreatStatus,
)


def retreats_for(viewer: Viewer) -> QuerySet[Retreat]:
    """The retreats the viewer plans, or comes to once they are announced; newest first."""
    require_scope(viewer, "retreats:read")
    retreats = Retreat.objects.select_related("planner").order_by("-starts_on", "name", "id")
    if viewer.is_administrator:
        return retreats
    if viewer.person_id is None:
        return retreats.none()
    coming = Guest.objects.filter(person_id=viewer.person_id, taken_off_at=None)
    told = Q(pk__in=coming.values("retreat_id")) & ~Q(status=RetreatStatus.DRAFT)
    return retreats.filter(Q(planner_id=viewer.person_id) | told)


def retreat_for(viewer: Viewer, public_id: UUID) -> Retreat:
    """The retreat, or NotFound where it is not there or not the viewer's to see."""
    retreat = retreats_for(viewer).filter(public_id=public_id).first()
    if retreat is None:
        raise NotFound(_("There is no such retreat."))
    return retreat


def may_make(viewer: Viewer) -> bool:
    """Whether the viewer may plan a new retreat: administrators and leads of a program."""
    return viewer.is_administrator or led_programs(viewer).exists()


def may_plan(viewer: Viewer, retreat: Retreat) -> bool:
    """Whether the viewer may change this retreat: its planner and administrators."""
    return viewer.is_administrator or (
        viewer.person_id is not None and viewer.person_id == retreat.planner_id
    )


def require_plan(viewer: Viewer, retreat: Retreat) -> None:
    """Raise NotAllowed unless the viewer may change this retreat."""
    require_scope(viewer, "retreats:write")
    if not may_plan(viewer, retreat):
        raise NotAllowed(_("Only who plans this retreat or an administrator may do this."))


def require_scope(viewer: Viewer, scope: str) -> None:
    """Raise NotAllowed where the viewer is a key without this scope."""
    if not viewer.may(scope):
        raise NotAllowed(
            _("This key may not do that: it lacks the scope %(scope)s.") % {"scope": scope},
            code="scope-missing",
        )


def guests_of(retreat: Retreat) -> QuerySet[Guest]:
    """Who comes, by name."""
    return (
        Guest.objects.filter(retreat=retreat, taken_off_at=None)
        .select_related("person", "hub")
        .order_by("person__name", "id")
    )


def guest_of(viewer: Viewer, retreat: Retreat) -> Guest | None:
    """The viewer's own place in the retreat, if they come."""
    if viewer.person_id is None:
        return None
    return guests_of(retreat).filter(person_id=viewer.person_id).first()


def guest_for(viewer: Viewer, retreat: Retreat, person: UUID) -> Guest:
    """One guest, for who may read their needs: the person and planners; else NotFound."""
    found = guests_of(retreat).filter(person__public_id=person).first()
    if found is None or not (found.person_id == viewer.person_id or may_plan(viewer, retreat)):
        raise NotFound(_("There is no such person in this retreat."))
    return found


def hub_for(retreat: Retreat, public_id: UUID) -> Hub:
    """One hub of the retreat."""
    found = Hub.objects.filter(retreat=retreat, public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such hub in this retreat."))
    return found


def block_for(retreat: Retreat, public_id: UUID) -> AgendaBlock:
    """One block of the retreat's agenda."""
    found = AgendaBlock.objects.filter(retreat=retreat, public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such block in this agenda."))
    return found


def item_for(retreat: Retreat, public_id: UUID) -> KitItem:
    """One item of the retreat's kit."""
    found = KitItem.objects.filter(retreat=retreat, public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such item in this kit list."))
    return found
