"""Sends one request as one role, and says in a word what came back."""

from __future__ import annotations

import json
import uuid
from http.cookies import SimpleCookie

from api_bodies import body, scim_body
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from doors import Door, api_path, page_path, scim_path
from page_forms import form
from players import PEOPLE, PLAYERS, Cast, viewer_of


def outcome(answer: HttpResponse) -> str:
    """yes, no (403), hidden (404), sign-in, or choose (no organisation of one's own)."""
    where = answer.headers.get("Location", "")
    if answer.status_code == 302 and where.startswith(reverse("account_login")):
        return "sign-in"
    if answer.status_code == 302 and where == reverse("choose_organization"):
        return "choose"
    words = {401: "sign-in", 403: "no", 404: "hidden"}
    if answer.status_code == 200 and b'"status": "parked"' in answer.content:
        # A refused operation is an outcome: what waits behind it goes on.
        code = answer.json()["results"][0]["code"]
        return {"not-found": "hidden", "not-allowed": "no"}.get(code, f"parked {code}")
    if answer.status_code >= 500:
        return f"broken {answer.status_code}"
    return words.get(answer.status_code, "yes")


def of_the_tests() -> transaction.Atomic:
    """A transaction in which even a durable one may be opened, as in Django's own test cases."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    return block


def signed_in(cast: Cast, role: str) -> SimpleCookie:
    """The cookies of a browser in which this role is signed in; none for who does not sign in."""
    client = Client()
    user = cast.operator if role == "operator" else cast.world.users.get(PLAYERS.get(role, ""))
    if user is not None:
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client.cookies


def ask(door: Door, cast: Cast, role: str, whose: str, cookies: SimpleCookie) -> str:
    """The outcome of one request; whatever it changed is undone."""
    send = {"page": _page, "api": _api, "scim": _scim}[door.kind]
    client = Client(raise_request_exception=False)
    with of_the_tests():
        answer = send(client, door, cast, role, whose, cookies)
        transaction.set_rollback(True)
    return outcome(answer)


def _page(
    client: Client, door: Door, cast: Cast, role: str, whose: str, cookies: SimpleCookie
) -> HttpResponse:
    client.cookies.load(cookies)
    if role in ("api_key", "scim"):
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {cast.secrets[role]}"
    path = page_path(door, cast, whose)
    if door.method == "GET":
        return client.get(path)
    return client.post(path, form(door, cast, whose))


def _api(
    client: Client, door: Door, cast: Cast, role: str, whose: str, cookies: SimpleCookie
) -> HttpResponse:
    headers = {"HTTP_IDEMPOTENCY_KEY": uuid.uuid4().hex}
    if secret := cast.secrets.get(role):
        headers["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    elif role == "operator":
        client.cookies.load(cookies)
    wish = body(door, cast, whose)
    if door.name == "send_operations":
        asker = viewer_of(cast.world, PLAYERS.get(role, "adam"))
        wish["ops"][0]["account"] = str(asker.account)
    content, kind = json.dumps(wish).encode(), "application/json"
    if door.name == "preview_people_import":
        content, kind = PEOPLE, "text/csv"
    if door.method in ("GET", "DELETE"):
        content = b""
    return client.generic(door.method, api_path(door, cast, whose), content, kind, **headers)


def _scim(
    client: Client, door: Door, cast: Cast, role: str, whose: str, cookies: SimpleCookie
) -> HttpResponse:
    client.cookies.load(cookies)
    headers = {}
    if secret := cast.secrets.get(role):
        headers["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    content = json.dumps(scim_body(door)) if door.method not in ("GET", "DELETE") else ""
    path = scim_path(door, cast, whose)
    return client.generic(door.method, path, content, "application/scim+json", **headers)
