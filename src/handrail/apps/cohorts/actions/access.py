"""The locks and the record that all verbs on intakes and cohorts share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.cohorts.models import Cohort, Intake, IntakeState
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, NotFound
from handrail.apps.organizations.viewer import Viewer


def locked(intake: Intake) -> Intake:
    """Lock an intake for this transaction: its places and groups change under this lock alone."""
    found = Intake.objects.select_for_update(of=("self",)).filter(pk=intake.pk).first()
    if found is None:
        raise NotFound(_("There is no such intake."))
    return Intake.objects.select_related("program", "organization").get(pk=found.pk)


def require_open(intake: Intake) -> None:
    """Raise Conflict where the intake has started or was called off."""
    if intake.state == IntakeState.STARTED:
        raise Conflict(_("This intake has started already."), code="intake-started")
    if intake.state == IntakeState.CALLED_OFF:
        raise Conflict(_("This intake was called off."), code="intake-called-off")


def touch(intake: Intake, **values: Any) -> None:
    """Write these values and raise the revision; the caller holds the lock."""
    Intake.objects.filter(pk=intake.pk).update(**values, rev=F("rev") + 1)
    intake.refresh_from_db(fields=[*values, "rev"])


def local_day(intake: Intake, now: datetime) -> date:
    """The day it is where the organisation is."""
    return now.astimezone(ZoneInfo(intake.organization.timezone)).date()


def audit(verb: str, thing: Intake | Cohort, by: Viewer, now: datetime, **detail: Any) -> None:
    """Write one line of the record; never who opted out."""
    record_audit(
        by=by,
        verb=f"cohort.{verb}",
        object_type="intake" if isinstance(thing, Intake) else "cohort",
        object_id=str(thing.public_id),
        detail=detail,
        now=now,
    )
