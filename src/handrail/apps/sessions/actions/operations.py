"""Operations of a device: each once, in one transaction; what is refused stays with its writer."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound, Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.sessions.actions.access import Room, locked
from handrail.apps.sessions.actions.artifact import save_artifact
from handrail.apps.sessions.actions.loop import finish, settle, tick
from handrail.apps.sessions.actions.offline_start import check_in_then, start_then
from handrail.apps.sessions.actions.texts import (
    check_text,
    current_text,
    in_lines,
    put_text,
    settle_copy,
)
from handrail.apps.sessions.models import (
    ChecklistItem,
    RoomField,
    RoomOperation,
    RoomRevision,
    Session,
    SessionState,
)

TICK, COPY = "tick:", "copy:"
TICKED, AWAY = "yes", "away"
MOST_FIELDS = 60
log = logging.getLogger("handrail.sessions")


class Status(StrEnum):
    """What became of an operation."""

    DONE = "done"
    REPLAYED = "replayed"  # it was taken before
    LATE = "late"  # its artifact was handed in before: kept as a note beside it
    PARKED = "parked"  # refused, with the reason: the device keeps it and shows it


@dataclass(frozen=True, slots=True)
class Operation:
    """What a device asks for, under an id that it made itself."""

    id: UUID
    kind: str
    target: UUID  # the session
    base_rev: int  # the room's revision when it was begun
    base: Mapping[str, str]  # each field as the device had been shown it
    fields: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The same for the same wish."""
        wish = json.dumps([self.kind, str(self.target), sorted(self.fields.items())])
        return hashlib.sha256(wish.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a device is told: the fields as they stand now, and whose text lies beside."""

    id: UUID
    status: Status
    rev: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    conflict: tuple[str, ...] = ()
    code: str = ""
    reason: str = ""


def take_operation(operation: Operation, *, by: Viewer, now: datetime) -> Outcome:
    """Do what a device asks for, once; refuse it in words that its writer can act on.

    A refusal is an outcome, not an error: nothing waits behind it, and the device keeps the text.
    What the database itself would not store is refused as well, or it would come for ever.
    """
    try:
        with writing(by.organization):
            return _take(operation, by, now)
    except Refusal as refusal:
        reason, code = str(refusal.message), refusal.code
        if isinstance(refusal, Invalid) and refusal.fields:
            reason = " ".join([reason, *(str(text) for text in refusal.fields.values())])
    except (DataError, IntegrityError, ValueError) as error:
        log.error("operation.unstorable id=%s", operation.id, exc_info=error)
        reason, code = str(_("This cannot be stored as it is. Copy it, and write it anew.")), "data"
    return Outcome(operation.id, Status.PARKED, code=code, reason=reason)


def _take(operation: Operation, by: Viewer, now: datetime) -> Outcome:
    session = Session.objects.filter(public_id=operation.target).first()
    if session is None:
        raise NotFound(_("There is no such session."))
    room = locked(session, by)
    room.own_seat()
    done = RoomOperation.objects.filter(operation=operation.id).first()
    if done is not None:
        return _again(operation, done, room)
    do = _KINDS.get(operation.kind)
    if do is None or len(operation.fields) > MOST_FIELDS:
        raise Invalid(_("This device asks for something that this server does not know."))
    conflict, late = do(operation, room, by, now)
    RoomOperation.objects.create(
        organization_id=session.organization_id,
        operation=operation.id,
        session=session,
        person_id=room.own_seat().person_id,
        kind=operation.kind,
        digest=operation.digest,
        base_rev=operation.base_rev,
        late=late,
        conflict=list(conflict),
        client_at=_client_time(operation),
        received_at=now,
    )
    room.session.refresh_from_db()
    status = Status.LATE if late else Status.DONE
    return _outcome(operation, status, room, conflict)


def _again(operation: Operation, done: RoomOperation, room: Room) -> Outcome:
    same = (done.person_id, done.session_id) == (room.own_seat().person_id, room.session.pk)
    if not same or done.digest != operation.digest:
        raise Conflict(
            _("This save's id was used for another text. Save again with a new one."),
            code="operation-reused",
        )
    return _outcome(operation, Status.REPLAYED, room, tuple(done.conflict))


def _outcome(
    operation: Operation, status: Status, room: Room, conflict: tuple[str, ...]
) -> Outcome:
    fields = {name: _stands(room, name) for name in operation.fields}
    if operation.kind in ("check_in", "start"):
        started_at = room.session.started_at
        fields = {"started_at": started_at.isoformat() if started_at else ""}
    return Outcome(operation.id, status, room.session.rev, fields, conflict)


def _stands(room: Room, name: str) -> str:
    if name.startswith(TICK):
        item = _item(room, name)
        return TICKED if item.ticked_at else ""
    if name.startswith(COPY):
        return AWAY
    return current_text(room, name) if name in RoomField.values else ""


def _do_texts(
    operation: Operation, room: Room, by: Viewer, now: datetime
) -> tuple[tuple[str, ...], bool]:
    settle(room, now)
    conflict, late = [], False
    for name, body in sorted(operation.fields.items()):
        if name.startswith(TICK):
            _do_tick(operation, room, name, body, by, now)
        elif name.startswith(COPY):
            settle_copy(room, _id_in(name, COPY), now)
        else:
            body = in_lines(body)
            check_text(name, body)
            saved = put_text(
                room,
                name,
                body,
                base=in_lines(operation.base.get(name, "")),
                base_rev=operation.base_rev,
                operation=operation.id,
                now=now,
            )
            conflict += [name] if saved.conflict else []
            late = late or saved.late
    return tuple(conflict), late


def _do_tick(
    operation: Operation, room: Room, name: str, body: str, by: Viewer, now: datetime
) -> None:
    item = _item(room, name)
    is_ticked, wanted = item.ticked_at is not None, body == TICKED
    if wanted != (operation.base.get(name, "") == TICKED) and wanted != is_ticked:
        tick(room.session, item.public_id, wanted, by=by, now=now)
    RoomRevision.objects.create(
        organization_id=room.session.organization_id,
        operation=operation.id,
        session=room.session,
        field=name,
        base_rev=max(operation.base_rev, 0),
        rev=0,
        body=TICKED if wanted else "",
        author_id=room.own_seat().person_id,
        saved_at=now,
    )


def _do_check_in(
    operation: Operation, room: Room, by: Viewer, now: datetime
) -> tuple[tuple[str, ...], bool]:
    check_in_then(room.session, at=_claimed(operation, now), by=by, now=now)
    return (), False


def _do_start(
    operation: Operation, room: Room, by: Viewer, now: datetime
) -> tuple[tuple[str, ...], bool]:
    theirs = not start_then(room.session, at=_claimed(operation, now), by=by, now=now)
    return (("started_at",) if theirs else ()), False


def _do_finish(
    operation: Operation, room: Room, by: Viewer, now: datetime
) -> tuple[tuple[str, ...], bool]:
    finish(room.session, by=by, now=now)
    return (), False


def _do_hand_in(
    operation: Operation, room: Room, by: Viewer, now: datetime
) -> tuple[tuple[str, ...], bool]:
    settle(room, now)
    said = operation.fields
    if room.session.state == SessionState.CLOSED:
        texts = {name: said.get(name, "") for name in ("learned", "next_step", "link")}
        saved = [
            put_text(room, name, body, base=None, base_rev=0, operation=operation.id, now=now)
            for name, body in texts.items()
            if body and body != current_text(room, name)
        ]
        return tuple(one.field for one in saved if one.conflict), bool(saved)
    owner = said.get("owner", "")
    person = Person.objects.filter(public_id=UUID(owner)).first() if _is_id(owner) else None
    save_artifact(
        room.session,
        learned=said.get("learned", ""),
        next_step=said.get("next_step", ""),
        owner=person,
        link=said.get("link", ""),
        by=by,
        now=now,
    )
    return (), False


Did = tuple[tuple[str, ...], bool]  # fields whose text lies beside; whether it came too late
_KINDS: dict[str, Callable[[Operation, Room, Viewer, datetime], Did]] = {
    "room": _do_texts,
    "check_in": _do_check_in,
    "start": _do_start,
    "finish": _do_finish,
    "hand_in": _do_hand_in,
}


def _item(room: Room, name: str) -> ChecklistItem:
    item = ChecklistItem.objects.filter(session=room.session, public_id=_id_in(name, TICK)).first()
    if item is None:
        raise NotFound(_("There is no such line in this checklist."))
    return item


def _id_in(name: str, prefix: str) -> UUID:
    text = name.removeprefix(prefix)
    if not _is_id(text):
        raise Invalid(_("This device asks for something that this server does not know."))
    return UUID(text)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _client_time(operation: Operation) -> datetime | None:
    """When it was done by the device's clock, put right by what the device knew of ours."""
    try:
        at = datetime.fromisoformat(operation.fields["at"])
        offset = timedelta(milliseconds=float(operation.fields.get("offset") or 0))
        return at + offset if at.tzinfo else None
    except (KeyError, ValueError, OverflowError):
        return None


def _claimed(operation: Operation, now: datetime) -> datetime:
    """The client's time, but never later than the server's."""
    at = _client_time(operation)
    return min(at, now) if at is not None else now
