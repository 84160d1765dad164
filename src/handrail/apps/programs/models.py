"""Programs: one of the four models, with dates and rules, and who takes part."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person, Skill


class ProgramModel(models.TextChoices):
    SPEED = "speed", _("speed match")
    COHORT = "cohort", _("cohort mentor")
    OFFICE_HOURS = "office_hours", _("office hours")
    PROJECT = "project", _("project mentorship")


class ProgramStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    RUNNING = "running", _("running")
    CLOSED = "closed", _("closed")


class KeepPublished(models.TextChoices):
    """How much a plan for a week follows the plan before it, where it is matched again."""

    TIES = "ties", _("only where nobody loses by it")
    PREFER = "prefer", _("rather than a slightly better fit")
    STRONGLY = "strongly", _("rather than a much better fit")


class ShareLoad(models.TextChoices):
    """How far a week's sessions are shared among the mentors rather than given by fit."""

    FIT = "fit", _("by fit alone")
    GENTLY = "gently", _("gently, at the price of a slightly worse fit")
    EVENLY = "evenly", _("evenly, at the price of a clearly worse fit")


class Program(Scoped):
    """One way of setting sessions up, with dates and rules."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    model = models.CharField(max_length=16, choices=ProgramModel.choices)
    template = models.CharField(max_length=40)
    status = models.CharField(
        max_length=8, choices=ProgramStatus.choices, default=ProgramStatus.DRAFT
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    session_minutes = models.PositiveSmallIntegerField(default=20)  # 20 to 30
    sessions_per_mentee = models.PositiveSmallIntegerField(default=3)
    within_days = models.PositiveSmallIntegerField(default=30)
    min_notice_minutes = models.PositiveIntegerField(default=0)
    late_cancel_minutes = models.PositiveIntegerField(default=120)
    daily_cap = models.PositiveSmallIntegerField(default=0)  # sessions a mentor a day; 0: none
    keep_published = models.CharField(
        max_length=8, choices=KeepPublished.choices, default=KeepPublished.TIES
    )
    # Weeks in which two people who met are not paired again; 0: the same pair may meet at once.
    again_after_weeks = models.PositiveSmallIntegerField(default=0)
    # Percent of a mentee's wishes that a mentor's skills must cover; 0: any gain will do.
    quality_floor = models.PositiveSmallIntegerField(default=30)
    share_load = models.CharField(max_length=8, choices=ShareLoad.choices, default=ShareLoad.FIT)
    # Weekday hours in which a mentor answers a request before the next one is asked.
    answer_hours = models.PositiveSmallIntegerField(default=24)
    # Requests in a row without an answer after which a mentor pauses for a week; 0: never.
    pause_after_silent = models.PositiveSmallIntegerField(default=2)
    # The weekly page flags a week below this share of planned sessions held, in percent.
    completion_line = models.PositiveSmallIntegerField(default=85)
    reply_line_hours = models.PositiveSmallIntegerField(default=48)
    checklist = models.JSONField(default=list)  # of sentences, 3 to 5
    artifact_prompts = models.JSONField(default=dict)  # a question for each text of the artifact
    # Objectives each mentee writes down before booking; 0: one or more, the latest counts.
    objectives_per_mentee = models.PositiveSmallIntegerField(default=0)
    # Minutes after the start at which a session without everybody is not held.
    grace_minutes = models.PositiveSmallIntegerField(default=10)
    # So many no-shows within so many weeks pause a mentee's own booking for days; 0: never.
    no_show_limit = models.PositiveSmallIntegerField(default=2)
    no_show_weeks = models.PositiveSmallIntegerField(default=8)
    no_show_pause_days = models.PositiveSmallIntegerField(default=14)
    consequences = models.TextField(blank=True, default="")  # the lead's words before the rule
    seed = models.BigIntegerField(default=1)
    created_at = models.DateTimeField()
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="program_public_id"),
            models.CheckConstraint(
                condition=models.Q(session_minutes__gte=20, session_minutes__lte=30),
                name="program_session_20_to_30",
            ),
        ]
        ordering = ["-starts_on", "name"]

    def __str__(self) -> str:
        return self.name


class ProgramLead(Scoped):
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="leads")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="leads")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "program", "person"], name="program_lead_once"
            )
        ]

    def __str__(self) -> str:
        return f"lead {self.person_id}"


class EnrolmentRole(models.TextChoices):
    MENTEE = "mentee", _("mentee")
    MENTOR = "mentor", _("mentor")


class Enrolment(Scoped):
    """A person's part in a program; opting out is private and without fault."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments")
    role = models.CharField(max_length=8, choices=EnrolmentRole.choices)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "program", "person", "role"], name="enrolment_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="enrolment_public_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"


class Objective(Scoped):
    """What a mentee wants out of a session: without one nothing can be booked."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="objectives")
    skill = models.ForeignKey(Skill, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(_("objective"), max_length=280)
    position = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="objective_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "enrolment", "position"], name="objective_position"
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text


class QuietQuestion(Scoped):
    """Asked when a program, or a mentee's part in it, was quiet for long; unanswered it ends."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="quiet_questions")
    # Whose part it is about; null: the whole program.
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.CASCADE, related_name="quiet_questions"
    )
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)  # it goes on
    ended_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)  # it ended, and was brought back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="quiet_question_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "program"],
                condition=models.Q(enrolment=None, kept_at=None, ended_at=None),
                name="quiet_question_of_program_open",
            ),
            models.UniqueConstraint(
                fields=["organization", "enrolment"],
                condition=models.Q(kept_at=None, ended_at=None),
                name="quiet_question_of_part_open",
            ),
        ]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return "quiet question"
