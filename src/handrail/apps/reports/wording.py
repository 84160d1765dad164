"""What a report says, in plain sentences of the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as django_format
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

Rows = dict[str, Any]

CANNOT_TELL = "–"


def day(text: str) -> str:
    """A date in words."""
    # Translators: Django date format of a day in a report, for example 3 February 2026
    return django_format(date.fromisoformat(text), pgettext("report day", "j F Y"))


def clock(moment: str, zone: str) -> str:
    """A time of day where the organisation is."""
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)):%H:%M}"


def percent(share: float | None, digits: int = 0) -> str:
    """A share as a percentage; only exactly none and all are written as 0 and 100."""
    if share is None:
        return CANNOT_TELL
    value = share * 100
    while digits < 3 and 0 < share < 1 and round(value, digits) in (0, 100):
        digits += 1
    # Translators: a percentage, for example 93%; German puts a narrow space before the sign
    return _("%(number)s%%") % {"number": _rounded(value, digits)}


def number(value: float) -> str:
    """A count or a number of days, with decimals only where there are any."""
    return _rounded(value, 0 if value == int(value) else 1)


def _rounded(value: float, digits: int) -> str:
    # Rounded first: number_format cuts digits off.
    return number_format(Decimal(f"{value:.{digits}f}"), decimal_pos=digits)


def between(low: float | None, high: float | None, digits: int = 0) -> str:
    """An interval of shares in a table."""
    if low is None or high is None:
        return CANNOT_TELL
    return _("%(low)s to %(high)s") % {"low": percent(low, digits), "high": percent(high, digits)}


def days_between(estimate: Rows) -> str:
    """The interval of a number of days in a table."""
    if estimate["low"] is None:
        return CANNOT_TELL
    if estimate["high"] is None:
        return _("%(low)s or more") % {"low": number(estimate["low"])}
    return _("%(low)s to %(high)s") % {
        "low": number(estimate["low"]),
        "high": number(estimate["high"]),
    }


def title(result: Rows) -> str:
    """The heading of the report of a program, or of the organisation."""
    return _("Report: %(name)s") % {
        "name": result["program"]["name"] if result["program"] else result["organization"]
    }


def subtitle(result: Rows) -> str:
    """Up to when the report knows."""
    words = _("%(organization)s, what was known at the end of %(day)s")
    if not result["day_over"]:
        words = _("%(organization)s, what was known on %(day)s at %(time)s")
    return words % {
        "organization": result["organization"],
        "day": day(result["cut"]),
        "time": clock(result["moment"], result["timezone"]),
    }


def group_name(key: str, result: Rows) -> str:
    """What a group of people is called."""
    if key == "program":
        return _("Mentees of the program")
    if key == "starters":
        return _("People who started in the last 78 weeks")
    return _("Newcomers before the program") if result["program"] else _("Newcomers")


def role_name(role: str) -> str:
    """The people on one side of a session."""
    return _("Mentors") if role == "mentor" else _("Mentees")


def with_interval(share: Rows) -> str:
    """A share and what it could be instead, for use in brackets."""
    return _("%(share)s; the true share could be anything from %(low)s to %(high)s") % {
        "share": percent(share["value"]),
        "low": percent(share["low"]),
        "high": percent(share["high"]),
    }


def attendance(found: Rows) -> list[str]:
    """Held sessions, then who came, then what is missing."""
    sentences: list[str] = []
    held = found["held"]
    if not found["sessions"]:
        sentences.append(_("No session can be counted yet."))
    elif held["hidden"]:
        sentences.append(
            ngettext(
                "%(count)d session is over. Whether it was held is not shown: fewer than 5 "
                "people took part in one of the roles.",
                "%(count)d sessions are over. How many were held is not shown: fewer than 5 "
                "people took part in one of the roles.",
                found["sessions"],
            )
            % {"count": found["sessions"]}
        )
    elif held["share"]["value"] is not None:
        sentences.append(
            _("Of %(trials)d sessions, %(hits)d were held (%(share)s).")
            % {
                "trials": held["share"]["trials"],
                "hits": held["share"]["hits"],
                "share": with_interval(held["share"]),
            }
        )
    sentences += [_attended(role) for role in reversed(found["roles"]) if _counts(role)]
    if found["not_yet_known"]:
        sentences.append(
            ngettext(
                "%(count)d more session is booked or was over for less than 24 hours.",
                "%(count)d more sessions are booked or were over for less than 24 hours.",
                found["not_yet_known"],
            )
            % {"count": found["not_yet_known"]}
        )
    return sentences


def _counts(role: Rows) -> bool:
    return not role["hidden"] and role["attended"]["value"] is not None


def _attended(role: Rows) -> str:
    return _("%(role)s came to %(hits)d of %(trials)d sessions (%(share)s).") % {
        "role": role_name(role["role"]),
        "hits": role["attended"]["hits"],
        "trials": role["attended"]["trials"],
        "share": with_interval(role["attended"]),
    }


def merges_unknown(row: Rows) -> str:
    """Who is not counted because they started before their merges were known; "" if nobody."""
    if not row.get("unknown"):
        return ""
    return " " + ngettext(
        "%(n)d person started before anything told of merged changes: unknown, not “not yet”.",
        "%(n)d people started before anything told of merged changes: unknown, not “not yet”.",
        row["unknown"],
    ) % {"n": row["unknown"]}


def first_merge(row: Rows, result: Rows) -> str:
    """How long the first merge took in one group, or why that is not said."""
    facts = {
        "group": group_name(row["key"], result),
        "people": row["people"],
        "day": day(row["cut"]),
        "followed": row["followed"],
        "horizon": row["horizon"],
    }
    if not row["people"]:
        return _("%(group)s: nobody to count yet.") % facts
    if row["hidden"]:
        return (
            _hidden(row["people"]) % facts
            + " "
            + (_("%(followed)d of %(people)d have been followed for %(horizon)d days.") % facts)
        )
    facts |= {"reached": row["reached"], "not_yet": row["not_there_yet"]}
    median = row["median_days"]
    if median["value"] is None:
        return (
            _(
                "%(group)s: by %(day)s, %(reached)d of %(people)d had a first change merged. "
                "That is fewer than half, or too few to tell how long half of them need."
            )
            % facts
        )
    facts |= {
        "median": _("on the day they started")
        if median["value"] == 0
        else ngettext("within %(n)s day", "within %(n)s days", int(median["value"]))
        % {"n": number(median["value"])},
        "range": _days_in_words(median),
    }
    return (
        _(
            "%(group)s: half of %(people)d people had their first change merged %(median)s "
            "(%(range)s). By %(day)s, %(reached)d had one and %(not_yet)d were not there yet."
        )
        % facts
    )


def _days_in_words(median: Rows) -> str:
    if median["low"] is None:
        return _("too few people to say how far off that may be")
    if median["high"] is None:
        return _("the true median could be %(low)s days or any number above") % {
            "low": number(median["low"])
        }
    return _("the true median could be anything from %(low)s to %(high)s days") % {
        "low": number(median["low"]),
        "high": number(median["high"]),
    }


def _hidden(people: int) -> str:
    if people < 10:
        return ngettext(
            "%(group)s: with %(people)d person no outcome is shown; that takes 10.",
            "%(group)s: with %(people)d people no outcome is shown; that takes 10.",
            people,
        )
    return _(
        "%(group)s: the outcome of these %(people)d people is not shown, because together with "
        "another figure it would tell about fewer than 10."
    )


def retention(row: Rows, result: Rows) -> list[str]:
    """Follow-up at each horizon, and who was still here where that may be said."""
    name = group_name(row["key"], result)
    if not row["people"]:
        return [_("%(group)s: nobody to count yet.") % {"group": name}]
    return [f"{name}: {_at(at)}" for at in row["at"]]


def _at(at: Rows) -> str:
    if not at["reached"]:
        return _("nobody has reached day %(day)d yet.") % at
    words = [
        _(
            "day %(day)d is known for %(known)d of %(reached)d who reached it, "
            "%(not_yet)d not yet %(day)d days."
        )
        % at
    ]
    if not at["hidden"]:
        here = at["here"]
        words.append(
            _("Still here of the %(trials)d known: %(hits)d (%(share)s).")
            % {**here, "share": with_interval(here)}
        )
    elif not at["known"]:
        words.append(_("Who is still here cannot be told yet."))
    elif at["known"] < 10:
        words.append(_("Who is still here is not shown: that takes 10 known."))
    else:
        words.append(
            _("Who is still here is not shown, as it would tell about fewer than 10 people.")
        )
    return " ".join(words)


def limits(result: Rows, *, counted: bool = False) -> list[str]:
    """What must be said with every report, the loudest first.

    `counted`: it counts programs side by side, of which some may have had a lottery.
    """
    sentences = []
    if result["simulated"]:
        sentences.append(_("The sessions in this report were played by a seeded simulator."))
    sentences.append(
        _(
            "This report does not say that mentoring changed anything: it counts what happened. "
            "What a lottery found stands in the report of its pilot."
        )
        if counted
        else _(
            "This report does not say that mentoring changed anything: it counts what happened, "
            "and nobody was assigned by lottery."
        )
    )
    if result["from_activity"]:
        if result["first_merge"] is not None:
            sentences.append(
                _("A history holds only merged work: people who never got a merge are not in it.")
            )
        sentences.append(
            _(
                "Whether somebody is still here is read from their activity, not from "
                "employment, and is known only 180 days later."
            )
        )
    if result["first_merge"] is None:
        sentences.append(
            _("No merges have been imported, so time to the first merge cannot be told.")
        )
    return sentences
