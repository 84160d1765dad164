"""What was ever written in a room: every text that was saved, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.sessions.models import RoomField, RoomRevision, Session
from handrail.apps.sessions.queries.inside import room
from handrail.apps.sessions.queries.lists import people_of

LABELS = dict(RoomField.choices)


@dataclass(frozen=True, slots=True)
class Version:
    """One text as it was saved once."""

    body: str
    author: Person | None  # None once their account is erased
    saved_at: datetime
    beside: bool  # kept beside the text that stood then, which somebody else had changed
    late: bool  # it came after the artifact was handed in


@dataclass(frozen=True, slots=True)
class FieldHistory:
    """All versions of one box; of the notes, of one person's."""

    field: str
    label: str
    person: Person | None
    versions: list[Version]


def history(viewer: Viewer, session: Session, now: datetime) -> list[FieldHistory]:
    """Every version of every text, for the people of the session; refused as the room is.

    They read each other's notes in the room, so they may read what stood there before. Ticks are
    no texts, and an "away" of a copy changes none.
    """
    room(viewer, session, now)
    saved = (
        RoomRevision.objects.filter(session=session, field__in=RoomField.values)
        .select_related("author", "person")
        .order_by("-pk")
    )
    found: dict[tuple[int, int], FieldHistory] = {}
    order = {name: n for n, name in enumerate(RoomField.values)}
    people = {str(one.public_id): one.name for one in people_of(session)}
    for one in saved:
        key = (order[one.field], one.person_id or 0)
        box = found.setdefault(key, FieldHistory(one.field, str(LABELS[one.field]), one.person, []))
        box.versions.append(
            Version(
                # Who does it is kept by id: a reader wants the name.
                people.get(one.body, one.body) if one.field == RoomField.OWNER else one.body,
                one.author,
                one.saved_at,
                one.conflict,
                one.late,
            )
        )
    return [found[key] for key in sorted(found)]
