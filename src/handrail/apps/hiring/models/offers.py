"""Job offers: whether the trajectory was shown, what became of them, what was promised."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handrail.apps.cohorts.models import SeatHold
from handrail.apps.hiring.models.lottery import OfferLottery
from handrail.apps.hiring.models.postings import Posting, Promise
from handrail.apps.organizations.models import Scoped


class Shown(models.TextChoices):
    """Whether the trajectory was linked in the posting or the offer; nobody tracks views."""

    YES = "yes", _("shown")
    NO = "no", _("not shown")
    UNKNOWN = "unknown", _("not known")


class Outcome(models.TextChoices):
    PENDING = "pending", pgettext_lazy("an offer", "pending")
    ACCEPTED = "accepted", pgettext_lazy("an offer", "accepted")
    DECLINED = "declined", pgettext_lazy("an offer", "declined")
    EXPIRED = "expired", pgettext_lazy("an offer", "expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("an offer", "withdrawn")


class Fate(models.TextChoices):
    """What became of a promise whose program was closed."""

    STANDS = "stands", _("stands")
    OPEN = "open", _("to be decided")
    HONOURED = "honoured", _("will be honoured")
    TOLD = "told", _("they were told")


class Offer(Scoped):
    """One job offer to one applicant, who is an id of the hiring system and no name."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    applicant = models.CharField(max_length=80)
    requisition = models.CharField(max_length=80)
    posting = models.ForeignKey(
        Posting, null=True, blank=True, on_delete=models.SET_NULL, related_name="offers"
    )
    family = models.CharField(max_length=80, blank=True, default="")
    shown = models.CharField(max_length=7, choices=Shown.choices, default=Shown.UNKNOWN)
    promise = models.ForeignKey(
        Promise, null=True, blank=True, on_delete=models.PROTECT, related_name="offers"
    )
    token = models.CharField(max_length=64)  # the address of what was promised to them
    offered_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.PENDING)
    decided_at = models.DateTimeField(null=True, blank=True)
    fate = models.CharField(max_length=8, choices=Fate.choices, default=Fate.STANDS)
    fate_words = models.TextField(blank=True, default="")
    fate_at = models.DateTimeField(null=True, blank=True)
    # A seat for whoever accepted; wanted as long as there may be an intake to hold it in.
    hold = models.ForeignKey(
        SeatHold, null=True, blank=True, on_delete=models.SET_NULL, related_name="offers"
    )
    seat_wanted = models.BooleanField(default=False)
    # How it was drawn before it was sent: an applicant who is forgotten is in no ledger.
    drawn_in = models.ForeignKey(
        OfferLottery, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    drawn_arm = models.CharField(max_length=8, blank=True, default="")
    drawn_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=64, blank=True, default="")
    recorded_at = models.DateTimeField()
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="offer_public_id"),
            models.UniqueConstraint(fields=["organization", "token"], name="offer_token_once"),
            models.UniqueConstraint(
                fields=["organization", "applicant", "requisition"], name="offer_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "fate"], name="offer_fate"),
            models.Index(fields=["organization", "seat_wanted"], name="offer_seat_wanted"),
        ]
        ordering = ["-offered_at", "-id"]

    def __str__(self) -> str:
        return f"{self.requisition} {self.outcome}"
