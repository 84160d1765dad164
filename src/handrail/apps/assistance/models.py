"""Which programs allow drafts, and which texts began as one; what was sent is not kept."""

from __future__ import annotations

import uuid

from django.db import models

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.sessions.models import Session


class AssistedProgram(Scoped):
    """A program whose lead allows drafts in its sessions."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    allowed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "program"], name="assisted_program_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.program_id}"


class AssistedText(Scoped):
    """A draft that somebody made their own: by which model, for which session, and when."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    model = models.CharField(max_length=120)
    sent = models.CharField(max_length=64)  # SHA-256 of what was sent
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="assisted_text_public_id"
            )
        ]
        indexes = [models.Index(fields=["organization", "session"], name="assisted_text_session")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.model}"
