"""Verbs on hiring."""

from handrail.apps.hiring.actions.answering import (
    approve_hire,
    complete_hire,
    refuse_hire,
    reopen_hire,
    say_whether_they_came,
    send_hire_to,
    take_anyway,
)
from handrail.apps.hiring.actions.own_place import come_back_in, take_oneself_out
from handrail.apps.hiring.actions.rules import add_rule, draft_rule, remove_rule
from handrail.apps.hiring.actions.settling import tend_hires
from handrail.apps.hiring.actions.telling import take_hire, tell_hire, tell_hires_from_file

__all__ = [
    "add_rule",
    "approve_hire",
    "come_back_in",
    "complete_hire",
    "draft_rule",
    "refuse_hire",
    "remove_rule",
    "reopen_hire",
    "say_whether_they_came",
    "send_hire_to",
    "take_anyway",
    "take_hire",
    "take_oneself_out",
    "tell_hire",
    "tell_hires_from_file",
    "tend_hires",
]
