"""An older backup was put back: every device is told, and sends again what it has."""

from __future__ import annotations

import uuid
from datetime import datetime

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer


def begin_new_epoch(*, by: Viewer, now: datetime) -> uuid.UUID:
    """Give the organisation a new epoch: devices read anew and send their last 14 days again."""
    if not by.is_system:
        raise NotAllowed("Only the operator of this server begins a new epoch.")
    epoch = uuid.uuid4()
    with writing(by.organization):
        Organization.objects.filter(pk=by.organization.pk).update(epoch=epoch)
        record_audit(
            by=by,
            verb="organization.restored",
            object_type="organization",
            object_id=str(by.organization.public_id),
            detail={},
            now=now,
        )
    return epoch
