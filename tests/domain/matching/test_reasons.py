"""Why nobody: the binding reason of each unmatched person, in small teams made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.matching.oracles import WEEK, example_team
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Pin,
    Problem,
    Reason,
    Want,
    bits_of,
    generate,
    sentence,
    solve,
)
from handrail.domain.matching.reasons import SENTENCES, shown

BOB = Mentee("bob", (Want("git", 1, 1), Want("css", 2)), bits_of([0, 1]), ("en",))
XENA = Mentor("xena", (("git", 3),), 1, bits_of([0, 1]), ("en",))


def reason(mentee: Mentee, *mentors: Mentor, **more: object) -> Reason:
    plan = solve(Problem(WEEK, [mentee], list(mentors), **more), seed=1)
    assert plan.pairs == ()
    return plan.unmatched[0].reason


def test_no_wish():
    assert reason(replace(BOB, wants=()), XENA) == Reason("no_wish")


def test_no_skill_names_the_wishes():
    found = reason(BOB, replace(XENA, skills=(("git", 1), ("sql", 5))))
    assert found == Reason("no_skill", {"skills": ["git", "css"]})
    assert sentence(found) == "no skill match: no mentor is ahead in git and css"


def test_below_the_floor():
    # css: 2·80 of 6·100 is 26 percent
    found = reason(BOB, replace(XENA, skills=(("css", 1),)))
    assert found == Reason("below_floor", {"share": 26, "floor": 30})


def test_no_language():
    assert reason(BOB, replace(XENA, languages=("de",))) == Reason("no_language", {"mentors": 1})


@pytest.mark.parametrize("code", ["reporting_line", "not_with", "recent", "conflict"])
def test_excluded_says_how_many_and_not_why(code):
    found = reason(BOB, XENA, excluded={("bob", "xena"): code})
    assert found == Reason("excluded", {"mentors": 1})


def test_no_seats():
    assert reason(BOB, replace(XENA, seats=0)) == Reason("no_seats", {"mentors": 1})


def test_no_time_counts_the_mentors_that_got_so_far():
    later = replace(XENA, free=bits_of([9]))
    other = replace(later, person="yuri")
    barred = replace(XENA, person="zoe", languages=("de",))
    assert reason(BOB, later, other, barred) == Reason("no_time", {"mentors": 2})


def test_the_hall_set_of_one_full_mentor():
    people = [replace(BOB, person=f"m{at}") for at in range(4)]
    plan = solve(Problem(WEEK, people, [replace(XENA, seats=2)]), seed=1)
    for each in plan.unmatched:
        assert each.reason.code == "short_of_seats"
        assert each.reason.params == {
            "people": 4,
            "mentors": 1,
            "seats": 2,
            "waiting": 2,
            "mentor_ids": ["xena"],
        }
    assert sentence(plan.unmatched[0].reason) == (
        "4 people share the only times of 1 mentor with 2 seats"
    )


def test_the_hall_set_follows_holders_to_their_other_mentors():
    # bob can only meet xena; carol holds xena or yuri; dan only yuri: three people, two seats
    xena, yuri = XENA, replace(XENA, person="yuri", free=bits_of([5]))
    bob = replace(BOB, free=bits_of([0]))
    carol = replace(BOB, person="carol", free=bits_of([0, 5]))
    dan = replace(BOB, person="dan", free=bits_of([5]))
    elsewhere = Mentee("eve", (Want("sql"),), bits_of([3]), ("en",))
    zoe = Mentor("zoe", (("sql", 2),), 1, bits_of([3]), ("en",))
    plan = solve(Problem(WEEK, [bob, carol, dan, elsewhere], [xena, yuri, zoe]), seed=1)
    (left,) = plan.unmatched
    assert left.reason.params["mentor_ids"] == ["xena", "yuri"]
    assert (left.reason.params["people"], left.reason.params["seats"]) == (3, 2)


def test_a_shared_slot_is_a_bottleneck_though_seats_are_left():
    people = [replace(BOB, person=name, free=bits_of([0])) for name in ("bob", "carol")]
    plan = solve(Problem(WEEK, people, [replace(XENA, seats=5)]), seed=1)
    assert plan.unmatched[0].reason.params["seats"] == 1


def test_a_full_day_is_a_bottleneck():
    people = [replace(BOB, person=name) for name in ("bob", "carol")]
    plan = solve(Problem(WEEK, people, [replace(XENA, seats=5, daily_cap=1)]), seed=1)
    assert plan.unmatched[0].reason.params["seats"] == 1


def test_a_pinned_seat_is_not_counted_as_one_to_share():
    people = [replace(BOB, person=name) for name in ("bob", "carol", "dan")]
    mentors = [replace(XENA, seats=2)]
    plan = solve(Problem(WEEK, people, mentors, pins=(Pin("bob", "xena"),)), seed=1)
    (left,) = plan.unmatched
    assert (left.reason.params["people"], left.reason.params["seats"]) == (2, 1)


def test_every_hall_set_has_fewer_seats_than_people():
    plan = solve(generate(seed=3, mentees=120, tight=True, skills=10), seed=1)
    short = [each.reason.params for each in plan.unmatched if each.reason.code == "short_of_seats"]
    assert short
    assert all(each["people"] == each["seats"] + each["waiting"] for each in short)


def test_reasons_of_a_pair_come_from_its_own_terms():
    plan = solve(Problem(WEEK, [BOB], [XENA]), seed=1)
    (pair,) = plan.pairs
    assert (pair.skill, pair.score) == ("git", 7500 * 400 // 600 + 1000)
    assert [sentence(each) for each in pair.reasons] == [
        "teaches git at level 3, own level 1",
        "both speak en",
        "free together at 2 times in the week, this is one of them",
        "nobody else needs this seat",
    ]


def test_a_seat_somebody_else_would_take():
    plan = solve(Problem(WEEK, [BOB, replace(BOB, person="carol")], [XENA]), seed=1)
    assert [each.code for each in plan.pairs[0].reasons][-1] == "scarce_seat"


@pytest.mark.parametrize("code", ["not_with", "conflict"])
def test_private_bans_are_shown_as_not_available(code):
    assert sentence(Reason(shown(code))) == "not available"


def test_other_bans_are_shown_as_they_are():
    assert shown("reporting_line") == "reporting_line"
    assert shown("recent") == "recent"


def test_every_reason_of_the_example_has_words():
    plan = solve(example_team(), seed=1)
    for each in [reason for pair in plan.pairs for reason in pair.reasons]:
        assert sentence(each)
    for unmatched in plan.unmatched:
        assert unmatched.reason.code in SENTENCES
        assert sentence(unmatched.reason)
