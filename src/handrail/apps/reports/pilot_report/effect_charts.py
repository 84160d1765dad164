"""Charts of effects: an interval about nothing, weekly looks as a funnel, chances to see effects.

Drawn by hand like the other charts: the same bytes for the same figures, a title and a
description, labels in place, and a table of the same figures beneath each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from handrail.apps.reports.charts import ACCENT, LEFT, RIGHT, WIDTH, Words, _n, _svg, _text


@dataclass(frozen=True, slots=True)
class Mark:
    """One effect with its interval, in fractions; an end that is open is None."""

    label: str
    text: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Spot:
    """One point of a curve with a band, at a place along the axis."""

    at: float
    value: float
    low: float | None = None
    high: float | None = None


def effect_chart(
    name: str, marks: Sequence[Mark], words: Words, *, claim: float, claim_text: str
) -> SafeString:
    """A dot and a line for each effect, a rule at nothing and a dashed one at the claim."""
    ends = [end for mark in marks for end in (mark.value, mark.low, mark.high) if end is not None]
    reach = min(2.0, max([abs(claim) * 1.2, 0.1, *(abs(end) for end in ends)]))
    top, row, bottom, left = 40, 76, 34, 24
    height = top + row * len(marks) + bottom
    span = WIDTH - 2 * left

    def x(value: float) -> float:
        return left + span * (min(max(value, -reach), reach) + reach) / (2 * reach)

    foot = height - bottom
    parts = [
        format_html(
            '<line class="chart-zero" x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" '
            'stroke-opacity="0.6"/>{}',
            _n(x(0)), top - 14, _n(x(0)), foot, _text(x(0), foot + 19, words.half, anchor="middle"),
        ),
        format_html(
            '<line class="chart-claim" x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" '
            'stroke-width="1.5" stroke-dasharray="5 4"/>{}',
            _n(x(claim)), top - 14, _n(x(claim)), foot,
            _text(min(x(claim), WIDTH - 150.0), top - 22, claim_text),
        ),
    ]  # fmt: skip
    for place, mark in enumerate(marks):
        at = top + row * place
        line_y = _n(at + 54)
        parts.append(
            format_html(
                "{}{}"
                '<line class="chart-interval" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" '
                'stroke-width="4" stroke-opacity="0.45" stroke-linecap="round"/>'
                '<circle class="chart-dot" cx="{}" cy="{}" r="6" fill="{}"/>',
                _text(left, at + 14, mark.label, bold=True),
                _text(left, at + 34, mark.text),
                _n(x(-reach if mark.low is None else mark.low)),
                line_y,
                _n(x(reach if mark.high is None else mark.high)),
                line_y,
                ACCENT,
                _n(x(mark.value)),
                line_y,
                ACCENT,
            )
        )
    return _svg(name, height, words, parts)


def funnel_chart(name: str, spots: Sequence[Spot], words: Words) -> SafeString:
    """The effect at each weekly look inside its band, which narrows as people become known."""
    top, bottom, height = 34, 50, 300
    reach = max([0.1, *(abs(e) for s in spots for e in (s.low, s.high, s.value) if e is not None)])
    last = max((spot.at for spot in spots), default=1.0)
    first = min((spot.at for spot in spots), default=0.0)
    wide = (last - first) or 1.0

    def x(at: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (at - first) / wide

    def y(value: float) -> float:
        return top + (height - top - bottom) * (1 - (value + reach) / (2 * reach))

    upper = [f"{_n(x(s.at))} {_n(y(s.high))}" for s in spots if s.high is not None]
    lower = [f"{_n(x(s.at))} {_n(y(s.low))}" for s in spots if s.low is not None]
    band = "M" + "L".join([*upper, *reversed(lower)]) + "Z" if upper and lower else ""
    line = "M" + "L".join(f"{_n(x(s.at))} {_n(y(s.value))}" for s in spots) if spots else ""
    parts = [
        _text(LEFT - 44, 16, words.y_axis),
        format_html(
            '<line class="chart-zero" x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" '
            'stroke-opacity="0.6"/>{}',
            LEFT, _n(y(0)), WIDTH - RIGHT, _n(y(0)),
            _text(LEFT - 6, y(0) + 5, words.half, anchor="end"),
        ),
        format_html(
            '<path class="chart-band" d="{}" fill="{}" fill-opacity="0.18"/>', band, ACCENT
        ),
        format_html(
            '<path class="chart-line" d="{}" fill="none" stroke="{}" stroke-width="2.5"/>', line,
            ACCENT,
        ),
        *(
            format_html(
                '<circle class="chart-dot" cx="{}" cy="{}" r="3.5" fill="{}"/>',
                _n(x(spot.at)), _n(y(spot.value)), ACCENT,
            )
            for spot in spots
        ),
        *(
            _text(x(at), height - bottom + 19, str(round(at)), anchor="middle")
            for at in dict.fromkeys((first, last))
        ),
        _text(WIDTH - RIGHT, height - 8, words.x_axis, anchor="end"),
    ]  # fmt: skip
    return _svg(name, height, words, parts)


def power_chart(
    name: str, curve: Sequence[tuple[float, float]], words: Words, *, claim: float, claim_text: str
) -> SafeString:
    """The chance to see an effect over its size, both fractions; dashed at the claim."""
    top, bottom, height = 34, 50, 300
    span, tall = WIDTH - LEFT - RIGHT, height - top - bottom

    def x(size: float) -> float:
        return LEFT + span * size

    def y(share: float) -> float:
        return top + tall * (1 - share)

    points = sorted(curve)
    line = "M" + "L".join(f"{_n(x(size))} {_n(y(power))}" for size, power in points)
    beside = [power for size, power in points if claim <= size <= claim + 0.4]
    is_low = max(beside, default=0.0) < 0.8
    parts = [
        _text(LEFT - 44, 16, words.y_axis),
        *(
            format_html(
                '{}<line class="chart-grid" x1="{}" y1="{}" x2="{}" y2="{}" '
                'stroke="currentColor" stroke-opacity="0.15"/>',
                _text(LEFT - 6, y(share) + 5, label, anchor="end"),
                LEFT, _n(y(share)), WIDTH - RIGHT, _n(y(share)),
            )
            for share, label in zip((0.0, 0.25, 0.5, 0.75, 1.0), words.percents, strict=True)
        ),
        *(
            _text(x(share), height - bottom + 19, label, anchor="middle")
            for share, label in zip((0.0, 0.25, 0.5, 0.75), words.percents[:4], strict=True)
        ),
        format_html(
            '<path class="chart-line" d="{}" fill="none" stroke="{}" stroke-width="2.5"/>',
            line if points else "", ACCENT,
        ),
        format_html(
            '<line class="chart-claim" x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" '
            'stroke-width="1.5" stroke-dasharray="5 4"/>{}',
            _n(x(claim)), top, _n(x(claim)), height - bottom,
            # Where no point of the curve lies: above it where it is low, at the foot where high.
            _text(x(claim) + 6, top + 16 if is_low else height - bottom - 8, claim_text),
        ),
        _text(WIDTH - RIGHT, height - 8, words.x_axis, anchor="end"),
    ]  # fmt: skip
    return _svg(name, height, words, parts)
