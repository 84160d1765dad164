"""Jobs that people are hired for, and open jobs as they were read from a board."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.programs.models import Program


class Employment(models.TextChoices):
    """The words of schema.org, which search engines read."""

    FULL_TIME = "FULL_TIME", _("full-time")
    PART_TIME = "PART_TIME", _("part-time")
    CONTRACTOR = "CONTRACTOR", _("contractor")
    TEMPORARY = "TEMPORARY", _("temporary")
    INTERN = "INTERN", _("intern")


class PayUnit(models.TextChoices):
    HOUR = "HOUR", _("an hour")
    MONTH = "MONTH", _("a month")
    YEAR = "YEAR", _("a year")


class Job(Scoped):
    """One job, and the program that whoever is hired for it comes into."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    # What a hiring system calls it, and which one: an event of that system finds it by both.
    source = models.CharField(max_length=40, default="hand")
    ref = models.CharField(max_length=80, blank=True, default="")
    title = models.CharField(_("title"), max_length=160)
    family = models.CharField(max_length=80, blank=True, default="")
    department = models.CharField(max_length=120, blank=True, default="")
    program = models.ForeignKey(
        Program, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    city = models.CharField(max_length=120, blank=True, default="")
    region = models.CharField(max_length=120, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")  # ISO 3166, two letters
    postal_code = models.CharField(max_length=20, blank=True, default="")
    remote = models.BooleanField(default=False)
    employment = models.CharField(max_length=12, choices=Employment.choices, blank=True, default="")
    # Paragraphs; lines that begin with "- " are a list.
    description = models.TextField(blank=True, default="")
    apply_url = models.URLField(max_length=500, blank=True, default="")
    posted_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    pay_low = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    pay_high = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    pay_currency = models.CharField(max_length=3, blank=True, default="")
    pay_unit = models.CharField(max_length=5, choices=PayUnit.choices, blank=True, default="")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="job_public_id"),
            models.UniqueConstraint(
                fields=["organization", "source", "ref"],
                condition=~models.Q(ref=""),
                name="job_ref_once",
            ),
        ]
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class JobReading(Scoped):
    """Open jobs as a public board showed them at one moment: looked at first, then taken over."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    board = models.CharField(max_length=80)
    jobs = models.JSONField(default=list)
    # What the jobs here looked like then: taking over is refused where they changed since.
    digest = models.CharField(max_length=64)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=80)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="job_reading_public_id"
            )
        ]
        ordering = ["-read_at", "-id"]

    def __str__(self) -> str:
        return f"{self.board} {self.read_at:%Y-%m-%d}"
