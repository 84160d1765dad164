"""Roles, offers, ticked tasks, gaps and waivers; stays and merged changes stand in `people`.

Each fact has the day on which it took effect and the day since which it is known. A correction is
a new row: the old one stays, marked with the moment from which it no longer counts.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import CompetencyEvent, Person
from handrail.apps.programs.models import Program


class Source(models.TextChoices):
    """Where outcomes come from."""

    MERGES = "merges", _("merged changes")
    TASKS = "tasks", _("target tasks done")
    EMPLOYMENT = "employment", _("starts and leavings")
    ROLES = "roles", _("roles, levels and teams")
    OFFERS = "offers", _("job offers")


class RoleKind(models.TextChoices):
    """Why a role is another one than before."""

    CHANGE = "change", _("change of role, level or team")
    TITLE = "title", _("another title only")
    PROBATION = "probation", _("end of probation")
    REORGANISATION = "reorganisation", _("reorganisation")


class RoleRecord(Scoped):
    """The role a person has from a day on, until their next record."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_records")
    family = models.CharField(max_length=120)
    level = models.CharField(max_length=40, blank=True, default="")
    team_name = models.CharField(max_length=120, blank=True, default="")
    effective_on = models.DateField()
    decided_on = models.DateField()
    known_since = models.DateField()
    kind = models.CharField(max_length=16, choices=RoleKind.choices, default=RoleKind.CHANGE)
    skills = models.JSONField(default=list)  # names of the skills that the role needs
    hiring_manager = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "effective_on"],
                condition=models.Q(superseded_at=None),
                name="role_record_once",
            )
        ]
        ordering = ["effective_on", "id"]

    def __str__(self) -> str:
        return f"{self.family} {self.level} from {self.effective_on}"


class OfferOutcome(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", pgettext_lazy("an offer", "accepted")
    DECLINED = "declined", pgettext_lazy("an offer", "declined")
    EXPIRED = "expired", pgettext_lazy("an offer", "expired")
    WITHDRAWN = "withdrawn", _("withdrawn by us")


class JobOffer(Scoped):
    """An applicant who was assigned, and the offer made to them; never tracked by a cookie."""

    applicant = models.CharField(max_length=80)  # the hiring system's id, never a name
    requisition = models.CharField(max_length=80)
    arm = models.CharField(max_length=16, blank=True, default="")  # "offered", "waiting" or ""
    assigned_on = models.DateField(null=True, blank=True)
    offered_on = models.DateField(null=True, blank=True)  # null: no offer was made
    outcome = models.CharField(
        max_length=12, choices=OfferOutcome.choices, default=OfferOutcome.OPEN
    )
    decided_on = models.DateField(null=True, blank=True)
    known_since = models.DateField()
    source = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "applicant", "requisition"],
                condition=models.Q(superseded_at=None),
                name="job_offer_once",
            )
        ]
        ordering = ["requisition", "applicant", "id"]

    def __str__(self) -> str:
        return f"{self.requisition} {self.outcome}"


class Tick(Scoped):
    """A target task that two people say was done; it counts when both have said so."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="ticks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ticks")
    task = models.CharField(max_length=120)
    done_on = models.DateField()
    mentor = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    mentee_at = models.DateTimeField(null=True, blank=True)
    mentor_at = models.DateTimeField(null=True, blank=True)
    event = models.ForeignKey(
        CompetencyEvent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "program", "person", "task"], name="tick_once"
            ),
            models.UniqueConstraint(fields=["organization", "public_id"], name="tick_public_id"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.done_on}"


class LinkedAccount(Scoped):
    """An account on a code host that is said to be somebody's; once confirmed, it counts.

    `number` is the host's own; `login` is what it was called when it was linked, to recognise it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="accounts")
    host = models.CharField(max_length=200)  # in small letters
    number = models.BigIntegerField()
    login = models.CharField(max_length=100, blank=True, default="")
    claimed_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="linked_account_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "person", "host", "number"], name="linked_account_said_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "host", "number"],
                condition=~models.Q(confirmed_at=None),
                name="linked_account_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}#{self.number}"


class Gap(Scoped):
    """What a source held that could not be told to be a person's, counted at one reading."""

    source = models.CharField(max_length=12, choices=Source.choices)
    bots = models.PositiveIntegerField(default=0)
    unlinked = models.PositiveIntegerField(default=0)  # identities that are nobody we know
    note = models.CharField(max_length=200, blank=True, default="")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["noted_at", "id"]

    def __str__(self) -> str:
        return f"{self.source}: {self.unlinked} unlinked"


class Waiver(Scoped):
    """Somebody answers in writing for starting without a source; every report prints it."""

    append_only = True

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="waivers")
    source = models.CharField(max_length=12, choices=Source.choices)
    reason = models.TextField()
    signed = models.CharField(max_length=200)  # the name under it
    waived_at = models.DateTimeField()
    waived_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["waived_at", "id"]

    def __str__(self) -> str:
        return f"{self.source} waived"
