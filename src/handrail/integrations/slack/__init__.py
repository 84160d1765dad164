"""Slack: what it sends (proven by integrations/webhooks, scheme "slack"), and what it is sent.

Sources: Slack's pages on slash commands, interactivity, views and Block Kit, as of November 2026.
"""

from handrail.integrations.slack.calling import (
    Workspace,
    answer_in_place,
    open_view,
    tell,
    update_view,
    who_am_i,
)
from handrail.integrations.slack.kind import KIND, workspace_of
from handrail.integrations.slack.reading import (
    Command,
    Pressed,
    Submitted,
    Unreadable,
    command,
    interaction,
)
from handrail.integrations.slack.views import OPTIONS as MOST_OPTIONS
from handrail.integrations.slack.views import (
    Choice,
    Group,
    Press,
    TooMany,
    as_words,
    buttons,
    choose,
    errors,
    message_blocks,
    modal,
    pick_one,
    section,
    shown_instead,
    small,
    write,
)

__all__ = [
    "KIND",
    "MOST_OPTIONS",
    "Choice",
    "Command",
    "Group",
    "Press",
    "Pressed",
    "Submitted",
    "TooMany",
    "Unreadable",
    "Workspace",
    "answer_in_place",
    "as_words",
    "buttons",
    "choose",
    "command",
    "errors",
    "interaction",
    "message_blocks",
    "modal",
    "open_view",
    "pick_one",
    "section",
    "shown_instead",
    "small",
    "tell",
    "update_view",
    "who_am_i",
    "workspace_of",
    "write",
]
