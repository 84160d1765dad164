"""Verbs on sessions: publish, book, move, cancel; check in, start, tick, write, hand in."""

from handrail.apps.sessions.actions.artifact import save_artifact
from handrail.apps.sessions.actions.booking import book, cancel, reschedule
from handrail.apps.sessions.actions.loop import (
    check_in,
    correct_attendance,
    finish,
    settle_overdue,
    start,
    tick,
)
from handrail.apps.sessions.actions.publishing import PublishOutcome, RefusedMatch, publish_run
from handrail.apps.sessions.actions.texts import SavedText, save_text

__all__ = [
    "PublishOutcome",
    "RefusedMatch",
    "SavedText",
    "book",
    "cancel",
    "check_in",
    "correct_attendance",
    "finish",
    "publish_run",
    "reschedule",
    "save_artifact",
    "save_text",
    "settle_overdue",
    "start",
    "tick",
]
