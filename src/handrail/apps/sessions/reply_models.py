"""What came in by mail: each mail once, and the times that people propose from their calendars."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person


class ReplyOutcome(models.TextChoices):
    """What became of a mail; the second half of them changed nothing, and says why."""

    ACCEPTED = "accepted", _("accepted")
    TENTATIVE = "tentative", _("answered maybe")
    DECLINED = "declined", _("declined, so the session or seat was given back")
    DECLINE_NOTED = "decline-noted", _("declined; nothing is cancelled, the people were asked")
    PROPOSED = "proposed", _("proposed another time")
    PROPOSAL_NOT_FREE = "proposal-not-free", _("proposed a time that cannot be; told so")
    AUTOMATIC = "automatic", _("An automatic answer, which nobody gave.")
    NO_REPLY = "no-reply", _("It holds no answer to an invitation. Handrail reads nothing else.")
    UNREADABLE = "unreadable", _("It could not be read.")
    TOO_LARGE = "too-large", _("It is larger than 1 MB, which no answer to an invitation is.")
    UNPROVEN = "unproven", _("The mail server does not confirm who sent it. It may be forged.")
    NOT_THE_SENDER = "not-the-sender", _("Its sender answers for somebody else.")
    UNKNOWN = "unknown", _("It speaks of no session here, or its sender was not invited to it.")
    RETREAT = "retreat", _("It answers a retreat's day. Who comes is said on the retreat's page.")
    OUTDATED = "outdated", _("It answers the invitation as it was before a change.")
    REPEATED = "repeated", _("It is not newer than what its sender answered last.")
    OVER = "over", _("The session had begun, was over or cancelled.")
    FAILED = "failed", _("It could not be followed; the log says what kind of error.")


FOLLOWED = frozenset(
    {
        ReplyOutcome.ACCEPTED,
        ReplyOutcome.TENTATIVE,
        ReplyOutcome.DECLINED,
        ReplyOutcome.DECLINE_NOTED,
        ReplyOutcome.PROPOSED,
        ReplyOutcome.PROPOSAL_NOT_FREE,
    }
)


class ReceivedMail(Scoped):
    """One mail that came in and what became of it; never a word of what it says."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64)  # a digest of its Message-ID
    received_at = models.DateTimeField()
    sender = models.CharField(max_length=254, blank=True, default="")  # as it names itself
    outcome = models.CharField(max_length=20, choices=ReplyOutcome.choices)
    session = models.ForeignKey(
        "mentoring_sessions.Session",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="received_mail_public_id"
            ),
            models.UniqueConstraint(fields=["organization", "key"], name="received_mail_once"),
        ]
        indexes = [models.Index(fields=["organization", "received_at"], name="received_mail_at")]

    def __str__(self) -> str:
        return f"{self.received_at} {self.outcome}"

    @property
    def was_followed(self) -> bool:
        return self.outcome in FOLLOWED


class ProposalState(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class TimeProposal(Scoped):
    """Another time for a session, proposed from a calendar; the other person takes it or not."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        "mentoring_sessions.Session", on_delete=models.CASCADE, related_name="proposals"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    sequence = models.PositiveIntegerField()  # of the entry that the proposal answers
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="time_proposal_public_id"
            )
        ]
        indexes = [
            models.Index(fields=["organization", "session", "state"], name="time_proposal_open")
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} {self.state}"
