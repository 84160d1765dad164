"""The definitions that every report prints."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

Rows = dict[str, Any]


def definitions(result: Rows) -> list[tuple[str, str]]:
    """Each figure's term with its exact rule."""
    return [
        (
            _("Attendance"),
            _(
                "Seats attended ÷ (attended + no-show), by role. Whoever came attended, even "
                "where the other person did not. A moved session counts once. A session counts "
                "from 24 hours after its end, as attendance can be corrected until then."
            ),
        ),
        (
            _("No-show"),
            _("A seat held at the start without check-in, or cancelled after the start."),
        ),
        (_("Late cancel"), _late_cancel(result)),
        (
            _("Not recorded"),
            _("Seats and sessions about which nothing was recorded; they are counted apart."),
        ),
        (
            _("Held"),
            _("Sessions held ÷ (held + not held + late-cancelled)."),
        ),
        (
            _("Interval of a share"),
            _(
                "95 percent. With fewer than 30 mentees Wilson's score interval; from 30 on it is "
                "clustered by mentee. For people, one answer each, Wilson's."
            ),
        ),
        (
            _("Newcomers"),
            _(
                "Everybody whose first stay began in the 26 weeks up to a day: the day before "
                "the program starts, or without a program the day of the report. Mentors read from "
                "a history are left out, as they are in it because they stayed."
            ),
        ),
        (
            _("Time to the first merge"),
            _(
                "Days from the start date to the earliest merged change, both as days where the "
                "person lives. For mentees of a program days run from joining, where that came "
                "later, and who had merged before is not counted. Who is not there yet is "
                "censored at the end of the follow-up or on leaving, never dropped."
            ),
        ),
        (
            _("Median"),
            _(
                "The first day by which half had their first merge, by Kaplan and Meier; the "
                "band is Greenwood's on the log-log scale, 95 percent for each day."
            ),
        ),
        (
            _("Still here at 90 and 180 days"),
            _(
                "The stay had not ended by the end of that day after the start, or after joining "
                "the program where that came later. Any reason for leaving counts; who comes "
                "back begins a new stay; leave and transfer are not leaving. Beside the share of "
                "those known stands the estimate by Kaplan and Meier, which uses everybody for as "
                "long as they were followed."
            ),
        ),
        (_("Known"), _known(result)),
        (
            _("Small groups"),
            _(
                "Outcomes are shown for 10 people or more, also after subtracting one group from "
                "another; attendance for 5 or more in each role; follow-up counts always."
            ),
        ),
    ]


def _late_cancel(result: Rows) -> str:
    if result["program"]:
        return _(
            "Cancelled less than %(minutes)d minutes before the start. It stands beside "
            "attendance and counts against held sessions. Earlier cancellations count nowhere."
        ) % {"minutes": result["program"]["late_cancel_minutes"]}
    return _(
        "Cancelled before the start, but after the program's limit. It stands beside attendance "
        "and counts against held sessions. Earlier cancellations count nowhere."
    )


def _known(result: Rows) -> str:
    lags: dict[str, int] = {}
    for row in result["retention"]:
        for basis, days in row["lag_days"].items():
            lags[basis] = max(days, lags.get(basis, 0))
    words = [
        _(
            "A leaving counts from the day on which it was known. So a day is settled only after "
            "the reporting lag: the time within which 95 percent of earlier leavings were known, "
            "at least 7 days."
        )
    ]
    if "employment" in lags:
        words.append(_("Here that is %(days)d days.") % {"days": lags["employment"]})
    if "activity" in lags:
        words.append(
            _("Where only activity is known, it is %(days)d days.") % {"days": lags["activity"]}
        )
    return " ".join(words)
