"""A team out of a Git history, against figures by hand and against an independent reading."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from handrail.integrations.git import GitPerson, GitTeam, NotReadable, read_history, team_of
from integrations.git.repositories import Commit, git, read_raw, repository

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = date(2026, 2, 1)
ADA = "Ada Lund <ada@example.org>"
CLEO = "Cleo Ray <cleo@example.org>"


def team(folder: Path, reference: date = REFERENCE, *, pseudonyms: bool = False) -> GitTeam:
    changes, authors = read_history(folder)
    return team_of(changes, authors, reference=reference, pseudonyms=pseudonyms)


def person(found: GitTeam, name: str) -> GitPerson:
    (one,) = [person for person in found.people if person.name == name]
    return one


def days(first: str, number: int, author: str = ADA, **more: object) -> list[Commit]:
    """One commit a day from a moment on."""
    start = datetime.fromisoformat(first)
    return [
        Commit(author, (start + timedelta(days=n)).isoformat(), **more)  # type: ignore[arg-type]
        for n in range(number)
    ]


def test_who_has_twenty_changes_and_three_in_the_last_year_mentors(tmp_path: Path) -> None:
    commits = [
        *days("2024-03-04T10:00:00+01:00", 17),
        *days("2025-11-03T10:00:00+01:00", 3),
        *days("2024-03-04T10:00:00+01:00", 40, "Gone Long <gone@example.org>"),
        *days("2025-06-02T10:00:00+01:00", 19, "Too Few <few@example.org>"),
    ]
    found = team(repository(tmp_path, commits))
    assert [one.name for one in found.mentors] == ["Ada Lund"]
    assert found.newcomers == []


def test_who_began_within_26_weeks_is_a_newcomer(tmp_path: Path) -> None:
    commits = [
        Commit("On Day <on@example.org>", "2025-08-03T09:00:00+00:00"),
        Commit("Before It <before@example.org>", "2025-08-02T09:00:00+00:00"),
        Commit("Last Day <last@example.org>", "2026-02-01T09:00:00+00:00"),
        Commit("After It <after@example.org>", "2026-02-02T09:00:00+00:00"),
    ]
    found = team(repository(tmp_path, commits))
    assert {one.name for one in found.newcomers} == {"On Day", "Last Day"}
    assert len(found.people) == 2


def test_a_newcomers_first_merge_is_when_it_was_committed(tmp_path: Path) -> None:
    commits = [
        Commit(CLEO, "2026-01-10T22:00:00-05:00", committed="2026-01-13T09:00:00+01:00"),
        Commit(CLEO, "2026-01-09T22:00:00-05:00", committed="2026-01-14T09:00:00+01:00"),
    ]
    found = team(repository(tmp_path, commits))
    assert person(found, "Cleo Ray").start_date == date(2026, 1, 9)
    assert [(one.authored_at, one.merged_at) for one in found.merges] == [
        ("2026-01-10T22:00:00-05:00", "2026-01-13T09:00:00+01:00"),
        ("2026-01-09T22:00:00-05:00", "2026-01-14T09:00:00+01:00"),
    ]


def test_bots_and_merges_are_out(tmp_path: Path) -> None:
    commits = [
        *days("2026-01-05T10:00:00+00:00", 3),
        Commit("dependabot[bot] <49699333+dependabot[bot]@example.org>", "2026-01-08T10:00:00Z"),
        Commit("Release Bot <release@example.org>", "2026-01-08T11:00:00Z"),
        Commit(ADA, "2026-01-09T10:00:00Z", merges=3),
        Commit("Bob Botham <bob@example.org>", "2026-01-09T12:00:00Z"),
    ]
    changes, authors = read_history(repository(tmp_path, commits))
    assert len(changes) == 4
    assert {author.name for author in authors.values()} == {"Ada Lund", "Bob Botham"}


def test_one_person_behind_names_and_addresses(tmp_path: Path) -> None:
    commits = [
        Commit("Ada Lund <ada@example.org>", "2026-01-05T10:00:00Z"),
        Commit("ada lund <ADA@work.example.org>", "2026-01-06T10:00:00Z"),  # the same full name
        Commit("ada <ada@work.example.org>", "2026-01-07T10:00:00Z"),  # the same address
        Commit("al <al@old.example.org>", "2026-01-08T10:00:00Z"),  # by mailmap
        Commit("ada <other@example.org>", "2026-01-09T10:00:00Z"),  # one word is no full name
    ]
    mailmap = "Ada Lund <ada@example.org> <al@old.example.org>\n"
    changes, authors = read_history(repository(tmp_path, commits, mailmap))
    counts = sorted(
        sum(change.author == author.key for change in changes) for author in authors.values()
    )
    assert counts == [1, 4]


def test_skills_are_areas_with_levels_by_number_of_changes(tmp_path: Path) -> None:
    commits = [
        *days("2025-02-03T10:00:00+01:00", 31, paths=("docs/guide/a.md", "docs/guide/b.md")),
        *days("2025-06-02T10:00:00+02:00", 9, paths=("src/app/deep/er/x.py",)),
        *days("2025-12-01T10:00:00+01:00", 8, paths=("README.md",)),
    ]
    ada = person(team(repository(tmp_path, commits)), "Ada Lund")
    assert ada.skills == {"docs/guide": 3, "src/app": 2, "project": 1}


def test_changes_after_the_reference_date_make_no_skill(tmp_path: Path) -> None:
    commits = [
        *days("2025-09-01T10:00:00+02:00", 20, paths=("src/app/x.py",)),
        *days("2025-02-03T10:00:00+01:00", 1),
        *days("2026-02-02T10:00:00+01:00", 20, paths=("docs/guide/a.md",)),
    ]
    ada = person(team(repository(tmp_path, commits)), "Ada Lund")
    assert ada.skills == {"src/app": 2}


def test_a_newcomer_wants_what_they_started_in(tmp_path: Path) -> None:
    commits = [
        Commit(CLEO, "2026-01-12T10:00:00Z", ("b/c/x", "a/z", "b/c/y", "d/e/f/g", "h/i")),
        Commit(CLEO, "2026-01-13T10:00:00Z", ("src/app/x",)),
    ]
    assert person(team(repository(tmp_path, commits)), "Cleo Ray").wants == {
        "b/c": 1,
        "a": 2,
        "d/e": 3,
    }


@pytest.mark.parametrize(
    ("changes", "minutes"), [(20, 20), (25, 20), (26, 40), (75, 60), (101, 100), (400, 100)]
)
def test_minutes_are_twenty_for_every_started_25_changes_of_a_year(
    tmp_path: Path, changes: int, minutes: int
) -> None:
    start = datetime(2025, 3, 3, 10, tzinfo=UTC)
    commits = [Commit(ADA, (start + timedelta(minutes=30 * n)).isoformat()) for n in range(changes)]
    assert person(team(repository(tmp_path, commits)), "Ada Lund").minutes_per_week == minutes


def test_the_zone_is_the_one_of_winter_and_summer_offsets(tmp_path: Path) -> None:
    def two(name: str, winter: str, summer: str) -> list[Commit]:
        author = f"{name} <{name.split()[0].lower()}@example.org>"
        return [
            Commit(author, f"2025-12-10T10:00:00{winter}"),
            Commit(author, f"2026-07-10T10:00:00{summer}"),
        ]

    commits = [
        *two("Berlin Person", "+01:00", "+02:00"),
        *two("Kolkata Person", "+05:30", "+05:30"),
        *two("York Person", "-05:00", "-04:00"),
        *two("Sydney Person", "+11:00", "+10:00"),
        *two("Travels Much", "+01:00", "+02:00"),
        Commit("Travels Much <travels@example.org>", "2025-12-12T10:00:00-08:00"),
        Commit("Travels Much <travels@example.org>", "2025-12-13T10:00:00+01:00"),
        Commit("Only Summer <only@example.org>", "2025-08-10T10:00:00-07:00"),
        Commit("Only April <april@example.org>", "2025-10-10T10:00:00+02:00"),
        Commit("Nobody Lives <nobody@example.org>", "2025-12-10T10:00:00-12:00"),
    ]
    zones = {one.name: one.timezone for one in team(repository(tmp_path, commits)).people}
    assert zones == {
        "Berlin Person": "Europe/Berlin",
        "Kolkata Person": "Asia/Kolkata",
        "York Person": "America/New_York",
        "Sydney Person": "Australia/Sydney",
        "Travels Much": "Europe/Berlin",
        "Only Summer": "America/Los_Angeles",
        "Only April": "Europe/Berlin",
        "Nobody Lives": "Etc/GMT+12",
    }


def test_hours_are_the_eight_with_most_commits_from_eight_on(tmp_path: Path) -> None:
    late = [
        Commit("Late Riser <late@example.org>", f"2026-01-{n:02d}T21:30:00Z") for n in range(5, 12)
    ]
    late.append(Commit("Late Riser <late@example.org>", "2026-01-20T14:00:00Z"))
    few = days("2026-01-05T03:00:00+00:00", 7, CLEO)
    found = team(repository(tmp_path, [*late, *few]))
    assert person(found, "Late Riser").working_hours == "14:00-22:00"
    assert person(found, "Cleo Ray").working_hours == "09:00-17:00"


def test_still_active_is_within_the_last_180_days_of_the_data(tmp_path: Path) -> None:
    commits = [
        Commit(CLEO, "2025-12-01T10:00:00Z"),
        Commit("Stays On <stays@example.org>", "2025-12-02T10:00:00Z"),
        Commit("Stays On <stays@example.org>", "2026-05-31T10:00:00Z"),
    ]
    found = team(repository(tmp_path, commits))
    assert found.data_end == date(2026, 5, 31)
    assert person(found, "Cleo Ray").last_active == date(2025, 12, 1)
    assert person(found, "Stays On").last_active is None


def test_pseudonyms_name_nobody_and_stay_the_same(tmp_path: Path) -> None:
    folder = repository(tmp_path, days("2026-01-05T10:00:00Z", 3, CLEO))
    (one,) = team(folder, pseudonyms=True).people
    (again,) = team(folder, pseudonyms=True).people
    assert one == again
    assert "Cleo" not in one.name
    assert one.email == f"{one.person_id}@example.org"
    assert "cleo" not in one.person_id


def test_an_address_that_no_mail_reaches_is_replaced_and_told(tmp_path: Path) -> None:
    commits = [
        Commit("No Address <root@localhost>", "2026-01-05T10:00:00Z"),
        Commit("Empty Address <>", "2026-01-06T10:00:00Z"),
        Commit(CLEO, "2026-01-07T10:00:00Z"),
    ]
    found = team(repository(tmp_path, commits))
    assert {one.name for one in found.without_address} == {"No Address", "Empty Address"}
    assert all(one.email.endswith("@unknown.invalid") for one in found.without_address)


def test_a_clock_that_was_days_ahead_does_not_author_after_the_merge(tmp_path: Path) -> None:
    commits = [
        Commit(CLEO, "2026-01-10T10:00:00Z"),
        Commit(CLEO, "2026-01-25T10:00:00Z", committed="2026-01-12T10:00:00Z"),
    ]
    second = team(repository(tmp_path, commits)).merges[1]
    assert (second.authored_at, second.merged_at) == (
        "2026-01-12T10:00:00+00:00",
        "2026-01-12T10:00:00+00:00",
    )


def test_names_and_paths_of_any_kind_are_read(tmp_path: Path) -> None:
    odd = 'a folder/with "quotes"/ü.txt'
    commits = [Commit("Jürgen Ölçer <j@example.org>", "2026-01-10T10:00:00Z", ())]
    folder = repository(tmp_path, commits)
    (folder / "a folder" / 'with "quotes"').mkdir(parents=True)
    (folder / odd).write_text("x")
    git(folder, "add", "-A")
    git(
        folder,
        *("-c", "user.name=Jürgen Ölçer", "-c", "user.email=j@example.org"),
        *("commit", "-q", "-m", "odd", "--date=2026-01-11T10:00:00Z"),
    )
    changes, _authors = read_history(folder)
    assert changes[0].areas == ()
    assert changes[1].areas == ('a folder/with "quotes"',)


def test_progress_tells_how_many_commits_were_read(tmp_path: Path) -> None:
    heard: list[int] = []
    read_history(repository(tmp_path, days("2026-01-05T10:00:00Z", 12)), heard.append)
    assert heard[-1] == 12


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_generated_history_reads_as_its_raw_objects_do(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    people = [f"Person {n} <person{n}@example.org>" for n in range(12)]
    people.append("robot[bot] <robot[bot]@example.org>")
    start = datetime(2025, 3, 1, tzinfo=UTC)
    commits = []
    for number in range(150):
        author = chance.choice(people[: 3 + number // 12])
        zone = timezone(timedelta(minutes=30 * (sum(author.encode()) % 40 - 20)))
        authored = (start + timedelta(hours=60 * number + chance.randrange(60))).astimezone(zone)
        merged = authored + timedelta(hours=chance.choice([0, 1, 30, 200]))
        folders = chance.sample(["src/app", "src/web/deep", "docs", ".", "tests/x/y/z"], 2)
        commits.append(
            Commit(
                author,
                authored.isoformat(),
                tuple(f"{folder}/f{number}".removeprefix("./") for folder in folders),
                committed=merged.isoformat(),
                merges=2 if number > 5 and chance.random() < 0.1 else 0,
            )
        )
    check_against_raw_objects(repository(tmp_path, commits), REFERENCE)


def test_this_projects_own_history_reads_as_its_raw_objects_do() -> None:
    if git(ROOT, "rev-parse", "--is-shallow-repository").strip() == "true":
        with pytest.raises(NotReadable, match="shallow"):
            read_history(ROOT)
        return
    check_against_raw_objects(
        ROOT, date.fromisoformat(git(ROOT, "log", "-1", "--format=%as").strip())
    )


def check_against_raw_objects(folder: Path, reference: date) -> None:
    changes, authors = read_history(folder)
    found = team_of(changes, authors, reference=reference, pseudonyms=False)
    raw = read_raw(folder)
    assert len(changes) == raw.changes
    counts = {
        author.email: sum(change.author == author.key for change in changes)
        for author in authors.values()
    }
    assert counts == dict(raw.counts)
    half_a_year = reference - timedelta(weeks=26)
    assert {(one.email, one.start_date) for one in found.newcomers} == {
        (email, began) for email, began in raw.began.items() if half_a_year <= began <= reference
    }
    emails = {one.person_id: one.email for one in found.newcomers}
    first: dict[str, datetime] = {}
    for merge in found.merges:
        moment = datetime.fromisoformat(merge.merged_at)
        email = emails[merge.person_id]
        first[email] = min(moment, first.get(email, moment))
    assert first == {email: raw.first_merge[email] for email in emails.values()}
    areas = {email: dict(counted) for email, counted in raw.areas.items()}
    read: dict[str, dict[str, int]] = {}
    for change in changes:
        of_author = read.setdefault(authors[change.author].email, {})
        for area in change.areas:
            of_author[area] = of_author.get(area, 0) + 1
    assert read == areas


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    def refusal(folder: Path) -> str:
        with pytest.raises(NotReadable) as refused:
            read_history(folder)
        return str(refused.value)

    assert "is not a folder" in refusal(tmp_path / "nowhere")
    assert "is no Git repository" in refusal(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q")
    assert "has no commit yet" in refusal(empty)
    full = repository(tmp_path / "full", days("2026-01-05T10:00:00Z", 3))
    git(tmp_path, "clone", "-q", "--depth", "1", full.as_uri(), "shallow")
    assert "git fetch --unshallow" in refusal(tmp_path / "shallow")
