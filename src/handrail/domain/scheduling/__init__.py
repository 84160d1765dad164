"""Scheduling: wall-time hours, busy times and zones to free slots, and "why not this one?"."""

from .cadence import Cadence, Meeting, NotACadence, due_days, meetings
from .deadline import answer_by
from .fair_use import first_day_allowed
from .grid import (
    CELL,
    bits_of_span,
    cell_at,
    start_of_cell,
    starts_mask,
    starts_of_bits,
)
from .hours import (
    DatedRule,
    Holiday,
    Hours,
    NotHours,
    WeeklyRule,
    parse_spans,
    parse_working_hours,
    spans_text,
    working_hours_text,
)
from .masks import (
    ARTIFACT_MINUTES,
    BUFFER_MINUTES,
    Asked,
    Diary,
    Giving,
    Mask,
    Span,
    Taken,
    WhyNot,
    free_bits,
    masks,
    why_not,
)
from .week import week_bits
from .windows import Window, moment, windows
from .working_days import next_working_day
from .zones import zones

__all__ = [
    "ARTIFACT_MINUTES",
    "BUFFER_MINUTES",
    "CELL",
    "Asked",
    "Cadence",
    "DatedRule",
    "Diary",
    "Giving",
    "Holiday",
    "Hours",
    "Mask",
    "Meeting",
    "NotACadence",
    "NotHours",
    "Span",
    "Taken",
    "WeeklyRule",
    "WhyNot",
    "Window",
    "answer_by",
    "bits_of_span",
    "cell_at",
    "due_days",
    "first_day_allowed",
    "free_bits",
    "masks",
    "meetings",
    "moment",
    "next_working_day",
    "parse_spans",
    "parse_working_hours",
    "spans_text",
    "start_of_cell",
    "starts_mask",
    "starts_of_bits",
    "week_bits",
    "why_not",
    "windows",
    "working_hours_text",
    "zones",
]
