"""What is kept about records themselves: seals, periods, keys, statements, exports, erasures."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person
from handrail.apps.sessions.models import Artifact


class LedgerSeal(Scoped):
    """One link of the organisation's hash chain over its ledgers."""

    n = models.BigIntegerField()  # the place in the chain, from 1 on
    ledger = models.CharField(max_length=8)
    row_id = models.BigIntegerField()  # no key: the row may leave, its seal stays
    salt = models.CharField(max_length=32, blank=True)  # empty once the row was let go
    leaf = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    row_at = models.DateTimeField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "n"], name="ledger_seal_place"),
            models.UniqueConstraint(
                fields=["organization", "ledger", "row_id"], name="ledger_seal_row"
            ),
        ]
        ordering = ["n"]

    def __str__(self) -> str:
        return f"{self.n}: {self.row}"

    @property
    def row(self) -> str:
        """What the chain calls the row, such as "audit:12"."""
        return f"{self.ledger}:{self.row_id}"


class RetentionPeriod(Scoped):
    """A period that an administrator has set otherwise than it comes."""

    kind = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind"], name="retention_period_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.days}"


class SigningKey(Scoped):
    """A key that statements of this organisation are signed with; a retired one still verifies."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    public = models.CharField(max_length=80)  # a multikey
    sealed = models.TextField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="signing_key_once"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(retired_at=None),
                name="signing_key_one_at_a_time",
            ),
        ]
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return self.public


class BadgeKey(Scoped):
    """An RSA key for badges, given out while one is in use; what a retired one signed verifies."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    jwk = models.JSONField()  # the public half
    sealed = models.TextField()  # the secret one; empty once it is retired
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="badge_key_once"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(retired_at=None),
                name="badge_key_one_at_a_time",
            ),
        ]
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"badge key {self.public_id}"


class Attestation(Scoped):
    """A mentor's signed statement about an artifact; the mentee decides whether it is shown."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    artifact = models.ForeignKey(
        Artifact, null=True, on_delete=models.SET_NULL, related_name="attestations"
    )
    mentor = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    mentee = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    signed = models.JSONField()  # the document with its proof; empty once it is erased
    made_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="attestation_once")
        ]
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"attestation {self.public_id}"


class ExportKind(models.TextChoices):
    ORGANIZATION = "organization", _("everything of the organisation")
    PERSON = "person", _("everything about me")


class ExportState(models.TextChoices):
    ASKED = "asked", _("being made")
    READY = "ready", _("ready")
    GONE = "gone", _("taken away again")


class DataExport(Scoped):
    """A zip that the worker makes; it is taken away again after a week."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=ExportKind.choices)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    is_redacted = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ExportState.choices, default=ExportState.ASKED)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="data_export_once")
        ]
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class ErasureState(models.TextChoices):
    ASKED = "asked", _("waits for a word")
    REFUSED = "refused", _("not granted")
    WITHDRAWN = "withdrawn", _("taken back")
    DONE = "done", _("erased")


class ErasureRequest(Scoped):
    """Somebody's wish to be erased, and what was decided; it outlives them without a name."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=ErasureState.choices, default=ErasureState.ASKED
    )
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    word = models.CharField(max_length=280, blank=True, default="")
    counts = models.JSONField(default=dict)  # table -> rows that went or were blanked

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="erasure_request_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "person"],
                condition=models.Q(state="asked"),
                name="erasure_request_open_once",
            ),
        ]
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"erasure {self.public_id}"


class GroupQuestion(Scoped):
    """What people may say of themselves for the look at fairness, and for nothing else."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=120)
    choices = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="group_question_once"
            )
        ]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return self.label


class GroupAnswer(Scoped):
    """One person's own word on it, sealed: no query can match by it."""

    question = models.ForeignKey(GroupQuestion, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    sealed = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "question", "person"], name="group_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
