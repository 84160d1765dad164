"""Who was hired, all that was told of it, and which jobs lead to which program."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.cohorts.models import Intake
from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program


class HireRule(Scoped):
    """Which jobs lead to a program: by their reference, or by title and department."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="hire_rules")
    job = models.CharField(_("job reference"), max_length=80, blank=True, default="")
    title = models.CharField(_("words of the title"), max_length=160, blank=True, default="")
    department = models.CharField(_("department"), max_length=120, blank=True, default="")
    # A lead looks at each hire before the hire is told; the seat is held meanwhile.
    asks_lead = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="hire_rule_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "job", "title", "department"], name="hire_rule_once"
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.job or self.title or self.department


class Waits(models.TextChoices):
    """Why a hire waits; `domain.hiring.Why` has the same codes, but for the last two."""

    NO_JOB = "no_job", _("no program for this job")
    NO_DATE = "no_date", _("no start date")
    NO_NAME = "no_name", _("no name")
    NO_INTAKE = "no_intake", _("no intake to come into")
    DOUBTFUL = "doubtful", _("undone, and perhaps hired again")
    HERE_ALREADY = "here_already", _("here already")
    FIRST_DAY = "first_day", _("until the first day")
    BEGUN = "begun", _("undone after the first day")
    REFUSED = "refused", _("the program did not take them")


class Introduction(models.TextChoices):
    """How far it is with telling a hire that they are in."""

    NONE = "", _("not yet")
    ASKED = "asked", _("a lead is asked")
    SENT = "sent", _("sent")


class HireRecord(Scoped):
    """One application as everything that was told of it comes to, and what was done about it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=40)  # the kind of hiring system, or "hand"
    connection = models.CharField(max_length=40)  # one of its connections; by hand: "hand"
    application = models.CharField(max_length=160)
    name = models.CharField(max_length=200, blank=True, default="")
    work_email = models.EmailField(blank=True, default="")
    # Only until the work address is known, or fourteen days after the first day.
    personal_email = models.EmailField(blank=True, default="")
    job = models.CharField(max_length=80, blank=True, default="")
    job_title = models.CharField(max_length=160, blank=True, default="")
    department = models.CharField(max_length=120, blank=True, default="")
    start_date = models.DateField(null=True, blank=True)  # from when it takes effect
    start_known_since = models.DateField(null=True, blank=True)
    undone = models.BooleanField(default=False)

    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="hire_records"
    )
    # Set as soon as something is held there, or by a lead who says where this hire goes.
    program = models.ForeignKey(
        Program, null=True, blank=True, on_delete=models.SET_NULL, related_name="hire_records"
    )
    intake = models.ForeignKey(
        Intake, null=True, blank=True, on_delete=models.SET_NULL, related_name="hire_records"
    )
    held_for = models.DateField(null=True, blank=True)  # the first day that a place is held for
    stay_from = models.DateField(null=True, blank=True)  # the first day written to their stays
    although_here = models.BooleanField(default=False)  # a lead says: although they are not new
    waits = models.CharField(max_length=12, choices=Waits.choices, blank=True, default="")
    waits_since = models.DateTimeField(null=True, blank=True)
    introduction = models.CharField(
        max_length=6, choices=Introduction.choices, blank=True, default=Introduction.NONE
    )
    introduced_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # a lead says: into no program
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="hire_record_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "connection", "application"], name="hire_record_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "waits"], name="hire_record_waits"),
            models.Index(fields=["organization", "start_date"], name="hire_record_start"),
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"hire {self.pk}"


class HireTold(Scoped):
    """What one delivery, file or person said of a hire; an empty field said nothing."""

    hire = models.ForeignKey(HireRecord, on_delete=models.CASCADE, related_name="told")
    key = models.CharField(max_length=160)  # the delivery; the same one twice is one
    received_at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True, blank=True)
    undone = models.BooleanField(default=False)
    start_date = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=200, blank=True, default="")
    work_email = models.EmailField(blank=True, default="")
    job = models.CharField(max_length=80, blank=True, default="")
    job_title = models.CharField(max_length=160, blank=True, default="")
    department = models.CharField(max_length=120, blank=True, default="")
    told_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "hire", "key"], name="hire_told_once")
        ]
        ordering = ["received_at", "id"]

    def __str__(self) -> str:
        return f"told {self.received_at:%Y-%m-%d}"
