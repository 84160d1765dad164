"""Who may do what about hiring, and its lines in the audit record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Grant, Organization
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.viewer import Viewer


def may_recruit(viewer: Viewer) -> bool:
    """Whether the viewer looks after jobs, postings and offers: recruiters, administrators."""
    return viewer.is_administrator or Grant.RECRUITER in viewer.grants


def require_recruiter(viewer: Viewer, scope: str = "hiring:write") -> None:
    """Raise NotAllowed unless the viewer may recruit."""
    if not viewer.may(scope) or not may_recruit(viewer):
        raise NotAllowed(_("Only a recruiter or an administrator may do this."))


def sees_comparison(viewer: Viewer) -> bool:
    """Whether the viewer sees how offers went, in numbers."""
    return may_recruit(viewer) or viewer.is_analyst


def local_day(organization: Organization, now: datetime) -> date:
    """Today where the organisation is."""
    return now.astimezone(ZoneInfo(organization.timezone)).date()


def audit(
    verb: str, kind: str, public_id: object, *, by: Viewer, now: datetime, **detail: Any
) -> None:
    """Record what was done; never what a candidate was told or what became of them."""
    record_audit(
        by=by, verb=verb, object_type=kind, object_id=str(public_id), detail=detail, now=now
    )
