"""Merged changes, as GitHub, GitLab, Gitea and Forgejo tell of them.

A delivery that is about something else comes to None. Whoever wrote the change counts, not whoever
merged it; people are told apart by the host's number of them, since names and addresses change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handrail.integrations.webhooks.parsed import MergeEvent, Unfit, moment, number, text, within


def github(headers: Mapping[str, str], content: dict[str, Any], host: str) -> MergeEvent | None:
    """`pull_request` with `closed` and `merged`. Source: GitHub's page on webhook events."""
    if headers.get("x-github-event") != "pull_request" or content.get("action") != "closed":
        return None
    return _pull_request(content, host, within(content, "pull_request.user.type") == "Bot")


def gitea(headers: Mapping[str, str], content: dict[str, Any], host: str) -> MergeEvent | None:
    """The same shape as GitHub's, without a word on bots. Source: Gitea's page on webhooks."""
    event = headers.get("x-forgejo-event") or headers.get("x-gitea-event")
    if event != "pull_request" or content.get("action") != "closed":
        return None
    return _pull_request(content, host, by_bot=False)


def gitlab(headers: Mapping[str, str], content: dict[str, Any], host: str) -> MergeEvent | None:
    """`merge_request` with the action `merge`; the person in `user` is the one who merged.

    The field of the time differs by version. Source: GitLab's page on webhook events.
    """
    if content.get("object_kind") != "merge_request":
        return None
    if within(content, "object_attributes.action") != "merge":
        return None
    for field in ("merged_at", "updated_at"):
        if within(content, f"object_attributes.{field}"):
            merged_at = moment(content, f"object_attributes.{field}")
            break
    else:
        raise Unfit("object_attributes.merged_at")
    return MergeEvent(
        host=host,
        author=number(content, "object_attributes.author_id"),
        repository=text(content, "project.path_with_namespace"),
        change=number(content, "object_attributes.iid"),
        merged_at=merged_at,
        by_bot=False,
    )


def _pull_request(content: dict[str, Any], host: str, by_bot: bool) -> MergeEvent | None:
    merged = within(content, "pull_request.merged")
    if merged is False:
        return None
    if merged is not True:
        raise Unfit("pull_request.merged")
    return MergeEvent(
        host=host,
        author=number(content, "pull_request.user.id"),
        repository=text(content, "repository.full_name"),
        change=number(content, "pull_request.number"),
        merged_at=moment(content, "pull_request.merged_at"),
        by_bot=by_bot,
    )


Read = Callable[[Mapping[str, str], dict[str, Any], str], MergeEvent | None]
EVENT_HEADERS = ("x-github-event", "x-gitea-event", "x-forgejo-event")
MERGES: dict[str, Read] = {"github": github, "gitlab": gitlab, "gitea": gitea, "forgejo": gitea}
