"""A request for a session, the mentors who were asked in turn, and what the two wrote."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.calendars.models import Booking
from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Program
from handrail.apps.sessions.models import Session


class RequestState(models.TextChoices):
    ASKED = "asked", _("a mentor is asked")
    TELL_MORE = "tell_more", _("the mentor would like to know more")
    BOOKED = "booked", _("booked")
    NOBODY = "nobody", _("nobody could be found")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_STATES = (RequestState.ASKED, RequestState.TELL_MORE)


class MentoringRequest(Scoped):
    """What somebody wants help with; one is open for a mentee in a program at a time."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="requests")
    mentee = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="requests")
    skill = models.ForeignKey(
        Skill, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    objective = models.CharField(_("objective"), max_length=280)
    # Read by the mentee and by whoever is asked now; never by a lead or a manager.
    note = models.TextField(blank=True, default="")
    minutes = models.PositiveSmallIntegerField()
    # Whether the next mentor is asked by itself when one declines or is silent.
    goes_on = models.BooleanField(default=True)
    state = models.CharField(
        max_length=10, choices=RequestState.choices, default=RequestState.ASKED
    )
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    session = models.OneToOneField(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="request"
    )
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="mentoring_request_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "program", "mentee"],
                condition=models.Q(state__in=("asked", "tell_more")),
                name="mentoring_request_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=20, minutes__lte=30),
                name="mentoring_request_20_to_30",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="request_state")]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.objective


class AskAnswer(models.TextChoices):
    WAITING = "waiting", _("not answered yet")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    SILENT = "silent", _("not answered in time")
    WITHDRAWN = "withdrawn", _("taken back")


class Ask(Scoped):
    """One mentor who is asked, with the time that is held for it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    request = models.ForeignKey(MentoringRequest, on_delete=models.CASCADE, related_name="asks")
    n = models.PositiveSmallIntegerField()
    mentor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="asked")
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="ask")
    reasons = models.JSONField(default=list)  # [{"code": ..., "params": {...}}]
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=AskAnswer.choices, default=AskAnswer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="ask_public_id"),
            models.UniqueConstraint(fields=["organization", "request", "n"], name="ask_n_once"),
            models.UniqueConstraint(
                fields=["organization", "request", "mentor"], name="ask_mentor_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "request"],
                condition=models.Q(answer="waiting"),
                name="ask_one_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "answer", "answer_by"], name="ask_answer_by"),
            models.Index(fields=["organization", "mentor", "asked_at"], name="ask_mentor"),
        ]
        ordering = ["n"]

    def __str__(self) -> str:
        return f"ask {self.n}"


class RequestMessage(Scoped):
    """A question of the mentor who is asked, or the mentee's answer to it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="request_message_public_id"
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return "message"
