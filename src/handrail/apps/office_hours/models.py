"""Office hours of a program: its rules, recurring slots, planned turns, and who waits in line."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.calendars.models import Booking
from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program


class OpenTo(models.TextChoices):
    EVERYBODY = "everybody", _("everybody in the organisation")
    ENROLLED = "enrolled", _("mentees of the program")


class Rota(Scoped):
    """The rules of a program's office hours; its row is the lock of the pool of mentors."""

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="rota")
    open_to = models.CharField(max_length=10, choices=OpenTo.choices, default=OpenTo.EVERYBODY)
    plan_weeks = models.PositiveSmallIntegerField(default=4)  # turns are planned so far ahead
    # At most so many sessions of a person within so many days; 0 sessions: no limit.
    fair_sessions = models.PositiveSmallIntegerField(default=1)
    fair_days = models.PositiveSmallIntegerField(default=7)
    offer_minutes = models.PositiveSmallIntegerField(default=240)  # a freed time is offered so long
    # Times beside what is booked come first, so that a block has no holes.
    compact = models.BooleanField(default=True)
    # Whether time lost to a mentee who did not come counts as given when a turn moves on.
    lost_time_counts = models.BooleanField(default=True)
    uneven = models.JSONField(default=list)  # who keeps turns from being even, as last planned
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "program"], name="rota_of_program")
        ]

    def __str__(self) -> str:
        return f"rota {self.program_id}"


class RotaSlot(Scoped):
    """A block of wall time that comes back every week in its own zone."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    starts_min = models.PositiveSmallIntegerField()  # after midnight, wall time
    minutes = models.PositiveSmallIntegerField()
    timezone = models.CharField(max_length=64)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="rota_slot_public_id"
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__lt=7, starts_min__lt=1440), name="rota_slot_in_a_week"
            ),
        ]
        ordering = ["weekday", "starts_min", "id"]

    def __str__(self) -> str:
        return f"slot {self.weekday} {self.starts_min}"


class RotaMember(Scoped):
    """What a mentor's account started with: a newcomer stands at the median of the others."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rotas")
    base = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "rota", "person"], name="rota_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"member {self.person_id}"


class TurnState(models.TextChoices):
    PLANNED = "planned", _("planned")
    NOBODY = "nobody", _("nobody can")
    DAY_OFF = "day_off", _("closed day")
    DROPPED = "dropped", _("dropped")


class Turn(Scoped):
    """One block on one day: who holds it, why, and the booking that keeps the time for it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    slot = models.ForeignKey(RotaSlot, on_delete=models.CASCADE, related_name="turns")
    day = models.DateField()  # in the slot's zone
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=TurnState.choices)
    host = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="turns"
    )
    booking = models.OneToOneField(
        Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="turn"
    )
    reasons = models.JSONField(default=list)  # [{"code": ..., "params": {...}}]
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="turn_public_id"),
            models.UniqueConstraint(fields=["organization", "slot", "day"], name="turn_once_a_day"),
        ]
        indexes = [
            models.Index(fields=["organization", "starts_at"], name="turn_start"),
            models.Index(fields=["organization", "host", "starts_at"], name="turn_host"),
        ]
        ordering = ["starts_at", "id"]

    def __str__(self) -> str:
        return f"turn {self.day}"


class TurnAbsence(Scoped):
    """A mentor who said that they cannot hold a turn: it is not given to them again."""

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="absences")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "turn", "person"], name="turn_absence_once"
            )
        ]

    def __str__(self) -> str:
        return f"absence {self.person_id}"


class LineState(models.TextChoices):
    WAITING = "waiting", _("in line")
    OFFERED = "offered", _("offered")
    TAKEN = "taken", _("taken")
    PASSED = "passed", _("not taken in time")
    LEFT = "left", _("left the line")


IN_LINE = (LineState.WAITING, LineState.OFFERED)


class PlaceInLine(Scoped):
    """Somebody who waits for a time in one turn, in the order of asking."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="line")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="in_line")
    objective = models.CharField(_("objective"), max_length=280)
    # Goes into the shared notes of the session; until then only its writer reads it.
    note = models.TextField(blank=True, default="")
    state = models.CharField(max_length=8, choices=LineState.choices, default=LineState.WAITING)
    asked_at = models.DateTimeField()
    booking = models.OneToOneField(
        Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="place_in_line"
    )
    offered_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="place_in_line_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "turn", "person"],
                condition=models.Q(state__in=("waiting", "offered")),
                name="place_in_line_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "offered_until"], name="line_offered")
        ]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"place {self.person_id}"
