"""Made-up teams: the same for a seed, and shaped like the example."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from handrail.domain.matching import generate

ROOT = Path(__file__).parents[3]


def write(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "teams.py"), *arguments]
    return subprocess.run(
        [*command, "--out", str(folder)], capture_output=True, text=True, check=False
    )


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def team(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("team")
    assert write(folder, "--people", "120", "--seed", "3").returncode == 0
    return folder


def test_the_same_seed_writes_the_same_files(team, tmp_path):
    write(tmp_path, "--people", "120", "--seed", "3")
    for name in ("people.csv", "merges.csv"):
        assert (tmp_path / name).read_bytes() == (team / name).read_bytes()


def test_another_seed_writes_others(team, tmp_path):
    write(tmp_path, "--people", "120", "--seed", "4")
    assert (tmp_path / "people.csv").read_bytes() != (team / "people.csv").read_bytes()


def test_people_start_with_the_columns_of_the_example(team):
    example = (ROOT / "examples/remote-team-a/people.csv").read_text(encoding="utf-8")
    header = (team / "people.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith(example.splitlines()[0] + ",team,manager_id,languages")


def test_mentors_are_scarce_and_newcomers_started_before_the_reference_date(team):
    people = rows(team / "people.csv")
    assert len(people) == len({person["person_id"] for person in people}) == 120
    newcomers = [person for person in people if person["role"] == "mentee"]
    assert len(newcomers) == 96
    assert all("2025-08-04" <= person["start_date"] <= "2026-02-01" for person in newcomers)
    left = [person["last_active"] for person in newcomers if person["last_active"]]
    assert 10 < len(left) < 90
    assert max(left) <= "2026-02-23"


def test_merges_belong_to_newcomers_and_follow_their_start(team):
    start = {
        person["person_id"]: person["start_date"]
        for person in rows(team / "people.csv")
        if person["role"] == "mentee"
    }
    merges = rows(team / "merges.csv")
    assert len({merge["person_id"] for merge in merges}) > 40
    assert all(merge["authored_at"][:10] >= start[merge["person_id"]] for merge in merges)
    assert all(merge["merged_at"] < "2026-08-23" for merge in merges)


@pytest.mark.parametrize("arguments", [("--people", "1", "--seed", "1"), ("--people", "9")])
def test_a_team_that_cannot_be_is_refused(tmp_path, arguments):
    refused = write(tmp_path, *arguments)
    assert refused.returncode == 2
    assert not (tmp_path / "people.csv").exists()


def test_a_problem_is_the_same_for_a_seed():
    assert generate(seed=5, mentees=30) == generate(seed=5, mentees=30)
    assert generate(seed=5, mentees=30) != generate(seed=6, mentees=30)


def test_a_tight_problem_has_at_most_six_half_hours_a_mentor():
    problem = generate(seed=1, mentees=40, tight=True)
    assert len(problem.mentors) == 10
    assert all(0 < mentor.free.bit_count() <= 6 for mentor in problem.mentors)


def test_a_problem_has_the_shape_it_promises():
    problem = generate(seed=2, mentees=4000)
    mentees, mentors = problem.mentees, problem.mentors
    assert (len(mentees), len(mentors)) == (4000, 1000)
    assert {len(who.wants) for who in mentees} == {1, 2, 3, 4}
    assert {want.level for who in mentees for want in who.wants} == {0, 1, 2, 3}
    assert all([w.priority for w in who.wants] == [1, 2, 3, 4][: len(who.wants)] for who in mentees)
    assert {len(who.skills) for who in mentors} == {3, 4, 5, 6, 7, 8}
    assert {level for who in mentors for _, level in who.skills} == {1, 2, 3, 4, 5}
    assert {who.seats for who in mentors} == {2, 3, 4, 5, 6, 7, 8}
    assert all(2 <= who.free.bit_count() <= 20 for who in mentors)
    assert all(who.free.bit_count() <= 5 * 19 for who in mentees)


def test_nobody_wishes_or_offers_a_skill_twice():
    problem = generate(seed=2, mentees=1000, skills=9)
    for who in problem.mentees:
        assert len({want.skill for want in who.wants}) == len(who.wants)
    for who in problem.mentors:
        assert len(dict(who.skills)) == len(who.skills)


def test_the_first_skill_is_wished_twice_as_often_as_the_second():
    # Zipf over 200 skills: shares 0.170 and 0.085 of single draws; a little less apart in lists
    problem = generate(seed=2, mentees=20_000, mentors=1)
    skills = Counter(want.skill for who in problem.mentees for want in who.wants[:1])
    assert skills["skill-000"] / 20_000 == pytest.approx(0.170, abs=0.01)
    assert skills["skill-001"] / 20_000 == pytest.approx(0.085, abs=0.01)


def test_everybody_is_kept_from_one_to_four_colleagues():
    problem = generate(seed=2, mentees=2000)
    count = Counter(mentee for mentee, _ in problem.excluded)
    assert len(count) == 2000
    assert set(count.values()) == {1, 2, 3, 4}
    assert set(problem.excluded.values()) == {"reporting_line", "not_with", "recent", "conflict"}


def test_a_team_without_mentors_or_with_fewer_skills_than_a_list_is_long():
    alone = generate(seed=1, mentees=5, mentors=0)
    assert (len(alone.mentees), len(alone.mentors), dict(alone.excluded)) == (5, 0, {})
    narrow = generate(seed=1, mentees=5, skills=2)
    assert all(len(who.skills) == 2 for who in narrow.mentors)
