"""People as arrays say the same as people as objects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from domain.matching.oracles import WEEK, example_team, tiny
from handrail.domain.matching import Mentee, Mentor, Problem, Want, bits_of
from handrail.domain.matching.rows import (
    ExcludedRows,
    MenteeRows,
    MentorRows,
    excluded_rows,
    rows_of,
    take,
)

BOB = Mentee("bob", (Want("git", 2, 3), Want("lace", 1)), bits_of([0, 64, 335]), ("fr", "de"))
CAROL = Mentee("carol", (), bits_of([]))
DAVE = Mentee("dave", (Want("sql", 3, 5),), bits_of([1]), ("de",))
XENA = Mentor("xena", (("sql", 4), ("git", 2)), 2, bits_of([64]), ("de", "en"), 1, -330)
YURI = Mentor("yuri", (), 0, 0)
TEAM = Problem(WEEK, [BOB, CAROL, DAVE], [XENA, YURI])


def test_people_come_back_as_they_were():
    mentees, mentors = rows_of(TEAM)
    assert list(mentees) == [BOB, CAROL, DAVE]
    assert list(mentors) == [XENA, YURI]
    assert (mentees[1], mentees[-1], mentors[0]) == (CAROL, DAVE, XENA)
    assert (len(mentees), len(mentors)) == (3, 2)


def test_both_sides_number_skills_and_languages_alike_also_what_nobody_offers():
    mentees, mentors = rows_of(TEAM)
    assert mentees.skills is mentors.skills
    assert mentees.languages is mentors.languages
    assert mentees.skills == ("git", "lace", "sql")
    assert mentees.languages == ("de", "en", "fr")
    assert mentees.want_from.tolist() == [0, 2, 2, 3]
    assert mentees.want_skill.tolist() == [0, 1, 2]
    assert mentors.skill.tolist() == [2, 0]
    assert mentees.speaks.tolist() == [[0b101], [0], [0b001]]
    assert mentors.speaks.tolist() == [[0b011], [0]]
    assert mentees.first_language.tolist() == [2, -1, 0]


def test_only_the_order_of_further_languages_may_change():
    ada = replace(BOB, languages=("fr", "en", "de"))
    mentees, _ = rows_of(replace(TEAM, mentees=[ada]))
    assert mentees[0] == replace(ada, languages=("fr", "de", "en"))


def test_more_languages_than_a_word_has_bits():
    names = tuple(f"l{at:03d}" for at in range(130))
    ada = replace(BOB, languages=(names[129], names[0]))
    xena = replace(XENA, languages=names)
    mentees, mentors = rows_of(Problem(WEEK, [ada], [xena]))
    assert mentees.speaks.tolist() == [[1, 0, 2]]
    assert (mentees[0], mentors[0]) == (ada, xena)


def test_rows_are_taken_as_they_are():
    mentees, mentors = rows_of(TEAM)
    again = rows_of(replace(TEAM, mentees=mentees, mentors=mentors))
    assert again[0] is mentees
    assert again[1] is mentors


def test_rows_over_other_vocabularies_are_brought_together():
    mentees, _ = rows_of(Problem(WEEK, [BOB, CAROL], []))
    _, mentors = rows_of(Problem(WEEK, [], [XENA]))
    for left, right in ((mentees, mentors), (mentees, [XENA]), ([BOB, CAROL], mentors)):
        both = rows_of(Problem(WEEK, left, right))
        assert list(both[0]) == [BOB, CAROL]
        assert list(both[1]) == [XENA]
        assert both[0].skills is both[1].skills
        assert both[0].skills == ("git", "lace", "sql")


@pytest.mark.parametrize("problem", [tiny(3), example_team(), Problem(WEEK, [], [])])
def test_any_team_survives_the_way_there_and_back(problem):
    mentees, mentors = rows_of(problem)
    assert list(mentees) == list(problem.mentees)
    for found, given in zip(mentors, problem.mentors, strict=True):
        assert replace(found, languages=given.languages) == given
        assert set(found.languages) == set(given.languages)


def test_rows_in_another_order():
    mentees, mentors = rows_of(TEAM)
    assert list(take(mentees, np.array([2, 0]))) == [DAVE, BOB]
    assert list(take(mentors, np.array([1, 0]))) == [YURI, XENA]
    assert list(take(mentees, np.array([], np.int64))) == []


def test_a_slice_is_rows_too():
    mentees, mentors = rows_of(TEAM)
    assert isinstance(mentees[1:], MenteeRows)
    assert isinstance(mentors[::-1], MentorRows)
    assert list(mentees[1:]) == [CAROL, DAVE]
    assert list(mentors[::-1]) == [YURI, XENA]


def test_no_place_beyond_the_last():
    mentees, mentors = rows_of(TEAM)
    for rows in (mentees, mentors):
        for at in (len(rows), -len(rows) - 1):
            with pytest.raises(IndexError):
                rows[at]


def test_equal_rows_name_equal_people():
    mentees, mentors = rows_of(TEAM)
    same, _ = rows_of(replace(TEAM, mentors=[]))
    assert mentees == same
    assert mentees != mentees[::-1]
    assert mentees != mentors


def test_nobody_can_write_into_rows():
    mentees, mentors = rows_of(TEAM)
    for rows in (mentees, mentors, take(mentees, np.array([1, 2]))):
        for name in rows.__slots__:
            array = getattr(rows, name)
            if isinstance(array, np.ndarray):
                assert not array.flags.writeable, name
                assert array.flags.c_contiguous, name


@pytest.mark.parametrize(
    ("field", "array", "message"),
    [
        ("want_from", np.array([0, 2, 3]), "want_from"),
        ("want_from", np.array([0, 2, 1, 3]), "want_from"),
        ("want_skill", np.array([0, 1, 3]), "want: a place without"),
        ("want_skill", np.array([0, -1, 2]), "want: a place without"),
        ("week", np.zeros((3, 7), np.uint64), "week"),
        ("first_language", np.array([1, -1, 0]), "first_language"),
        ("first_language", np.array([2, 0, 0]), "first_language"),
        ("first_language", np.array([3, -1, 0]), "first_language"),
        ("speaks", np.zeros((3, 1), np.uint64), "first_language"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(field, array, message):
    mentees, _ = rows_of(TEAM)
    with pytest.raises(ValueError, match=message):
        replace(mentees, **{field: array})


def test_excluded_pairs_are_a_mapping():
    given = {("bob", "yuri"): "recent", ("dave", "xena"): "conflict", ("bob", "xena"): "not_with"}
    rows = excluded_rows(given, ("bob", "carol", "dave"), ("xena", "yuri"))
    assert rows == given
    assert list(rows) == [("bob", "xena"), ("bob", "yuri"), ("dave", "xena")]
    assert rows["dave", "xena"] == "conflict"
    for pair in (("dave", "yuri"), ("xena", "bob"), ("eve", "xena")):
        assert pair not in rows


def test_excluded_pairs_of_strangers_are_left_out():
    given = {("bob", "eve"): "recent", ("xena", "bob"): "recent", ("bob", "xena"): "recent"}
    rows = excluded_rows(given, ("bob",), ("xena",))
    assert dict(rows) == {("bob", "xena"): "recent"}
    assert len(excluded_rows({}, ("bob",), ("xena",))) == 0


def test_excluded_rows_of_the_same_people_are_taken_as_they_are():
    mentees, mentors = ("bob",), ("xena",)
    rows = excluded_rows({("bob", "xena"): "recent"}, mentees, mentors)
    assert excluded_rows(rows, mentees, mentors) is rows
    turned = excluded_rows(rows, ("ada", "bob"), mentors)
    assert (turned.mentee.tolist(), turned.mentor.tolist()) == ([1], [0])
    assert isinstance(turned, ExcludedRows)
