"""Verbs of answers and questions."""

from handrail.apps.answers.actions.approving import agree, approve, discard_draft, edit
from handrail.apps.answers.actions.keeping import (
    add_phrasing,
    check,
    delete,
    dismiss,
    dismiss_phrasing,
    hand_over,
    note_read,
    same_as,
    say_outdated,
)
from handrail.apps.answers.actions.proposing import propose_from_artifact, write_answer

__all__ = [
    "add_phrasing",
    "agree",
    "approve",
    "check",
    "delete",
    "discard_draft",
    "dismiss",
    "dismiss_phrasing",
    "edit",
    "hand_over",
    "note_read",
    "propose_from_artifact",
    "same_as",
    "say_outdated",
    "write_answer",
]
