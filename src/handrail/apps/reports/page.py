"""A report as the page and the file show it: sentences first, then charts with their tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from handrail.apps.reports import wording
from handrail.apps.reports.charts import (
    Dot,
    Line,
    Point,
    Words,
    interval_chart,
    survival_chart,
)
from handrail.apps.reports.definitions import definitions
from handrail.apps.reports.wording import between, days_between, percent

Rows = dict[str, Any]
LONG_TABLE = 12


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a chart, or figures without one; the first column heads its row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_long(self) -> bool:
        """Whether the page folds the table away; the file, which gets printed, shows it whole."""
        return len(self.rows) > LONG_TABLE

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row as (column's name, cell), for narrow screens where a row becomes a list."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, where there is anything to draw, over its table."""

    svg: SafeString
    table: Table


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the report."""

    key: str
    title: str
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report in the reader's language."""

    title: str
    subtitle: str
    limits: tuple[str, ...]
    sections: tuple[Section, ...]
    definitions: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


def page_of(result: Rows) -> Page:
    """Word and draw a result; the same result in the same language gives the same page."""
    sections = [_sessions(result["attendance"])]
    if result["first_merge"] is not None:
        sections.append(_merges(result))
    sections.append(_staying(result))
    return Page(
        title=wording.title(result),
        subtitle=wording.subtitle(result),
        limits=tuple(wording.limits(result)),
        sections=tuple(sections),
        definitions=tuple(definitions(result)),
        facts=(
            (_("Cut"), wording.day(result["cut"])),
            (_("Version of Handrail"), result["version"]),
            (_("Fingerprint of the inputs"), result["digest"]),
        ),
    )


def percents() -> tuple[str, str, str, str, str]:
    """What stands at the ticks of an axis of shares."""
    return percent(0.0), percent(0.25), percent(0.5), percent(0.75), percent(1.0)


def _dot(label: str, share: Rows) -> Dot:
    text = _("%(share)s (%(hits)d of %(trials)d)") % {
        "share": percent(share["value"]),
        "hits": share["hits"],
        "trials": share["trials"],
    }
    return Dot(label, text, share["value"], share["low"], share["high"])


def _sessions(found: Rows) -> Section:
    roles = [role for role in reversed(found["roles"]) if not role["hidden"]]
    dots = [
        _dot(wording.role_name(role["role"]), role["attended"])
        for role in roles
        if role["attended"]["value"] is not None
    ]
    rows = [
        (
            wording.role_name(role["role"]),
            str(role["people"]),
            str(role["attended"]["hits"]),
            str(role["no_show"]),
            percent(role["attended"]["value"], 1),
            between(role["attended"]["low"], role["attended"]["high"], 1),
            str(role["late_cancelled"]),
            str(role["not_recorded"]),
        )
        for role in roles
    ]
    figures = []
    if rows:
        head = (
            _("Role"),
            _("People"),
            _("Attended"),
            _("No-show"),
            _("Attendance"),
            _("Interval (95%)"),
            _("Late cancel"),
            _("Not recorded"),
        )
        svg = SafeString("")
        if dots:
            svg = interval_chart(
                "chart-attendance",
                dots,
                Words(
                    title=_("Attendance by role"),
                    description=_in_words(dots),
                    percents=percents(),
                ),
            )
        figures.append(Figure(svg, Table(_("Attendance by role"), head, tuple(rows))))
    held = found["held"]
    if not held["hidden"] and found["sessions"]:
        figures.append(_held(held))
    return Section(
        "sessions", _("Sessions and attendance"), tuple(wording.attendance(found)), tuple(figures)
    )


def _held(held: Rows) -> Figure:
    share = held["share"]
    head = (
        _("Sessions counted"),
        _("Held"),
        _("Not held"),
        _("Late cancel"),
        _("Share held"),
        _("Interval (95%)"),
        _("Not recorded"),
    )
    row = (
        str(share["trials"]),
        str(share["hits"]),
        str(held["not_held"]),
        str(held["late_cancelled"]),
        percent(share["value"], 1),
        between(share["low"], share["high"], 1),
        str(held["not_recorded"]),
    )
    svg = SafeString("")
    if share["value"] is not None:
        dots = [_dot(_("Sessions held"), share)]
        svg = interval_chart(
            "chart-held",
            dots,
            Words(title=_("Sessions held"), description=_in_words(dots), percents=percents()),
        )
    return Figure(svg, Table(_("Sessions held"), head, (row,)))


def _in_words(dots: list[Dot]) -> str:
    return " ".join(
        _("%(label)s: %(text)s, interval %(low)s to %(high)s.")
        % {
            "label": dot.label,
            "text": dot.text,
            "low": percent(dot.low),
            "high": percent(dot.high),
        }
        for dot in dots
    )


def _merges(result: Rows) -> Section:
    rows = result["first_merge"]
    figures = [
        _curve(row, wording.group_name(row["key"], result))
        for row in rows
        if not row["hidden"] and row["people"]
    ]
    table = Table(
        _("Time to the first merge by group"),
        (
            _("Group"),
            _("People"),
            _("Had a first merge"),
            _("Not there yet"),
            _("Median days"),
            _("Interval (95%)"),
            _("Followed 60 days"),
        ),
        tuple(_merge_row(row, result) for row in rows),
    )
    return Section(
        "first-merge",
        _("Time to the first merge"),
        tuple(wording.first_merge(row, result) + wording.merges_unknown(row) for row in rows),
        (Figure(SafeString(""), table), *figures),
    )


def _merge_row(row: Rows, result: Rows) -> tuple[str, ...]:
    name, people = wording.group_name(row["key"], result), str(row["people"])
    followed = _("%(known)d of %(people)d") % {
        "known": row["followed"],
        "people": row["people"],
    }
    if row["hidden"]:
        return name, people, *[wording.CANNOT_TELL] * 4, followed
    median = row["median_days"]
    return (
        name,
        people,
        str(row["reached"]),
        str(row["not_there_yet"]),
        wording.CANNOT_TELL if median["value"] is None else wording.number(median["value"]),
        days_between(median),
        followed,
    )


def _curve(row: Rows, name: str) -> Figure:
    title = _("Share without a first merge, day by day: %(group)s") % {"group": name}
    points = tuple(
        Point(step["day"], step["share"], step["low"], step["high"]) for step in row["curve"]
    )
    median = row["median_days"]["value"]
    half = _("half, no median yet")
    if median is not None:
        half = _("half: day %(day)s") % {"day": wording.number(median)}
    words = Words(
        title=title,
        description=_(
            "The line falls as people have their first change merged. %(people)d people, "
            "%(reached)d with a first merge, %(not_yet)d not there yet; %(half)s."
        )
        % {
            "people": row["people"],
            "reached": row["reached"],
            "not_yet": row["not_there_yet"],
            "half": half,
        },
        percents=percents(),
        x_axis=_("days since the start"),
        y_axis=_("without a first merge"),
        half=half,
    )
    svg = survival_chart(f"chart-first-merge-{row['key']}", [Line(name, points)], words)
    head = (
        _("Day"),
        _("Still followed"),
        _("First merges"),
        _("Follow-up ends"),
        _("Without a first merge"),
        _("Interval (95%)"),
    )
    body = tuple(
        (
            str(step["day"]),
            str(step["at_risk"]),
            str(step["events"]),
            str(step["censored"]),
            percent(step["share"], 1),
            between(step["low"], step["high"], 1),
        )
        for step in row["curve"]
    )
    return Figure(svg, Table(title, head, body))


def _staying(result: Rows) -> Section:
    lines = [(row, at) for row in result["retention"] if row["people"] for at in row["at"]]
    dots = [
        _dot(
            _("%(group)s, day %(day)d")
            % {"group": wording.group_name(row["key"], result), "day": at["day"]},
            at["here"],
        )
        for row, at in lines
        if not at["hidden"]
    ]
    title = _("Still here at 90 and 180 days")
    head = (
        _("Group"),
        _("Day"),
        _("People"),
        _("Reached"),
        _("Known"),
        _("Not yet"),
        _("Still here, of those known"),
        _("Interval (95%)"),
        _("Kaplan-Meier estimate"),
    )
    body = tuple(
        (
            wording.group_name(row["key"], result),
            str(at["day"]),
            str(at["people"]),
            str(at["reached"]),
            str(at["known"]),
            str(at["not_yet"]),
            *_outcome(at),
        )
        for row, at in lines
    )
    figures = []
    if body:
        svg = SafeString("")
        if dots:
            words = Words(title=title, description=_in_words(dots), percents=percents())
            svg = interval_chart("chart-retention", dots, words)
        figures.append(Figure(svg, Table(title, head, body)))
    return Section(
        "retention",
        _("Who is still here"),
        tuple(s for row in result["retention"] for s in wording.retention(row, result)),
        tuple(figures),
    )


def _outcome(at: Rows) -> tuple[str, str, str]:
    if at["hidden"]:
        return (wording.CANNOT_TELL,) * 3
    here, estimate = at["here"], at["estimate"]
    told = percent(estimate["value"], 1)
    if estimate["low"] is not None and estimate["high"] is not None:
        told = f"{told} ({between(estimate['low'], estimate['high'], 1)})"
    return percent(here["value"], 1), between(here["low"], here["high"], 1), told
