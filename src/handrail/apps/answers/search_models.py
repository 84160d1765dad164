"""What search keeps: words and vectors of answers, and from where on a hit is the answer."""

from __future__ import annotations

from django.db import models

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person


class SearchEntry(Scoped):
    """The words of a live answer as search compares them; only `search.index` writes it.

    Beside it stands a full-text index that the database itself keeps in step: a generated column on
    PostgreSQL, an FTS5 table with triggers on SQLite.
    """

    answer = models.OneToOneField("Answer", on_delete=models.CASCADE, related_name="entry")
    language = models.CharField(max_length=8)  # without its country
    analyser = models.PositiveSmallIntegerField()  # the version that found these words
    title = models.TextField()
    aliases = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "answer"], name="search_entry_once")
        ]

    def __str__(self) -> str:
        return f"entry of answer {self.answer_id}"


class AnswerVector(Scoped):
    """One text of an answer as a model sees it; a search compares with the nearest of them."""

    answer = models.ForeignKey("Answer", on_delete=models.CASCADE, related_name="vectors")
    model = models.CharField(max_length=40)
    n = models.PositiveSmallIntegerField()  # 0 title, 1 title and answer, then its aliases
    vector = models.BinaryField()  # 32-bit numbers, the lowest byte first

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "answer", "model", "n"], name="answer_vector_once"
            )
        ]

    def __str__(self) -> str:
        return f"vector {self.n} of answer {self.answer_id}"


class SearchEdges(Scoped):
    """From which likeness on a hit is the answer here; holds for one model and no other."""

    model = models.CharField(max_length=40)
    answer = models.FloatField()
    perhaps = models.FloatField()
    applied_at = models.DateTimeField()
    applied_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "model"], name="search_edges_once")
        ]

    def __str__(self) -> str:
        return f"edges of {self.model}"


class EdgeProposal(Scoped):
    """What the night found from the outcomes so far; an administrator applies it or does not."""

    model = models.CharField(max_length=40)
    labels = models.PositiveIntegerField()
    answer = models.FloatField(null=True)  # none where no edge is right often enough
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "model"], name="edge_proposal_once")
        ]

    def __str__(self) -> str:
        return f"proposal for {self.model}"
