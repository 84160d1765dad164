"""What the outbox runner calls for chats: ids in, one message out."""

from __future__ import annotations

from handrail.apps.chat.asking import show_options
from handrail.apps.chat.replying import send_reply
from handrail.apps.chat.telling import send_to_channel, send_to_person

__all__ = ["send_reply", "send_to_channel", "send_to_person", "show_options"]
