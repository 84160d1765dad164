"""Why this one, why not that one, what would change it."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from domain.matching.oracles import WEEK, example_team
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Problem,
    Published,
    Want,
    bits_of,
    explain,
    explain_all,
    generate,
    sentence,
    solve,
)
from handrail.domain.matching.plan import LazyPairs

explained = import_module("handrail.domain.matching.explain")  # the function has its name

BOB = Mentee("bob", (Want("git", 1, 1), Want("css", 2)), bits_of([0, 1]), ("en",))
XENA = Mentor("xena", (("git", 3),), 1, bits_of([0, 1]), ("en",))
YURI = replace(XENA, person="yuri", skills=(("git", 2),))


def told(problem: Problem, mentee: str = "bob"):
    return explain(problem, solve(problem, seed=1), mentee)


def why_not(problem: Problem, mentor: str):
    return next(other.reason for other in told(problem).others if other.mentor == mentor)


def test_the_runner_up_and_how_far_it_is_behind():
    # two ahead in git against one ahead: 100 and 80 percent of 4 in 6
    found = told(Problem(WEEK, [BOB], [XENA, YURI]))
    assert found.pair.mentor == "xena"
    assert found.runner_up.mentor == "yuri"
    assert found.runner_up.difference == 7500 * 400 // 600 - 7500 * 320 // 600
    assert sentence(found.runner_up.reason) == "scores 1000 points lower"


def test_an_equal_mentor_lost_by_the_seed():
    found = told(Problem(WEEK, [BOB], [XENA, replace(XENA, person="twin")]))
    assert found.runner_up.reason.code == "tie"


def test_a_better_mentor_whose_seat_is_worth_more_to_somebody_else():
    # carol can only meet xena; bob gets yuri though xena would suit him better
    carol = replace(BOB, person="carol", free=bits_of([0]))
    problem = Problem(WEEK, [BOB, carol], [XENA, replace(YURI, free=bits_of([1]))])
    found = told(problem)
    assert found.pair.mentor == "yuri"
    (other,) = found.others
    assert other.reason.params["holders"] == ["carol"]
    assert (other.reason.code, other.reason.params["price"]) == ("seat_worth_more", 1000)


def test_a_seat_that_would_serve_somebody_else():
    carol = replace(BOB, person="carol", free=bits_of([0]))
    problem = Problem(WEEK, [carol, replace(carol, person="dan")], [XENA])
    plan = solve(problem, seed=1)
    found = explain(problem, plan, plan.unmatched[0].person)
    assert found.runner_up.reason.code == "scarce"
    assert found.runner_up.reason.params["holders"] == [plan.pairs[0].mentee]


def test_points_decide_where_both_are_served_anyway():
    # git means more to carol, who wishes for nothing else: xena's one seat is hers
    carol = Mentee("carol", (Want("git", 1, 1),), bits_of([0, 1]), ("en",))
    found = told(Problem(WEEK, [BOB, carol], [XENA, YURI]))
    assert found.pair.mentor == "yuri"
    assert found.others[0].reason.code == "seat_worth_more"
    assert found.others[0].reason.params["holders"] == ["carol"]
    # with one more seat bob would come here too: 1000 points more than yuri gives him
    assert found.others[0].reason.params["price"] == 1000


@pytest.mark.parametrize(
    ("mentor", "code"),
    [
        (replace(YURI, skills=()), "no_skill_pair"),
        (replace(YURI, skills=(("css", 1),)), "below_floor"),
        (replace(YURI, languages=("de",)), "no_language"),
        (replace(YURI, seats=0), "no_seats"),
        (replace(YURI, free=bits_of([9])), "no_time_pair"),
    ],
)
def test_the_first_rule_that_failed(mentor, code):
    assert why_not(Problem(WEEK, [BOB], [XENA, mentor]), "yuri").code == code


@pytest.mark.parametrize(
    ("code", "told_as"),
    [
        ("not_with", "not_available"),
        ("conflict", "not_available"),
        ("recent", "recent"),
        ("reporting_line", "reporting_line"),
    ],
)
def test_private_bans_do_not_show(code, told_as):
    problem = Problem(WEEK, [BOB], [XENA, YURI], excluded={("bob", "yuri"): code})
    assert why_not(problem, "yuri").code == told_as


def test_a_lead_s_word():
    forbidden = Problem(WEEK, [BOB], [XENA, YURI], forbids=frozenset({("bob", "yuri")}))
    assert why_not(forbidden, "yuri").code == "forbidden"
    pinned = Problem(WEEK, [BOB], [XENA, YURI], pins=(Pin("bob", "yuri"),))
    assert why_not(pinned, "xena").code == "pinned_elsewhere"


def change(problem: Problem):
    found = told(problem)
    assert found.pair is None
    return found.change


def test_one_more_own_hour_next_to_those_given():
    found = change(Problem(WEEK, [BOB], [replace(XENA, free=bits_of([5, 200]))]))
    assert (found.code, found.params["slot"]) == ("more_time", 5)
    assert sentence(found) == "would be served if free at Mon 02:30 UTC"


def test_one_more_seat():
    rival = Mentee("carol", (Want("git", 1, 1),), bits_of([0, 1]), ("en",))
    problem = Problem(WEEK, [replace(BOB, free=(1 << 336) - 1), rival], [XENA])
    found = change(problem)
    assert (found.code, found.params["mentor"]) == ("one_more_seat", "xena")
    wider = replace(problem, mentors=[replace(XENA, seats=2)])
    assert solve(wider, seed=1).pair_of("bob") is not None


def test_a_lower_floor():
    found = change(Problem(WEEK, [BOB], [replace(XENA, skills=(("css", 1),))]))
    assert (found.code, found.params) == ("lower_floor", {"floor": 26})


def test_one_more_mentor_for_the_first_wish():
    found = change(Problem(WEEK, [BOB], [replace(XENA, skills=())]))
    assert (found.code, found.params) == ("one_more_mentor", {"skill": "git"})


def test_name_a_wish():
    assert change(Problem(WEEK, [replace(BOB, wants=())], [XENA])).code == "name_a_wish"


def test_a_served_person_needs_no_change():
    assert told(Problem(WEEK, [BOB], [XENA])).change is None


def test_a_stranger_is_no_mentee_of_the_problem():
    with pytest.raises(KeyError):
        told(Problem(WEEK, [BOB], [XENA]), "mallory")


def test_all_of_the_example_can_be_told():
    problem = example_team()
    plan = solve(problem, seed=1)
    found = explain_all(problem, plan)
    assert set(found) == {mentee.person for mentee in problem.mentees}
    served = [each for each in found.values() if each.pair]
    assert len(served) == 19
    # at these prices nobody would be better off with the runner-up
    assert all(each.runner_up.difference >= 0 for each in served if each.runner_up)
    assert all(sentence(other.reason) for each in found.values() for other in each.others)


class Lazy(LazyPairs):
    """Pairs that may be asked for one by one, never all."""

    def __init__(self, pairs) -> None:
        self.pairs = pairs
        self.built = 0

    mentees = property(lambda self: [pair.mentee for pair in self.pairs])
    mentors = property(lambda self: [pair.mentor for pair in self.pairs])
    slots = property(lambda self: [pair.slot for pair in self.pairs])
    scores = property(lambda self: [pair.score for pair in self.pairs])

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, at):
        self.built += 1
        return self.pairs[at]

    def __iter__(self):
        raise AssertionError("all pairs were built for one person")


def test_one_explanation_builds_one_pair_of_a_large_plan():
    problem = generate(seed=4, mentees=60, tight=True, skills=12)
    plan = solve(problem, seed=1)
    lazy = replace(plan, pairs=Lazy(plan.pairs))
    for person in (plan.pairs[7].mentee, plan.unmatched[3].person):
        told = explain(problem, lazy, person, change=False)
        same = explain(problem, plan, person, change=False)
        assert (told.pair, told.why, told.price) == (same.pair, same.why, same.price)
        assert told.runner_up == same.runner_up
        assert list(told.others) == list(same.others)
    assert lazy.pairs.built == 1


def test_others_are_nearest_first_and_those_ruled_out_last():
    problem = generate(seed=5, mentees=40, tight=True, skills=12)
    plan = solve(problem, seed=1)
    for person, told in explain_all(problem, plan).items():
        fitting = [other for other in told.others if other.difference is not None]
        assert list(told.others)[: len(fitting)] == fitting
        assert [other.difference for other in fitting] == sorted(
            other.difference for other in fitting
        )
        assert told.runner_up == (fitting[0] if fitting else None)
        names = [other.mentor for other in told.others]
        paired = [told.pair.mentor] if told.pair else []
        assert sorted(names + paired) == sorted(who.person for who in problem.mentors)
        assert told.mentee == person


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_those_looked_for_first_are_the_nearest_of_all(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = generate(seed=seed, mentees=40, mentors=40, tight=bool(seed % 2), skills=5)
    # last week somebody had two mentors; this week only one of them can be had again
    mentors = {mentor.person: mentor for mentor in problem.mentors}
    before = solve(problem, seed=2)
    kept = [Published(pair.mentee, pair.mentor, pair.slot) for pair in before.pairs]
    for mentee in problem.mentees:
        for other in explain(problem, before, mentee.person).others[20:]:
            if common := mentee.free & mentors[other.mentor].free:
                kept.append(Published(mentee.person, other.mentor, common.bit_length() - 1))
                break
    options = Options(time_term=seed > 3, keep_pair=300, keep_slot=4000)
    problem = replace(problem, published=tuple(kept) if seed % 3 else ())
    plan = solve(problem, seed=1, options=options)
    whole = {person: list(told.others) for person, told in explain_all(problem, plan).items()}
    for few in (1, 2, 5):
        monkeypatch.setattr(explained, "FIRST", few)
        for person, told in explain_all(problem, plan).items():
            assert [told.others[at] for at in range(few)] == whole[person][:few]
            assert list(told.others) == whole[person]
