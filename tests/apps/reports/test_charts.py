"""Charts: accessible, the same bytes for the same figures, nothing a strict policy refuses."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from handrail.apps.reports.charts import Dot, Line, Point, Words, interval_chart, survival_chart
from handrail.apps.reports.pilot_report.effect_charts import power_chart

PERCENTS = ("0%", "25%", "50%", "75%", "100%")
WORDS = Words("Who waits", "Two of four had it.", PERCENTS, "days", "waiting", "half: day 4")
LINE = Line(
    "Newcomers",
    (Point(2, 0.75, 0.3, 0.9), Point(4, 0.5, 0.1, 0.8), Point(9, 0.5, 0.1, 0.8)),
)
OTHER = Line("Mentees", (Point(5, 0.5, 0.2, 0.7),), dashed=True)
DOT = Dot("Mentees", "93% (26 of 28)", 0.93, 0.77, 0.98)
SVG = "{http://www.w3.org/2000/svg}"


def charts() -> list[str]:
    return [
        survival_chart("a", [LINE, OTHER], WORDS),
        survival_chart("b", [], WORDS),
        interval_chart("c", [DOT], WORDS),
    ]


@pytest.mark.parametrize("chart", charts(), ids=["survival", "empty", "interval"])
def test_a_chart_names_and_describes_itself(chart: str) -> None:
    root = ElementTree.fromstring(chart)
    ids = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert root.get("role") == "img"
    assert [ids[name] for name in (root.get("aria-labelledby") or "").split()] == [
        "Who waits",
        "Two of four had it.",
    ]


@pytest.mark.parametrize("chart", charts(), ids=["survival", "empty", "interval"])
def test_a_chart_has_no_style_attribute_and_no_script(chart: str) -> None:
    assert not re.search(r"style=|<style|<script|javascript:|\son\w+=", chart)


def test_the_same_figures_give_the_same_bytes() -> None:
    assert charts() == charts()


def test_a_curve_starts_at_100_percent_and_falls_in_steps() -> None:
    root = ElementTree.fromstring(survival_chart("a", [LINE], WORDS))
    [line] = [p for p in root.iter(f"{SVG}path") if p.get("class") == "chart-line"]
    # Day 0 to 12 over 332 units from 52, 100 % to 0 over 236 units from 34: day 2 lies at
    # 52 + 332 * 2 / 10 = 118.4 and 75 % at 34 + 236 / 4 = 93.
    assert line.get("d") == "M52 34H118.4V93H184.8V152H350.8V152"


def test_a_band_is_drawn_only_where_there_is_an_interval() -> None:
    bare = Line("Newcomers", (Point(2, 0.75), Point(4, 0.0)))
    root = ElementTree.fromstring(survival_chart("a", [bare], WORDS))
    assert [p.get("d") for p in root.iter(f"{SVG}path") if p.get("class") == "chart-band"] == [""]


def test_lines_are_labelled_directly_and_told_apart_by_dash() -> None:
    chart = survival_chart("a", [LINE, OTHER], WORDS)
    assert ">Newcomers</text>" in chart
    assert ">Mentees</text>" in chart
    assert 'class="chart-line chart-line-other"' in chart
    assert chart.count('stroke-dasharray="7 4"') == 1


def test_labels_of_lines_that_end_together_hit_neither_each_other_nor_the_axis() -> None:
    both = [
        Line("Offered", (Point(2, 0.01, 0.0, 0.02),)),
        Line("Waiting", (Point(2, 0.0, 0.0, 0.02),), dashed=True),
    ]
    root = ElementTree.fromstring(survival_chart("a", both, WORDS))
    first, second = (
        float(text.get("y") or 0)
        for text in root.iter(f"{SVG}text")
        if text.text in ("Offered", "Waiting")
    )
    # 0 % lies at 270; 14 px of letters want 17 px from foot to foot.
    assert max(first, second) <= 264
    assert abs(first - second) >= 17


@pytest.mark.parametrize(("power", "foot"), [(0.05, 50), (0.95, 242)])
def test_the_label_of_the_claim_keeps_clear_of_the_curve(power: float, foot: float) -> None:
    curve = [(0.1, power), (0.4, power), (0.7, power)]
    chart = power_chart("p", curve, WORDS, claim=0.4, claim_text="the claim: 40%")
    [label] = [
        text
        for text in ElementTree.fromstring(chart).iter(f"{SVG}text")
        if text.text == "the claim: 40%"
    ]
    assert float(label.get("y") or 0) == foot  # 100 % lies at 34, 0 % at 250


def test_an_interval_reaches_from_low_to_high_around_its_dot() -> None:
    root = ElementTree.fromstring(interval_chart("c", [DOT], WORDS))
    [line] = [e for e in root.iter(f"{SVG}line") if e.get("class") == "chart-interval"]
    [dot] = list(root.iter(f"{SVG}circle"))
    # 352 units from 24: 24 + 352 * .77, .98 and .93.
    assert (line.get("x1"), line.get("x2"), dot.get("cx")) == ("295.04", "368.96", "351.36")


def test_words_with_signs_of_markup_stay_words() -> None:
    words = Words("<b>Who</b>", 'a "quote" & more', PERCENTS)
    root = ElementTree.fromstring(interval_chart("c", [DOT], words))
    assert root.findtext(f"{SVG}title") == "<b>Who</b>"
