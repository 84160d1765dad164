"""Calendars that are opened by a permission: sent to the other side's page, and back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.apps.calendars.outbound import app_for, kinds_offered, outbound
from handrail.apps.calendars.source_models import CalendarSource, SourceKind
from handrail.apps.calendars.sources import add, secret_of, sources_of
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.integrations.busy_sources import SignIn
from handrail.integrations.guarded_http import Unfetched
from handrail.integrations.ics_feed import Refused
from handrail.integrations.oauth import begin, finish, new_verifier, revoke

WAY = timedelta(minutes=10)  # to the other side and back
GIVEN_UP = timedelta(minutes=30)  # sooner than the runner does

Ticket = dict[str, str]  # kept in the browser's session, for one way there and back


def begin_connecting(kind: str, *, by: Viewer, now: datetime) -> tuple[str, Ticket]:
    """Where to send somebody so that they allow it, and the ticket they come back with."""
    app = app_for(kind)
    if app is None or kind not in kinds_offered() or by.person_id is None:
        raise NotFound(_("Calendars of this kind are not read here."))
    state, verifier = secrets.token_urlsafe(32), new_verifier()
    ticket = {
        "kind": kind,
        "state": state,
        "verifier": verifier,
        "person": str(by.person_public_id),
        "at": now.isoformat(),
    }
    return begin(app, redirect_uri=_back(), state=state, verifier=verifier), ticket


def finish_connecting(
    person: Person, ticket: Ticket | None, answer: Mapping[str, str], *, by: Viewer, now: datetime
) -> CalendarSource:
    """Add the calendar that the other side's answer opens; it is read right away.

    Only who went there with this ticket, a short while ago, comes back with it. The network is
    asked before anything is written.
    """
    if not ticket or not _is_own(ticket, answer, by, now):
        raise Invalid(_("This way back has run out. Connect the calendar again."))
    app = app_for(ticket["kind"])
    if app is None:
        raise NotFound(_("Calendars of this kind are not read here."))
    if answer.get("error") or not answer.get("code"):
        raise Conflict(
            _("Nothing was connected: the permission was not given."), code="permission-refused"
        )
    try:
        consent = finish(
            outbound(),
            app,
            code=answer["code"],
            redirect_uri=_back(),
            verifier=ticket["verifier"],
        )
    except SignIn:
        raise Conflict(
            _("Nothing was connected: the other side did not accept its own answer. Try again."),
            code="permission-refused",
        ) from None
    except (Unfetched, Refused):
        raise Conflict(
            _("Nothing was connected: the other side does not answer. Try again later."),
            code="other-side-away",
        ) from None
    if not consent.refresh_token or not consent.is_enough:
        raise Conflict(
            _(
                "Nothing was connected: all of the permissions are needed, so that busy times can"
                " be read. Connect again and leave every line ticked."
            ),
            code="permission-too-small",
        )
    kind = SourceKind(ticket["kind"])
    secret = {"refresh_token": consent.refresh_token}
    host = urlsplit(app.api).hostname or ""
    return add(person, kind, _free_name(kind, by), host, secret, {}, by=by, now=now)


def end(source: CalendarSource, now: datetime) -> None:
    """Tell the other side that the permission has ended, then forget the calendar.

    Raises to be tried again; what cannot be told for half an hour is forgotten all the same.
    """
    app = app_for(source.kind)
    given_up = source.removed_at is None or source.removed_at < now - GIVEN_UP
    if app is not None and app.revoke:
        try:
            revoke(outbound(), app.revoke, secret_of(source)["refresh_token"])
        except Unsealable:
            pass  # nobody can open it any more, we least of all
        except (Unfetched, Refused):
            if not given_up:
                raise
    with writing(source.organization):
        CalendarSource.objects.filter(pk=source.pk).exclude(removed_at=None).delete()


def _is_own(ticket: Ticket, answer: Mapping[str, str], by: Viewer, now: datetime) -> bool:
    began = datetime.fromisoformat(ticket["at"]).astimezone(UTC)
    return (
        secrets.compare_digest(ticket["state"].encode(), answer.get("state", "").encode())
        and ticket["person"] == str(by.person_public_id)
        and began <= now < began + WAY
    )


def _free_name(kind: SourceKind, by: Viewer) -> str:
    taken = {source.name.casefold() for source in sources_of(by)}
    names = [str(kind.label), *(f"{kind.label} {number}" for number in range(2, 10))]
    return next(name for name in names if name.casefold() not in taken)


def _back() -> str:
    return f"{settings.BASE_URL}{reverse('calendar_connected')}"
