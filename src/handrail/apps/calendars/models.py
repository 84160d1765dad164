"""The time ledger: when people can, when they are busy, and what is booked."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.calendars.source_models import CalendarSource as CalendarSource
from handrail.apps.calendars.source_models import OwnFeed as OwnFeed
from handrail.apps.organizations.models import Scoped, ScopedRows
from handrail.apps.people.models import Person


class RuleKind(models.TextChoices):
    WEEKLY = "weekly", _("every week")
    DATE = "date", _("one day")


class Rule(Scoped):
    """Wall-time hours of a person, open or closed.

    Without open weekly ones their working hours hold, Monday to Friday.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=8, choices=RuleKind.choices)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)  # 0 is Monday
    day = models.DateField(null=True, blank=True)
    from_min = models.PositiveSmallIntegerField()
    to_min = models.PositiveSmallIntegerField()
    available = models.BooleanField(default=True)
    timezone = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["organization", "person"], name="rule_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_min__lt=1440, to_min__lte=1440), name="rule_within_a_day"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_min=models.F("to_min")), name="rule_has_a_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_min}-{self.to_min}"


class ClosedDay(Scoped):
    """A day on which the whole organisation gives no sessions, in everybody's own zone."""

    day = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "day"], name="closed_day_once")
        ]
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Busy(Scoped):
    """A busy time read from elsewhere: times only, replaced per source."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="busy_times")
    source = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "person", "starts_at"], name="busy_person_start")
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} busy"


class BookingStatus(models.TextChoices):
    HOLD = "hold", _("held")
    PENDING = "pending", _("pending")
    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("lapsed")


# The kind of a booking that keeps a span of one person for bookings that come to lie within it.
RESERVED = "turn"

LIVE_STATUSES = (BookingStatus.HOLD, BookingStatus.PENDING, BookingStatus.CONFIRMED)


class Booking(Scoped):
    """A time that is taken for people; only `claim()` and `renew_entry()` write it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16)  # the program model: "speed", ...
    status = models.CharField(max_length=10, choices=BookingStatus.choices)
    host = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hosted_bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # of the session minutes; cells reach further
    occupied_until = models.DateTimeField()  # with artifact minutes and the host's buffer
    timezone = models.CharField(max_length=64)  # in which the wall time was agreed
    wall_time = models.CharField(max_length=16)  # "2026-02-02T15:00": survives a tzdata update
    capacity = models.PositiveSmallIntegerField(default=1)
    # The reservation whose host's cells it takes over as long as it lives.
    within = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="inside"
    )
    uid = models.CharField(max_length=120)  # of the calendar entry, for life
    sequence = models.PositiveIntegerField(default=0)
    hold_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="booking_public_id"),
            models.UniqueConstraint(fields=["organization", "uid"], name="booking_uid_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="booking_ends_after"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "host", "starts_at"], name="booking_host_start"),
            models.Index(fields=["hold_until"], name="booking_hold_until"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at} {self.status}"


class Cell(models.Model):
    """Five minutes of one person, owned by one live booking: the primary key is the guard."""

    pk = models.CompositePrimaryKey("organization_id", "person_id", "cell")
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    cell = models.BigIntegerField()  # epoch seconds // 300
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="cells")

    objects: ClassVar[ScopedRows[Self]] = ScopedRows()

    def __str__(self) -> str:
        return f"{self.person_id}@{self.cell}"


class SeatRole(models.TextChoices):
    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")


class Attendance(models.TextChoices):
    NOT_RECORDED = "not_recorded", _("not recorded")
    ATTENDED = "attended", _("attended")
    NO_SHOW = "no_show", _("no-show")
    LATE_CANCELLED = "late_cancelled", _("late cancelled")


class Participation(models.TextChoices):
    """What somebody answered to their invitation; it decides nothing about who came."""

    NEEDS_ACTION = "needs_action", _("not answered")
    ACCEPTED = "accepted", _("accepted")
    TENTATIVE = "tentative", _("maybe")
    DECLINED = "declined", _("declined")


class Seat(Scoped):
    """One person's place in a booking; the host sits on seat 0, mentees from 1 to capacity."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="seats")
    n = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=8, choices=SeatRole.choices)
    attendance = models.CharField(
        max_length=16, choices=Attendance.choices, default=Attendance.NOT_RECORDED
    )
    checked_in_at = models.DateTimeField(null=True, blank=True)
    participation = models.CharField(
        max_length=12, choices=Participation.choices, default=Participation.NEEDS_ACTION
    )
    answered_at = models.DateTimeField(null=True, blank=True)  # by their calendar's clock
    # The start of which everybody was told that a busy time of this person lies over it.
    busy_told = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "booking", "n"], name="seat_n_once"),
            models.UniqueConstraint(
                fields=["organization", "booking", "person"], name="seat_person_once"
            ),
        ]
        ordering = ["n"]

    def __str__(self) -> str:
        return f"seat {self.n}"
