"""What is said in a chat, before any service's own signs: a line, facts, a list, links."""

from __future__ import annotations

from dataclasses import dataclass

from handrail.integrations.chat.posting import Failed, post

__all__ = ["Failed", "Link", "Message", "fit", "plain_text", "post", "quiet"]


@dataclass(frozen=True, slots=True)
class Link:
    """Where one tap leads; `careful` where it takes something away."""

    label: str
    url: str
    careful: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `lead` may name people, `facts` and `items` may hold words of theirs."""

    lead: str
    facts: tuple[tuple[str, str], ...] = ()
    items_title: str = ""
    items: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


def fit(text: str, longest: int) -> str:
    """The text in at most so many characters, with a sign where something is left out."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def quiet(text: str) -> str:
    """The text on one line, calling nobody: an invisible sign parts each @ from its name."""
    return " ".join(text.split()).replace("@", "@\u200b")


def plain_text(message: Message) -> str:
    """The message without any marks, for services that show text as it is."""
    lines = [quiet(message.lead)]
    lines += [f"{quiet(name)}: {quiet(value)}" for name, value in message.facts]
    if message.items:
        lines += [quiet(message.items_title), *(f"- {quiet(item)}" for item in message.items)]
    lines += [f"{quiet(link.label)}: {link.url}" for link in message.links]
    return "\n".join(line for line in lines if line)
