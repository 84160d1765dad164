"""People, their teams and skills, how long they stay, and what they got done."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Membership, Scoped


class Team(Scoped):
    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="team_name_once"),
            models.UniqueConstraint(fields=["organization", "public_id"], name="team_public_id"),
        ]

    def __str__(self) -> str:
        return self.name


class TakesPartAs(models.TextChoices):
    MENTEE = "mentee", _("mentee")
    MENTOR = "mentor", _("mentor")


class Person(Scoped):
    """Somebody in one organisation; who is in two organisations is two people."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    external_id = models.CharField(_("person id"), max_length=80)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    role = models.CharField(max_length=8, choices=TakesPartAs.choices)
    timezone = models.CharField(_("time zone"), max_length=64)
    # Monday to Friday, minutes after local midnight; an end before the start crosses midnight.
    works_from_min = models.PositiveSmallIntegerField(default=9 * 60)
    works_to_min = models.PositiveSmallIntegerField(default=17 * 60)
    languages = models.JSONField(default=list)  # preferred first; empty means one shared language
    # Theirs alone to read and write; the people they meet find it in the room.
    call_link = models.URLField(_("where calls are taken"), max_length=500, blank=True, default="")
    minutes_per_week = models.PositiveIntegerField(default=0)
    # What somebody keeps for themself around and between sessions; of the last two, 0 is none.
    buffer_before = models.PositiveSmallIntegerField(default=0)  # minutes
    buffer_after = models.PositiveSmallIntegerField(default=5)  # minutes, after the artifact's
    min_notice_minutes = models.PositiveIntegerField(default=0)
    daily_cap = models.PositiveSmallIntegerField(default=0)  # sessions a day as a mentor
    holidays_of = models.CharField(max_length=16, blank=True, default="")  # "DE" or "DE-BE"
    pause_until = models.DateField(null=True, blank=True)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )
    manager = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    membership = models.OneToOneField(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )
    language = models.CharField(max_length=8, default="en")  # of pages and mails
    invited_at = models.DateTimeField(null=True, blank=True)
    rev = models.BigIntegerField(default=0)  # lock and ETag

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "external_id"], name="person_external_id_once"
            ),
            models.UniqueConstraint(fields=["organization", "email"], name="person_email_once"),
            models.UniqueConstraint(fields=["organization", "public_id"], name="person_public_id"),
        ]
        ordering = ["name", "external_id"]

    def __str__(self) -> str:
        return self.name


class Skill(Scoped):
    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="skill_name_once"),
            models.UniqueConstraint(fields=["organization", "public_id"], name="skill_public_id"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SkillOffered(Scoped):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="offers")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()  # 1 to 5

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "skill"], name="skill_offered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=5), name="skill_level_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id}:{self.level}"


class SkillWanted(Scoped):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="wants")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    priority = models.PositiveSmallIntegerField()  # 1 comes first
    own_level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "skill"], name="skill_wanted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.skill_id}:{self.priority}"


class NotWith(Scoped):
    """A private wish not to be paired; only its owner reads it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="not_with")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "other"], name="not_with_once"
            )
        ]

    def __str__(self) -> str:
        return "not with"


class Snooze(Scoped):
    """One automation that is quiet for a while; it wakes by itself."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="snoozes")
    purpose = models.CharField(max_length=32)  # one of DONE_UNLESS_REFUSED
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "purpose"], name="snooze_once"
            )
        ]

    def __str__(self) -> str:
        return f"snooze {self.purpose}"


class PastPair(Scoped):
    """Two people who met before Handrail kept the record (the column `recent`)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="past_pairs")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "other"], name="past_pair_once"
            )
        ]

    def __str__(self) -> str:
        return "past pair"


class SpellBasis(models.TextChoices):
    EMPLOYMENT = "employment", _("employment")
    ACTIVITY = "activity", _("activity")


class EmploymentSpell(Scoped):
    """One stay of a person; each date has the date since which we know it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="spells")
    basis = models.CharField(max_length=12, choices=SpellBasis.choices)
    started_on = models.DateField()
    start_known_since = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    end_known_since = models.DateField(null=True, blank=True)
    # "Still here" is known up to this day; null: as long as nothing else is recorded.
    known_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "started_on"], name="spell_start_once"
            )
        ]
        ordering = ["started_on"]

    def __str__(self) -> str:
        return f"{self.started_on} to {self.ended_on or 'now'}"


class CompetencyEvent(Scoped):
    """A target task done, such as a merged change."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="competency_events")
    kind = models.CharField(max_length=32)  # "merge", or "task" with its name
    task = models.CharField(max_length=120, blank=True, default="")
    authored_at = models.DateTimeField(null=True, blank=True)
    occurred_at = models.DateTimeField()
    areas = models.JSONField(default=list)
    source = models.CharField(max_length=64)
    # The day on which we learned of it; null: the day on which it happened.
    known_since = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "kind", "occurred_at", "authored_at"],
                name="competency_event_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "person", "task", "occurred_at"],
                condition=models.Q(kind="task"),
                name="competency_task_once",
            ),
        ]
        indexes = [models.Index(fields=["organization", "occurred_at"], name="competency_when")]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d}"


class LedgerCorrection(Scoped):
    """What an outcome said before it was corrected; the ledger forgets nothing."""

    append_only = True

    # Whose: a person's public id, or the number of an offer's row; no key, so that the ledger can
    # stay.
    subject = models.CharField(max_length=80)
    about = models.CharField(max_length=16)  # "spell", "role", "offer"
    before = models.JSONField()
    after = models.JSONField()
    source = models.CharField(max_length=64)
    corrected_at = models.DateTimeField()
    corrected_by = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "corrected_at"], name="ledger_corrected_at")
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.corrected_at:%Y-%m-%d}"


class PeopleImport(Scoped):
    """A file that somebody looked at before applying it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12)  # "people", "merges", "git"
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    summary = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="people_import_public_id"
            )
        ]

    def __str__(self) -> str:
        return self.filename
