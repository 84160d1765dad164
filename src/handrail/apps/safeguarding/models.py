"""Reports of harm: who receives them, what was said under seal, and who read it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person


class HarmContact(Scoped):
    """Somebody whom an administrator has named to receive reports of harm."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    named_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contact {self.person_id}"


class HarmState(models.TextChoices):
    WAITING = "waiting", _("waits to be seen")
    ACKNOWLEDGED = "acknowledged", _("seen, in hands")
    CLOSED = "closed", _("closed")


class HarmPlace(models.TextChoices):
    SESSION = "session", _("session")
    REQUEST = "request", _("request")
    COHORT = "cohort", _("cohort")
    PROJECT = "project", _("project")


class HarmReport(Scoped):
    """One report; its words are sealed, and no measure ever counts it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    reporter = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    concerned = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    # The person concerned and their line as it was: who leaves the line later learns nothing.
    kept_from = models.JSONField(default=list)
    place = models.CharField(max_length=8, choices=HarmPlace.choices)
    place_id = models.UUIDField()
    sealed = models.TextField()
    state = models.CharField(max_length=12, choices=HarmState.choices, default=HarmState.WAITING)
    reported_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="harm_report_once")
        ]
        indexes = [models.Index(fields=["organization", "state"], name="harm_report_state")]
        ordering = ["-reported_at", "-id"]

    def __str__(self) -> str:
        return f"report {self.public_id}"


class HarmWordKind(models.TextChoices):
    ADDED = "added", _("added by who reported it")
    REPLY = "reply", _("reply to who reported it")
    NOTE = "note", _("note among those who look after it")


class HarmWord(Scoped):
    """What was said about a report afterwards, sealed like the report itself."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    report = models.ForeignKey(HarmReport, on_delete=models.CASCADE, related_name="words")
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=HarmWordKind.choices)
    sealed = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="harm_word_once")
        ]
        ordering = ["said_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class HarmRead(Scoped):
    """One line for every time that somebody opened a report."""

    append_only = True
    purged_by = "read_at"

    report = models.UUIDField()  # no key: the line outlives the report that it speaks of
    reader = models.UUIDField()  # a person's public id
    read_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "report"], name="harm_read_report")]

    def __str__(self) -> str:
        return f"{self.reader} read {self.report}"
