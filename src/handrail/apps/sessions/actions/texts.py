"""Saving what people type: the same save twice is one, a late save never covers a newer text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.sessions.actions.access import Room, locked, write
from handrail.apps.sessions.actions.loop import settle
from handrail.apps.sessions.models import (
    Artifact,
    RoomField,
    RoomRevision,
    RoomText,
    Session,
    SessionState,
)
from handrail.apps.sessions.signals import written_late
from handrail.apps.sessions.states import OF_THE_ARTIFACT, text_is_open
from handrail.domain.text import merge_field

LONGEST_TEXT = 100_000  # characters of one field


@dataclass(frozen=True, slots=True)
class SavedText:
    """What a save came to: the current text and its revision, and whether yours lies beside it."""

    field: str
    rev: int
    body: str
    conflict: bool
    copy: str = ""  # the text that was kept beside the current one
    late: bool = False  # it was kept beside because the artifact had been handed in


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
    body = in_lines(body)
    check_text(field, body)
    with writing(by.organization):
        room = locked(session, by)
        room.own_seat()
        settle(room, now)
        return keep_text(room, field, body, base_rev=base_rev, operation=operation, now=now)


def in_lines(body: str) -> str:
    """A text as every box of a browser gives it back, or the two would differ for ever.

    What no database takes and nobody types, a zero byte, becomes the sign for the unknown.
    """
    return body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def check_text(field: str, body: str) -> None:
    """Raise Invalid for a field that no room has, or a text that is too long for one."""
    if field not in RoomField.values or field == RoomField.CALL_LINK:  # a verb of its own
        raise Invalid(_("There is no such text in the room."), fields={"field": _("Unknown.")})
    if len(body) > LONGEST_TEXT:
        raise Invalid(
            _("This text is longer than %(longest)d characters. Keep it elsewhere and link it.")
            % {"longest": LONGEST_TEXT},
            fields={"body": _("Too long.")},
        )


def keep_text(
    room: Room, field: str, body: str, *, base_rev: int, operation: UUID, now: datetime
) -> SavedText:
    """Save one field of a locked and settled room, as `save_text` promises."""
    done = (
        RoomRevision.objects.filter(session=room.session, operation=operation, field=field).first()
        or RoomRevision.objects.filter(session=room.session, operation=operation).first()
    )
    if done is not None:
        return _answered_before(room, done, field, body)
    base = _body_at(room, field, base_rev)
    return put_text(room, field, body, base=base, base_rev=base_rev, operation=operation, now=now)


def put_text(
    room: Room,
    field: str,
    body: str,
    *,
    base: str | None,
    base_rev: int,
    operation: UUID,
    now: datetime,
) -> SavedText:
    """Write one field by the three-way rule, and keep what was sent as a revision, always.

    Without a base (the writer saw something that is not there any more) any other text than the
    current one is kept beside it.
    """
    author_id = room.own_seat().person_id
    text, _made = RoomText.objects.get_or_create(
        organization_id=room.session.organization_id,
        session=room.session,
        field=field,
        person=owner_of(room, field),
        defaults={"updated_at": now},
    )
    is_own = text.updated_by_id == author_id
    if is_own and base is not None and _is_beginning(base, body, text.body):
        beside = False  # the writer's own text of a moment before: all of it stands there
    elif base is None and body != text.body:
        beside = True
    else:
        if is_own and base is not None and _is_beginning(base, text.body, body):
            base = text.body  # the writer's own text goes on
        merged = merge_field(device=body, base=base or "", server=text.body)
        is_open = text_is_open(room.session.state, field)
        beside = merged.is_conflict or (merged.text != text.body and not is_open)
        beside = beside and not _was_handed_in(room, field, body)
        if merged.text != text.body and is_open:
            text.body, text.rev = merged.text, text.rev + 1
            text.updated_at, text.updated_by_id = now, author_id
            text.save(update_fields=["body", "rev", "updated_at", "updated_by"])
            write(room.session)
    if beside:
        _put_away_drafts_of(room, field, body, author_id, now)
        write(room.session)
    is_late = beside and room.session.state == SessionState.CLOSED and field in OF_THE_ARTIFACT
    RoomRevision.objects.create(
        organization_id=room.session.organization_id,
        operation=operation,
        session=room.session,
        field=field,
        person=owner_of(room, field),
        base_rev=max(base_rev, 0),
        rev=text.rev,
        body=body,
        author_id=author_id,
        saved_at=now,
        conflict=beside,
        late=is_late,
    )
    if is_late:
        written_late.send(sender=None, session=room.session, now=now)
    return SavedText(field, text.rev, text.body, beside, body if beside else "", is_late)


def keep_beside(room: Room, bodies: dict[str, str], *, operation: UUID, now: datetime) -> None:
    """Keep texts that came too late as copies, inside the caller's transaction."""
    for name, body in sorted(bodies.items()):
        current = RoomText.objects.filter(session=room.session, field=name).first()
        if not body or (current is not None and current.body == body):
            continue
        RoomRevision.objects.get_or_create(
            organization=room.session.organization,
            session=room.session,
            operation=operation,
            field=name,
            defaults={
                "base_rev": 0,
                "rev": current.rev if current else 0,
                "body": body,
                "author_id": room.own_seat().person_id,
                "saved_at": now,
                "conflict": True,
                "late": True,
            },
        )
        written_late.send(sender=None, session=room.session, now=now)


def keep_unseen(room: Room, said: dict[str, str], *, now: datetime) -> None:
    """Keep beside an artifact what somebody else last wrote in its boxes and it does not say.

    Whoever hands in may not have seen it: a page without script shows what it was loaded with. What
    lay beside and is now handed in is put away.
    """
    author_id = room.own_seat().person_id
    for name, body in sorted(said.items()):
        _put_away_drafts_of(room, name, body, author_id, now)
        stands = RoomText.objects.filter(session=room.session, field=name, person=None).first()
        if stands is None or stands.updated_by_id is None or stands.updated_by_id == author_id:
            continue
        if stands.body.strip() in body:
            continue
        RoomRevision.objects.create(
            organization_id=room.session.organization_id,
            operation=uuid4(),
            session=room.session,
            field=name,
            base_rev=stands.rev,
            rev=stands.rev,
            body=stands.body,
            author_id=stands.updated_by_id,
            saved_at=now,
            conflict=True,
        )


def put_away(session: Session, copy: UUID, *, by: Viewer, now: datetime) -> Session:
    """Show a copy beside the text no longer; it stays among the earlier versions."""
    with writing(by.organization):
        room = locked(session, by)
        room.own_seat()
        settle_copy(room, copy, now)
        return room.session


def settle_copy(room: Room, copy: UUID, now: datetime) -> None:
    """Put a copy away in a locked room; one that is away already stays so."""
    copies = RoomRevision.objects.filter(
        session=room.session, public_id=copy, conflict=True, settled_at=None
    )
    if copies.update(settled_at=now):
        write(room.session)


def owner_of(room: Room, field: str) -> Person | None:
    """Whose text a field is: of notes each has one, everything else belongs to all."""
    return room.own_seat().person if field == RoomField.NOTES else None


def current_text(room: Room, field: str) -> str:
    """What stands in a field now."""
    text = RoomText.objects.filter(
        session=room.session, field=field, person=owner_of(room, field)
    ).first()
    return text.body if text else ""


def _answered_before(room: Room, done: RoomRevision, field: str, body: str) -> SavedText:
    if (done.field, done.body, done.author_id) != (field, body, room.own_seat().person_id):
        raise Conflict(
            _("This save's id was used for another text. Save again with a new one."),
            code="operation-reused",
        )
    text = RoomText.objects.get(session=room.session, field=field, person=owner_of(room, field))
    # The current revision may be a later one: the writer then goes on from there.
    copy = done.body if done.conflict else ""
    return SavedText(field, text.rev, text.body, done.conflict, copy, done.late)


def _body_at(room: Room, field: str, base_rev: int) -> str | None:
    """What the writer had been shown; None for a revision that never was."""
    if base_rev == 0:
        return ""
    # The first one of a revision made it; later ones only were sent while it stood.
    shown = RoomRevision.objects.filter(
        session=room.session,
        field=field,
        person=owner_of(room, field),
        rev=base_rev,
        conflict=False,
    )
    first = shown.order_by("pk").first()
    return first.body if first else None


def _is_beginning(*bodies: str) -> bool:
    """Whether each of these texts is the beginning of the next: somebody only went on writing."""
    return all(later.startswith(one) for one, later in pairwise(bodies))


def _was_handed_in(room: Room, field: str, body: str) -> bool:
    """Whether the artifact says exactly this: the form and the autosave may both bring it."""
    artifact = Artifact.objects.filter(session=room.session).select_related("owner").first()
    if artifact is None or field not in OF_THE_ARTIFACT:
        return False
    said = {
        RoomField.LEARNED: artifact.learned,
        RoomField.NEXT_STEP: artifact.next_step,
        RoomField.LINK: artifact.link,
        RoomField.OWNER: str(artifact.owner.public_id) if artifact.owner else "",
    }
    return said[RoomField(field)] == body.strip()


def _put_away_drafts_of(room: Room, field: str, body: str, author_id: int, now: datetime) -> None:
    """Copies of the same writer that are the beginning of this one need not be shown as well."""
    before = RoomRevision.objects.filter(
        session=room.session,
        field=field,
        author_id=author_id,
        conflict=True,
        settled_at=None,
    )
    for one in before:
        if body.startswith(one.body):
            one.settled_at = now
            one.save(update_fields=["settled_at"])
