"""Somebody who knows confirms a day, or says that it is not so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.identity.models import Notice, NoticeKind, NoticeState
from handrail.apps.identity.noticing import close, local_day, own_pause
from handrail.apps.identity.queries import notice_for, notices_for
from handrail.apps.organizations.models import RoleGrant
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.facts import record_role, record_stay
from handrail.apps.outcomes.models import RoleKind
from handrail.apps.people.models import EmploymentSpell, Person

FARTHEST = timedelta(days=366)  # a day farther off than this is a slip of the pen


def confirm(
    notice: Notice,
    day: date,
    *,
    by: Viewer,
    now: datetime,
    family: str = "",
    level: str = "",
    team_name: str = "",
    kind: str = RoleKind.CHANGE,
) -> Notice:
    """It is so, from this day on: the first day, the last day, or the first of another role."""
    _require_write(by)
    with writing(by.organization):
        notice = notice_for(by, notice.public_id)
        if abs((day - now.date()).days) > 40 * 366 or day > now.date() + FARTHEST:
            raise _bad_day(_("Choose a day within a year from now."))
        if notice.kind == NoticeKind.JOINED:
            _begin(notice, day, by=by, now=now)
        elif notice.kind == NoticeKind.LEFT:
            _end(notice, day, by=by, now=now)
        else:
            family = family.strip()
            if not family:
                raise Invalid(
                    _("The role was not saved. Correct the fields."),
                    fields={"family": _("Say what the role is called.")},
                )
            if kind not in RoleKind.values:
                raise Invalid(
                    _("The role was not saved. Correct the fields."),
                    fields={"kind": _("Choose one of the list.")},
                )
            _record_role(notice, day, family, level.strip(), team_name.strip(), kind, by, now)
        close(notice, NoticeState.CONFIRMED, day, by=by, now=now)
    return notice


def dismiss(notice: Notice, *, by: Viewer, now: datetime, back_on: date | None = None) -> Notice:
    """It is not so. For whoever is away: they stay one of us, and are back on a day, if known.

    Access is the directory's to give: it stays closed until the directory opens it.
    """
    _require_write(by)
    with writing(by.organization):
        notice = notice_for(by, notice.public_id)
        if notice.kind == NoticeKind.LEFT:
            until = own_pause(notice)
            if back_on is not None:
                if back_on <= now.date():
                    raise _bad_day(_("Choose a day that is still to come."))
                until = back_on - timedelta(days=1)
            Person.objects.filter(pk=notice.person_id).update(pause_until=until, rev=F("rev") + 1)
        close(notice, NoticeState.DISMISSED, back_on, by=by, now=now)
    return notice


def confirm_all_joined(day: date | None, *, by: Viewer, now: datetime) -> int:
    """Confirm everybody who waits with a first day: this one, or for each the day they came."""
    _require_write(by)
    if not by.is_administrator:
        raise NotAllowed(_("Only an administrator confirms all at once."))
    done = 0
    with writing(by.organization):
        for notice in notices_for(by).filter(kind=NoticeKind.JOINED):
            first = day or notice.effective_on or notice.known_since
            confirm(notice, first, by=by, now=now)
            done += 1
    return done


def _begin(notice: Notice, day: date, *, by: Viewer, now: datetime) -> None:
    person = notice.person
    last = EmploymentSpell.objects.filter(person=person).order_by("-started_on").first()
    if last is not None and last.ended_on is None:
        return  # a stay of theirs is known already
    if last is not None and last.ended_on is not None and day <= last.ended_on:
        raise _bad_day(_("Their stay before lasted until then. Choose a later day."))
    record_stay(
        person, day, None, known_since=notice.known_since, source=notice.source, by=by, now=now
    )
    after: dict[str, Any] = notice.said.get("after", {})
    if after.get("title") or after.get("department"):
        _record_role(
            notice,
            day,
            after.get("title") or after["department"],
            "",
            after.get("department", ""),
            RoleKind.CHANGE,
            by,
            now,
        )


def _end(notice: Notice, day: date, *, by: Viewer, now: datetime) -> None:
    person = notice.person
    last = EmploymentSpell.objects.filter(person=person).order_by("-started_on").first()
    if last is not None and day < last.started_on:
        raise _bad_day(_("This lies before their first day."))
    first = last.started_on if last is not None else day
    record_stay(
        person, first, day, known_since=notice.known_since, source=notice.source, by=by, now=now
    )
    if person.membership_id is not None and day < local_day(by, now):
        # Whoever comes back starts without roles; a last day ahead takes none away before it.
        RoleGrant.objects.filter(membership_id=person.membership_id).delete()
    Person.objects.filter(pk=person.pk).update(pause_until=own_pause(notice), rev=F("rev") + 1)


def _record_role(
    notice: Notice,
    day: date,
    family: str,
    level: str,
    team_name: str,
    kind: str,
    by: Viewer,
    now: datetime,
) -> None:
    record_role(
        notice.person,
        family=family,
        level=level,
        team_name=team_name,
        kind=kind,
        effective_on=day,
        known_since=notice.known_since,
        source=notice.source,
        by=by,
        now=now,
    )


def _require_write(by: Viewer) -> None:
    if not by.may("people:write"):
        raise NotAllowed(_("This key may not confirm anything: it lacks the scope people:write."))


def _bad_day(told: str) -> Invalid:
    return Invalid(_("The day was not saved. Correct the fields."), fields={"day": told})
