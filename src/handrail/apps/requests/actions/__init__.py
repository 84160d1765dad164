"""Verbs on requests: ask, take back, accept, decline, tell more, and what the clock does."""

from handrail.apps.requests.actions.answering import accept, decline, question, tell
from handrail.apps.requests.actions.asking import ask, withdraw
from handrail.apps.requests.actions.going_on import move_on

__all__ = ["accept", "ask", "decline", "move_on", "question", "tell", "withdraw"]
