"""Erasing a whole organisation: the operator's verb, complete by construction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handrail.apps.organizations.guards.tables import scoped_models
from handrail.apps.organizations.models import Membership, Organization, User
from handrail.apps.organizations.queries import memberships_of
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer


def erase_organization(organization: Organization, *, by: Viewer, now: datetime) -> None:
    """Delete every row of this organisation, its ledgers included, and identities left homeless."""
    if not by.is_system or by.organization.pk != organization.pk:
        raise NotAllowed("Only the operator of this server erases an organisation.")
    with transaction.atomic(), reading(organization):
        # Row by row through Django would stop at protected references; these are checked when the
        # transaction commits, so the order of tables does not matter and none can be forgotten.
        Organization.objects.filter(pk=organization.pk).update(erasing_since=now)
        users = list(User.objects.filter(pk__in=Membership.objects.values("user_id")))
        for model in scoped_models():
            rows = model._base_manager.filter(organization_id=organization.pk)
            rows._raw_delete(rows.db)
        for user in users:
            if not memberships_of(user):
                user.delete()
        Organization.objects.filter(pk=organization.pk).delete()
