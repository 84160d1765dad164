"""The API under /api/v1, its documentation at /api/docs."""

from __future__ import annotations

from django.urls import path

from handrail import __version__
from handrail.api.announcing import AnnouncingAPI
from handrail.api.problems import register
from handrail.api.requests import key_auth
from handrail.api.routers import (
    accounts,
    answers,
    appeals,
    automations,
    calendars,
    chats,
    cohorts,
    connections,
    consents,
    device,
    hires,
    hiring,
    hiring_further,
    hours,
    matches,
    notices,
    offers,
    office_hours,
    outcomes,
    people,
    pilots,
    programs,
    projects,
    proposals,
    questions,
    records,
    reports,
    requests,
    retreats,
    safety,
    sessions,
    switches,
)

api = AnnouncingAPI(
    title="Handrail",
    version=__version__,
    description=(
        "The same actions as the pages. Send `Authorization: Bearer hr_…`. A POST needs an "
        "`Idempotency-Key`. Errors are problem documents (RFC 9457). Lists come in pages with "
        "a signed cursor. Times are UTC."
    ),
    auth=key_auth,
    urls_namespace="api",
)
register(api)
for router in (
    calendars.router,
    chats.router,
    people.router,
    notices.router,
    hours.router,
    programs.router,
    matches.router,
    sessions.router,
    device.router,
    proposals.router,
    appeals.router,
    safety.router,
    consents.router,
    automations.router,
    projects.router,
    requests.router,
    cohorts.router,
    hires.router,
    office_hours.router,
    answers.router,
    questions.router,
    retreats.router,
    hiring.router,
    offers.router,
    hiring_further.router,
    pilots.router,
    outcomes.router,
    connections.router,
    accounts.router,
    reports.router,
    records.router,
    switches.router,
):
    api.add_router("/v1", router)

urlpatterns = [path("", api.urls)]
