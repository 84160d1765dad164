"""Merged changes: the author counts, by number; what is missing is said, never guessed."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from handrail.integrations.webhooks.merges import gitea, github, gitlab
from handrail.integrations.webhooks.parsed import MergeEvent, Unfit

PULL = {"x-github-event": "pull_request"}


def pull_request(**over: Any) -> dict[str, Any]:
    pull: dict[str, Any] = {
        "number": 12,
        "merged": True,
        "merged_at": "2026-03-04T15:00:00Z",
        "user": {"id": 4711, "login": "priya", "type": "User"},
        "merged_by": {"id": 99, "login": "sam"},
    }
    return {
        "action": "closed",
        "pull_request": {**pull, **over},
        "repository": {"full_name": "example/tools"},
        "something_new": {"we": "do not know"},
    }


def merge_request(**over: Any) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "iid": 3,
        "action": "merge",
        "author_id": 51,
        "updated_at": "2026-03-04 15:00:00 UTC",
    }
    return {
        "object_kind": "merge_request",
        "user": {"id": 99, "username": "sam"},
        "project": {"path_with_namespace": "example/tools"},
        "object_attributes": {**attributes, **over},
    }


EXPECTED = MergeEvent(
    host="git.example.org",
    author=4711,
    repository="example/tools",
    change=12,
    merged_at=datetime(2026, 3, 4, 15, 0, tzinfo=UTC),
    by_bot=False,
)


def test_github_names_the_author_and_not_whoever_merged() -> None:
    assert github(PULL, pull_request(), "git.example.org") == EXPECTED


@pytest.mark.parametrize("header", ["x-gitea-event", "x-forgejo-event"])
def test_gitea_and_forgejo_tell_the_same(header: str) -> None:
    assert gitea({header: "pull_request"}, pull_request(), "git.example.org") == EXPECTED


def test_a_bot_of_github_is_a_bot() -> None:
    event = github(PULL, pull_request(user={"id": 1, "type": "Bot"}), "git.example.org")
    assert event is not None
    assert event.by_bot


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        ({"x-github-event": "push"}, pull_request()),
        ({}, pull_request()),
        (PULL, {**pull_request(), "action": "opened"}),
        (PULL, pull_request(merged=False, merged_at=None)),
    ],
)
def test_what_is_no_merge_is_nothing(headers: dict[str, str], content: dict[str, Any]) -> None:
    assert github(headers, content, "git.example.org") is None


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"merged_at": None}, "pull_request.merged_at"),
        ({"merged_at": "2026-03-04T15:00:00"}, "pull_request.merged_at"),  # where?
        ({"merged_at": 1772636400}, "pull_request.merged_at"),
        ({"merged": None}, "pull_request.merged"),
        ({"user": None}, "pull_request.user.id"),
        ({"user": {"id": "4711"}}, "pull_request.user.id"),
        ({"user": {"id": True}}, "pull_request.user.id"),
        ({"number": None}, "pull_request.number"),
    ],
)
def test_a_field_that_is_missing_or_strange_is_named(over: dict[str, Any], field: str) -> None:
    with pytest.raises(Unfit) as unfit:
        github(PULL, pull_request(**over), "git.example.org")
    assert unfit.value.field == field


def test_gitlab_names_the_author_and_not_whoever_merged() -> None:
    event = gitlab({}, merge_request(), "git.example.org")
    assert event == MergeEvent(
        host="git.example.org",
        author=51,
        repository="example/tools",
        change=3,
        merged_at=datetime(2026, 3, 4, 15, 0, tzinfo=UTC),
        by_bot=False,
    )


def test_gitlabs_own_time_of_the_merge_is_preferred() -> None:
    event = gitlab({}, merge_request(merged_at="2026-03-04T14:30:00Z"), "git.example.org")
    assert event is not None
    assert event.merged_at == datetime(2026, 3, 4, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize("over", [{"action": "open"}, {"action": "close"}, {"action": None}])
def test_what_gitlab_did_not_merge_is_nothing(over: dict[str, Any]) -> None:
    assert gitlab({}, merge_request(**over), "git.example.org") is None


def test_a_gitlab_without_any_time_is_put_aside() -> None:
    with pytest.raises(Unfit) as unfit:
        gitlab({}, merge_request(updated_at=None), "git.example.org")
    assert unfit.value.field == "object_attributes.merged_at"


@pytest.mark.parametrize("gone", ["pull_request", "repository"])
def test_any_part_may_be_missing_and_nothing_breaks(gone: str) -> None:
    content = deepcopy(pull_request())
    del content[gone]
    with pytest.raises(Unfit):
        github(PULL, content, "git.example.org")
