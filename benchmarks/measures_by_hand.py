"""The company-wide sums in plain SQL for DuckDB: what the expressions are held against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

SUMS = """
    count(*) FILTER (WHERE {w}_trials > 0) AS {w}_clusters, sum({w}_hits) AS {w}_hits,
    sum({w}_trials) AS {w}_trials, sum({w}_hits * {w}_hits) AS {w}_hits_squared,
    sum({w}_hits * {w}_trials) AS {w}_products,
    sum({w}_trials * {w}_trials) AS {w}_trials_squared"""
PARTS = [f"{w}_{what}" for w in ("mentee", "mentor", "held") for what in ("hits", "trials")]
ADDED = ", ".join(f"sum({name}) AS {name}" for name in PARTS)
SQUARES = ", ".join(SUMS.format(w=w) for w in ("mentee", "mentor", "held"))


def questions(cut: date, moment: int, lag: Mapping[str, int]) -> dict[str, str]:
    """Questions by name; what begins with "keep" is a table for those that follow."""
    day = f"DATE '{cut}'"
    known = f"ends_at <= {moment - 86_400}"
    seat = """
        count(*) FILTER (WHERE {w}_mark = 'attended') AS {w}_hits,
        count(*) FILTER (WHERE {w}_mark IN ('attended', 'no_show')) AS {w}_trials"""
    decided = "ending IN ('held', 'not_held', 'late_cancelled')"
    program = f"(program <> 0 OR t0 >= {day} - {{days}}) AND t0 <= {day}"
    gone = f"coalesce(ended_on <= {day} AND ended_known <= {day}, false)"
    tasks = f"""
        SELECT *, CASE WHEN reached THEN task_on - t0 WHEN gone THEN ended_on - t0
                ELSE {day} - t0 END AS raw
        FROM (SELECT *, {gone} AS gone, coalesce(task_on <= {day}
                AND (NOT {gone} OR task_on - ended_on <= 1), false) AS reached
            FROM people WHERE {program.format(days=182)}
                AND NOT task_before)"""
    late = " ".join(f"WHEN '{basis}' THEN {day} - {days}" for basis, days in lag.items())
    stays = f"""
        SELECT *, settled_on - t0 AS settled, gone AND ended_on <= settled_on AS left_then,
            {day} - t0 AS age
        FROM (SELECT *, {gone} AS gone, CASE WHEN {gone} OR known_until IS NULL
                THEN CASE basis {late} ELSE {day} END
                ELSE least(known_until, CASE basis {late} ELSE {day} END) END AS settled_on
            FROM people WHERE {program.format(days=546)})"""
    stayed = "CASE WHEN left_then THEN greatest(ended_on - t0, 0) ELSE settled END"
    horizons = ", ".join(
        f"""count(*) FILTER (WHERE age >= {h}) AS reached_{h},
        count(*) FILTER (WHERE age >= {h} AND settled >= {h}) AS known_{h},
        count(*) FILTER (WHERE age >= {h} AND settled >= {h}
            AND (NOT left_then OR {stayed} > {h})) AS here_{h}"""
        for h in (90, 180)
    )
    return {
        "keep mentees": f"""
            SELECT program, cluster, mentee, {seat.format(w="mentee")}, {seat.format(w="mentor")},
                count(*) FILTER (WHERE first AND ending = 'held') AS held_hits,
                count(*) FILTER (WHERE first AND {decided}) AS held_trials,
                count(*) FILTER (WHERE {decided}) AS in_decided,
                count(*) FILTER (WHERE ending = 'held' AND mentee_mark = 'attended') AS doses
            FROM sessions WHERE {known} GROUP BY ALL""",
        "keep mentors": f"""
            SELECT program, mentor,
                count(*) FILTER (WHERE mentor_mark IN ('attended', 'no_show')) AS trials,
                count(*) FILTER (WHERE {decided}) AS in_decided
            FROM sessions WHERE {known} AND mentor IS NOT NULL GROUP BY ALL""",
        "attendance": f"""
            SELECT c.program, coalesce(p.arm, '') AS arm, coalesce(p.stratum, '') AS stratum,
                {SQUARES}
            FROM (SELECT program, cluster, {ADDED} FROM mentees GROUP BY ALL) AS c
            LEFT JOIN (SELECT * FROM people WHERE program <> 0) AS p
                ON p.program = c.program AND p.person = c.cluster
            GROUP BY ALL""",
        "attendance_whole": f"""
            SELECT {SQUARES} FROM (SELECT cluster, {ADDED} FROM mentees GROUP BY ALL)""",
        "keep seated": """
            SELECT program, person, bool_or(mentee) AS mentee, bool_or(mentor) AS mentor,
                bool_or(decided) AS decided
            FROM (SELECT program, mentee AS person, mentee_trials > 0 AS mentee, false AS mentor,
                    in_decided > 0 AS decided FROM mentees WHERE mentee IS NOT NULL
                UNION ALL SELECT program, mentor, false, trials > 0, in_decided > 0 FROM mentors)
            GROUP BY ALL""",
        "seats": """
            SELECT program, count(*) FILTER (WHERE mentee) AS mentees,
                count(*) FILTER (WHERE mentor) AS mentors,
                count(*) FILTER (WHERE decided) AS people FROM seated GROUP BY ALL""",
        "seats_whole": """
            SELECT count(DISTINCT person) FILTER (WHERE mentee) AS mentees,
                count(DISTINCT person) FILTER (WHERE mentor) AS mentors,
                count(DISTINCT person) FILTER (WHERE decided) AS people FROM seated""",
        "seated_only": """
            SELECT lo AS program, count(*) FILTER (WHERE mentee) AS mentees,
                count(*) FILTER (WHERE mentor) AS mentors,
                count(*) FILTER (WHERE decided) AS people
            FROM (SELECT person, count(*) AS n, min(program) AS lo, bool_or(mentee) AS mentee,
                    bool_or(mentor) AS mentor, bool_or(decided) AS decided
                FROM seated GROUP BY person)
            WHERE n = 1 GROUP BY ALL""",
        "inside": f"""
            SELECT p.program, count(*) AS starters,
                count(*) FILTER (WHERE w.t0 >= {day} - 182) AS newcomers
            FROM (SELECT person, t0 FROM people WHERE program = 0
                AND t0 BETWEEN {day} - 546 AND {day}) AS w
            JOIN (SELECT DISTINCT person, program FROM people
                WHERE program <> 0 AND t0 <= {day}) AS p USING (person)
            GROUP BY ALL""",
        "only": f"""
            SELECT coalesce(lo, 0) AS program, count(*) AS starters,
                count(*) FILTER (WHERE t0 >= {day} - 182) AS newcomers
            FROM (SELECT w.person, any_value(w.t0) AS t0, count(p.program) AS n,
                    min(p.program) AS lo
                FROM (SELECT person, t0 FROM people WHERE program = 0
                    AND t0 BETWEEN {day} - 546 AND {day}) AS w
                LEFT JOIN (SELECT DISTINCT person, program FROM people
                    WHERE program <> 0 AND t0 <= {day}) AS p USING (person)
                GROUP BY w.person)
            WHERE n <= 1 GROUP BY ALL""",
        "marks": f"""
            SELECT program, first, ending, mentee_mark, mentor_mark, count(*) AS rows
            FROM sessions WHERE {known} GROUP BY ALL""",
        "weeks": f"""
            SELECT program, week, count(*) FILTER (WHERE ending = 'held') AS held,
                count(*) FILTER (WHERE ending = 'not_held') AS not_held,
                count(*) FILTER (WHERE ending = 'late_cancelled') AS late_cancelled
            FROM sessions WHERE first AND {known} GROUP BY ALL""",
        "task_days": f"""
            SELECT program, arm, stratum, least(greatest(raw, 0), 366) AS day,
                count(*) FILTER (WHERE reached AND raw <= 365) AS events,
                count(*) FILTER (WHERE NOT reached OR raw > 365) AS censored
            FROM ({tasks}) GROUP BY ALL""",
        "task_sums": f"""
            SELECT program, arm, stratum, count(*) AS people,
                count(*) FILTER (WHERE gone AND NOT reached) AS left_without,
                count(*) FILTER (WHERE followed) AS followed, sum(days) AS days,
                sum(days * days) AS days_squared, sum(took) AS took_part,
                sum(days * took) AS days_of_took_part
            FROM (SELECT *, CASE WHEN NOT followed THEN 0
                    WHEN reached THEN least(greatest(raw, 0), 60) ELSE 60 END AS days,
                    CAST(followed AND coalesce(doses, 0) > 0 AS INTEGER) AS took
                FROM (SELECT *, {day} - t0 >= 60 AS followed FROM ({tasks})) AS t
                LEFT JOIN (SELECT program AS at, mentee, sum(doses) AS doses FROM mentees
                    GROUP BY ALL) AS d ON d.at = t.program AND d.mentee = t.person)
            GROUP BY ALL""",
        "reached_before": f"""
            SELECT program, arm, stratum, count(*) FILTER (WHERE task_before) AS people,
                count(*) FILTER (WHERE task_before IS NULL) AS unknown
            FROM people WHERE {program.format(days=182)} GROUP BY ALL""",
        "stay_days": f"""
            SELECT program, arm, stratum, least({stayed}, 181) AS day,
                count(*) FILTER (WHERE left_then AND {stayed} <= 180) AS events,
                count(*) FILTER (WHERE NOT left_then OR {stayed} > 180) AS censored
            FROM ({stays}) WHERE settled >= 0 GROUP BY ALL""",
        "stay_sums": f"""
            SELECT program, arm, stratum, count(*) AS people, {horizons}
            FROM ({stays}) GROUP BY ALL""",
        "keep real": f"""
            SELECT m.person, m.effective FROM moves AS m
            LEFT JOIN (SELECT team, effective FROM moves
                WHERE kind = 'change' AND known <= {day} AND effective <= {day}
                GROUP BY ALL HAVING count(DISTINCT person) >= 5) AS r USING (team, effective)
            WHERE r.team IS NULL AND m.kind = 'change' AND m.known <= {day}
                AND m.effective <= {day}""",
        "moves": f"""
            SELECT program, arm, stratum, count(*) AS people,
                count(*) FILTER (WHERE EXISTS (SELECT 1 FROM real WHERE real.person = p.person
                    AND real.effective - p.t0 BETWEEN 30 AND 180)) AS moved
            FROM people AS p WHERE {program.format(days=546)} AND {day} - t0 >= 180
            GROUP BY ALL""",
    }
