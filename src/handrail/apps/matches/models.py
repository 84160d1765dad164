"""Match runs: what the engine proposed, why, and what a lead decided."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program


class RunStatus(models.TextChoices):
    PREVIEW = "preview", _("preview")
    PUBLISHED = "published", _("published")
    DISCARDED = "discarded", _("discarded")


class MatchRun(Scoped):
    """One solve for one week of a program, kept with its certificate."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="match_runs")
    week = models.DateField()  # a Monday; the grid starts at its 00:00 UTC
    seed = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.PREVIEW)
    certificate = models.JSONField(default=dict)
    prices = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="match_run_public_id"
            )
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"week {self.week}"


class Match(Scoped):
    """A proposal: who meets whom, when, and why."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="matches")
    mentee = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="matches_as_mentee")
    mentor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="matches_as_mentor")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    skill = models.CharField(max_length=120, blank=True, default="")
    score = models.IntegerField()
    reasons = models.JSONField(default=list)  # [{"code": ..., "params": {...}}]
    explanation = models.JSONField(default=dict)  # runner-up, why not others
    pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="match_public_id"),
            models.UniqueConstraint(
                fields=["organization", "run", "mentee"], name="match_mentee_once_a_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentee_id} with {self.mentor_id}"


class Unmatched(Scoped):
    """Somebody the run could not serve, with the binding reason."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="unmatched")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "run", "person"], name="unmatched_once_a_run"
            )
        ]

    def __str__(self) -> str:
        return f"unmatched {self.person_id}"


class DecisionKind(models.TextChoices):
    PIN = "pin", _("keep together")
    FORBID = "forbid", _("do not pair")


class PairDecision(Scoped):
    """A lead's word on a pair; every run of the program obeys it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="pair_decisions")
    kind = models.CharField(max_length=8, choices=DecisionKind.choices)
    mentee = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "program", "mentee", "mentor"], name="pair_decision_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="pair_decision_public_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mentee_id}-{self.mentor_id}"
