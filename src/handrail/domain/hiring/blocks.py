"""Text in the few shapes that every hiring system keeps: paragraphs and lists, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

TAGS = ("p", "ul", "li", "br")
BREAKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
UNSEEN = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "iframe",
        "svg",
        "object",
        "textarea",
    ]
)
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    lines: tuple[str, ...]


Block = Paragraph | Items


def as_html(blocks: Iterable[Block]) -> str:
    """Return `<p>` and `<ul><li>`, escaped, without any other tag or attribute."""
    parts = []
    for block in blocks:
        if isinstance(block, Paragraph):
            parts.append(f"<p>{escape(block.text, quote=False)}</p>")
        else:
            lines = "".join(f"<li>{escape(line, quote=False)}</li>" for line in block.lines)
            parts.append(f"<ul>{lines}</ul>")
    return "\n".join(parts)


def as_text(blocks: Iterable[Block]) -> str:
    """Return plain text: paragraphs apart by an empty line, items after "- "."""
    parts = []
    for block in blocks:
        if isinstance(block, Paragraph):
            parts.append(block.text)
        else:
            parts.append("\n".join(f"- {line}" for line in block.lines))
    return "\n\n".join(parts)


def read_text(text: str) -> tuple[Block, ...]:
    """Return the blocks of what somebody typed: the other way round from `as_text`."""
    found: list[Block] = []
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines: list[str] = []
        items: list[str] = []
        for line in (one.strip() for one in part.split("\n")):
            if line.startswith(("- ", "* ", "• ")):
                if lines:
                    found.append(Paragraph(" ".join(lines)))
                    lines = []
                items.append(line[2:].strip())
            elif line:
                if items:
                    found.append(Items(tuple(items)))
                    items = []
                lines.append(line)
        if lines:
            found.append(Paragraph(" ".join(lines)))
        if items:
            found.append(Items(tuple(items)))
    return tuple(found)


def read_html(html: str) -> tuple[Block, ...]:
    """Return the visible text of HTML as blocks; whatever is no list item is a paragraph."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found: list[Block] = []
    for in_item, text in reader.lines():
        last = found[-1] if found else None
        if in_item and isinstance(last, Items):
            found[-1] = Items((*last.lines, text))
        elif in_item:
            found.append(Items((text,)))
        else:
            found.append(Paragraph(text))
    return tuple(found)


def visible_text(html: str) -> str:
    """Return what a reader sees of HTML, white space collapsed: see `plain`.

    Left out: scripts, styles, the head, and elements that say themselves that they are hidden.
    Tags that break the line count as a blank, others as nothing.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return plain(" ".join(text for _, text in reader.lines()))


def visible_of(blocks: Sequence[Block]) -> str:
    """Return what a reader sees of blocks, as `visible_text` would of their HTML."""
    lines: list[str] = []
    for block in blocks:
        lines += [block.text] if isinstance(block, Paragraph) else block.lines
    return plain(" ".join(lines))


def plain(text: str) -> str:
    """Return the text with every run of white space as one blank, and no zero-width signs."""
    for sign in "\u200b\u200c\u200d\u2060\ufeff\u00ad":
        text = text.replace(sign, "")
    return " ".join(text.split())


def tags_in(html: str) -> frozenset[str]:
    """Return the names of all tags in a piece of HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return frozenset(reader.seen)


class _Reader(HTMLParser):
    """Collects lines of visible text, each with whether it stands in a list item."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: set[str] = set()
        self._open: list[tuple[str, bool]] = []  # each with whether it hides what is in it
        self._names: Counter[str] = Counter()  # of what is open: a page may open very much
        self._hiding = 0
        self._lines: list[tuple[bool, list[str]]] = [(False, [])]

    def lines(self) -> Iterator[tuple[bool, str]]:
        for in_item, parts in self._lines:
            text = plain("".join(parts))
            if text:
                yield in_item, text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            hides = tag in UNSEEN or _is_hidden(dict(attrs))
            self._open.append((tag, hides))
            self._names[tag] += 1
            self._hiding += hides
        if tag in BREAKS:
            self._break()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag in BREAKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        while self._names[tag]:
            name, hides = self._open.pop()
            self._names[name] -= 1
            self._hiding -= hides
            if name == tag:
                break
        if tag in BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._hiding:
            self._lines[-1][1].append(data)

    def _break(self) -> None:
        self._lines.append((self._names["li"] > 0, []))


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style
