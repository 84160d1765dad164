"""The report of a pilot as the page and the file show it: sentences, charts and tables."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from handrail.apps.pilots.planning import Claim
from handrail.apps.pilots.wording import claim_words
from handrail.apps.reports import wording
from handrail.apps.reports.charts import Line, Point, Words, survival_chart
from handrail.apps.reports.page import Figure, Page, Section, Table, percents
from handrail.apps.reports.pilot_report import besides, words
from handrail.apps.reports.pilot_report.effect_charts import (
    Mark,
    Spot,
    effect_chart,
    funnel_chart,
    power_chart,
)
from handrail.apps.reports.wording import between, percent

Rows = dict[str, Any]


def page_of_pilot(result: Rows) -> Page:
    """Word and draw a result; the same result in the same language gives the same page."""
    sections = [
        Section(
            f"claim-{number}",
            claim_words(Claim.of(one["claim"])),
            tuple(words.claim_sentences(one)),
            tuple(_figures(one, number)),
        )
        for number, one in enumerate(result["claims"], start=1)
    ]
    if result["looks"]:
        sections.append(Section("looks", _("Weekly looks"), (), (_looks(result["looks"]),)))
    for key, heading, said in (
        ("moves", _("Moves within the house"), besides.mobility_sentences(result["mobility"])),
        ("offers", _("Job offers"), besides.offer_sentences(result["offers"])),
        ("money", _("Money"), besides.money_sentences(result["money"])),
        ("said", _("What must be said as well"), besides.must_say(result)),
        ("planned", _("Planned and done"), besides.planned_and_done(result)),
    ):
        if said:
            sections.append(Section(key, heading, tuple(said), ()))
    return Page(
        title=words.title(result),
        subtitle=wording.subtitle(result),
        limits=(*words.leading(result), *_limits(result)),
        sections=tuple(sections),
        definitions=tuple(_definitions(result)),
        facts=(
            (_("Cut"), wording.day(result["cut"])),
            (_("Version of Handrail"), result["version"]),
            (_("Fingerprint of the plan"), result["plan_digest"]),
            (_("Fingerprint of the lottery"), result["lottery"] or wording.CANNOT_TELL),
            (_("Fingerprint of the inputs"), result["digest"]),
        ),
    )


def _limits(result: Rows) -> list[str]:
    if result["simulated"]:
        return [_("Sessions of this report were made up by a simulator.")]
    return []


def _figures(one: Rows, number: int) -> list[Figure]:
    figures = []
    claim = Claim.of(one["claim"])
    if one["arms"]:
        figures.append(_curves(one, claim, number))
    if one["offer"]:
        figures.append(_effects(one, claim, number))
    if one["foreseen"]["curve"]:
        figures.append(_power(one, claim, number))
    return figures


def _arm(name: str) -> str:
    return _("offered") if name == "offered" else _("waiting")


def _curves(one: Rows, claim: Claim, number: int) -> Figure:
    if claim.is_about_time:
        title, y_axis = _("Not there yet, day by day"), _("not there yet")
    else:
        title, y_axis = _("Still here, day by day"), _("still here")
    lines = [
        Line(
            _arm(row["arm"]),
            tuple(Point(s["day"], s["share"], s["low"], s["high"]) for s in row["steps"]),
            dashed=row["arm"] == "waiting",
        )
        for row in one["arms"]
    ]
    described = " ".join(
        _("%(arm)s: %(n)d people, %(events)d of them by day %(day)d.")
        % {
            "arm": _arm(row["arm"]),
            "n": row["people"],
            "events": row["events"],
            "day": one["horizon"],
        }
        for row in one["arms"]
    )
    svg = survival_chart(
        f"chart-curves-{number}",
        lines,
        Words(
            title=title,
            description=described,
            percents=percents(),
            x_axis=_("days"),
            y_axis=y_axis,
        ),
    )
    body = tuple(
        (
            _arm(row["arm"]),
            str(step["day"]),
            str(step["at_risk"]),
            str(step["events"]),
            percent(step["share"], 1),
            between(step["low"], step["high"], 1),
        )
        for row in one["arms"]
        for step in row["steps"]
    )
    head = (
        _("Arm"),
        _("Day"),
        _("Still followed"),
        _("Happened"),
        _("Share"),
        _("Interval (95%)"),
    )
    return Figure(svg, Table(title, head, body))


def _effects(one: Rows, claim: Claim, number: int) -> Figure:
    rows = [(_("Being offered it"), one["offer"])]
    if one["takers"]:
        rows.append((_("Taking part"), one["takers"]))
    marks = [
        Mark(
            label,
            words.size_words(row["estimate"], claim),
            row["estimate"],
            row["low"],
            row["high"],
        )
        for label, row in rows
    ]
    title = _("Effect with its interval")
    size = one.get("size", claim.value)
    described = " ".join(
        _("%(label)s: %(text)s, interval %(low)s to %(high)s.")
        % {
            "label": mark.label,
            "text": mark.text,
            "low": words.size_words(mark.low, claim),
            "high": words.size_words(mark.high, claim),
        }
        for mark in marks
    )
    svg = effect_chart(
        f"chart-effect-{number}",
        marks,
        Words(title=title, description=described, percents=percents(), half=_("no effect")),
        claim=size,
        claim_text=_("the claim: %(size)s") % {"size": words.size_words(size, claim)},
    )
    head = (_("Of whom"), _("Effect"), _("From"), _("To"), _("Level"), _("Method"), "p")
    body = tuple(
        (
            label,
            words.size_words(row["estimate"], claim),
            words.size_words(row["low"], claim),
            words.size_words(row["high"], claim),
            percent(row["level"]),
            row["method"],
            wording.CANNOT_TELL if row["p"] is None else f"{row['p']:.3f}",
        )
        for label, row in rows
    )
    return Figure(svg, Table(title, head, body))


def _power(one: Rows, claim: Claim, number: int) -> Figure:
    title = _("What this pilot could have seen, as planned")
    curve = [(1 - ratio, power) for ratio, power in one["foreseen"]["curve"]]
    described = " ".join(
        _("%(size)s faster: chance %(power)s.") % {"size": percent(size), "power": percent(power)}
        for size, power in sorted(curve)
    )
    svg = power_chart(
        f"chart-power-{number}",
        curve,
        Words(
            title=title,
            description=described,
            percents=percents(),
            x_axis=_("true effect: percent faster"),
            y_axis=_("chance to see it"),
        ),
        claim=claim.value,
        claim_text=_("the claim: %(size)s") % {"size": percent(claim.value)},
    )
    body = tuple((percent(size), percent(power)) for size, power in sorted(curve))
    return Figure(svg, Table(title, (_("Percent faster"), _("Chance to see it")), body))


def _looks(looks: list[Rows]) -> Figure:
    title = _("The primary measure at each weekly look, with its 99% band")
    spots = [
        Spot(row["people"], row["estimate"], row["low"], row["high"])
        for row in looks
        if row.get("estimate") is not None
    ]
    svg = SafeString("")
    if spots:
        svg = funnel_chart(
            "chart-looks",
            spots,
            Words(
                title=title,
                description=_("%(n)d looks; the band holds however often one looks.")
                % {"n": len(spots)},
                percents=percents(),
                x_axis=_("people known"),
                y_axis=_("difference"),
                half="0",
            ),
        )
    body = tuple(
        (
            wording.day(row["day"]),
            str(row["people"]),
            *(
                wording.CANNOT_TELL
                if row.get(name) is None
                else wording.number(round(row[name], 2))
                for name in ("estimate", "low", "high")
            ),
        )
        for row in looks
    )
    head = (_("Day"), _("People known"), _("Difference"), _("From"), _("To"))
    return Figure(svg, Table(title, head, body))


def _definitions(result: Rows) -> list[tuple[str, str]]:
    return [
        (
            _("Verdict"),
            _(
                "Decided by the interval of the one final test, at the level of the plan. "
                "Consistent with the claim: above nothing, and the claim inside or below its upper "
                "end. Real but smaller: above nothing, the claim beyond it. Claim refuted: holds "
                "nothing, and the claim lies beyond it. Harmful: below nothing. Else: cannot tell."
            ),
        ),
        (
            _("Offered and taking part"),
            _(
                "Everybody counts as assigned, whoever opted out as well. Taking part is one "
                "attended session or more; its effect is among those who take part exactly "
                "because it is offered."
            ),
        ),
        (
            _("The clock"),
            _(
                "Days run from the first day, or from the assignment if that came later, in both "
                "arms alike; never from the first session."
            ),
        ),
        (
            _("Time"),
            _(
                "Percent faster: a log-normal model of time with censoring; under 80 people the "
                "lottery is drawn again within its blocks. Days sooner: the difference of mean "
                "days within the first 60, where a leaver without it counts 60. Those who took "
                "part: g-estimation."
            ),
        ),
        (
            _("Still here"),
            _(
                "Kaplan and Meier's share at the day, with Greenwood's interval from 400 people, "
                "Newcombe's below. A leaving counts when it was known at the cut. Those who took "
                "part: the difference over the difference of taking part; Anderson and Rubin's "
                "interval where that is weak or people are fewer than 100."
            ),
        ),
        (
            _("Moves"),
            _(
                "Associated: decided from day %(first)d to day %(last)d after the first session, "
                "after %(n)d sessions or more. Attributed: the difference of the rates of both "
                "arms, counted from the same day, without that rule; so it is no part of what is "
                "associated."
            )
            % {
                "first": result["rule"]["from_day"],
                "last": result["rule"]["to_day"],
                "n": result["rule"]["sessions"],
            },
        ),
        (
            _("Small groups"),
            _(
                "Outcomes are shown for 10 people or more, also after subtracting one group from "
                "another; attendance for 5 or more in each role; follow-up counts always."
            ),
        ),
    ]
