"""How the ledger says no to a claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handrail.apps.organizations.refusals import Conflict


class SlotTaken(Conflict):
    """The time is not free any more; `alternatives` holds up to three that are."""

    code = "slot-taken"

    def __init__(self, message: str, *, alternatives: Sequence[datetime] = ()) -> None:
        super().__init__(message, alternatives=list(alternatives))

    @property
    def alternatives(self) -> list[datetime]:
        """Up to three later starts at which everybody was free a moment ago."""
        return list(self.detail.get("alternatives", []))


class CapReached(SlotTaken):
    """The mentor gives no more minutes that week, or no more sessions that day."""

    code = "cap-reached"


class OutsideHours(SlotTaken):
    """Somebody does not work then."""

    code = "outside-hours"


class Paused(SlotTaken):
    """Somebody pauses then."""

    code = "paused"


class TooLate(SlotTaken):
    """The time is past, or closer than the program's notice allows."""

    code = "too-late"


class NotLive(Conflict):
    """The booking was cancelled or has lapsed."""

    code = "booking-not-live"


class NoSeatLeft(Conflict):
    """Everybody who fits in is in; there may be a line."""

    code = "no-seat-left"


class AlreadySeated(Conflict):
    """This person has a seat in the booking."""

    code = "already-seated"
