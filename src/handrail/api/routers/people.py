"""People, and bringing them in from a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.requests import (
    ApiRequest,
    Page,
    etag_of,
    once,
    page,
    require_scope,
    require_unchanged,
)
from handrail.api.schemas import (
    ImportOut,
    MeOut,
    MergesOut,
    PauseIn,
    PersonIn,
    PersonOut,
    SkillOut,
    SkillsIn,
    WantOut,
)
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people import actions, queries
from handrail.apps.people.models import PeopleImport, Person
from handrail.apps.people.wording import hours_problem
from handrail.domain.scheduling import NotHours, parse_working_hours, working_hours_text

router = Router(tags=["people"])


def person_out(request: ApiRequest, person: Person) -> PersonOut:
    """A person as the wire shows them to this viewer."""
    out = PersonOut(
        id=person.public_id,
        person_id=person.external_id,
        name=person.name,
        role=person.role,
        timezone=person.timezone,
        languages=person.languages,
        team=person.team.name if person.team else None,
        offers=[SkillOut(skill=o.skill.name, level=o.level) for o in person.offers.all()],
        wants=[WantOut(skill=w.skill.name, priority=w.priority) for w in person.wants.all()],
    )
    if queries.sees_details(request.viewer, person):
        out.email = person.email
        out.minutes_per_week = person.minutes_per_week
        out.pause_until = person.pause_until
        out.working_hours = working_hours_text(person.works_from_min, person.works_to_min)
    if person.pk == request.viewer.person_id:
        out.call_link = person.call_link
    return out


def import_out(kept: PeopleImport) -> ImportOut:
    """An import as the wire shows it."""
    return ImportOut(
        id=kept.public_id,
        kind=kept.kind,
        filename=kept.filename,
        applied_at=kept.applied_at,
        summary=kept.summary,
    )


@router.get("/me", response=MeOut, operation_id="read_me")
def read_me(request: ApiRequest) -> MeOut:
    """Whose key this is, and what it may do."""
    viewer = request.viewer
    return MeOut(
        organization=viewer.organization.name,
        person=viewer.person_public_id,
        roles=sorted(viewer.grants),
        scopes=sorted(viewer.scopes or ()),
    )


@router.get("/people", response=Page, operation_id="list_people")
def list_people(
    request: ApiRequest, search: str = "", role: str = "", cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """The directory, oldest entry first."""
    require_scope(request, "people:read")
    if "\0" in search:
        raise Invalid(_("A name has no zero bytes."), fields={"search": _("Change it.")})
    return page(
        queries.people_list(request.viewer, search=search, role=role, day=request.now.date()),
        cursor=cursor,
        limit=limit,
        show=lambda person: person_out(request, person),
        name="people",
    )


@router.post("/people/imports", response={201: ImportOut}, operation_id="preview_people_import")
def preview_import(request: ApiRequest) -> HttpResponse:
    """Send a people file as the body (text/csv); get the difference it would make."""
    require_scope(request, "people:write")

    def work() -> tuple[int, dict[str, Any]]:
        kept = actions.preview_people(request.body, "api.csv", by=request.viewer, now=request.now)
        return 201, import_out(kept).model_dump(mode="json")

    return once(request, work)


@router.post(
    "/people/imports/{import_id}/apply", response=ImportOut, operation_id="apply_people_import"
)
def apply_import(request: ApiRequest, import_id: UUID) -> HttpResponse:
    """Make the difference of a file that was looked at."""
    require_scope(request, "people:write")
    kept = queries.people_import_for(request.viewer, import_id)

    def work() -> tuple[int, dict[str, Any]]:
        actions.apply_people_import(kept, by=request.viewer, now=request.now)
        return 200, import_out(kept).model_dump(mode="json")

    return once(request, work)


@router.post("/people/merges", response=MergesOut, operation_id="import_merges")
def import_merges(request: ApiRequest) -> HttpResponse:
    """Send a merges file as the body (text/csv); all of it comes in, or nothing."""
    require_scope(request, "people:write")

    def work() -> tuple[int, dict[str, Any]]:
        outcome = actions.import_merges(
            request.body, filename="api.csv", by=request.viewer, now=request.now
        )
        came = MergesOut(
            created=outcome.created, known=outcome.known, warnings=list(outcome.warnings)
        )
        return 200, came.model_dump(mode="json")

    return once(request, work)


@router.get("/people/{person_id}", response=PersonOut, operation_id="read_person")
def read_person(request: ApiRequest, person_id: UUID, response: HttpResponse) -> PersonOut:
    """One person; the ETag goes into the If-Match of a change."""
    require_scope(request, "people:read")
    found = queries.person_for(request.viewer, person_id, day=request.now.date())
    out = person_out(request, found)
    response["ETag"] = etag_of(out)
    return out


@router.patch("/people/{person_id}", response=PersonOut, operation_id="edit_person")
def edit_person(request: ApiRequest, person_id: UUID, payload: PersonIn) -> PersonOut:
    """Change a profile: one's own, or as administrator anybody's."""
    require_scope(request, "people:write")
    person = queries.person_for(request.viewer, person_id)
    changes: dict[str, Any] = payload.dict(exclude_unset=True, exclude_none=True)
    if hours := changes.pop("working_hours", None):
        try:
            changes["works_from_min"], changes["works_to_min"] = parse_working_hours(hours)
        except NotHours as error:
            raise Invalid(
                _("These are no working hours."), fields={"working_hours": hours_problem(error)}
            ) from error
    actions.edit_profile(
        person,
        by=request.viewer,
        now=request.now,
        only_if=_unchanged(request, person_id),
        **changes,
    )
    return person_out(request, queries.person_for(request.viewer, person_id))


@router.put("/people/{person_id}/skills", response=PersonOut, operation_id="set_skills")
def set_skills(request: ApiRequest, person_id: UUID, payload: SkillsIn) -> PersonOut:
    """Replace what somebody offers, and wants, the dearest first."""
    require_scope(request, "people:write")
    actions.set_skills(
        queries.person_for(request.viewer, person_id),
        offered={offer.skill: offer.level for offer in payload.offers},
        wanted=payload.wants,
        by=request.viewer,
        now=request.now,
    )
    return person_out(request, queries.person_for(request.viewer, person_id))


@router.put("/people/{person_id}/pause", response=PersonOut, operation_id="set_pause")
def set_pause(request: ApiRequest, person_id: UUID, payload: PauseIn) -> PersonOut:
    """Take no sessions up to and including a day; null ends the pause now."""
    require_scope(request, "people:write")
    person = queries.person_for(request.viewer, person_id)
    actions.pause(person, payload.until, by=request.viewer, now=request.now)
    return person_out(request, queries.person_for(request.viewer, person_id))


def _unchanged(request: ApiRequest, person_id: UUID) -> Callable[[], None]:
    def check() -> None:
        now = queries.person_for(request.viewer, person_id)
        require_unchanged(request, person_out(request, now))

    return check
