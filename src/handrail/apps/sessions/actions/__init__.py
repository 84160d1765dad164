"""Verbs on sessions: publish, book, move, cancel; check in, start, tick, write, hand in."""

from handrail.apps.sessions.actions.appealing import appeal, decide_appeal
from handrail.apps.sessions.actions.artifact import save_artifact
from handrail.apps.sessions.actions.booking import book, cancel, may_follow, reschedule
from handrail.apps.sessions.actions.call_link import give_call_link, renew_call_links
from handrail.apps.sessions.actions.group import book_group, leave_seat, take_seat
from handrail.apps.sessions.actions.handing_over import hand_over
from handrail.apps.sessions.actions.holding import confirm_held, give_back, hold
from handrail.apps.sessions.actions.joining import join_call
from handrail.apps.sessions.actions.loop import (
    check_in,
    correct_attendance,
    finish,
    settle_overdue,
    start,
    tick,
)
from handrail.apps.sessions.actions.operations import (
    TICKED,
    Operation,
    Outcome,
    Status,
    take_operation,
)
from handrail.apps.sessions.actions.publishing import PublishOutcome, RefusedMatch, publish_run
from handrail.apps.sessions.actions.series import book_ahead, name_objective
from handrail.apps.sessions.actions.texts import SavedText, put_away, save_text

__all__ = [
    "TICKED",
    "Operation",
    "Outcome",
    "PublishOutcome",
    "RefusedMatch",
    "SavedText",
    "Status",
    "appeal",
    "book",
    "book_ahead",
    "book_group",
    "cancel",
    "check_in",
    "confirm_held",
    "correct_attendance",
    "decide_appeal",
    "finish",
    "give_back",
    "give_call_link",
    "hand_over",
    "hold",
    "join_call",
    "leave_seat",
    "may_follow",
    "name_objective",
    "publish_run",
    "put_away",
    "renew_call_links",
    "reschedule",
    "save_artifact",
    "save_text",
    "settle_overdue",
    "start",
    "take_operation",
    "take_seat",
    "tick",
]
