"""Verbs of answers and questions."""

from handrail.apps.answers.actions.approving import agree, approve, discard_draft, edit
from handrail.apps.answers.actions.asking import (
    ask,
    book_slot,
    name_skill,
    queue,
    say,
    withdraw,
)
from handrail.apps.answers.actions.closing import (
    answer_in_writing,
    point_to,
    tell_waiting,
    tend_queue,
)
from handrail.apps.answers.actions.deciding import edit_settings
from handrail.apps.answers.actions.keeping import (
    add_alias,
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
    "add_alias",
    "add_phrasing",
    "agree",
    "answer_in_writing",
    "approve",
    "ask",
    "book_slot",
    "check",
    "delete",
    "discard_draft",
    "dismiss",
    "dismiss_phrasing",
    "edit",
    "edit_settings",
    "hand_over",
    "name_skill",
    "note_read",
    "point_to",
    "propose_from_artifact",
    "queue",
    "same_as",
    "say",
    "say_outdated",
    "tell_waiting",
    "tend_queue",
    "withdraw",
    "write_answer",
]
