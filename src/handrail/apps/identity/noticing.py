"""Notices: raised by whoever hears something from outside, taken back when it is undone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handrail.apps.identity.models import Notice, NoticeKind, NoticeState
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.prepared import Addition, Place, Question
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person

# Nobody is matched while it is open whether they left; long enough for any leave, and it ends.
AWAY = timedelta(days=365)

_OPEN = Question(
    Notice,
    lambda notices: notices.filter(
        person=Place("person"), kind=Place("kind"), state=NoticeState.OPEN
    ),
)
_NEW = Addition(Notice)


def raise_notice(
    person: Person,
    kind: NoticeKind,
    *,
    source: str,
    said: dict[str, Any],
    by: Viewer,
    now: datetime,
    effective_on: date | None = None,
) -> Notice | None:
    """Ask somebody to confirm this; one open notice of a kind stands for a person.

    A second move before the first was looked at is one move: from where they were to where they
    are now, and none at all where they are back.
    """
    found = _OPEN.first(person=person.pk, kind=str(kind))
    if found is None:
        return raise_first(
            person, kind, source=source, said=said, by=by, now=now, effective_on=effective_on
        )
    found.said = {
        **found.said,
        **said,
        **{k: found.said[k] for k in ("before",) if k in found.said},
    }
    found.effective_on = effective_on or found.effective_on
    if kind == NoticeKind.MOVED and found.said.get("before") == found.said.get("after"):
        take_back(person, kind, by=by, now=now)
        return None
    found.save(update_fields=["said", "effective_on"])
    return found


def raise_first(
    person: Person,
    kind: NoticeKind,
    *,
    source: str,
    said: dict[str, Any],
    by: Viewer,
    now: datetime,
    effective_on: date | None = None,
) -> Notice:
    """Ask somebody to confirm this of a person of whom nothing of the kind is open."""
    raised = _NEW.add(
        Notice(
            organization=by.organization,
            person=person,
            kind=kind,
            source=source,
            said=said,
            effective_on=effective_on,
            known_since=local_day(by, now),
            raised_at=now,
        )
    )
    record_audit(
        by=by,
        verb="notice.raised",
        object_type="person",
        object_id=person.public_id,
        detail={"kind": str(kind)},
        now=now,
    )
    return raised


def take_back(person: Person, kind: NoticeKind, *, by: Viewer, now: datetime) -> Notice | None:
    """Whoever said it says otherwise now: the open notice, if any, is closed as not happened."""
    found = _OPEN.first(person=person.pk, kind=str(kind))
    if found is not None:
        close(found, NoticeState.DISMISSED, None, by=by, now=now)
    return found


def close(
    notice: Notice, state: NoticeState, day: date | None, *, by: Viewer, now: datetime
) -> None:
    """Write down what became of a notice, and who says so."""
    notice.state, notice.decided_on = state, day
    notice.decided_at, notice.decided_by = now, by.actor
    notice.save(update_fields=["state", "decided_on", "decided_at", "decided_by"])
    record_audit(
        by=by,
        verb=f"notice.{state}",
        object_type="person",
        object_id=notice.person.public_id,
        detail={"kind": notice.kind},
        now=now,
    )


def set_away(person: Person, today: date) -> str:
    """Have nobody meet them for now; returns their own pause, to be put back later."""
    own = person.pause_until.isoformat() if person.pause_until else ""
    person.pause_until = today + AWAY
    return own


def own_pause(notice: Notice) -> date | None:
    """The pause that stood before the person was away."""
    kept = notice.said.get("own_pause", "")
    return date.fromisoformat(kept) if kept else None


def local_day(by: Viewer, now: datetime) -> date:
    """Today where the organisation is."""
    return now.astimezone(ZoneInfo(by.organization.timezone)).date()
