"""Postings: what candidates are shown of the program behind a job."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.hiring.models.jobs import Job
from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Program


class PostingState(models.TextChoices):
    DRAFT = "draft", _("draft")
    LIVE = "live", _("live")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Withdrawn(models.TextChoices):
    """Why an offer of support does not stand any more."""

    BY_HAND = "by_hand", _("withdrawn by hand")
    PROGRAM = "program", _("its program was closed")
    JOB = "job", _("its job was closed")


class Posting(Scoped):
    """A job's offer of support; what it says comes from the live program and is kept nowhere."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="posting")
    token = models.CharField(max_length=80)  # its public address; cannot be guessed
    language = models.CharField(max_length=8, default="en")
    mentor_role = models.CharField(max_length=120)
    named_mentor = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hosted = models.BooleanField(default=False)  # the whole job has a page here
    state = models.CharField(max_length=9, choices=PostingState.choices, default=PostingState.DRAFT)
    withdrawn_why = models.CharField(
        max_length=8, choices=Withdrawn.choices, blank=True, default=""
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="posting_public_id"),
            models.UniqueConstraint(fields=["organization", "token"], name="posting_token_once"),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="posting_state")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"posting {self.token}"


class PostingSkill(Scoped):
    """A skill that the first weeks are about; position 1 comes first."""

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "posting", "skill"], name="posting_skill_once"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"posting skill {self.position}"


class Promise(Scoped):
    """What a posting said at a moment, kept for those who were offered a job by then."""

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="promises")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="promises")
    program_rev = models.BigIntegerField()
    facts = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="promise_public_id"),
            models.UniqueConstraint(
                fields=["organization", "posting", "digest"], name="promise_once"
            ),
        ]
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"promise {self.digest[:8]}"


class PublicFace(Scoped):
    """What an organisation decides about its postings as a whole."""

    company_url = models.URLField(max_length=500, blank=True, default="")
    frame_hosts = models.JSONField(
        default=list
    )  # "https://careers.example.org": may show it framed
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="public_face_once")]

    def __str__(self) -> str:
        return f"public face of {self.organization_id}"
