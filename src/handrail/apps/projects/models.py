"""Projects: what is built, who is on it, who mentors it, and its check-ins."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Program
from handrail.apps.sessions.models import Session
from handrail.domain.scheduling import Cadence


class ProjectState(models.TextChoices):
    SEEKING = "seeking", _("looks for a mentor")
    RUNNING = "running", _("running")
    ENDED = "ended", _("ended")


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("every week")
    BIWEEKLY = "biweekly", _("every two weeks")
    DAYS = "days", _("every few days")
    WEEKDAYS = "weekdays", _("on certain weekdays")


class Project(Scoped):
    """An early project with dates; its check-ins keep a wall time of its own zone."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(_("name"), max_length=120)
    what = models.TextField(blank=True, default="")
    link = models.URLField(max_length=500, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField()
    timezone = models.CharField(max_length=64)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    every = models.PositiveSmallIntegerField(default=1)  # days, or weeks of weekdays
    # 0 is Monday; for a weekly rhythm empty until a mentor is there, whose hours decide.
    weekdays = models.JSONField(default=list)
    minute = models.PositiveSmallIntegerField(null=True, blank=True)  # of the day, likewise
    state = models.CharField(
        max_length=8, choices=ProjectState.choices, default=ProjectState.SEEKING
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="project_public_id"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="project_ends_after"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="project_state")]
        ordering = ["starts_on", "name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def cadence(self) -> Cadence | None:
        """The rhythm as it is kept; None until day and time are decided."""
        if self.minute is None or (self.rhythm != Rhythm.DAYS and not self.weekdays):
            return None
        return Cadence(self.timezone, self.minute, self.steps, tuple(self.weekdays))

    @property
    def steps(self) -> int:
        """How many weeks lie between its weeks, or days between its days."""
        named = {Rhythm.WEEKLY: 1, Rhythm.BIWEEKLY: 2}
        return named.get(Rhythm(self.rhythm), self.every)

    @property
    def seats(self) -> int:
        """The most check-ins that a week can have: what it takes of its mentor's minutes."""
        if self.rhythm == Rhythm.DAYS:
            return -(-7 // self.every)
        return max(1, len(self.weekdays))


class ProjectPerson(Scoped):
    """Somebody who builds the project and sits in its check-ins."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="projects")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "project", "person"], name="project_person_once"
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"project person {self.person_id}"


class ProjectSkill(Scoped):
    """What its mentor should be strong at; position 1 is the dearest."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "project", "skill"], name="project_skill_once"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"project skill {self.position}"


class Found(models.TextChoices):
    """How a mentor came to a project."""

    PROPOSED = "proposed", _("proposed with reasons")
    NAMED = "named", _("named by the lead")
    OFFERED = "offered", _("offered it")


class Mentorship(Scoped):
    """One mentor of a project, from a moment to another; one at a time."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="mentorships")
    mentor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mentorships")
    found = models.CharField(max_length=8, choices=Found.choices)
    reasons = models.JSONField(default=list)  # [{"code": ..., "params": {...}}]
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    asked_out_at = models.DateTimeField(null=True, blank=True)
    # What the next mentor should know; read by the mentor, the next one and the people on it.
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "project"],
                condition=models.Q(until=None),
                name="mentorship_one_now",
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"mentorship {self.mentor_id}"


class MentorOffer(Scoped):
    """A mentor who would take a project that looks for one."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="offers")
    mentor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="project_offers")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "project", "mentor"], name="mentor_offer_once"
            )
        ]
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"offer of {self.mentor_id}"


class CheckIn(Scoped):
    """One due day of the rhythm: the session booked for it, or why there is none."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="check_ins")
    due_on = models.DateField()
    session = models.OneToOneField(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="check_in"
    )
    why = models.JSONField(default=dict)  # what stood against the due day: {"code", "person"}
    looked_at = models.DateTimeField()
    flagged_at = models.DateTimeField(null=True, blank=True)  # when both were told it was missed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "project", "due_on"], name="check_in_due_once"
            )
        ]
        ordering = ["due_on"]

    def __str__(self) -> str:
        return f"check-in due {self.due_on}"
