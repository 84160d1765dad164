"""What can be asked of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Action = Literal[
    "book", "hold", "confirm", "reschedule", "cancel", "reserve", "reassign", "join", "leave"
]


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """What is asked of the ledger. Times are aware; a booking is named by its public id.

    To join or leave, `guest_ids` is the one person who does. `in_line`: who gets a seat that is
    left, the first who is free then; `late` keeps the seat on record as cancelled late.
    """

    action: Action
    host_id: int
    guest_ids: tuple[int, ...]
    minutes: int
    kind: str
    booking_public_id: UUID | None = None
    starts_at: datetime | None = None
    min_notice_minutes: int = 0
    daily_cap: int = 0
    hold_until: datetime | None = None
    within_id: int | None = None  # the reservation in which it lies
    new_host_id: int | None = None  # who is to be host from now on
    capacity: int = 0  # seats of a new booking; 0: as many as there are guests
    timezone: str = ""  # in which its wall time is agreed; empty: the host's
    in_line: tuple[int, ...] = ()
    late: bool = False
    also_locked: tuple[int, ...] = ()  # whom `on_booked` goes on with, so that it need not lock

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody who meets, ascending."""
        return tuple(sorted({self.host_id, *self.guest_ids}))

    @property
    def takers(self) -> tuple[int, ...]:
        """Whose time is asked for: of a group that meets anyway only who joins it."""
        return self.guest_ids if self.action == "join" else self.people

    @property
    def locks(self) -> tuple[int, ...]:
        """Everybody involved, ascending: the order in which they are locked."""
        new = () if self.new_host_id is None else (self.new_host_id,)
        return tuple(sorted({*self.people, *new, *self.in_line, *self.also_locked}))
