"""A people file becomes a problem: hours, levels, budgets, and whom the file keeps apart."""

from __future__ import annotations

from datetime import date

from handrail.apps.matches.plain_files import default_week, match_file, problem_of
from handrail.apps.people.people_file import PeopleFile, parse_people
from handrail.apps.people.table import Limits
from handrail.domain.matching import Mentee, Mentor, Want, slots_of
from handrail.domain.matching.rows import MenteeRows, MentorRows

WEEK = date(2026, 2, 2)
HEADER = (
    "person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,"
    "minutes_per_week,manager_id,languages,employment_end,pause_until,not_with,recent"
)


def people(*lines: str) -> PeopleFile:
    file = parse_people("\n".join([HEADER, *lines]).encode())
    assert file.errors == []
    return file


def line(person: str, role: str, **cells: str) -> str:
    given = {
        "person_id": person,
        "name": person.title(),
        "email": f"{person}@example.org",
        "role": role,
        "timezone": "Europe/Berlin",
        "working_hours": "09:00-10:00",
        "start_date": "2026-01-29",
        **cells,
    }
    return ",".join(given.get(column, "") for column in HEADER.split(","))


def test_a_wish_has_its_priority_and_the_level_its_person_has():
    file = people(line("bob", "mentee", wants="git:2;css:1", skills="git:3;sql:1"))
    mentees = problem_of(file, week=WEEK).mentees
    # Berlin is an hour ahead: 8:00 and 8:30 UTC, Monday to Friday
    starts = [day * 48 + half for day in range(5) for half in (16, 17)]
    assert [(who.person, who.wants) for who in mentees] == [
        ("bob", (Want("css", 1, 0), Want("git", 2, 3)))
    ]
    assert list(slots_of(mentees[0].free)) == starts


def test_a_mentor_has_a_seat_for_each_twenty_minutes():
    file = people(
        line("xena", "mentor", skills="git:5;css:2", minutes_per_week="50", timezone="Asia/Kolkata")
    )
    (xena,) = problem_of(file, week=WEEK).mentors
    # 9:00 in Kolkata is 3:30 UTC
    free = sum(1 << day * 48 + half for day in range(5) for half in (7, 8))
    assert xena == Mentor("xena", (("css", 2), ("git", 5)), 2, free, offset_minutes=330)


def test_people_are_rows_in_the_order_of_their_ids():
    file = people(*(line(name, "mentee", wants="git:1") for name in ("eve", "bob", "dan")))
    problem = problem_of(file, week=WEEK)
    assert isinstance(problem.mentees, MenteeRows)
    assert isinstance(problem.mentors, MentorRows)
    assert [who.person for who in problem.mentees] == ["bob", "dan", "eve"]


def test_who_pauses_all_week_has_no_time_and_who_left_is_not_there():
    file = people(
        line("bob", "mentee", pause_until="2026-02-08"),
        line("carol", "mentee", pause_until="2026-02-07"),
        line("dan", "mentee", employment_end="2026-02-01"),
        line("eve", "", wants="git:1"),
    )
    mentees = problem_of(file, week=WEEK).mentees
    assert [(who.person, who.free > 0) for who in mentees] == [("bob", False), ("carol", True)]
    assert mentees[0] == Mentee("bob", (), 0)


def test_the_file_keeps_apart_the_line_above_private_lists_and_recent_pairs():
    file = people(
        line("boss", "mentor"),
        line("lead", "mentor", manager_id="boss"),
        line("bob", "mentee", manager_id="lead", recent="xena"),
        line("carol", "mentee", not_with="bob"),
        line("xena", "mentor", manager_id="carol", not_with="dan", recent="bob"),
        line("dan", "mentee", recent="xena"),
    )
    assert dict(problem_of(file, week=WEEK).excluded) == {
        ("bob", "lead"): "reporting_line",
        ("bob", "boss"): "reporting_line",
        ("bob", "xena"): "recent",
        ("carol", "xena"): "reporting_line",
        ("dan", "xena"): "not_with",  # private lists hide that they also met
    }


def test_the_week_is_the_first_monday_after_the_last_start():
    file = people(line("bob", "mentee", start_date="2026-02-01"), line("carol", "mentee"))
    assert default_week(file) == WEEK
    later = people(line("bob", "mentee", start_date="2026-02-02"))
    assert default_week(later) == date(2026, 2, 9)


def test_a_file_is_matched():
    file = people(
        line("bob", "mentee", wants="git:1", skills="git:1"),
        line("xena", "mentor", skills="git:3", minutes_per_week="20"),
    )
    (pair,) = match_file(file, week=WEEK, seed=1).plan.pairs
    # two levels ahead: all of 7500; 500 for one shared language
    assert (pair.mentee, pair.mentor, pair.score) == ("bob", "xena", 8000)


def test_a_file_may_be_as_long_as_its_reader_allows():
    content = "\n".join([HEADER, line("bob", "mentee"), line("carol", "mentee")]).encode()
    assert parse_people(content, limits=Limits(size=1000, lines=2)).errors == []
    long = parse_people(content, limits=Limits(size=1000, lines=1)).errors
    assert [str(each) for each in long] == ["line 3: More than 1 lines. Split the file."]
    large = parse_people(content, limits=Limits(size=len(content) - 1, lines=9)).errors
    assert [str(each) for each in large] == ["line 1: The file is larger than 0 MB. Split it."]
