"""What a pilot's report says besides its claims: what must be said, moves, offers, money."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.pilots.wording import source_words
from handrail.apps.reports.pilot_report.words import days_words, points, problem_words
from handrail.apps.reports.wording import day, percent

Rows = dict[str, Any]


def must_say(result: Rows) -> list[str]:
    """What every report of a pilot says, whatever came out."""
    plan, assigned = result["plan"], result["assigned"]
    lottery = plan["comparison"] == "lottery"
    said = []
    if lottery:
        said.append(
            _("Drawn by lot: %(offered)d people offered mentoring, %(waiting)d waiting.") % assigned
        )
    else:
        said.append(_("Offered to all: %(offered)d people, without a lottery.") % assigned)
    if result["void"]:
        said.append(
            ngettext(
                "%(n)d assignment was corrected: not eligible on that day.",
                "%(n)d assignments were corrected: not eligible on that day.",
                result["void"],
            )
            % {"n": result["void"]}
        )
    for arm in ("offered", "waiting"):
        row = result["exposure"][arm]
        if not row["hidden"]:
            counts = {"took": row["took_part"], "n": row["people"], "sessions": row["sessions"]}
            took = _("Of those offered, %(took)d of %(n)d took part; %(sessions)d sessions.")
            if arm == "waiting":
                took = _(
                    "Of those waiting, %(took)d of %(n)d had mentoring before it was opened to "
                    "them; %(sessions)d sessions."
                )
            said.append(took % counts)
    said.append(
        ngettext(
            "Contamination: %(n)d person on the waiting list had a session.",
            "Contamination: %(n)d people on the waiting list had a session.",
            result["contacts"],
        )
        % {"n": result["contacts"]}
    )
    looks = len(result["looks"])
    said.append(
        ngettext(
            "The figures were looked at %(n)d time before the end; the level is %(level)s.",
            "The figures were looked at %(n)d times before the end; the level is %(level)s.",
            looks,
        )
        % {"n": looks, "level": percent(plan["level"])}
    )
    if len(plan["claims"]) > 1:
        said.append(
            _("Two claims share the 5 percent: with looks in equal parts, without looks by Holm.")
        )
    for row in result["waivers"]:
        said.append(
            _("Measured without %(source)s: waived by %(signed)s on %(day)s. “%(reason)s”")
            % {
                "source": source_words(row["source"]),
                "signed": row["signed"],
                "day": day(row["on"]),
                "reason": row["reason"],
            }
        )
    return said


def planned_and_done(result: Rows) -> list[str]:
    """What was planned, and what became of it."""
    plan = result["plan"]
    done = sum(result["assigned"].values())
    said = [
        _("Planned: %(planned)d hires in twelve weeks from %(day)s. Assigned by now: %(done)d.")
        % {"planned": plan["planned_hires"], "day": day(plan["starts_on"]), "done": done},
        _("Planned: whoever waits is offered it after %(n)d days.") % {"n": plan["waits_days"]}
        if plan["comparison"] == "lottery"
        else _("Planned: no lottery."),
        *(
            [_("Planned: the difference in days is adjusted for team and level (Lin).")]
            if plan.get("adjusted_for")
            else []
        ),
        _("The plan was frozen before anybody was assigned; its fingerprint stands below."),
    ]
    for row in result["rule_changes"]:
        said.append(
            _("Changed on %(day)s: the rule for moves. “%(reason)s”")
            % {"day": day(row["on"]), "reason": row["reason"]}
        )
    if not result["rule_changes"]:
        said.append(_("Changed since: nothing."))
    return said


def mobility_sentences(row: Rows | None) -> list[str]:
    """Three numbers: associated, expected anyway, attributed."""
    if row is None:
        return []
    if row["hidden"]:
        return [problem_words(row["problem"] or "too_few_people")]
    said = [
        ngettext(
            "Associated: %(n)d move, counted by the rule; that is no effect.",
            "Associated: %(n)d moves, counted by the rule; that is no effect.",
            row["associated"],
        )
        % {"n": row["associated"]}
    ]
    if row.get("flagged"):
        said.append(
            ngettext(
                "In %(n)d of these moves the mentor was the hiring manager as well.",
                "In %(n)d of these moves the mentor was the hiring manager as well.",
                row["flagged"],
            )
            % {"n": row["flagged"]}
        )
    if row["problem"]:
        return [*said, problem_words(row["problem"])]
    if row.get("by_match"):
        return [*said, *_by_match(row["by_match"])]
    said.append(
        _("Expected anyway, at the rate of those waiting: %(n)s.")
        % {"n": number_format(round(row["expected_anyway"], 1), 1)}
    )
    if row["distinguishable"]:
        said.append(
            _("Attributed: %(n)s moves (%(low)s to %(high)s), of the group, never of a person.")
            % {
                "n": number_format(round(row["attributed"], 1), 1),
                "low": days_words(row["low"]),
                "high": days_words(row["high"]),
            }
        )
    else:
        said.append(
            ngettext(
                "%(n)d associated move; not distinguishable from what would have happened anyway.",
                "%(n)d associated moves; not distinguishable from what would have happened anyway.",
                row["associated"],
            )
            % {"n": row["associated"]}
        )
    return said


def _by_match(row: Rows) -> list[str]:
    """Where nobody waited: what others alike did, which says nothing about a cause."""
    return [
        _(
            "Of %(mentored)d people with mentoring, %(moved)d moved. Expected anyway, at the rate "
            "of people of the same role, level and tenure without it: %(expected)s."
        )
        % {**row, "expected": number_format(round(row["expected"], 1), 1)},
        _(
            "Not causal: nobody was assigned by lot, and who had been recommended for a role is "
            "not recorded. Attributed to mentoring: nothing can be said."
        ),
    ]


def offer_sentences(row: Rows | None) -> list[str]:
    """Accepted of those assigned; declined and expired count as not accepted."""
    if row is None:
        return []
    if row["hidden"]:
        return [problem_words(row["problem"] or "too_few_people")]
    effect = row["effect"]
    return [
        _(
            "Accepted: %(a)d of %(n)d applicants with the trajectory, %(b)d of %(m)d without; "
            "withdrawn apart: %(c)d and %(d)d."
        )
        % {
            "a": row["accepted"][0], "n": row["assigned"][0], "b": row["accepted"][1],
            "m": row["assigned"][1], "c": row["withdrawn"][0], "d": row["withdrawn"][1],
        },
        _("The true difference could be anything from %(low)s to %(high)s points.")
        % {"low": points(effect["low"]), "high": points(effect["high"])},
    ]  # fmt: skip


def money_sentences(row: Rows | None) -> list[str]:
    """For finance: a range, or why there is none."""
    if row is None:
        return []
    said = []
    if row.get("cost"):
        said.append(
            _("Cost of the sessions so far, both people's time: %(cost)s %(currency)s.")
            % {"cost": number_format(round(row["cost"]), 0), "currency": row["currency"]}
        )
    if row["problem"]:
        return [*said, problem_words(row["problem"])]
    said.append(
        _("After its cost it was worth between %(low)s and %(high)s %(currency)s.")
        % {
            "low": number_format(round(row["low"]), 0),
            "high": number_format(round(row["high"]), 0),
            "currency": row["currency"],
        }
    )
    if row["loss_possible"]:
        said.append(_("A loss is possible."))
    return said
