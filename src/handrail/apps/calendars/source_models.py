"""Where busy times come from: a person's calendars elsewhere."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person


class SourceKind(models.TextChoices):
    ICS = "ics", _("published calendar (ICS)")
    CALDAV = "caldav", _("calendar server (CalDAV)")
    GOOGLE = "google", "Google Calendar"
    MICROSOFT = "microsoft", "Microsoft 365"


class CalendarSource(Scoped):
    """One calendar of a person elsewhere; its busy times stand in `Busy` under its name.

    What opens it, such as its address, is a secret: sealed, and shown to nobody again. What went
    wrong is kept as codes; the last good set of times stays until a newer one is read.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_sources")
    kind = models.CharField(max_length=12, choices=SourceKind.choices)
    name = models.CharField(max_length=60)
    host = models.CharField(max_length=255)  # of the address, which alone is shown
    address_sealed = models.TextField()
    etag = models.CharField(max_length=200, blank=True, default="")
    modified = models.CharField(max_length=200, blank=True, default="")
    added_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    good_at = models.DateTimeField(null=True, blank=True)  # the age of the times that count
    read_at = models.DateTimeField(null=True, blank=True)  # when they were last read whole
    trouble = models.CharField(max_length=24, blank=True, default="")  # of the last try; "" is good
    # Taken away by its owner; the row goes once the other side knows that the permission ended.
    removed_at = models.DateTimeField(null=True, blank=True)
    problems = models.JSONField(default=list)  # [kind, count, name of a zone] of the last good set

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="calendar_source_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "person", "name"], name="calendar_source_name_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class OwnFeed(Scoped):
    """A person's sessions under a secret address, for the calendar they look at; revocable."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)  # stands in the address
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="own_feeds")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)  # by whoever holds the address

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="own_feed_public_id"
            ),
            models.UniqueConstraint(fields=["organization", "person"], name="own_feed_once"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
