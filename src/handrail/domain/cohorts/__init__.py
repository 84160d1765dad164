"""Cohorts: who is in and who waits, when a weekly series falls, and who keeps a group apart."""

from .blocking import Block, blocks, never_together
from .line import Hire, in_line, lot_of
from .series import Shift, moments, over_at, shifts

__all__ = [
    "Block",
    "Hire",
    "Shift",
    "blocks",
    "in_line",
    "lot_of",
    "moments",
    "never_together",
    "over_at",
    "shifts",
]
