"""Answers to invitations that come by mail: who says what, what follows, and what is refused."""

from handrail.apps.sessions.replies.proposals import (
    answer_proposal,
    proposals_for,
    proposals_to_answer,
)
from handrail.apps.sessions.replies.queries import received_mails
from handrail.apps.sessions.replies.receiving import receive

__all__ = [
    "answer_proposal",
    "proposals_for",
    "proposals_to_answer",
    "receive",
    "received_mails",
]
