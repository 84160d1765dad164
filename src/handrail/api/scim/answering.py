"""What each request of a directory does: read, filter, make, replace, patch, remove, in bulk."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from scim2_models import (
    BulkOperation,
    BulkRequest,
    BulkResponse,
    Context,
    Error,
    InvalidSyntaxException,
    InvalidValueException,
    ListResponse,
    NotFoundException,
    PatchOp,
    PayloadTooLargeException,
    PreconditionFailedException,
    ResourceType,
    ResponseParameters,
    Schema,
    SCIMException,
)

from handrail.api.scim.asked_for import is_nobody
from handrail.api.scim.listing import EMPTY, SEARCHES, Source, listed
from handrail.api.scim.quirks import with_address, with_plain_manager
from handrail.api.scim.resources import (
    CONFIG,
    LARGEST_BULK,
    PROVIDER,
    Anything,
    Group,
    Person,
)
from handrail.api.scim.showing import (
    BASE,
    location,
    member_ids,
    said_of,
    shown_new,
    shown_people,
    shown_teams,
)
from handrail.apps.identity.actions import people, teams
from handrail.apps.identity.queries import directory_people, directory_teams
from handrail.apps.organizations.overtaken import once_more
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person as OurPerson
from handrail.apps.people.models import Team

SOURCE = "scim"
WISHES: dict[Any, Any] = {Person: ResponseParameters[Person], Group: ResponseParameters[Group]}
PERSON_PATCH, GROUP_PATCH, BULK = PatchOp[Person], PatchOp[Group], BulkRequest[Anything]
Answer = tuple[int, dict[str, Any] | None, dict[str, str]]  # status, body, headers


class Service:
    """One request: who asks, when, and with which conditions."""

    def __init__(self, by: Viewer, now: datetime, if_match: str = "", if_none: str = "") -> None:
        self.by, self.now, self.if_match, self.if_none = by, now, if_match, if_none

    # people

    def users(self) -> Source:
        return Source("User", Person, lambda: directory_people(self.by), shown_people)

    def person(self, public_id: str) -> OurPerson:
        found: OurPerson = self._one(directory_people(self.by), public_id)
        return found

    def read_user(self, public_id: str, query: dict[str, Any]) -> Answer:
        return self._read(shown_people([self.person(public_id)])[0], query, Person)

    def make_user(self, body: Any, query: dict[str, Any]) -> Answer:
        wanted = _valid(Person, with_address(body), Context.RESOURCE_CREATION_REQUEST)
        made = people.add_person(said_of(wanted), source=SOURCE, by=self.by, now=self.now)
        is_new = made.entry.created_at == self.now  # else somebody came back, and is read again
        shown = shown_new(made, wanted) if is_new else shown_people([made])[0]
        return self._wrote(shown, query, Person, Context.RESOURCE_CREATION_RESPONSE, 201)

    def put_user(self, public_id: str, body: Any, query: dict[str, Any]) -> Answer:
        wanted = _valid(Person, with_address(body), Context.RESOURCE_REPLACEMENT_REQUEST)

        def replaced(before: Any) -> Any:
            wanted.replace(before)
            return wanted

        shown = self._change_user(public_id, replaced)
        return self._wrote(shown, query, Person, Context.RESOURCE_REPLACEMENT_RESPONSE)

    def patch_user(self, public_id: str, body: Any, query: dict[str, Any]) -> Answer:
        patch = _valid(PERSON_PATCH, with_plain_manager(body), Context.RESOURCE_PATCH_REQUEST)
        shown = self._change_user(public_id, _patched(patch))
        return self._wrote(shown, query, Person, Context.RESOURCE_PATCH_RESPONSE)

    def remove_user(self, public_id: str) -> Answer:
        with writing(self.by.organization):
            person = self.person(public_id)
            self._require_match(shown_people([person])[0])
            people.remove_person(person, source=SOURCE, by=self.by, now=self.now)
        return 204, None, {}

    def _change_user(self, public_id: str, change: Callable[[Any], Any]) -> Any:
        with writing(self.by.organization):
            OurPerson.objects.select_for_update().filter(pk=self.person(public_id).pk).first()
            before = shown_people([self.person(public_id)])[0]
            self._require_match(before)
            after = change(before)
            person = self.person(public_id)
            said = said_of(after)
            if not said.manager and person.manager is not None:
                OurPerson.objects.filter(pk=person.pk).update(manager=None)
            people.change_person(person, said, source=SOURCE, by=self.by, now=self.now)
            return shown_people([self.person(public_id)])[0]

    # teams

    def groups(self) -> Source:
        return Source("Group", Group, lambda: directory_teams(self.by), shown_teams)

    def team(self, public_id: str) -> Team:
        found: Team = self._one(directory_teams(self.by), public_id)
        return found

    def read_group(self, public_id: str, query: dict[str, Any]) -> Answer:
        return self._read(shown_teams([self.team(public_id)])[0], query, Group)

    def make_group(self, body: Any, query: dict[str, Any]) -> Answer:
        wanted = _valid(Group, body, Context.RESOURCE_CREATION_REQUEST)
        made = teams.add_team(
            wanted.display_name,
            wanted.external_id or "",
            self._members(wanted),
            by=self.by,
            now=self.now,
        )
        shown = shown_teams([self.team(str(made.public_id))])[0]
        return self._wrote(shown, query, Group, Context.RESOURCE_CREATION_RESPONSE, 201)

    def put_group(self, public_id: str, body: Any, query: dict[str, Any]) -> Answer:
        wanted = _valid(Group, body, Context.RESOURCE_REPLACEMENT_REQUEST)

        def replaced(before: Any) -> Any:
            wanted.replace(before)
            return wanted

        shown = self._change_group(public_id, replaced)
        return self._wrote(shown, query, Group, Context.RESOURCE_REPLACEMENT_RESPONSE)

    def patch_group(self, public_id: str, body: Any, query: dict[str, Any]) -> Answer:
        patch = _valid(GROUP_PATCH, body, Context.RESOURCE_PATCH_REQUEST)
        shown = self._change_group(public_id, _patched(patch))
        return self._wrote(shown, query, Group, Context.RESOURCE_PATCH_RESPONSE)

    def remove_group(self, public_id: str) -> Answer:
        with writing(self.by.organization):
            team = self.team(public_id)
            self._require_match(shown_teams([team])[0])
            teams.remove_team(team, by=self.by, now=self.now)
        return 204, None, {}

    def _change_group(self, public_id: str, change: Callable[[Any], Any]) -> Any:
        with writing(self.by.organization):
            team = self.team(public_id)
            Team.objects.select_for_update().filter(pk=team.pk).first()
            before = shown_teams([team])[0]
            self._require_match(before)
            after = change(before)
            teams.change_team(
                team,
                after.display_name,
                after.external_id or "",
                self._members(after),
                by=self.by,
                now=self.now,
            )
            return shown_teams([self.team(public_id)])[0]

    def _members(self, group: Any) -> list[int]:
        wanted = list(dict.fromkeys(member_ids(group)))
        ids = [one for one in (_uuid(text) for text in wanted) if one is not None]
        found = dict(
            directory_people(self.by).filter(public_id__in=ids).values_list("public_id", "pk")
        )
        if len(found) != len(wanted):
            raise InvalidValueException(detail="A member is no person of this organisation.")
        return list(found.values())

    # lists

    def search(self, sources: list[Source], query: dict[str, Any], context: Context) -> Answer:
        if len(sources) == 1 and is_nobody(sources[0].kind, query):
            return 200, {**EMPTY, "startIndex": int(query.get("startIndex", 1))}, {}
        kind = sources[0].kind if len(sources) == 1 else ""
        wish = _valid(SEARCHES[kind], query, context)
        return 200, listed(sources, wish, self.now), {}

    # in bulk

    def bulk(self, body: Any) -> Answer:
        """Each operation by itself, in order; `bulkId:x` names what operation x made."""
        given = body.get("Operations") if isinstance(body, dict) else None
        if isinstance(given, list) and len(given) > LARGEST_BULK:
            raise PayloadTooLargeException(
                detail=f"Send at most {LARGEST_BULK} operations at once."
            )
        request = _valid(BULK, body, Context.BULK_REQUEST)
        made: dict[str, str] = {}
        done: list[dict[str, Any]] = []
        errors = 0
        for operation, raw in zip(request.operations, given or [], strict=True):
            answer = self._one_of_bulk(operation, raw, made)
            done.append(answer)
            errors += int(answer["status"]) >= 400
            if request.fail_on_errors and errors >= request.fail_on_errors:
                break
        return 200, {"schemas": [str(BulkResponse.__schema__)], "Operations": done}, {}

    def _one_of_bulk(
        self, operation: BulkOperation[Any], raw: Any, made: dict[str, str]
    ) -> dict[str, Any]:
        from handrail.api.scim.door import error_of  # the door knows every refusal's status

        told: dict[str, Any] = {"method": raw.get("method") if isinstance(raw, dict) else None}
        if operation.bulk_id:
            told["bulkId"] = operation.bulk_id
        if operation.status is not None:  # not readable at all: the request says why
            error = operation.response
            body = error.model_dump() if isinstance(error, Error) else {}
            return {**told, "status": str(operation.status), "response": body}
        asker = Service(self.by, self.now, if_match=operation.version or "")
        try:
            status, body_, headers = once_more(lambda: asker._dispatch(raw, made))
        except Exception as error:
            refused = error_of(error)
            told |= {"status": str(refused.status), "response": refused.model_dump()}
            if operation.resource_id:
                told["location"] = _absolute(raw["path"])
            return told
        told["status"] = str(status)
        where = headers.get("Location") or _absolute(_named(raw["path"], made))
        told["location"] = where
        if version := headers.get("ETag"):
            told["version"] = version
        if operation.bulk_id and body_ is not None:
            made[operation.bulk_id] = str(body_["id"])
        return told

    def _dispatch(self, raw: dict[str, Any], made: dict[str, str]) -> Answer:
        path = _named(str(raw["path"]), made)
        data = json.loads(_named(json.dumps(raw.get("data")), made))
        kind, _slash, public_id = path.strip("/").partition("/")
        calls: dict[tuple[str, str], Callable[..., Answer]] = {
            ("POST", "Users"): lambda: self.make_user(data, {}),
            ("PUT", "Users"): lambda: self.put_user(public_id, data, {}),
            ("PATCH", "Users"): lambda: self.patch_user(public_id, data, {}),
            ("DELETE", "Users"): lambda: self.remove_user(public_id),
            ("POST", "Groups"): lambda: self.make_group(data, {}),
            ("PUT", "Groups"): lambda: self.put_group(public_id, data, {}),
            ("PATCH", "Groups"): lambda: self.patch_group(public_id, data, {}),
            ("DELETE", "Groups"): lambda: self.remove_group(public_id),
        }
        call = calls.get((str(raw["method"]).upper(), kind))
        if call is None:
            raise NotFoundException(detail=f"There is nothing at {path}.")
        return call()

    # shared

    def _one(self, rows: Any, public_id: str) -> Any:
        wanted = _uuid(public_id)
        found = rows.filter(public_id=wanted).first() if wanted else None
        if found is None:
            raise NotFoundException(detail=f"There is no resource {public_id}.")
        return found

    def _read(self, shown: Any, query: dict[str, Any], model: Any) -> Answer:
        if self.if_none and shown.meta.version in _tags(self.if_none):
            return 304, None, {"ETag": shown.meta.version}
        return self._wrote(shown, query, model, Context.RESOURCE_QUERY_RESPONSE)

    def _wrote(
        self, shown: Any, query: dict[str, Any], model: Any, context: Context, status: int = 200
    ) -> Answer:
        wish = _valid(WISHES[model], query, Context.DEFAULT) if query else None
        body = shown.model_dump(scim_ctx=context, response_parameters=wish)
        headers = {"ETag": shown.meta.version}
        if status == 201:
            headers["Location"] = shown.meta.location
        return status, body, headers

    def _require_match(self, shown: Any) -> None:
        tags = _tags(self.if_match)
        if tags and "*" not in tags and shown.meta.version not in tags:
            raise PreconditionFailedException(
                detail="It was changed meanwhile. Read it again, then change it."
            )


def config() -> Answer:
    """What this service can do."""
    shown = CONFIG.model_copy(deep=True)
    body = shown.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    body["meta"] = {
        "resourceType": "ServiceProviderConfig",
        "location": location("ServiceProviderConfig", "").rstrip("/"),
    }
    return 200, body, {}


def resource_types(name: str | None = None) -> Answer:
    """Users and groups; or one of them."""
    return _described(list(PROVIDER.resource_types), "ResourceType", "ResourceTypes", name)


def schemas(name: str | None = None) -> Answer:
    """The attributes that are taken; or those of one schema."""
    return _described(list(PROVIDER.schemas), "Schema", "Schemas", name)


def _described(things: list[Any], kind: str, under: str, name: str | None) -> Answer:
    shown = []
    for thing in things:
        body = thing.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
        body["meta"] = {"resourceType": kind, "location": location(under, thing.id)}
        if name is not None and str(thing.id).lower() == name.lower():
            return 200, body, {}
        shown.append(body)
    if name is not None:
        raise NotFoundException(detail=f"There is no {kind} {name}.")
    model: Any = Schema if kind == "Schema" else ResourceType
    empty = ListResponse[model](
        total_results=0, start_index=1, items_per_page=len(shown), resources=None
    ).model_dump()
    return 200, {**empty, "totalResults": len(shown), "Resources": shown}, {}


def _patched(patch: Any) -> Callable[[Any], Any]:
    def change(before: Any) -> Any:
        patch.patch(before)
        return before

    return change


def _valid(model: Any, body: Any, context: Context) -> Any:
    if not isinstance(body, dict):
        raise InvalidSyntaxException(detail="Send one JSON object.")
    return model.model_validate(body, scim_ctx=context)


def _tags(header: str) -> set[str]:
    return {tag.strip() for tag in header.split(",") if tag.strip()}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _named(text: str, made: dict[str, str]) -> str:
    for bulk_id, public_id in made.items():
        text = text.replace(f"bulkId:{bulk_id}", public_id)
    return text


def _absolute(path: str) -> str:
    kind, _slash, public_id = path.strip("/").partition("/")
    return location(kind, public_id)


__all__ = ["BASE", "SCIMException", "Service", "config", "resource_types", "schemas"]
