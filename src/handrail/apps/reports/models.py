"""Reports, kept with what they were made from."""

from __future__ import annotations

import uuid

from django.db import models

from handrail.apps.organizations.models import Scoped
from handrail.apps.pilots.models import Pilot
from handrail.apps.programs.models import Program


class Report(Scoped):
    """One report at one cut; the same inputs give the same bytes."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(
        Program, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    pilot = models.ForeignKey(
        Pilot, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    title = models.CharField(max_length=160)
    cut = models.DateField()
    inputs = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)  # of inputs and code version
    simulated_sessions = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="report_public_id")
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title
