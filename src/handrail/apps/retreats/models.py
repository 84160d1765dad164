"""Retreats: where and when, who comes, the agenda, the kit, and what calendars were told."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person


class RetreatStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    ANNOUNCED = "announced", _("announced")
    CALLED_OFF = "called_off", _("called off")


class Retreat(Scoped):
    """A meeting of one to three days; its planner and administrators change it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    objective = models.CharField(_("objective"), max_length=280)
    template = models.CharField(max_length=40)
    status = models.CharField(
        max_length=12, choices=RetreatStatus.choices, default=RetreatStatus.DRAFT
    )
    timezone = models.CharField(max_length=64)  # the agenda is written in it
    starts_on = models.DateField()
    ends_on = models.DateField()
    planner = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="planned_retreats"
    )
    created_at = models.DateTimeField()
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="retreat_public_id"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="retreat_ends_after"
            ),
        ]
        ordering = ["-starts_on", "name"]

    def __str__(self) -> str:
        return self.name


class Hub(Scoped):
    """One place where people of the retreat meet, and how long a parcel takes to it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    retreat = models.ForeignKey(Retreat, on_delete=models.CASCADE, related_name="hubs")
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=300, blank=True)
    timezone = models.CharField(max_length=64)
    shipping_days = models.PositiveSmallIntegerField(default=5)  # working days
    closed_on = models.JSONField(default=list)  # ISO days on which nothing is delivered

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="hub_public_id"),
            models.UniqueConstraint(
                fields=["organization", "retreat", "name"], name="hub_name_once"
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Guest(Scoped):
    """Somebody who comes; who was taken off stays, so that their calendar can be told."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    retreat = models.ForeignKey(Retreat, on_delete=models.CASCADE, related_name="guests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="retreats")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="guests")
    comes_from = models.CharField(_("comes from"), max_length=120, blank=True)
    arrives_at = models.DateTimeField(null=True, blank=True)
    leaves_at = models.DateTimeField(null=True, blank=True)
    needs = models.TextField(blank=True)  # read by the person and by planners alone
    told_at = models.DateTimeField(null=True, blank=True)  # null: their calendar knows nothing
    taken_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "retreat", "person"], name="retreat_guest_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="retreat_guest_public_id"
            ),
        ]
        ordering = ["person__name", "id"]

    def __str__(self) -> str:
        return f"guest {self.person_id}"


class BlockKind(models.TextChoices):
    WORK = "work", _("work")
    MENTORING = "mentoring", _("mentoring")
    SOCIAL = "social", _("meal or break")


class AgendaBlock(Scoped):
    """One block of the agenda: a day of the retreat and a time of its zone, so both can move."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    retreat = models.ForeignKey(Retreat, on_delete=models.CASCADE, related_name="blocks")
    day = models.PositiveSmallIntegerField()  # 1 is the first day
    starts_min = models.PositiveSmallIntegerField()  # after midnight, where the retreat is
    minutes = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=BlockKind.choices, default=BlockKind.WORK)
    title = models.CharField(_("title"), max_length=120)
    objective = models.CharField(_("objective"), max_length=280, blank=True)
    led_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="agenda_block_public_id"
            )
        ]
        ordering = ["day", "starts_min", "id"]

    def __str__(self) -> str:
        return self.title


class KitItem(Scoped):
    """Something the retreat needs: one for each person, or a number for all."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    retreat = models.ForeignKey(Retreat, on_delete=models.CASCADE, related_name="kit")
    name = models.CharField(_("name"), max_length=120)
    per_person = models.BooleanField(default=False)
    quantity = models.PositiveSmallIntegerField(default=1)  # of a shared item
    to_ship = models.BooleanField(default=False)
    hub = models.ForeignKey(  # where a shared item is needed
        Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="kit_item_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "retreat", "name"], name="kit_item_name_once"
            ),
        ]
        ordering = ["-per_person", "id"]

    def __str__(self) -> str:
        return self.name


class PieceState(models.TextChoices):
    OPEN = "open", _("open")
    READY = "ready", _("packed or ordered")
    SHIPPED = "shipped", _("shipped")
    ARRIVED = "arrived", _("arrived")


class KitPiece(Scoped):
    """One piece of an item: for one guest, or brought by one guest; never both of two people."""

    item = models.ForeignKey(KitItem, on_delete=models.CASCADE, related_name="pieces")
    n = models.PositiveSmallIntegerField()
    guest = models.ForeignKey(  # whose it is (per person), or who brings it (shared)
        Guest, null=True, blank=True, on_delete=models.SET_NULL, related_name="pieces"
    )
    state = models.CharField(max_length=8, choices=PieceState.choices, default=PieceState.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "item", "n"], name="kit_piece_once")
        ]
        ordering = ["n"]

    def __str__(self) -> str:
        return f"{self.item_id}:{self.n}"


class DayEntry(Scoped):
    """What calendars know of one day: its UID is the retreat's and the day's number, for life."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    retreat = models.ForeignKey(Retreat, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)  # the highest one sent to anybody
    told_sequence = models.PositiveIntegerField(default=0)  # the one of the last change
    told = models.CharField(max_length=64)  # a digest of what was said
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "retreat", "number"], name="retreat_day_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="retreat_day_public_id"
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"day {self.number}"
