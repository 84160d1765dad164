"""Sends one request as one role, and says in a word what came back."""

from __future__ import annotations

import json
import uuid

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from doors import Door, api_path, body, form, page_path
from players import PEOPLE, PLAYERS, Cast


def outcome(answer: HttpResponse) -> str:
    """yes, no (403), hidden (404), sign-in, or choose (no organisation of one's own)."""
    where = answer.headers.get("Location", "")
    if answer.status_code == 302 and where.startswith(reverse("account_login")):
        return "sign-in"
    if answer.status_code == 302 and where == reverse("choose_organization"):
        return "choose"
    words = {401: "sign-in", 403: "no", 404: "hidden"}
    if answer.status_code >= 500:
        return f"broken {answer.status_code}"
    return words.get(answer.status_code, "yes")


def of_the_tests() -> transaction.Atomic:
    """A transaction in which even a durable one may be opened, as in Django's own test cases."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    return block


def ask(door: Door, cast: Cast, role: str, whose: str) -> str:
    """The outcome of one request; whatever it changed is undone."""
    send = _page if door.kind == "page" else _api
    with of_the_tests():
        answer = send(door, cast, role, whose)
        transaction.set_rollback(True)
    return outcome(answer)


def _page(door: Door, cast: Cast, role: str, whose: str) -> HttpResponse:
    client = Client(raise_request_exception=False)
    if role in PLAYERS:
        client.force_login(
            cast.world.users[PLAYERS[role]], "django.contrib.auth.backends.ModelBackend"
        )
    elif role == "operator":
        client.force_login(cast.operator, "django.contrib.auth.backends.ModelBackend")
    elif role in ("api_key", "scim"):
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {cast.secrets[role]}"
    path = page_path(door, cast, whose)
    if door.method == "GET":
        return client.get(path)
    return client.post(path, form(door, cast, whose))


def _api(door: Door, cast: Cast, role: str, whose: str) -> HttpResponse:
    client = Client(raise_request_exception=False)
    headers = {"HTTP_IDEMPOTENCY_KEY": uuid.uuid4().hex}
    if secret := cast.secrets.get(role):
        headers["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    elif role == "operator":
        client.force_login(cast.operator, "django.contrib.auth.backends.ModelBackend")
    content, kind = json.dumps(body(door, cast, whose)).encode(), "application/json"
    if door.name == "preview_people_import":
        content, kind = PEOPLE, "text/csv"
    if door.method in ("GET", "DELETE"):
        content = b""
    return client.generic(door.method, api_path(door, cast, whose), content, kind, **headers)
