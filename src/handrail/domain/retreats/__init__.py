"""Retreats: what an agenda trips over, and by which day a parcel has to leave. Pure functions."""

from handrail.domain.retreats.agenda import Block, Day, Finding, Trouble, days_of, troubles
from handrail.domain.retreats.shipping import is_working_day, ship_by

__all__ = ["Block", "Day", "Finding", "Trouble", "days_of", "is_working_day", "ship_by", "troubles"]
