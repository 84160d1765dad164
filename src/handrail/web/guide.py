"""The guide as pages: what docs/guide says, for whoever reads it here or without a network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import reverse
from markdown_it import MarkdownIt

PACKAGED = Path(__file__).resolve().parent / "guide_pages"  # in a wheel
CONNECTIONS_PACKAGED = Path(__file__).resolve().parent / "connection_pages"
CONNECTIONS = Path(__file__).resolve().parents[3] / "docs/operate/connections"
IN_THE_CHECKOUT = Path(__file__).resolve().parents[3] / "docs/guide"
ORDER = ("mentee", "mentor", "lead", "recruiter", "analyst", "administrator", "candidate")
# What only the checkout has (pages for who runs the server) keeps its words and loses its link.
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One page of the guide: its name in the address, its first heading, its text as HTML."""

    name: str
    title: str
    html: str


def _folder() -> Path:
    return PACKAGED if PACKAGED.is_dir() else IN_THE_CHECKOUT


@cache
def connection_page(name: str) -> str:
    """What one kind of connection reads, keeps, and how it is switched off, as HTML."""
    folder = CONNECTIONS_PACKAGED if CONNECTIONS_PACKAGED.is_dir() else CONNECTIONS
    text = (folder / f"{name}.md").read_text(encoding="utf-8").split("\n", 1)[1]
    return str(MarkdownIt("commonmark", {"html": False}).render(_linked(text)))


@cache
def guide_names() -> list[str]:
    """The pages for people, those whom most are first."""
    there = {path.stem for path in _folder().glob("*.md")} - {"README"}
    return [name for name in ORDER if name in there] + sorted(there - set(ORDER))


@cache
def guide_page(name: str) -> GuidePage:
    """One page; raises KeyError for a name that is none of them."""
    if name not in guide_names():
        raise KeyError(name)
    text = (_folder() / f"{name}.md").read_text(encoding="utf-8")
    title, rest = text.split("\n", 1)
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(_linked(rest))
    # A wide table scrolls by itself, and by keyboard, instead of pushing the page apart.
    html = html.replace("<table>", '<div class="report-table" tabindex="0"><table>')
    return GuidePage(name, title.removeprefix("# "), html.replace("</table>", "</table></div>"))


def _linked(text: str) -> str:
    def link(match: re.Match[str]) -> str:
        words, target = match.groups()
        name = target.removesuffix(".md")
        return f"[{words}]({reverse('guide_page', args=[name])})" if name in ORDER else words

    return LINK.sub(link, text)
