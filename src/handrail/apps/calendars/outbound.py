"""The way out for calendars, as the operator set it."""

from __future__ import annotations

from django.conf import settings

from handrail.apps.calendars.source_models import SourceKind
from handrail.integrations import google_calendar, microsoft_calendar
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.oauth import App

SCOPES = {
    SourceKind.GOOGLE: google_calendar.SCOPES,
    SourceKind.MICROSOFT: microsoft_calendar.SCOPES,
}
# What Google needs to be asked for a permission that lasts.
MORE = {SourceKind.GOOGLE: {"access_type": "offline", "prompt": "consent"}}


def outbound() -> Outbound:
    """Public hosts, and those inside that the operator named."""
    return Outbound(internal=frozenset(settings.INTERNAL_HOSTS))


def app_for(kind: str) -> App | None:
    """What the operator was given by the other side; None where a kind needs nothing or is off."""
    given = settings.CALENDAR_APPS.get(kind, {})
    if not given.get("client_id") or not given.get("client_secret"):
        return None
    source = SourceKind(kind)
    return App(
        client_id=given["client_id"],
        client_secret=given["client_secret"],
        authorize=given["authorize"],
        token=given["token"],
        revoke=given["revoke"],
        api=given["api"],
        scopes=SCOPES[source],
        more=MORE.get(source, {}),
    )


def kinds_offered() -> list[SourceKind]:
    """The kinds of calendars that may be added and are read, as the operator set it."""
    wanted = {kind.strip() for kind in settings.CALENDAR_KINDS}
    return [
        kind
        for kind in SourceKind
        if kind.value in wanted and (kind not in SCOPES or app_for(kind.value) is not None)
    ]


def ends_elsewhere(kind: str) -> bool:
    """Whether the other side is told when somebody takes their calendar away."""
    app = app_for(kind)
    return app is not None and bool(app.revoke)
