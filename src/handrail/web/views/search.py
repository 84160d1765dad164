"""When a hit is called the answer: what people said of hits, edge by edge, and what holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handrail.apps.answers.search.edges import Standing, apply_edge, standing
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.reports.charts import Dot, Words, interval_chart
from handrail.domain.text import Edges, Point
from handrail.domain.text.bands import LABELS_WANTED
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.search import EdgeForm
from handrail.web.refusals import form_page

DRAWN = (0.55, 0.60, 0.65, 0.70, 0.75, 0.80)  # the table beneath has all of them


@require_http_methods(["GET", "POST"])
@signed_in
def search_settings(request: PageRequest) -> HttpResponse:
    """Look at the curve, then apply an edge of it."""
    told = standing(request.viewer)
    form = EdgeForm(request.POST or None, initial={"answer": _start(told)})
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/search.html", _shown(told), form)
    try:
        edge = float(form.cleaned_data["answer"])
        applied = apply_edge(edge, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/search.html", _shown(told), form, refusal)
    messages.success(
        request, _("From %(edge)s on a hit is called the answer.") % {"edge": _two(applied.answer)}
    )
    return redirect("search_settings")


def _start(told: Standing | None) -> str:
    """What the choice begins with: the proposal where there is one, else what holds."""
    if told is None:
        return ""
    edges = told.curve.proposed or told.edges
    return f"{edges.answer:.2f}"


def _shown(told: Standing | None) -> dict[str, Any]:
    if told is None:
        return {"told": None, "here": "search_settings"}
    proposed = told.curve.proposed
    return {
        "told": told,
        "here": "search_settings",
        "edges": _edges(told.edges),
        "proposed": _edges(proposed) if proposed is not None else None,
        "missing": max(0, LABELS_WANTED - told.curve.labels),
        "rows": [_row(point, told) for point in told.curve.points],
        "chart": _chart(told.curve.points),
    }


def _edges(edges: Edges) -> dict[str, str]:
    return {"answer": _two(edges.answer), "perhaps": _two(edges.perhaps)}


def _row(point: Point, told: Standing) -> dict[str, Any]:
    proposed = told.curve.proposed
    return {
        "edge": _two(point.edge),
        "right": point.right,
        "shown": point.shown,
        "precision": _percent(point.precision) if point.precision is not None else "",
        "interval": _interval(point) if point.precision is not None else "",
        "holds": point.edge == told.edges.answer,
        "is_proposed": proposed is not None and point.edge == proposed.answer,
    }


def _chart(points: tuple[Point, ...]) -> SafeString | None:
    drawn = [
        Dot(
            label=_("From %(edge)s on") % {"edge": _two(point.edge)},
            text=_("%(right)d of %(shown)d right, %(percent)s (%(interval)s)")
            % {
                "right": point.right,
                "shown": point.shown,
                "percent": _percent(point.precision),
                "interval": _interval(point),
            },
            value=point.precision,
            low=point.low,
            high=point.high,
        )
        for point in points
        if point.edge in DRAWN and point.precision is not None
    ]
    if not drawn:
        return None
    words = Words(
        title=_("How many hits were right, by the edge"),
        description=". ".join(f"{dot.label}: {dot.text}" for dot in drawn),
        percents=tuple(_percent(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)),  # type: ignore[arg-type]
    )
    return interval_chart("chart-edges", drawn, words)


def _two(edge: float) -> str:
    return number_format(edge, decimal_pos=2)


def _percent(share: float) -> str:
    return _("%(number)s %%") % {"number": number_format(share * 100, decimal_pos=0)}


def _interval(point: Point) -> str:
    words = {"low": _percent(point.low), "high": _percent(point.high)}
    return _("%(low)s to %(high)s") % words
