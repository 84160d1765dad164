"""What the outbox runner calls for chats: ids in, one message out."""

from __future__ import annotations

from handrail.apps.chat.asking import show_options
from handrail.apps.chat.replying import send_reply
from handrail.apps.chat.telling import hand_over, send

__all__ = ["hand_over", "send", "send_reply", "show_options"]
