"""Every program side by side, as the page and the file show it."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.reports import wording
from handrail.apps.reports.charts import Dot, Words, interval_chart
from handrail.apps.reports.definitions import definitions
from handrail.apps.reports.page import Figure, Page, Section, Table, percents
from handrail.apps.reports.wording import CANNOT_TELL, between, days_between, number, percent

Rows = dict[str, Any]
WEEKS = 8  # the newest of each program


def title(result: Rows) -> str:
    """The report's heading."""
    return _("Every program: %(name)s") % {"name": result["organization"]}


def page_of_company(result: Rows) -> Page:
    """Word and draw a result; the same result in the same language gives the same page."""
    said = {**result, "first_merge": result["programs"] if result["merges_connected"] else None}
    sections = [_sessions(result), _weeks(result)]
    if result["merges_connected"]:
        sections.append(_merges(result))
    sections += [_staying(result), _moves(result)]
    if result["groups"]:
        sections.append(_arms(result))
    return Page(
        title=title(result),
        subtitle=wording.subtitle(result),
        limits=(
            *wording.limits(said, counted=True),
            _("Programs have different people and tasks: this is no ranking of them."),
        ),
        sections=tuple(sections),
        definitions=tuple(_definitions(result)),
        facts=(
            (_("Cut"), wording.day(result["cut"])),
            (_("Version of Handrail"), result["version"]),
            (_("Fingerprint of the inputs"), result["digest"]),
        ),
    )


def _definitions(result: Rows) -> list[tuple[str, str]]:
    lags = {
        basis: days
        for basis, days in result["lag"].items()
        if basis == "employment" or result["from_activity"]
    }
    said = definitions({**result, "retention": [{"lag_days": lags}]})
    return [
        *((term, text) for term, text in said if term != _("Newcomers")),
        (
            _("Mean within 60 days"),
            _(
                "The mean of days to the first merge among people followed for 60 days; who is "
                "not there yet, or left without, counts as 60."
            ),
        ),
        (
            _("Moved within the house"),
            _(
                "People with a change of role family, level or team 30 to 180 days after day 0 ÷ "
                "people whose day 180 is over. Titles, ends of probation and reorganisations do "
                "not count."
            ),
        ),
    ]


def _dots(result: Rows, find: Any) -> list[Dot]:
    dots = []
    for one in result["programs"]:
        share = find(one)
        if share is not None and share["value"] is not None:
            text = _("%(share)s (%(hits)d of %(trials)d)") % {
                "share": percent(share["value"]),
                "hits": share["hits"],
                "trials": share["trials"],
            }
            dots.append(Dot(one["name"], text, share["value"], share["low"], share["high"]))
    return dots


def _table(heading: str, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(_("%(figure)s, by program") % {"figure": heading}, head, rows)


def _figure(key: str, heading: str, dots: list[Dot], table: Table) -> Figure:
    if not dots:
        return Figure(SafeString(""), table)
    told = "; ".join(f"{dot.label}: {dot.text}" for dot in dots)
    words = Words(title=heading, description=told, percents=percents())
    return Figure(interval_chart(f"chart-{key}", dots, words), table)


def _share(row: Rows, people: int) -> str:
    if row.get("hidden"):
        return _few(people)
    share = row.get("share") or row.get("attended") or row["moved"]
    if share["value"] is None:
        return CANNOT_TELL
    return _("%(share)s (%(hits)d of %(trials)d)") % {
        "share": percent(share["value"]),
        "hits": share["hits"],
        "trials": share["trials"],
    }


def _few(people: int) -> str:
    return _("too few people") if people else CANNOT_TELL


def _sessions(result: Rows) -> Section:
    heading = _("Sessions held")
    head = (_("Program"), _("Sessions"), _("Held"), _("Mentees came"), _("Mentors came"))
    everybody = {"name": _("The whole organisation"), "attendance": result["whole"]}
    rows = []
    for one in (*result["programs"], everybody):
        found = one["attendance"]
        roles = {role["role"]: role for role in found["roles"]}
        rows.append(
            (
                one["name"],
                str(found["sessions"]),
                _share(found["held"], found["sessions"]),
                _share(roles["mentee"], roles["mentee"]["people"]),
                _share(roles["mentor"], roles["mentor"]["people"]),
            )
        )
    dots = _dots(
        result,
        lambda one: (
            None if one["attendance"]["held"]["hidden"] else one["attendance"]["held"]["share"]
        ),
    )
    count = len(result["programs"])
    said = ngettext("%(n)d program side by side.", "%(n)d programs side by side.", count)
    return Section(
        "sessions",
        heading,
        (said % {"n": count},),
        (_figure("held", heading, dots, _table(heading, head, tuple(rows))),),
    )


def _weeks(result: Rows) -> Section:
    heading = _("Completion week by week")
    head = (_("Program"), _("Week from"), _("Held"))
    rows = tuple(
        (
            one["name"],
            wording.day(week["week"]),
            _("fewer than 5 sessions")
            if week["hidden"]
            else _("%(share)s (%(hits)d of %(trials)d)")
            % {"share": percent(week["share"]), "hits": week["met"], "trials": week["of"]},
        )
        for one in result["programs"]
        for week in one["weeks"][:WEEKS]
    )
    said = (_("No session can be counted yet."),) if not rows else ()
    figures = (Figure(SafeString(""), _table(heading, head, rows)),) if rows else ()
    return Section("weeks", heading, said, figures)


def _merges(result: Rows) -> Section:
    heading = _("Time to the first merge")
    head = (
        _("Program"), _("People"), _("Reached"), _("Not there yet"), _("Median, days"),
        _("Interval (95%)"), _("Mean within 60 days"),
    )  # fmt: skip
    rows = tuple((one["name"], *_merge(one["first_merge"])) for one in result["programs"])
    unknown = sum(one["first_merge"].get("unknown", 0) for one in result["programs"])
    said = wording.merges_unknown({"unknown": unknown}).strip()
    return Section(
        "first-merge",
        heading,
        (said,) if said else (),
        (Figure(SafeString(""), _table(heading, head, rows)),),
    )


def _merge(found: Rows) -> tuple[str, ...]:
    people = str(found["people"])
    if found["hidden"]:
        return (people, _few(found["people"]), *[CANNOT_TELL] * 4)
    median, mean = found["median_days"], found["restricted_days"]["mean"]
    return (
        people,
        str(found["reached"]),
        str(found["not_there_yet"]),
        CANNOT_TELL if median["value"] is None else number(median["value"]),
        days_between(median),
        CANNOT_TELL if mean is None else number(round(mean, 1)),
    )


def _staying(result: Rows) -> Section:
    heading = _("Still here at 90 and 180 days")
    head = (
        _("Program"), _("Day"), _("Known"), _("Not yet"), _("Still here, of those known"),
        _("Interval (95%)"), _("Kaplan-Meier estimate"),
    )  # fmt: skip
    rows = tuple(
        (one["name"], str(at["day"]), _known(at), str(at["not_yet"]), *_stayed(at))
        for one in result["programs"]
        for at in one["retention"]["at"]
    )
    dots = _dots(
        result,
        lambda one: (
            None if one["retention"]["at"][0]["hidden"] else one["retention"]["at"][0]["here"]
        ),
    )
    return Section(
        "retention",
        heading,
        (_("The chart shows day 90."),) if dots else (),
        (_figure("stays", heading, dots, _table(heading, head, rows)),),
    )


def _known(at: Rows) -> str:
    return _("%(known)d of %(reached)d") % at


def _stayed(at: Rows) -> tuple[str, str, str]:
    if at["hidden"]:
        return _few(at["known"]), CANNOT_TELL, CANNOT_TELL
    here = at["here"]
    return (
        percent(here["value"]),
        between(here["low"], here["high"]),
        percent(at["estimate"]["value"]),
    )


def _moves(result: Rows) -> Section:
    heading = _("Moved within the house")
    head = (_("Program"), _("People whose day 180 is over"), _("Moved"))
    rows = tuple(
        (one["name"], str(one["moves"]["people"]), _share(one["moves"], one["moves"]["people"]))
        for one in result["programs"]
    )
    said = _("A move here is counted, not attributed: nothing says what it came from.")
    return Section(
        "moves", heading, (said,), (Figure(SafeString(""), _table(heading, head, rows)),)
    )


def _arms(result: Rows) -> Section:
    heading = _("Arms of closed pilots")
    names = {one["program"]: one["name"] for one in result["programs"]}
    head = (
        _("Program"), _("Arm"), _("Drawn among"), _("Mentees came"), _("Mean within 60 days"),
        _("Still here on day 90"),
    )  # fmt: skip
    rows = []
    for one in result["groups"]:
        arm = _("offered") if one["arm"] == "offered" else _("waiting")
        merge = one.get("first_merge", {"hidden": True, "people": 0})
        here: Rows = one["retention"]["at"][0] if "retention" in one else {"hidden": True}
        rows.append(
            (
                names[one["program"]], arm, one["stratum"] or CANNOT_TELL,
                _share(one["attendance"], one["attendance"]["people"]), _merge(merge)[-1],
                _("too few people") if here["hidden"] else percent(here["here"]["value"]),
            )
        )  # fmt: skip
    said = _("What a pilot found stands in its own report: these are the numbers it began from.")
    table = _table(heading, head, tuple(rows))
    return Section("arms", heading, (said,), (Figure(SafeString(""), table),))
