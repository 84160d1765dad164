"""A badge as an image of its own: two words side by side, drawn without any font file."""

from __future__ import annotations

from html import escape

HEIGHT = 24
PAD = 10
# Widths of signs in units of 1/100 em, roughly those of the system fonts that will draw it.
NARROW, WIDE = frozenset("fijlrtI.,:;'|!()[]- "), frozenset("mwMWÄÖÜ@%×")
GREEN, GREY, INK = "#2f6b3c", "#5f665c", "#1d211c"


def svg(label: str, words: str, *, is_offered: bool) -> str:
    """Return an SVG of 24 px height that says "label: words", in the reader's system font."""
    left, right = _width(label), _width(words)
    total = left + right
    tone = GREEN if is_offered else GREY
    said = escape(f"{label}: {words}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{HEIGHT}"'
        f' viewBox="0 0 {total} {HEIGHT}" role="img" aria-label="{said}">'
        f"<title>{said}</title>"
        f'<rect width="{total}" height="{HEIGHT}" rx="4" fill="#eef2ea"/>'
        f'<path d="M{left} 0h{right - 4}a4 4 0 0 1 4 4v{HEIGHT - 8}a4 4 0 0 1-4 4h-{right - 4}z"'
        f' fill="{tone}"/>'
        '<g font-family="system-ui,-apple-system,Segoe UI,Roboto,Arial,sans-serif"'
        ' font-size="12" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="16" fill="{INK}" textLength="{left - 2 * PAD}"'
        f' lengthAdjust="spacingAndGlyphs">{escape(label)}</text>'
        f'<text x="{left + right / 2:g}" y="16" fill="#fff" textLength="{right - 2 * PAD}"'
        f' lengthAdjust="spacingAndGlyphs">{escape(words)}</text>'
        "</g></svg>\n"
    )


def _width(text: str) -> int:
    units = sum(34 if sign in NARROW else 88 if sign in WIDE else 57 for sign in text)
    return round(units * 12 / 100) + 2 * PAD
