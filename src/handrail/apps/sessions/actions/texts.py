"""Saving what people type: the same save twice is one, a late save never covers a newer text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.sessions.actions.access import Room, locked, write
from handrail.apps.sessions.actions.loop import settle
from handrail.apps.sessions.models import RoomField, RoomRevision, RoomText, Session
from handrail.apps.sessions.states import text_is_open

LONGEST_TEXT = 100_000  # characters of one field


@dataclass(frozen=True, slots=True)
class SavedText:
    """What a save came to: the current text and its revision, and whether yours lies beside it."""

    field: str
    rev: int
    body: str
    conflict: bool
    copy: str = ""  # the text that was kept beside the current one


def save_text(
    session: Session,
    field: str,
    body: str,
    *,
    base_rev: int,
    operation: UUID,
    by: Viewer,
    now: datetime,
) -> SavedText:
    """Save one field of the room on top of the revision the writer saw.

    `operation` is made by the writer's device: a repeat is answered as the first time. Against an
    older revision a changed text is kept as a copy and returned, never lost and never written
    over the newer one. Every text ever saved stays as a revision.
    """
    if field not in RoomField.values or field == RoomField.CALL_LINK:  # a verb of its own
        raise Invalid(_("There is no such text in the room."), fields={"field": _("Unknown.")})
    if len(body) > LONGEST_TEXT:
        raise Invalid(
            _("This text is longer than %(longest)d characters. Keep it elsewhere and link it.")
            % {"longest": LONGEST_TEXT},
            fields={"body": _("Too long.")},
        )
    with writing(by.organization):
        room = locked(session, by)
        room.own_seat()
        settle(room, now)
        return keep_text(room, field, body, base_rev=base_rev, operation=operation, now=now)


def keep_text(
    room: Room, field: str, body: str, *, base_rev: int, operation: UUID, now: datetime
) -> SavedText:
    """Save one field of a locked and settled room, as `save_text` promises."""
    author_id = room.own_seat().person_id
    done = RoomRevision.objects.filter(session=room.session, operation=operation).first()
    if done is not None:
        return _answered_before(room, done, field, body, author_id)
    text, _made = RoomText.objects.get_or_create(
        organization_id=room.session.organization_id,
        session=room.session,
        field=field,
        defaults={"updated_at": now},
    )
    conflict = False
    if body == text.body or _unchanged_since(room, field, base_rev, body):
        pass  # nothing new: the current text stands
    elif base_rev == text.rev and text_is_open(room.session.state, field):
        text.body, text.rev = body, text.rev + 1
        text.updated_at, text.updated_by_id = now, author_id
        text.save(update_fields=["body", "rev", "updated_at", "updated_by"])
        write(room.session)
    else:
        conflict = True
        write(room.session)
    RoomRevision.objects.create(
        organization_id=room.session.organization_id,
        operation=operation,
        session=room.session,
        field=field,
        base_rev=max(base_rev, 0),
        rev=text.rev,
        body=body,
        author_id=author_id,
        saved_at=now,
        conflict=conflict,
    )
    return SavedText(field, text.rev, text.body, conflict, body if conflict else "")


def keep_beside(room: Room, bodies: dict[str, str], *, operation: UUID, now: datetime) -> None:
    """Keep texts that came too late as copies, inside the caller's transaction."""
    for number, (name, body) in enumerate(sorted(bodies.items())):
        current = RoomText.objects.filter(session=room.session, field=name).first()
        if not body or (current is not None and current.body == body):
            continue
        RoomRevision.objects.get_or_create(
            organization=room.session.organization,
            session=room.session,
            operation=UUID(int=(operation.int + number) % 2**128),
            defaults={
                "field": name,
                "base_rev": 0,
                "rev": current.rev if current else 0,
                "body": body,
                "author_id": room.own_seat().person_id,
                "saved_at": now,
                "conflict": True,
            },
        )


def _answered_before(
    room: Room, done: RoomRevision, field: str, body: str, author_id: int
) -> SavedText:
    if (done.field, done.body, done.author_id) != (field, body, author_id):
        raise Conflict(
            _("This save's id was used for another text. Save again with a new one."),
            code="operation-reused",
        )
    text = RoomText.objects.get(session=room.session, field=field)
    # The current revision may be a later one: the writer then goes on from there.
    return SavedText(field, text.rev, text.body, done.conflict, done.body if done.conflict else "")


def _unchanged_since(room: Room, field: str, base_rev: int, body: str) -> bool:
    """Whether the writer only sends back what they had been shown."""
    if base_rev == 0:
        return body == ""
    return RoomRevision.objects.filter(
        session=room.session, field=field, rev=base_rev, conflict=False, body=body
    ).exists()
