"""Answers that grow from artifacts: their words, who wrote what, who may read it, who asked."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.answers.question_models import Band as Band
from handrail.apps.answers.question_models import Look as Look
from handrail.apps.answers.question_models import Outcome as Outcome
from handrail.apps.answers.question_models import Question as Question
from handrail.apps.answers.question_models import QuestionState as QuestionState
from handrail.apps.answers.question_models import Route as Route
from handrail.apps.answers.search_models import AnswerVector as AnswerVector
from handrail.apps.answers.search_models import EdgeProposal as EdgeProposal
from handrail.apps.answers.search_models import SearchEdges as SearchEdges
from handrail.apps.answers.search_models import SearchEntry as SearchEntry
from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person, Skill, Team
from handrail.apps.sessions.models import Artifact


class Audience(models.IntegerChoices):
    """How far a text may go; each includes those before it."""

    PAIR = 0, _("the people of the session")
    TEAM = 1, _("the team")
    ORGANIZATION = 2, _("the whole organisation")
    PUBLIC = 3, _("everybody, without an account")


class TextField(models.TextChoices):
    """The texts of an answer; each has its own writers and its own audience."""

    QUESTION = "question", _("question")
    BODY = "body", _("answer")
    NEXT_STEP = "next_step", _("what comes next")
    LINK = "link", _("link")


class AnswerState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    LIVE = "live", _("approved")
    DISMISSED = "dismissed", _("not made an answer")
    DUPLICATE = "duplicate", _("the same as another one")
    DELETED = "deleted", _("deleted")


class Answer(Scoped):
    """One question and what is known about it; its approved revision is what people read.

    `audience`, `next_step_to` and `link_to` follow from what the owner approved and every writer
    agreed to: only `audience.settle` writes them.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    artifact = models.OneToOneField(
        Artifact, null=True, blank=True, on_delete=models.SET_NULL, related_name="answer"
    )
    artifact_rev = models.PositiveIntegerField(default=0)  # of which it was made
    # Empty once they have left: then it is the team's.
    owner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers"
    )
    skill = models.ForeignKey(
        Skill, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers"
    )
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(
        max_length=10, choices=AnswerState.choices, default=AnswerState.PROPOSED
    )
    current = models.OneToOneField(
        "AnswerRevision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    wanted = models.JSONField(default=dict)  # field -> Audience, as the owner approved it
    audience = models.PositiveSmallIntegerField(choices=Audience.choices, default=Audience.PAIR)
    next_step_to = models.PositiveSmallIntegerField(choices=Audience.choices, default=Audience.PAIR)
    link_to = models.PositiveSmallIntegerField(choices=Audience.choices, default=Audience.PAIR)
    created_at = models.DateTimeField()
    checked_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    # Set while the session behind it has later words that nobody has looked at.
    superseded_at = models.DateTimeField(null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    closed_at = models.DateTimeField(null=True, blank=True)  # dismissed, a duplicate, deleted
    uses = models.PositiveIntegerField(default=0)  # as devices were last told; see AnswerUse
    seq = models.BigIntegerField(default=0)  # where it stands in the order of changes
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="answer_public_id"),
        ]
        indexes = [
            models.Index(fields=["organization", "seq"], name="answer_seq"),
            models.Index(fields=["organization", "state", "review_by"], name="answer_review"),
        ]

    def __str__(self) -> str:
        return f"answer {self.state}"

    @property
    def last_words(self) -> AnswerRevision | None:
        """The wording that was written last, approved or not."""
        return next(reversed(list(self.revisions.all())), None)


class AnswerRevision(Scoped):
    """One wording; a draft may change until it is approved, then nobody can change it."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions")
    n = models.PositiveIntegerField()
    question = models.CharField(_("question"), max_length=280)
    body = models.TextField(_("answer"))
    next_step = models.TextField(_("what comes next"), blank=True, default="")
    link = models.URLField(_("link"), max_length=500, blank=True, default="")
    written_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "answer", "n"], name="answer_revision_n"
            ),
            models.UniqueConstraint(
                fields=["organization", "answer"],
                condition=models.Q(approved_at=None),
                name="answer_one_draft",
            ),
        ]
        ordering = ["n"]

    def __str__(self) -> str:
        return f"revision {self.n}"


class AnswerWriter(Scoped):
    """Somebody whose words are in a field since a revision: without their yes it stays a pair's."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="writers")
    field = models.CharField(max_length=10, choices=TextField.choices)
    since = models.PositiveIntegerField()  # the revision in which the field got this text
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)  # for their yes, by mail

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "answer", "field", "since", "person"],
                name="answer_writer_once",
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"writer {self.person_id} of {self.field}"


class AnswerPerson(Scoped):
    """Who reads an answer whatever its audience: the people of its session, and its owners."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="own_answers")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "answer", "person"], name="answer_person_once"
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"person {self.person_id}"


class PhrasingState(models.TextChoices):
    SUGGESTED = "suggested", _("suggested")
    ALIAS = "alias", _("alias")
    DISMISSED = "dismissed", _("put aside")


class Phrasing(Scoped):
    """How somebody asked what an answer answers; nobody is told who. As an alias it is searched."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="phrasings")
    text = models.CharField(max_length=280)
    normal = models.CharField(max_length=280)  # what makes two of them the same
    times = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=PhrasingState.choices, default=PhrasingState.SUGGESTED
    )
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="phrasing_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "answer", "normal"], name="phrasing_once"
            ),
        ]
        ordering = ["-times", "id"]

    def __str__(self) -> str:
        return self.text


class AnswerUse(Scoped):
    """How often an answer was opened and solved something on a day; by whom is never written."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="used")
    day = models.DateField()
    reads = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "answer", "day"], name="answer_use_day")
        ]

    def __str__(self) -> str:
        return f"use {self.day}"


class Tombstone(Scoped):
    """That an answer went away from some of its readers: deleted, or shown to fewer people."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="tombstones")
    seq = models.BigIntegerField()
    # Who could read it before; of a pair's, its people.
    audience = models.PositiveSmallIntegerField(choices=Audience.choices)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "seq"], name="tombstone_seq")
        ]
        indexes = [models.Index(fields=["organization", "at"], name="tombstone_age")]

    def __str__(self) -> str:
        return f"tombstone {self.seq}"


class AnswerCounter(Scoped):
    """An organisation's one row from which changes of answers get their place in the order."""

    value = models.BigIntegerField(default=0)
    forgotten = models.BigIntegerField(default=0)  # up to here tombstones are gone

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="answer_counter_once")]

    def __str__(self) -> str:
        return f"counter {self.value}"


class AnswerSettings(Scoped):
    """What an administrator decides about questions."""

    # One word or phrase a line: a question that holds one is for a person, whatever is found.
    words = models.TextField(blank=True, default="")
    contact = models.TextField(blank=True, default="")  # whom to turn to then
    alarm_hours = models.PositiveSmallIntegerField(default=24)  # that a question waits in the queue
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="answer_settings_once")
        ]

    def __str__(self) -> str:
        return "answer settings"
