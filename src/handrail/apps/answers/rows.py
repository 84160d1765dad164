"""What a device is told when it asks what has changed: rows, tombstones, a tag and a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from handrail.apps.answers.audience import closeness
from handrail.apps.answers.changes import LARGEST_PAGE, Gone, changes_since, point_of
from handrail.apps.answers.models import Answer, Audience
from handrail.apps.answers.queries import Shown, require_read, show
from handrail.apps.organizations.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out: the tag, and a body unless nothing has changed."""

    etag: str
    body: dict[str, Any] | None


def what_changed(
    viewer: Viewer,
    *,
    cursor: str,
    unless: str,
    today: date,
    limit: int = LARGEST_PAGE,
) -> Reply:
    """One page of changes after a cursor; no body where `unless` is the tag of how things stand.

    The tag holds for a reader who has everything: with more pages to come there is always a body.
    """
    require_read(viewer)
    end, _team = point_of(viewer)
    tags = {tag.strip().removeprefix("W/") for tag in unless.split(",")}
    if end.etag in tags and cursor == end.cursor:
        return Reply(end.etag, None)
    found = changes_since(viewer, cursor, limit=limit)
    rows: list[dict[str, Any]] = []
    for row in found.rows:
        if isinstance(row, Gone):
            rows.append({"id": str(row.answer_id), "deleted": True})
        else:
            own, team = row.pk in found.own, found.team_id
            close = closeness(own=own, same_team=team is not None and team == row.team_id)
            rows.append(row_of(show(row, close, today)))
    return Reply(
        f'"{found.cursor}"',
        {"epoch": str(found.epoch), "cursor": found.cursor, "more": found.more, "rows": rows},
    )


def row_of(one: Shown) -> dict[str, Any]:
    """An answer as a program sees it; "not checked since" follows from `review_by`."""
    answer: Answer = one.answer
    return {
        "id": str(answer.public_id),
        "question": one.question,
        "answer": one.body,
        "next_step": one.next_step,
        "link": one.link,
        "aliases": list(one.aliases),
        "skill": str(answer.skill.public_id) if answer.skill else None,
        "skill_name": answer.skill.name if answer.skill else "",
        "source": "session" if answer.artifact_id or answer.artifact_rev else "written",
        "language": answer.language,
        "owner": one.owner,
        "audience": Audience(answer.audience).name.lower(),
        "revision": one.revision,
        "checked_on": one.checked_on.isoformat() if one.checked_on else None,
        "review_by": answer.review_by.isoformat() if answer.review_by else None,
        "flagged": answer.superseded_at is not None,
        "uses": answer.uses,
    }
