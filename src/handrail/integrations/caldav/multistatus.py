"""What a WebDAV server answers: one entry a resource, its properties by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from handrail.integrations.guarded_http import Unfetched, Why

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
APPLE = "{http://calendarserver.org/ns/}"
DEEPEST = 40  # elements within elements
MOST = 200_000  # elements of one answer
PIECE = 64 * 1024  # bytes that are looked at together


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing on the server: where it is, and what it says of itself."""

    href: str
    found: dict[str, Element] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a property, or nothing."""
        element = self.found.get(name)
        return (element.text or "").strip() if element is not None else ""

    def href_in(self, name: str) -> str:
        """The address within a property, or nothing."""
        element = self.found.get(name)
        inner = element.find(f"{DAV}href") if element is not None else None
        return (inner.text or "").strip() if inner is not None else ""

    def has(self, name: str, kind: str) -> bool:
        """Whether a property holds an element of this kind."""
        element = self.found.get(name)
        return element is not None and element.find(kind) is not None


def resources(body: bytes) -> list[Resource]:
    """The entries of an answer with what was found of each; Unfetched where it is none."""
    root = _parsed(body)
    if root.tag != f"{DAV}multistatus":
        raise Unfetched(Why.GARBLED)
    return list(_entries(root))


def _entries(root: Element) -> Iterator[Resource]:
    for response in root.findall(f"{DAV}response"):
        href = response.findtext(f"{DAV}href", "").strip()
        found: dict[str, Element] = {}
        for part in response.findall(f"{DAV}propstat"):
            if " 200" in part.findtext(f"{DAV}status", " 200"):
                for holder in part.findall(f"{DAV}prop"):
                    found.update({element.tag: element for element in holder})
        if href:
            yield Resource(href, found)


def _parsed(body: bytes) -> Element:
    """The root; an answer with definitions of its own, or endlessly deep, is no answer."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unfetched(Why.GARBLED)
    parser: Any = XMLPullParser(events=("start", "end"))
    root: Element | None = None
    depth = count = 0
    try:
        for at in range(0, len(body), PIECE):
            parser.feed(body[at : at + PIECE])
            for event, element in parser.read_events():
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                count += event == "start"
                if depth > DEEPEST or count > MOST:
                    raise Unfetched(Why.GARBLED)
        parser.close()
    except (ParseError, ValueError):
        raise Unfetched(Why.GARBLED) from None
    if root is None:
        raise Unfetched(Why.GARBLED)
    return root
