"""Questions that people ask, what they were shown, and how it went."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person, Skill
from handrail.apps.sessions.models import Session


class QuestionState(models.TextChoices):
    OPEN = "open", _("open")
    SOLVED = "solved", _("solved by an answer")
    BOOKED = "booked", _("a session is booked")
    QUEUED = "queued", _("waits for somebody")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("taken back")


class Band(models.TextChoices):
    """What a search dares to say about a hit."""

    ANSWER = "answer", _("the answer")
    PERHAPS = "perhaps", _("perhaps")
    ASK = "ask", _("ask a person")


class Route(models.TextChoices):
    """Why a question is for a person, whatever was found."""

    NOTHING = "", ""
    NO_ANSWER = "no_answer", _("nothing fits well enough")
    EXPIRED = "expired", _("the best answer has not been checked for long")
    NOT_THIS = "not_this", _("two answers did not help")
    WORDS = "words", _("it is about something that a person should hear")


class Question(Scoped):
    """What one person asked; its id is made by their device, so that sending it twice is once."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    asker = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="questions"
    )
    text = models.CharField(_("question"), max_length=280)
    normal = models.CharField(max_length=280)  # what makes two of them the same
    # What they tried: read by who meets them, never by the owner of an answer.
    note = models.TextField(blank=True, default="")
    skill = models.ForeignKey(
        Skill, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(
        max_length=10, choices=QuestionState.choices, default=QuestionState.OPEN
    )
    route = models.CharField(max_length=10, choices=Route.choices, blank=True, default="")
    hits = models.JSONField(default=list)  # [{"answer": id, "score", "band", "model"}], best first
    asked_at = models.DateTimeField()  # by the device's clock, never later than received
    received_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)  # times are free again: told once
    closed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    session = models.OneToOneField(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="question"
    )
    answer = models.ForeignKey(
        "Answer", null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    # The first one that asked the same and still waits: both are told.
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="others"
    )
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="question_public_id"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "queued_at"], name="question_queue"),
            models.Index(fields=["organization", "normal"], name="question_normal"),
            models.Index(fields=["organization", "closed_at"], name="question_closed"),
        ]
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.text


class Outcome(models.TextChoices):
    """What the asker said about a hit; silence is no label."""

    SILENCE = "", ""
    SOLVED = "solved", _("solved it")
    NOT_THIS = "not_this", _("not this")


class Look(Scoped):
    """One hit that was shown for a question: what the search said, and what the asker said."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="looks")
    answer = models.ForeignKey("Answer", on_delete=models.CASCADE, related_name="looks")
    model = models.CharField(max_length=40)
    score = models.FloatField()
    band = models.CharField(max_length=8, choices=Band.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    shown_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "question", "answer"], name="look_once")
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"look {self.band}"
