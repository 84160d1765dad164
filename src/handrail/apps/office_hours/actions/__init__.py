"""Verbs on office hours: plan turns, book and wait, say that one cannot, change the rules."""

from handrail.apps.office_hours.actions.absence import cannot
from handrail.apps.office_hours.actions.booking import book
from handrail.apps.office_hours.actions.clock import run
from handrail.apps.office_hours.actions.moving import move
from handrail.apps.office_hours.actions.planning import plan
from handrail.apps.office_hours.actions.settings import add_slot, edit_rules, remove_slot, set_up
from handrail.apps.office_hours.actions.waiting import leave, take, wait

__all__ = [
    "add_slot",
    "book",
    "cannot",
    "edit_rules",
    "leave",
    "move",
    "plan",
    "remove_slot",
    "run",
    "set_up",
    "take",
    "wait",
]
