"""What must leave the house, and what has already been answered."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models

from handrail.apps.organizations.models import Scoped, ScopedRows


class OutboxRow(Scoped):
    """One thing to deliver, written in the transaction of the change that causes it.

    Rows hold ids, never text; the public id is the receiver's key against double effects.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=48)
    stream = models.CharField(max_length=80)  # order holds within a stream (one booking, say)
    ref = models.JSONField(default=dict)
    dedupe = models.CharField(max_length=160)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "dedupe"], name="outbox_dedupe"),
            models.UniqueConstraint(fields=["organization", "public_id"], name="outbox_public_id"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_due",
                condition=models.Q(done_at=None, dead_at=None, cancelled_at=None),
            ),
            models.Index(fields=["organization", "stream", "id"], name="outbox_stream"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe}"


class IdempotencyKey(models.Model):
    """The stored answer to one caller's keyed request."""

    pk = models.CompositePrimaryKey("organization_id", "principal", "key")
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, related_name="+"
    )
    principal = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # null: still in flight
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects: ClassVar[ScopedRows[Self]] = ScopedRows()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"
