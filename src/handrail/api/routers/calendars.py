"""One's own calendars elsewhere: what makes one busy, and how well it is read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.api.time_schemas import CalendarIn, CalendarOut
from handrail.apps.calendars import sources
from handrail.apps.calendars.models import CalendarSource
from handrail.apps.calendars.source_words import problem_words, trouble_words
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.people.models import Person

router = Router(tags=["calendars"])


def calendar_out(source: CalendarSource) -> CalendarOut:
    """A calendar as the wire shows it: never its address."""
    return CalendarOut(
        id=source.public_id,
        name=source.name,
        kind=source.kind,
        host=source.host,
        tried_at=source.tried_at,
        good_at=source.good_at,
        trouble=trouble_words(source.trouble) if source.trouble else None,
        problems=problem_words(source),
    )


@router.get("/calendars", response=Page, operation_id="list_calendars")
def list_calendars(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """The calendars of the key's owner."""
    require_scope(request, "people:read")
    return page(
        sources.sources_of(request.viewer),
        cursor=cursor,
        limit=limit,
        show=calendar_out,
        name="calendars",
    )


@router.post("/calendars", response={201: CalendarOut}, operation_id="add_calendar")
def add_calendar(request: ApiRequest, data: CalendarIn) -> HttpResponse:
    """Let a published calendar (ICS) of the key's owner make time busy, or those of a server."""
    require_scope(request, "people:write")
    person = Person.objects.filter(pk=request.viewer.person_id or 0).first()
    if person is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))

    def work() -> tuple[int, dict[str, Any]]:
        if data.user or data.password:
            source = sources.add_caldav(person, **data.dict(), by=request.viewer, now=request.now)
        else:
            source = sources.add_source(
                person, data.name, data.address, by=request.viewer, now=request.now
            )
        return 201, calendar_out(source).model_dump(mode="json")

    return once(request, work)


@router.post(
    "/calendars/{calendar_id}/refresh", response=CalendarOut, operation_id="refresh_calendar"
)
def refresh_calendar(request: ApiRequest, calendar_id: UUID) -> HttpResponse:
    """Have a calendar read now."""
    require_scope(request, "people:write")

    def work() -> tuple[int, dict[str, Any]]:
        source = sources.ask_refresh(calendar_id, by=request.viewer, now=request.now)
        return 200, calendar_out(source).model_dump(mode="json")

    return once(request, work)


@router.delete("/calendars/{calendar_id}", response={204: None}, operation_id="remove_calendar")
def remove_calendar(request: ApiRequest, calendar_id: UUID) -> HttpResponse:
    """Forget a calendar and the times it made busy."""
    require_scope(request, "people:write")
    sources.remove_source(calendar_id, by=request.viewer, now=request.now)
    return HttpResponse(status=204)
