"""Doors through which mail comes in: each hands over one letter after the other."""

from handrail.integrations.inbox.facts import (
    HEAD,
    LARGEST,
    Letter,
    Shut,
    Take,
    opened,
    sender_of,
)

__all__ = ["HEAD", "LARGEST", "Letter", "Shut", "Take", "opened", "sender_of"]
