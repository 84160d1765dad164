"""Answers to invitations that come by mail (iTIP, iMIP): who really says what, or why not."""

from handrail.integrations.calendar_replies.authentication import is_authenticated
from handrail.integrations.calendar_replies.reading import (
    Ignored,
    Part,
    Reply,
    WhyNot,
    read_reply,
    why_stale,
)

__all__ = ["Ignored", "Part", "Reply", "WhyNot", "is_authenticated", "read_reply", "why_stale"]
