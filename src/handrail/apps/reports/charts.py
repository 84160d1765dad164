"""Charts as SVG: pure functions of their data, the same bytes for the same figures.

No style attribute and no script, so that the strictest content policy lets them through; colour
comes from presentation attributes, which a page's CSS may override by class. Each chart says in
its title and description what it shows, labels its lines directly and tells them apart by dash
as well as colour; a table of the same figures belongs beneath it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
ACCENT = "#2f855a"  # over 4:1 on white and on near-black
WIDTH = 400  # so that text is over 12 px where the chart is as wide as a phone
LEFT, RIGHT = 52, 16
SIZE = 14
LABEL = 18  # pixels between the feet of two labels


@dataclass(frozen=True, slots=True)
class Point:
    """From this day on: the share, and its band where there is one (fractions)."""

    day: int
    share: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One stepped curve from 100 % at day 0 to its last day; `label` stands beside it."""

    label: str
    points: tuple[Point, ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """One share with its interval (fractions); `text` is what stands beside it."""

    label: str
    text: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart says in words; `percents` labels 0, 25, 50, 75 and 100 %."""

    title: str
    description: str
    percents: tuple[str, str, str, str, str]
    x_axis: str = ""
    y_axis: str = ""
    half: str = ""


def survival_chart(name: str, lines: Sequence[Line], words: Words) -> SafeString:
    """Steps with their bands over days; `name` makes the ids of this chart."""
    top, bottom, height = 34, 50, 320
    last = max((line.points[-1].day for line in lines if line.points), default=0)
    step = _tick(last)
    end = max(step, -(-last // step) * step)
    span = WIDTH - LEFT - RIGHT
    tall = height - top - bottom

    def x(day: float) -> str:
        return _n(LEFT + span * day / end)

    def y(share: float) -> str:
        return _n(top + tall * (1 - share))

    parts = [
        _text(LEFT - 44, 16, words.y_axis),
        *(
            format_html(
                '{}<line class="chart-grid" x1="{}" y1="{}" x2="{}" y2="{}" '
                'stroke="currentColor" stroke-opacity="0.15"/>',
                _text(LEFT - 6, float(y(share)) + 5, label, anchor="end"),
                LEFT,
                y(share),
                WIDTH - RIGHT,
                y(share),
            )
            for share, label in zip((0.0, 0.25, 0.5, 0.75, 1.0), words.percents, strict=True)
        ),
        *(
            _text(float(x(day)), height - bottom + 19, str(day), anchor="middle")
            for day in range(0, end + 1, step)
        ),
        _text(WIDTH - RIGHT, height - 8, words.x_axis, anchor="end"),
        *(_band(line, x, y) for line in lines),
        *(_curve(line, x, y) for line in lines),
        *_labels(lines, x, y),
    ]
    if words.half:
        parts.append(
            format_html(
                '<line class="chart-half" x1="{}" y1="{}" x2="{}" y2="{}" '
                'stroke="currentColor" stroke-width="1.5" stroke-dasharray="2 4"/>{}',
                LEFT,
                y(0.5),
                WIDTH - RIGHT,
                y(0.5),
                _text(WIDTH - RIGHT, float(y(0.5)) - 6, words.half, anchor="end"),
            )
        )
    return _svg(name, height, words, parts)


def interval_chart(name: str, dots: Sequence[Dot], words: Words) -> SafeString:
    """A dot for each share with a line for its interval, from 0 to 100 %."""
    top, row, bottom = 8, 76, 30
    height = top + row * len(dots) + bottom
    left = 24
    span = WIDTH - 2 * left

    def x(share: float) -> str:
        return _n(left + span * share)

    foot = height - bottom
    parts = [
        format_html(
            '<line class="chart-grid" x1="{}" y1="{}" x2="{}" y2="{}" '
            'stroke="currentColor" stroke-opacity="0.15"/>{}',
            x(share),
            top,
            x(share),
            foot,
            _text(float(x(share)), foot + 19, label, anchor="middle"),
        )
        for share, label in zip((0.0, 0.25, 0.5, 0.75, 1.0), words.percents, strict=True)
    ]
    for place, dot in enumerate(dots):
        text_y = top + row * place + 18
        line_y = _n(top + row * place + 56)
        parts.append(
            format_html(
                "{}{}"
                '<line class="chart-interval" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" '
                'stroke-width="4" stroke-opacity="0.45" stroke-linecap="round"/>'
                '<circle class="chart-dot" cx="{}" cy="{}" r="6" fill="{}"/>',
                _text(left, text_y, dot.label, bold=True),
                _text(left, text_y + 20, dot.text),
                x(dot.low),
                line_y,
                x(dot.high),
                line_y,
                ACCENT,
                x(dot.value),
                line_y,
                ACCENT,
            )
        )
    return _svg(name, height, words, parts)


def _svg(name: str, height: int, words: Words, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="report-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" '
        'width="{}" height="{}" role="img" aria-labelledby="{}-title {}-desc" color="currentColor" '
        'font-family="{}" font-size="{}">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        WIDTH,
        height,
        WIDTH,
        height,
        name,
        name,
        FONT,
        SIZE,
        name,
        words.title,
        name,
        words.description,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False
) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-weight="{}" fill="currentColor">{}</text>',
        _n(x),
        _n(y),
        anchor,
        "bold" if bold else "normal",
        text,
    )


def _n(value: float) -> str:
    """A coordinate with at most two decimals, never minus zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _tick(last: int) -> int:
    """Days between ticks, so that there are at most seven."""
    for step in (1, 2, 5, 7, 14, 30, 60, 90, 180, 360):
        if last <= 6 * step:
            return step
    return -(-last // 6)


def _ends(line: Line) -> list[tuple[Point, int]]:
    """Each point with the day on which the next one takes over; the last one ends at once."""
    days = [point.day for point in line.points]
    return list(zip(line.points, [*days[1:], *days[-1:]], strict=True))


def _band(line: Line, x: Callable[[float], str], y: Callable[[float], str]) -> SafeString:
    shapes: list[str] = []
    upper: list[str] = []
    lower: list[str] = []
    for point, until in [*_ends(line), (Point(0, 0.0), 0)]:
        if point.low is None or point.high is None:
            if upper:
                shapes.append("M" + "L".join([*upper, *reversed(lower)]) + "Z")
            upper, lower = [], []
            continue
        upper += [f"{x(point.day)} {y(point.high)}", f"{x(until)} {y(point.high)}"]
        lower += [f"{x(point.day)} {y(point.low)}", f"{x(until)} {y(point.low)}"]
    return format_html(
        '<path class="chart-band" d="{}" fill="{}" fill-opacity="{}"/>',
        "".join(shapes),
        "currentColor" if line.dashed else ACCENT,
        "0.08" if line.dashed else "0.18",
    )


def _curve(line: Line, x: Callable[[float], str], y: Callable[[float], str]) -> SafeString:
    if not line.points:
        return SafeString("")
    path = f"M{x(0)} {y(1.0)}" + "".join(
        f"H{x(point.day)}V{y(point.share)}" for point in line.points
    )
    return format_html(
        '<path class="{}" d="{}" fill="none" stroke="{}" stroke-width="2.5"{}/>',
        "chart-line chart-line-other" if line.dashed else "chart-line",
        path,
        "currentColor" if line.dashed else ACCENT,
        SafeString(' stroke-dasharray="7 4"') if line.dashed else "",
    )


def _labels(
    lines: Sequence[Line], x: Callable[[float], str], y: Callable[[float], str]
) -> list[SafeString]:
    """Each line's name at its end; where one would hit another or the axis, it goes higher."""
    foot, taken, texts = float(y(0.0)) - 6, list[float](), []
    for line in lines:
        if not line.points:
            continue
        last = line.points[-1]
        # Above the band at the end, or under it where the label of one half would be hit.
        high = last.share if last.high is None else last.high
        low = last.share if last.low is None else last.low
        above, below = float(y(high)) - 8, float(y(low)) + 20
        under = (line.dashed or 0.5 <= high < 0.62) and below <= foot
        place = below if under else above
        while hit := [one for one in taken if abs(place - one) < LABEL - 1]:
            place = min(hit) - LABEL
        taken.append(place)
        right = max(float(x(last.day)), LEFT + 170.0)
        texts.append(_text(right, place, line.label, anchor="end", bold=True))
    return texts
