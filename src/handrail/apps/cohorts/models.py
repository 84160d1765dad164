"""Intakes, the places in them, the groups they become, and the weeks these meet."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.sessions.models import Session

FEWEST, MOST = 6, 8  # people in a cohort
WEEKS, DAYS = 12, 84


class IntakeState(models.TextChoices):
    OPEN = "open", _("open")
    STARTED = "started", _("started")
    CALLED_OFF = "called_off", _("called off")


class Intake(Scoped):
    """A window in which new hires come into a program's next cohort, by default."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="intakes")
    # Days of the organisation's zone; the window is open on both of them.
    opens_on = models.DateField()
    closes_on = models.DateField()
    starts_on = models.DateField()  # the first week is the one from this Monday, or the next one
    # Accepted offers hold their seats on this day still; null: until the window closes.
    held_until = models.DateField(null=True, blank=True)
    hired_from = models.DateField()  # who started on this day or later is a new hire
    seats = models.PositiveSmallIntegerField(default=MOST)  # of each group
    by_lot = models.BooleanField(default=False)
    seed = models.BigIntegerField(default=1)
    themes = models.JSONField(default=list)  # the objective of each week
    tail_sessions = models.PositiveSmallIntegerField(default=3)  # one every four weeks, afterwards
    state = models.CharField(max_length=10, choices=IntakeState.choices, default=IntakeState.OPEN)
    created_at = models.DateTimeField()
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="intake_public_id"),
            models.CheckConstraint(
                condition=models.Q(seats__gte=FEWEST, seats__lte=MOST), name="intake_6_to_8"
            ),
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on"))
                & models.Q(starts_on__gt=models.F("closes_on")),
                name="intake_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="intake_state")]
        ordering = ["-starts_on", "-id"]

    def __str__(self) -> str:
        return f"intake {self.starts_on}"


class CohortState(models.TextChoices):
    FORMING = "forming", _("being formed")
    RUNNING = "running", _("running")
    TAIL = "tail", _("meeting now and then")
    ENDED = "ended", _("ended")
    CALLED_OFF = "called_off", _("called off")


class Cohort(Scoped):
    """One mentor with a group; its weekly wall time is agreed in one zone."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="cohorts")
    mentor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cohorts_led")
    timezone = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=CohortState.choices, default=CohortState.FORMING
    )
    first_on = models.DateField(null=True, blank=True)  # in its zone, with its weekday
    minute = models.PositiveSmallIntegerField(null=True, blank=True)  # after local midnight
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # of the twelve weeks
    wants_mentor_since = models.DateTimeField(null=True, blank=True)  # its own comes no more

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="cohort_public_id"),
            models.UniqueConstraint(
                fields=["organization", "intake", "mentor"], name="cohort_mentor_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="cohort_state")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"cohort {self.pk}"


class Place(Scoped):
    """A new hire in an intake; whether they opted out is theirs alone to know."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="cohort_places")
    started_on = models.DateField()
    eligible_at = models.DateTimeField()
    lot = models.BigIntegerField()
    opted_out_at = models.DateTimeField(null=True, blank=True)
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.SET_NULL, related_name="places"
    )
    left_at = models.DateTimeField(null=True, blank=True)  # a cohort that had started
    offered_until = models.DateTimeField(null=True, blank=True)
    offered = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.SET_NULL, related_name="offers"
    )
    passed_at = models.DateTimeField(null=True, blank=True)  # did not take a seat; not asked again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="cohort_place_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "intake", "person"], name="cohort_place_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "offered_until"], name="cohort_place_offered")
        ]
        ordering = ["eligible_at", "started_on", "lot", "id"]

    def __str__(self) -> str:
        return f"place {self.pk}"


class HoldState(models.TextChoices):
    HELD = "held", _("kept free")
    TAKEN = "taken", _("became a place")
    RELEASED = "released", _("released")


class HoldEnd(models.TextChoices):
    """Why a held seat was released."""

    DAY = "day", _("its day has passed")
    LEAD = "lead", _("a lead released it")
    OFFER = "offer", _("the offer does not stand any more")
    ELSEWHERE = "elsewhere", _("the hire came into another intake")
    STARTED = "started", _("the intake started while it waited")
    CALLED_OFF = "called_off", _("the intake was called off")
    PROGRAM = "program", _("the program was closed")


class SeatHold(Scoped):
    """A seat of an intake for somebody who has accepted and is not known here yet, until a day."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="holds")
    key = models.CharField(max_length=80)  # what it is held for, in the room that asked
    label = models.CharField(max_length=200, blank=True, default="")  # the job, never who
    eligible_at = models.DateTimeField()  # its place in line, as a person's
    lot = models.BigIntegerField()
    held_at = models.DateTimeField()
    until = models.DateField()  # the last day, in the organisation's zone
    state = models.CharField(max_length=8, choices=HoldState.choices, default=HoldState.HELD)
    why = models.CharField(max_length=10, choices=HoldEnd.choices, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="hold_public_id"),
            models.UniqueConstraint(
                fields=["organization", "key"],
                condition=models.Q(state="held"),
                name="hold_key_once",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "until"], name="hold_until")]
        ordering = ["eligible_at", "id"]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class Meeting(Scoped):
    """One of a cohort's weeks, and the session it became; 13 and more are the tail."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    planned_at = models.DateTimeField()  # the series' own time, also where the session moved
    session = models.OneToOneField(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="meeting"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "cohort", "number"], name="meeting_number_once"
            )
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"week {self.number}"
