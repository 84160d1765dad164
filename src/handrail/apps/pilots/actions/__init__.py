"""Verbs on pilots: plan, start, assign, follow, close."""

from __future__ import annotations

from handrail.apps.pilots.actions.assigning import enrol_hires, opt_out, void_assignment
from handrail.apps.pilots.actions.following import (
    change_mobility_rule,
    close_pilot,
    follow_pilots,
    open_places,
)
from handrail.apps.pilots.actions.planning import (
    create_pilot,
    edit_pilot,
    set_hire_objectives,
    start_pilot,
)

__all__ = [
    "change_mobility_rule",
    "close_pilot",
    "create_pilot",
    "edit_pilot",
    "enrol_hires",
    "follow_pilots",
    "open_places",
    "opt_out",
    "set_hire_objectives",
    "start_pilot",
    "void_assignment",
]
