"""Who is shown the trajectory by lot: drawn before an offer is sent, and kept as drawn."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Scoped


class DrawnBy(models.TextChoices):
    """What one draw decides about."""

    OFFER = "offer", _("one offer")
    REQUISITION = "requisition", _("all offers of one requisition")


class OfferLottery(Scoped):
    """One lottery; its list is fixed, and its hash published, before the first draw."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    unit = models.CharField(max_length=11, choices=DrawnBy.choices)
    places = models.PositiveIntegerField()
    commitment = models.CharField(max_length=64)
    sealed_seed = models.TextField()
    # With which applicants are hashed in the ledger; it goes some time after the end, and then
    # nobody can tell any more whom a row is about.
    sealed_key = models.TextField(blank=True, default="")
    revealed_seed = models.CharField(max_length=64, blank=True, default="")
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="offer_lottery_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(ended_at=None),
                name="offer_lottery_one_open",
            ),
        ]
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"lottery by {self.unit}"


class OfferDraw(Scoped):
    """One row of the lottery's ledger."""

    append_only = True

    lottery = models.ForeignKey(OfferLottery, on_delete=models.PROTECT, related_name="draws")
    # "requisition", or "requisition|" and the applicant's id hashed with the lottery's key: a
    # ledger cannot be changed, so it never holds whom it could not forget.
    about = models.CharField(max_length=170)
    place = models.PositiveIntegerField()
    arm = models.CharField(max_length=8)  # "offered": shown the trajectory; "waiting": not
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "lottery", "place"], name="offer_draw_place_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "lottery", "about"], name="offer_draw_about_once"
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"draw {self.place}"

    @property
    def requisition(self) -> str:
        """The reference of the job."""
        return self.about.partition("|")[0]
