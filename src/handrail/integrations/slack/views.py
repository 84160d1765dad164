"""Modals and messages out of Slack's blocks, within the lengths that Slack takes.

What people wrote is cut with a sign where it is too long; what would lose a choice is refused, so
that its caller offers fewer. Source: Slack's reference of blocks, elements and views.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from handrail.integrations.chat import Message, fit

TITLE, BUTTON, OPTION, VALUE, LABEL = 24, 75, 75, 150, 2000
SECTION, CONTEXT, PRIVATE, WRITTEN = 3000, 2000, 3000, 3000
OPTIONS, GROUPS, BLOCKS, ACTIONS = 100, 100, 100, 25

Block = dict[str, Any]


class TooMany(ValueError):
    """More choices, or longer ones, than Slack takes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose; `value` comes back."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button whose press is told to us; `sure` asks once more: (question, yes, no)."""

    action: str
    label: str
    value: str
    sure: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under a heading."""

    label: str
    choices: tuple[Choice, ...]


def modal(
    callback: str,
    title: str,
    blocks: Sequence[Block],
    *,
    close: str,
    submit: str = "",
    private: str = "",
) -> Block:
    """A whole modal; without `submit` it only shows something."""
    if len(private) > PRIVATE or len(blocks) > BLOCKS:
        raise TooMany(f"{len(blocks)} blocks, {len(private)} characters to carry")
    view: Block = {
        "type": "modal",
        "callback_id": callback,
        "title": _plain(title, TITLE),
        "close": _plain(close, TITLE),
        "private_metadata": private,
        "blocks": list(blocks),
    }
    if submit:
        view["submit"] = _plain(submit, TITLE)
    return view


def choose(block: str, label: str, choices: Sequence[Choice | Group], first: str = "") -> Block:
    """A list to choose one of, opened by a press; `first` is the value that is chosen already."""
    groups = [one for one in choices if isinstance(one, Group)]
    single = [one for one in choices if isinstance(one, Choice)]
    element: Block = {"type": "static_select", "action_id": block}
    if groups:
        if len(groups) > GROUPS:
            raise TooMany(f"{len(groups)} groups")
        element["option_groups"] = [
            {"label": _plain(group.label, OPTION), "options": _options(group.choices)}
            for group in groups
        ]
    else:
        element["options"] = _options(single)
    everything = [*single, *(choice for group in groups for choice in group.choices)]
    _choose_first(element, everything, first)
    return _input(block, label, element)


def pick_one(block: str, label: str, choices: Sequence[Choice], first: str = "") -> Block:
    """A few things side by side, of which one is chosen."""
    if len(choices) > 10:
        raise TooMany(f"{len(choices)} radio buttons")
    element: Block = {
        "type": "radio_buttons",
        "action_id": block,
        "options": _options(choices),
    }
    _choose_first(element, choices, first)
    return _input(block, label, element)


def write(
    block: str,
    label: str,
    *,
    text: str = "",
    hint: str = "",
    lines: bool = False,
    optional: bool = False,
    longest: int = WRITTEN,
) -> Block:
    """A box to write in."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": block,
        "multiline": lines,
        "max_length": min(longest, WRITTEN),
    }
    if text:
        element["initial_value"] = text[: min(longest, WRITTEN)]
    found = _input(block, label, element)
    if hint:
        found["hint"] = _plain(hint, LABEL)
    found["optional"] = optional
    return found


def section(text: str) -> Block:
    """A paragraph; what people wrote in it must have gone through `as_words`."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": fit(text, SECTION)}}


def small(text: str) -> Block:
    """A line in small letters."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": fit(text, CONTEXT)}]}


def buttons(pressed: Iterable[Press]) -> Block:
    """Buttons that are told to us when pressed."""
    elements = [_button(one) for one in pressed]
    if len(elements) > ACTIONS:
        raise TooMany(f"{len(elements)} buttons")
    return {"type": "actions", "elements": elements}


def _button(press: Press) -> Block:
    found: Block = {
        "type": "button",
        "action_id": press.action,
        "text": _plain(press.label, BUTTON),
        "value": _value(press.value),
    }
    if press.sure:
        question, yes, no = press.sure
        found["style"] = "danger"
        found["confirm"] = {
            "title": _plain(press.label, 100),
            "text": _plain(question, 300),
            "confirm": _plain(yes, 30),
            "deny": _plain(no, 30),
        }
    return found


def message_blocks(message: Message, pressed: Iterable[Press] = ()) -> list[Block]:
    """A message in blocks: lead, facts, list, then links as buttons and what can be pressed."""
    blocks = [section(f"*{as_words(message.lead)}*")]
    if message.facts:
        lines = [f"{as_words(name)}: {as_words(value)}" for name, value in message.facts]
        blocks.append(section("\n".join(lines)))
    if message.items:
        lines = [as_words(message.items_title), *(f"• {as_words(item)}" for item in message.items)]
        blocks.append(section("\n".join(lines)))
    elements = [
        {
            "type": "button",
            "action_id": f"open-{number}",
            "text": _plain(link.label, BUTTON),
            "url": link.url,
            **({"style": "danger"} if link.careful else {}),
        }
        for number, link in enumerate(message.links)
    ]
    acting = list(pressed)
    elements += buttons(acting)["elements"] if acting else []
    if elements:
        blocks.append({"type": "actions", "elements": elements})
    return blocks


def as_words(text: str) -> str:
    """Words of people in Slack's text: its three signs mean nothing in them, nobody is called."""
    one_line = " ".join(text.split())
    return one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def errors(said: dict[str, str]) -> Block:
    """The answer to a modal that cannot be taken: what is wrong, beside each block."""
    return {"response_action": "errors", "errors": said}


def shown_instead(view: Block) -> Block:
    """The answer to a modal that was taken: what is shown in its place."""
    return {"response_action": "update", "view": view}


def _options(choices: Sequence[Choice]) -> list[Block]:
    if not 1 <= len(choices) <= OPTIONS:
        raise TooMany(f"{len(choices)} choices")
    return [
        {"text": _plain(choice.label, OPTION), "value": _value(choice.value)} for choice in choices
    ]


def _choose_first(element: Block, choices: Sequence[Choice], first: str) -> None:
    chosen = next((one for one in choices if one.value == first), None)
    if chosen is not None:
        element["initial_option"] = _options([chosen])[0]


def _input(block: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": _plain(label, LABEL),
        "element": element,
    }


def _value(value: str) -> str:
    if not 0 < len(value) <= VALUE:
        raise TooMany(f"a value of {len(value)} characters")
    return value


def _plain(text: str, longest: int) -> Block:
    return {"type": "plain_text", "text": fit(text, longest)}
