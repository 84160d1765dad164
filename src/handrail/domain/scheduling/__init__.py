"""Scheduling: wall-time hours, busy times and zones to free slots, and "why not this one?"."""

from .grid import (
    CELL,
    bits_of_span,
    cell_at,
    free_start_bits,
    start_of_cell,
    starts_mask,
    starts_of_bits,
)
from .hours import (
    DatedRule,
    Hours,
    NotHours,
    WeeklyRule,
    parse_working_hours,
    working_hours_text,
)
from .week import week_bits
from .why import Blocks, WhyNot, why_not
from .windows import Window, windows
from .zones import zones

__all__ = [
    "CELL",
    "Blocks",
    "DatedRule",
    "Hours",
    "NotHours",
    "WeeklyRule",
    "WhyNot",
    "Window",
    "bits_of_span",
    "cell_at",
    "free_start_bits",
    "parse_working_hours",
    "start_of_cell",
    "starts_mask",
    "starts_of_bits",
    "week_bits",
    "why_not",
    "windows",
    "working_hours_text",
    "zones",
]
