"""Verbs on requests: ask, take back, accept, decline, tell more, and what the clock does."""

from handrail.apps.requests.actions.answering import accept, decline, question, tell
from handrail.apps.requests.actions.asking import ask, withdraw
from handrail.apps.requests.actions.going_on import move_on
from handrail.apps.requests.actions.parting import (
    ask_for_somebody_else,
    pair_of,
    upcoming_of,
)

__all__ = [
    "accept",
    "ask",
    "ask_for_somebody_else",
    "decline",
    "move_on",
    "pair_of",
    "question",
    "tell",
    "upcoming_of",
    "withdraw",
]
