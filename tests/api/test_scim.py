"""A directory: conformance, the traps of Okta and Entra, access that ends, days that are asked."""

from __future__ import annotations

import json
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from django.core.signals import request_finished, request_started
from django.http import HttpResponse
from django.test import Client

from factories.world import NOW, World
from handrail.apps.identity.models import Notice
from handrail.apps.organizations.actions import create_api_key
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.people.models import Person
from handrail.site.wsgi import application

BASE = "http://localhost:8000/scim/v2"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def key(world: World, kind: str) -> str:
    with writing(world.organization):
        adam = world.viewer("adam")
        return create_api_key(
            "Entra", ["people:read", "people:write"], by=adam, now=NOW, kind=kind
        )[1]


class Directory:
    """Speaks to the door as a directory does."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __call__(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, HttpResponse]:
        answer = Client(raise_request_exception=False).generic(
            method,
            f"/scim/v2/{path}",
            b"" if body is None else json.dumps(body),
            "application/scim+json",
            HTTP_AUTHORIZATION=f"Bearer {self.secret}",
            **headers,
        )
        return answer.status_code, json.loads(answer.content) if answer.content else None, answer

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> tuple[int, Any]:
        body = {"schemas": [PATCH], "Operations": list(operations)}
        status, said, _answer = self("PATCH", path, body, **headers)
        return status, said


@pytest.fixture
def directory(fresh_world: World) -> Directory:
    return Directory(key(fresh_world, "scim"))


@pytest.mark.nightly  # by day the tests below ask what Okta and Entra do, line by line
def test_the_tester_of_the_standard_finds_nothing(
    fresh_world: World, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Read here, as that takes three seconds, and every process of the tests reads this file.
    from scim2_client.engines.wsgi import WSGISCIMClient
    from scim2_tester import Status, check_server
    from scim2_tester.utils import ResourceManager

    # What it made goes with this test's transaction; clearing up is none of its checks.
    monkeypatch.setattr(ResourceManager, "cleanup", lambda self: None)
    # Requests come in beside Django's test client, and must not close the test's connection.
    for signal in (request_started, request_finished):
        monkeypatch.setattr(signal, "receivers", [])
        monkeypatch.setattr(signal, "sender_receivers_cache", WeakKeyDictionary())
    headers = {"Authorization": f"Bearer {directory.secret}"}
    results = check_server(WSGISCIMClient(application, BASE, headers=headers))
    good = (Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE)
    wrong = [
        f"{one.title} {one.resource_type}: {one.reason} {one.data}"
        for one in results
        if one.status not in good
    ]
    assert wrong == []
    assert len(results) >= 90


@pytest.mark.nightly
def test_a_first_sync_asks_the_database_little(
    fresh_world: World, directory: Directory, django_assert_max_num_queries: Any
) -> None:
    bob = str(fresh_world.person("bob").public_id)
    directory("GET", "Users?count=1")  # that the key is in use is noted once an hour
    # Of a person 6 things are read and 8 written, and 2 hold them together; of nobody 3 are read.
    for name in ("first@example.org", "second@example.org"):
        with django_assert_max_num_queries(3):
            found = directory("GET", f'Users?filter=userName eq "{name}"')[1]
        assert found["totalResults"] == 0
        person = {"userName": name, "active": True, ENTERPRISE: {"manager": {"value": bob}}}
        with django_assert_max_num_queries(16):
            assert directory("POST", "Users", person)[0] == 201


def open_notices(world: World) -> list[tuple[str, str]]:
    with reading(world.organization):
        found = Notice.objects.filter(state="open").select_related("person")
        return [(one.person.name, one.kind) for one in found]


def test_a_person_comes_changes_and_goes_as_entra_and_okta_say_it(
    fresh_world: World, directory: Directory
) -> None:
    world = fresh_world
    # Entra asks first, without regard to case, and finds who came by a file.
    _status, found, _a = directory(
        "GET", f'Users?filter=userName eq "{world.person("bob").email.upper()}"'
    )
    bob = found["Resources"][0]
    assert (found["totalResults"], bob["id"]) == (1, str(world.person("bob").public_id))
    assert bob["groups"][0]["display"] == world.person("bob").team.name  # type: ignore[union-attr]
    # No mailbox: the user name is the address. Phones and the like reach no disk.
    status, nora, answer = directory(
        "POST",
        "Users",
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "userName": "nora@example.org",
            "externalId": "00u1",
            "name": {"givenName": "Nora", "familyName": "Lang"},
            "title": "Engineer",
            "phoneNumbers": [{"value": "+49 30 1234", "type": "work"}],
            "active": True,
            ENTERPRISE: {"department": "Platform", "manager": {"value": bob["id"]}},
        },
    )
    assert (status, answer["Location"]) == (201, f"{BASE}/Users/{nora['id']}")
    assert nora["emails"] == [{"value": "nora@example.org", "type": "work", "primary": True}]
    assert "phoneNumbers" not in nora
    assert (
        directory("POST", "Users", {"userName": "NORA@example.org"})[:2][1]["scimType"]
        == "uniqueness"
    )
    assert open_notices(world) == [("Nora Lang", "joined")]
    with reading(world.organization):
        person = Person.objects.get(public_id=nora["id"])
        assert person.manager == world.person("bob")
        assert person.membership is not None
    # A change that somebody overtook is refused, and one that nobody did is made.
    path, tag = f"Users/{nora['id']}", nora["meta"]["version"]
    replace = {"op": "Replace", "path": "displayName", "value": "Nora L."}
    assert directory.patch(path, replace, HTTP_IF_MATCH='W/"old"')[0] == 412
    status, said = directory.patch(path, replace, HTTP_IF_MATCH=tag)
    assert (status, said["displayName"]) == (200, "Nora L.")
    assert directory("GET", path, HTTP_IF_NONE_MATCH=said["meta"]["version"])[0] == 304
    # Paths as keys, with and without a schema; an address that a path's filter describes.
    status, said = directory.patch(
        path,
        {
            "op": "replace",
            "value": {"name.givenName": "Norah", f"{ENTERPRISE}:department": "Infrastructure"},
        },
        {"op": "Add", "path": 'emails[type eq "home"].value', "value": "n@example.net"},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": nora["id"]},
    )
    assert (status, said["scimType"]) == (400, "invalidValue")  # nobody is above themself
    status, said = directory.patch(
        path,
        {
            "op": "replace",
            "value": {"name.givenName": "Norah", f"{ENTERPRISE}:department": "Infrastructure"},
        },
        {"op": "Add", "path": 'emails[type eq "home"].value', "value": "n@example.net"},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": bob["id"]},
    )
    assert status == 200
    assert said["name"]["givenName"] == "Norah"
    assert [one["value"] for one in said["emails"]] == ["nora@example.org", "n@example.net"]
    # Her first day is not known yet, so this is the role she came for and no move.
    assert open_notices(world) == [("Nora L.", "joined")]
    # Another address keeps the place and its roles.
    status, _said = directory.patch(
        path, {"op": "replace", "path": 'emails[type eq "work"].value', "value": "lang@example.org"}
    )
    with reading(world.organization):
        person.refresh_from_db()
        assert person.membership is not None
        assert person.membership.user.email == "lang@example.org"
    # False as text ends access; the keys and sign-ins with it.
    client = Client()
    client.force_login(person.membership.user, "django.contrib.auth.backends.ModelBackend")
    client.get("/")
    own = create_own_key(world, person)
    assert Client().get("/api/v1/people", HTTP_AUTHORIZATION=f"Bearer {own}").status_code == 200
    status, said = directory.patch(path, {"op": "Replace", "path": "active", "value": "False"})
    assert (status, said["active"]) == (200, False)
    assert client.get("/people/")["Location"].startswith("/account/login/")
    assert Client().get("/api/v1/people", HTTP_AUTHORIZATION=f"Bearer {own}").status_code == 401
    # She had not begun, so it is one question: did she leave?
    assert open_notices(world) == [("Nora L.", "left")]
    # Okta turns her on again without a path: no question is left, and no leave was written.
    assert directory.patch(path, {"op": "replace", "value": {"active": True}})[0] == 200
    with reading(world.organization):
        person.refresh_from_db()
        assert person.pause_until is None
        assert not person.spells.exists()
    assert open_notices(world) == [("Nora L.", "joined")]
    # Taken out: the directory sees her no more, our records do; her name may come again.
    assert directory("DELETE", path)[0] == 204
    assert directory("GET", path)[0] == 404
    assert open_notices(world) == [("Nora L.", "left")]
    status, again, _a = directory("POST", "Users", {"userName": "nora@example.org", "active": True})
    assert (status, again["id"]) == (201, nora["id"])


def create_own_key(world: World, person: Person) -> str:
    from handrail.apps.people.queries import viewer_for_person

    with writing(world.organization):
        by = viewer_for_person(Person.objects.get(pk=person.pk))
        return create_api_key("mine", ["people:read"], by=by, now=NOW)[1]


def test_teams_filters_pages_bulk_and_who_may_not(fresh_world: World, directory: Directory) -> None:
    world = fresh_world
    bob, charlie = (str(world.person(name).public_id) for name in ("bob", "charlie"))
    members = [{"value": bob}, {"value": charlie}]
    status, team, _a = directory("POST", "Groups", {"displayName": "Crew", "members": members})
    assert (status, {one["value"] for one in team["members"]}) == (201, {bob, charlie})
    # Entra's way to take one person out: the value beside the path.
    status, said = directory.patch(
        f"Groups/{team['id']}", {"op": "Remove", "path": "members", "value": [{"value": bob}]}
    )
    assert [one["value"] for one in said["members"]] == [charlie]
    foreign = {"op": "add", "path": "members", "value": [{"value": team["id"]}]}
    assert directory.patch(f"Groups/{team['id']}", foreign)[1]["scimType"] == "invalidValue"
    # Whoever was in a team before stays in it: their own team is the first.
    with reading(world.organization):
        own = Person.objects.get(public_id=bob).team
        assert own is not None
        assert own.name != "Crew"
    # Order, pages by index and by cursor: every person once.
    _s, everybody, _a = directory("GET", "Users?sortBy=displayName&sortOrder=descending&count=200")
    names = [one["displayName"] for one in everybody["Resources"]]
    assert names == sorted(names, reverse=True)
    assert everybody["totalResults"] == len(names) > 4
    _s, second, _a = directory("GET", "Users?startIndex=3&count=2")
    assert (second["startIndex"], second["itemsPerPage"]) == (3, 2)
    seen, cursor = [], ""
    while True:
        _s, page, _a = directory("GET", f"Users?filter=active eq true&count=2&cursor={cursor}")
        seen += [one["id"] for one in page["Resources"]]
        if not (cursor := page.get("nextCursor", "")):
            break
        last = cursor
    assert len(seen) == len(set(seen)) == everybody["totalResults"]
    assert directory("GET", f"Users?cursor={last}")[1]["scimType"] == "invalidCursor"
    only = 'Users?filter=emails[value eq "%s"]&attributes=displayName'
    _s, page, _a = directory("GET", only % world.person("bob").email)
    assert [set(one) for one in page["Resources"]] == [{"schemas", "id", "displayName"}]
    assert directory("GET", "Users?filter=nonsense eq 1")[1]["scimType"] == "invalidFilter"
    # In bulk: each by itself, a failed one harms no other, what was made can be named.
    user = {"userName": "new@example.org", "emails": [{"value": "new@example.org"}]}
    crew = {"displayName": "New crew", "members": [{"value": "bulkId:one"}]}
    _s, said, _a = directory(
        "POST",
        "Bulk",
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [
                {"method": "POST", "path": "/Users", "bulkId": "one", "data": user},
                {"method": "POST", "path": "/Users", "bulkId": "two", "data": user},
                {"method": "POST", "path": "/Groups", "bulkId": "three", "data": crew},
                {"method": "DELETE", "path": f"/Groups/{team['id']}"},
            ],
        },
    )
    assert [one["status"] for one in said["Operations"]] == ["201", "409", "201", "204"]
    # Another organisation's people do not exist; a person's own key opens nothing here, and back.
    mallory = World(world.organization)  # nobody of ours
    assert directory("GET", f"Users/{mallory.organization.public_id}")[0] == 404
    assert Directory(key(world, "api"))("GET", "Users")[0] == 401
    api = Client().get("/api/v1/people", HTTP_AUTHORIZATION=f"Bearer {directory.secret}")
    assert api.status_code == 401
    # A directory's key is the organisation's: it goes on when whoever made it is switched off.
    adam = world.person("adam").public_id
    assert (
        directory.patch(f"Users/{adam}", {"op": "replace", "path": "active", "value": False})[0]
        == 200
    )
    assert directory("GET", f"Users/{adam}")[1]["active"] is False


def test_half_a_letter_is_refused_in_words_and_nobody_is_made(directory: Directory) -> None:
    said = {"userName": "half@example.org", "displayName": "\ud800"}
    status, told, _answer = directory("POST", "Users", said)
    assert (status, told["scimType"]) == (400, "invalidValue")
    assert directory("GET", 'Users?filter=userName eq "half@example.org"')[1]["totalResults"] == 0
