"""Match runs: what the engine proposed, why, and what a lead decided."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program


class RunStatus(models.TextChoices):
    RUNNING = "running", _("being worked out")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")
    PREVIEW = "preview", _("preview")
    PUBLISHED = "published", _("published")
    DISCARDED = "discarded", _("discarded")


class Stage(models.TextChoices):
    """How far a run in the making is, in the order of its work."""

    WAITING = "waiting", _("Waiting for its turn")
    READING = "reading", _("Reading people and calendars")
    CANDIDATES = "candidates", _("Finding who could meet whom")
    SOLVING = "solving", _("Solving")
    CHECKING = "checking", _("Checking that no plan is better")
    EXPLAINING = "explaining", _("Finding the reasons")
    KEEPING = "keeping", _("Writing it down")


class MatchRun(Scoped):
    """One solve for one week of a program, kept with its certificate.

    A large one is in the making first (`running`, by a worker); it becomes a preview, fails with a
    reason, or is stopped.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="match_runs")
    week = models.DateField()  # a Monday; the grid starts at its 00:00 UTC
    seed = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.PREVIEW)
    certificate = models.JSONField(default=dict)
    prices = models.JSONField(default=dict)
    rules = models.JSONField(default=dict)  # decisions and settings in force, see `rules.py`
    advice = models.JSONField(default=dict)  # what would help most
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)  # of workers, which also number them
    failure = models.JSONField(default=dict)  # {"code": ..., "params": {...}}
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="match_run_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "program", "week"],
                condition=models.Q(status="running"),
                name="match_run_one_in_the_making",
            ),
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


class Parting(Scoped):
    """Two people who are matched with others from now on; who asked for it is not kept."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="partings")
    mentee = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    parted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "program", "mentee", "mentor"], name="parting_once"
            )
        ]

    def __str__(self) -> str:
        return "parting"
