"""Where copies of a posting's block stand: pasted text cannot be recalled, only looked at."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.hiring.models.postings import Posting
from handrail.apps.organizations.models import Scoped


class CopyState(models.TextChoices):
    WAITING = "waiting", _("not looked at yet")
    CLEAR = "clear", _("in step")
    DIFFERS = "differs", _("to be corrected")
    UNREACHABLE = "unreachable", _("could not be read")


class PostingCopy(Scoped):
    """One page elsewhere that shows a posting; looked at every day."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="copies")
    url = models.URLField(max_length=500)
    state = models.CharField(max_length=11, choices=CopyState.choices, default=CopyState.WAITING)
    findings = models.JSONField(default=list)  # [{"code": ..., "params": {...}, "error": true}]
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    checked_at = models.DateTimeField(null=True, blank=True)
    open_since = models.DateTimeField(null=True, blank=True)  # the recruiter's task; null: none

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="posting_copy_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "posting", "url"], name="posting_copy_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="posting_copy_state")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"copy {self.state}"
