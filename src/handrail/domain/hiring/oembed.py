"""What a page that embeds a trajectory is told (oEmbed 1.0, https://oembed.com)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from handrail.domain.hiring.blocks import Block, as_html

WIDTH, HEIGHT = 480, 320  # pixels, of the widget
CACHE_AGE = 300  # seconds


def oembed(
    *,
    title: str,
    url: str,
    provider: str,
    provider_url: str,
    html: str,
    max_width: int | None = None,
    max_height: int | None = None,
) -> dict[str, Any]:
    """Return an answer of type rich; width and height keep to what the asker allows."""
    return {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "url": url,
        "provider_name": provider,
        "provider_url": provider_url,
        "cache_age": CACHE_AGE,
        "html": html,
        "width": min(WIDTH, max_width) if max_width else WIDTH,
        "height": min(HEIGHT, max_height) if max_height else HEIGHT,
    }


def frame(address: str, title: str, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return an iframe that may run no script and open nothing but links in a new window."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}"'
        f' height="{height}" sandbox="allow-popups allow-popups-to-escape-sandbox"'
        ' loading="lazy" referrerpolicy="origin"></iframe>'
    )


def quote(block: Sequence[Block], address: str, title: str) -> str:
    """Return the words with a link, for pages that may not show our frame."""
    return (
        f'<blockquote cite="{escape(address)}">{as_html(block)}'
        f'<p><a href="{escape(address)}">{escape(title)}</a></p></blockquote>'
    )
