"""Connections with their sealed secrets, and what came in and went out through them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped


class Connection(Scoped):
    """One service that an administrator connected.

    `address` is where it sends to: unguessable, and no proof of who sends. Failures are counted in
    a row; a success ends the row. What went wrong is kept as a code.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=64)
    is_on = models.BooleanField(default=True)
    settings = models.JSONField(default=dict)  # no secrets
    connected_at = models.DateTimeField()
    connected_by = models.CharField(max_length=80)
    event_at = models.DateTimeField(null=True, blank=True)  # proven, of use or not
    event_kind = models.CharField(max_length=64, blank=True, default="")
    ok_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=48, blank=True, default="")
    failures = models.PositiveIntegerField(default=0)
    # Why the house itself switched it off; empty where a person did, or nobody.
    stopped_for = models.CharField(max_length=48, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="connection_public_id"
            ),
            models.UniqueConstraint(fields=["organization", "name"], name="connection_name_once"),
            models.UniqueConstraint(
                fields=["organization", "address"], name="connection_address_once"
            ),
        ]
        indexes = [models.Index(fields=["address"], name="connection_address")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class ConnectionSecret(Scoped):
    """One secret of a connection, sealed for this row alone; shown to nobody again."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="secrets")
    field = models.CharField(max_length=32)
    sealed = models.TextField()
    made_at = models.DateTimeField()
    # Set while a newer one takes over: until then both are accepted.
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "connection", "field"],
                condition=models.Q(ends_at=None),
                name="connection_secret_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.connection_id}"


class EventState(models.TextChoices):
    RECEIVED = "received", _("waiting")
    DONE = "done", _("done")
    IGNORED = "ignored", _("of no use")
    PARKED = "parked", _("put aside")


class Event(Scoped):
    """One proven delivery that came in: its digest and the few fields that may be kept.

    A delivery is known by (connection, delivery) and comes in once. What it means is known by
    (connection, about, fact), for example one application and "hired": while that holds, the same
    said again, under whatever delivery, changes nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="events")
    delivery = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the body, which is not kept
    kind = models.CharField(max_length=64)
    fields = models.JSONField(default=dict)  # emptied once it is done or of no use
    about = models.CharField(max_length=200, blank=True, default="")
    fact = models.CharField(max_length=120, blank=True, default="")
    holds = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=EventState.choices, default=EventState.RECEIVED)
    reason = models.CharField(max_length=120, blank=True, default="")
    tries = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    purge_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="event_public_id"),
            models.UniqueConstraint(
                fields=["organization", "connection", "delivery"], name="event_delivery_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "connection", "about", "fact"],
                condition=models.Q(holds=True),
                name="event_effect_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "purge_on"], name="event_purge"),
            models.Index(fields=["organization", "connection", "state"], name="event_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    GIVEN_UP = "given-up", _("given up")
    DROPPED = "dropped", _("no longer needed")


class Delivery(Scoped):
    """One event on its way out: what happened to what, in ids and states, and how it went."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=64)
    content = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # the answer's
    failure = models.CharField(max_length=48, blank=True, default="")
    again = models.PositiveIntegerField(default=0)  # how often somebody had it sent again
    purge_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="delivery_public_id"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "purge_on"], name="delivery_purge"),
            models.Index(fields=["organization", "connection", "id"], name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
