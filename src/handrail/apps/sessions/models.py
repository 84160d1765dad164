"""The session loop: room, checklist, notes, artifact."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.calendars.models import Booking
from handrail.apps.matches.models import Match
from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.sessions.reply_models import ProposalState as ProposalState
from handrail.apps.sessions.reply_models import ReceivedMail as ReceivedMail
from handrail.apps.sessions.reply_models import ReplyOutcome as ReplyOutcome
from handrail.apps.sessions.reply_models import TimeProposal as TimeProposal


class SessionState(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    RUNNING = "running", _("running")
    AWAITING_ARTIFACT = "awaiting_artifact", _("awaiting artifact")
    CLOSED = "closed", _("closed")
    NOT_HELD = "not_held", _("not held")
    CANCELLED = "cancelled", _("cancelled")


class Session(Scoped):
    """Twenty minutes for one objective; made when its booking is confirmed."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="session")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="sessions")
    match = models.ForeignKey(
        Match, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions"
    )
    state = models.CharField(
        max_length=20, choices=SessionState.choices, default=SessionState.SCHEDULED
    )
    objective = models.CharField(_("objective"), max_length=280)
    minutes = models.PositiveSmallIntegerField()
    # As the program had them when it was booked: a lead's later change is for later sessions.
    grace_minutes = models.PositiveSmallIntegerField(default=10)
    artifact_prompts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)  # the timer's one origin
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    simulated = models.BooleanField(default=False)
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="session_public_id"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=20, minutes__lte=30), name="session_20_to_30"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="session_state")]

    def __str__(self) -> str:
        return self.objective


class ChecklistItem(Scoped):
    """One tick of preparation, seen by both people."""

    public_id = models.UUIDField(default=uuid.uuid4)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    ticked_at = models.DateTimeField(null=True, blank=True)
    ticked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "session", "position"], name="checklist_position"
            ),
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="checklist_public_id"
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text


class RoomField(models.TextChoices):
    """The texts of a room; each has its own revisions."""

    NOTES = "notes", _("notes")  # one of each person's, side by side: they cannot collide
    SHARED_NOTES = "shared_notes", _("shared notes")  # one text for all, of earlier releases
    LEARNED = "learned", _("what was learned or decided")
    NEXT_STEP = "next_step", _("next step")
    OWNER = "owner", _("who does it")
    LINK = "link", _("link")
    CALL_LINK = "call_link", _("link to the call")


class RoomText(Scoped):
    """The current text of one field of a room, with the revision it stands at."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="texts")
    field = models.CharField(max_length=16, choices=RoomField.choices)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )  # whose it is, where each has one
    body = models.TextField(blank=True, default="")
    rev = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "session", "field"],
                condition=models.Q(person__isnull=True),
                name="room_text_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "session", "field", "person"], name="room_text_once_each"
            ),
        ]

    def __str__(self) -> str:
        return self.field


class RoomRevision(Scoped):
    """Every text that was ever saved, under the id the writer's device gave it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    operation = models.UUIDField()  # client-made: the same save twice is one revision
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="revisions")
    field = models.CharField(max_length=64)  # a RoomField, or "tick:" and the line's id
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )  # whose text it is of, where each has one
    base_rev = models.PositiveIntegerField()
    rev = models.PositiveIntegerField()
    body = models.TextField(blank=True, default="")
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField()
    # Written against an older revision: kept beside the current text, never over it.
    conflict = models.BooleanField(default=False)
    # Of these, a note that came after the artifact was handed in.
    late = models.BooleanField(default=False)
    # Somebody has seen the copy and put it away; it stays in the history.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "session", "operation", "field"],
                name="room_operation_once",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "session", "field", "rev"], name="room_rev")
        ]

    def __str__(self) -> str:
        return f"{self.field} r{self.rev}"


class RoomOperation(Scoped):
    """One operation of a device that was taken: sent again under its id, it is not done again."""

    operation = models.UUIDField()
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="operations")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)  # of what it asked for: an id is not used for two
    base_rev = models.BigIntegerField()
    late = models.BooleanField(default=False)
    conflict = models.JSONField(default=list)  # names of fields whose text lies beside
    client_at = models.DateTimeField(null=True, blank=True)  # by the device, offset taken off
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "operation"], name="device_operation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.operation}"


class Artifact(Scoped):
    """What a session leaves behind, as it was handed in."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="artifact")
    learned = models.TextField()
    next_step = models.TextField()
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    link = models.URLField(max_length=500, blank=True, default="")
    submitted_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="artifacts"
    )
    submitted_at = models.DateTimeField()
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="artifact_public_id")
        ]

    def __str__(self) -> str:
        return "artifact"


class AppealDecision(models.TextChoices):
    OPEN = "open", _("not decided yet")
    ATTENDED = "attended", _("was there")
    EXCUSED = "excused", _("had a good reason")
    STANDS = "stands", _("stays as it is")


class Appeal(Scoped):
    """One sentence of somebody who is recorded as not there, and what became of it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="appeals")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="appeals")
    text = models.CharField(max_length=500)  # read by the people of the session and the leads
    written_at = models.DateTimeField()
    decision = models.CharField(
        max_length=8, choices=AppealDecision.choices, default=AppealDecision.OPEN
    )
    word = models.CharField(max_length=280, blank=True, default="")
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "session", "person"], name="appeal_once"
            ),
            models.UniqueConstraint(fields=["organization", "public_id"], name="appeal_public_id"),
        ]
        indexes = [models.Index(fields=["organization", "decision"], name="appeal_decision")]
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return f"appeal {self.decision}"


class Thanks(Scoped):
    """A word of thanks for a session, for its mentor alone; nobody counts them."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="thanks")
    giver = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    sentence = models.CharField(max_length=280, blank=True, default="")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "session", "giver"], name="thanks_once"
            ),
            models.UniqueConstraint(fields=["organization", "public_id"], name="thanks_public_id"),
        ]
        ordering = ["given_at", "id"]

    def __str__(self) -> str:
        return "thanks"
