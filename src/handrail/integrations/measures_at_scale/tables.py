"""The tables that the measures are taken from: one Parquet file each, without names.

Days are dates; moments are whole seconds since 1970 in UTC, as engines differ about zones.
"""

from __future__ import annotations

WHOLE = 0  # the program that stands for the whole organisation, in `people` alone

TABLES: dict[str, dict[str, str]] = {
    # One row for each mentee's seat beside one mentor's; where there are more of one kind, the
    # other is empty. A session counts on its `first` row.
    "sessions": {
        "program": "int32",
        "cluster": "int64",  # whose evidence it is: the mentee, in a group the first of them
        "mentee": "int64",
        "mentor": "int64",
        "first": "boolean",
        "ends_at": "int64",
        "week": "date",  # its Monday, where the organisation is
        "ending": "string",  # held, not_held, late_cancelled, not_recorded
        "mentee_mark": "string",  # attended, no_show, late_cancelled, not_recorded
        "mentor_mark": "string",
    },
    # One row for everybody a program offers something to, and one for each stay that began.
    "people": {
        "program": "int32",
        "person": "int64",
        "arm": "string",  # offered, waiting, or empty
        "stratum": "string",
        "t0": "date",
        "task_on": "date",  # of the first merge
        # It was reached before t0: not eligible. Empty: nobody knows, as nothing told of it then.
        "task_before": "boolean",
        "basis": "string",  # employment or activity
        "ended_on": "date",
        "ended_known": "date",
        "known_until": "date",
    },
    # One row for each change of role, level or team.
    "moves": {
        "person": "int64",
        "team": "string",  # that they left
        "effective": "date",
        "known": "date",
        "kind": "string",  # change, title, probation, reorganisation
    },
    # Every leaving, from which the lag of reporting is read.
    "leavings": {"basis": "string", "ended_on": "date", "ended_known": "date"},
    "programs": {"program": "int32", "id": "string", "name": "string"},
}
