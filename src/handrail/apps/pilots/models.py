"""A pilot with its frozen plan, its hires, who was assigned what, and what was looked at."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person, Team
from handrail.apps.programs.models import Program

WEEKS = 12


class PilotState(models.TextChoices):
    DRAFT = "draft", _("being planned")
    OPEN = "open", _("running")
    CLOSED = "closed", _("closed")


class Measure(models.TextChoices):
    FIRST_MERGE = "first_merge", _("time to the first merge")
    TASK = "task", _("time to the target task")
    RETENTION_90 = "retention_90", _("still here at 90 days")
    RETENTION_180 = "retention_180", _("still here at 180 days")


class Comparison(models.TextChoices):
    LOTTERY = "lottery", _("a lottery: offered now, or on the waiting list")
    NONE = "none", _("no lottery: everybody is offered it, an association at most")


class Unit(models.TextChoices):
    FASTER = "faster", _("percent faster")
    POINTS = "points", _("percentage points more")
    RELATIVE = "relative", _("percent more")


class Whom(models.TextChoices):
    OFFERED = "offered", _("of those offered")
    TOOK_PART = "took_part", _("of those who took part")


class Pilot(Scoped):
    """One question about one program; from its start on the plan stands as it was frozen."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.OneToOneField(Program, on_delete=models.PROTECT, related_name="pilot")
    name = models.CharField(max_length=120)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=8, choices=PilotState.choices, default=PilotState.DRAFT)
    sponsor = models.CharField(max_length=200, blank=True, default="")
    starts_on = models.DateField()
    hired_from = models.DateField()  # who began earlier is no hire of this pilot
    planned_hires = models.PositiveIntegerField(default=40)
    take_up = models.PositiveSmallIntegerField(default=100)  # percent of those offered, expected
    measure = models.CharField(max_length=16, choices=Measure.choices, default=Measure.FIRST_MERGE)
    task = models.CharField(max_length=120, blank=True, default="")
    # Claims to test, the primary one first: measure, value (a fraction), unit, whom.
    claims = models.JSONField(default=list)
    comparison = models.CharField(
        max_length=8, choices=Comparison.choices, default=Comparison.LOTTERY
    )
    waits_days = models.PositiveSmallIntegerField(default=91)
    # Early against later mentoring is what it is called when people wait less than is measured.
    compares_later = models.BooleanField(default=False)
    looks = models.BooleanField(default=True)  # at the figures every week
    hires_per_mentor = models.PositiveSmallIntegerField(default=1)
    session_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    value_low = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    value_high = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    mobility_rule = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    # What is frozen when it starts.
    plan = models.JSONField(default=dict)
    plan_digest = models.CharField(max_length=64, blank=True, default="")
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=80, blank=True, default="")
    strata = models.JSONField(default=list)
    places = models.PositiveIntegerField(default=0)  # of each stratum
    commitment = models.CharField(max_length=64, blank=True, default="")
    sealed_seed = models.TextField(blank=True, default="")
    revealed_seed = models.CharField(max_length=64, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)  # by the clock, last
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="pilot_public_id"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | ~models.Q(plan_digest=""),
                name="pilot_runs_on_a_frozen_plan",
            ),
        ]
        ordering = ["-starts_on", "name"]

    def __str__(self) -> str:
        return self.name


class Hire(Scoped):
    """Somebody a pilot is about: in by default, out only by their own private word."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="hires")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="hires")
    # Two, each with a skill and what anybody could see afterwards.
    objectives = models.JSONField(default=list)
    added_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True, blank=True)
    t0 = models.DateField(null=True, blank=True)  # the day from which both arms are counted
    opened_at = models.DateTimeField(null=True, blank=True)  # offered after waiting
    opted_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "pilot", "person"], name="hire_once"),
            models.UniqueConstraint(fields=["organization", "public_id"], name="hire_public_id"),
        ]
        ordering = ["public_id"]  # by chance: the order tells nothing

    def __str__(self) -> str:
        return f"hire {self.public_id}"


class Assignment(Scoped):
    """One row of the lottery's ledger; a correction is another row for the same place."""

    append_only = True

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="assignments")
    subject = models.UUIDField()  # the hire's public id: no key, so that the ledger can stay
    stratum = models.CharField(max_length=200)
    place = models.PositiveIntegerField()
    arm = models.CharField(max_length=8)  # "offered" or "waiting"
    corrects = models.BooleanField(default=False)
    void = models.BooleanField(default=False)
    reason = models.CharField(max_length=280, blank=True, default="")
    assigned_at = models.DateTimeField()
    assigned_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "pilot", "stratum", "place"],
                condition=models.Q(corrects=False),
                name="assignment_place_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "pilot", "subject"],
                condition=models.Q(corrects=False),
                name="assignment_subject_once",
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.stratum} {self.place}"


class RuleChange(Scoped):
    """The rule by which moves are counted was changed: before, after, why."""

    append_only = True

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="rule_changes")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=280)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"rule change {self.changed_at:%Y-%m-%d}"


class Look(Scoped):
    """What was seen at one weekly look; every report says how many there were."""

    append_only = True

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="seen")
    day = models.DateField()
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "pilot", "day"], name="pilot_look_once")
        ]
        ordering = ["day"]

    def __str__(self) -> str:
        return f"look {self.day}"
