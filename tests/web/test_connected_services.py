"""Each kind of connection as the product runs: its wizard, its page, and secrets seen nowhere."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.connections.kinds import KINDS, kind_of
from handrail.apps.connections.models import Connection
from handrail.apps.organizations.actions import create_api_key
from handrail.apps.organizations.scope import reading, running_outbox
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.records import exporting
from handrail.integrations.kinds import Field, Form

SignedIn = Callable[[str], Client]
MARK = "bWFya2VkLXNlY3JldA"  # in each secret that is entered; base64, as some must be
SCOPES = ["connections:read", "connections:write"]


def entered(field: Field) -> Any:
    """Something that may stand in a field; a secret is marked, an address leads to nobody."""
    if field.form is Form.ADDRESS:
        return f"https://nobody.example.org/{MARK if field.secret else 'in'}"
    if field.secret:
        return f"whsec_{MARK}=="
    if field.choices:
        return list(field.choices) if field.form is Form.MANY else field.choices[0]
    return field.default or "git.example.org"


def everything_stored(world: World) -> str:
    """All that stands in the database, as one text."""
    found = io.StringIO()
    with reading(world.organization), database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
            found.write(str(cursor.fetchall()))
    return found.getvalue()


def connected(client: Client, code: str) -> tuple[Connection, list[str]]:
    """Set up by the wizard; and what every answer on the way held."""
    kind = kind_of(code)
    address = reverse("connection_new", args=[code])
    given = {field.name: entered(field) for field in kind.fields} | {"name": f"Our {code}"}
    asked = client.get(address)
    assert asked.status_code == 200
    refused = client.post(address, {**given, "name": ""})  # shows the form once more
    assert refused.status_code == 422
    done = client.post(address, given)
    assert done.status_code == 201, (code, done.content.decode())
    assert 'value="test"' in done.content.decode()  # "Send a test" is the next step
    return Connection.objects.get(name=f"Our {code}"), [
        page.content.decode() for page in (asked, refused, done)
    ]


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_is_set_up_tried_and_its_secrets_are_shown_nowhere(
    code: str, world: World, signed_in_as: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    adam = signed_in_as("adam")
    with reading(world.organization):
        found, seen = connected(adam, code)
        key = create_api_key("ours", SCOPES, by=world.viewer("adam"), now=NOW)[1]
    own = [found.public_id]
    page, do = reverse("connection", args=own), reverse("connection_do", args=own)
    tried = adam.post(do, {"do": "test"}, follow=True)
    assert tried.status_code == 200
    for part in ("Last success", "Last failure", "How to switch it off", "Send a test"):
        assert part in tried.content.decode(), part
    for address in (page, reverse("connection_edit", args=own), reverse("connections")):
        seen.append(adam.get(address).content.decode())
    assert f"Our {code}" in seen[-1]  # its line of health
    secret = next((field for field in kind_of(code).fields if field.secret), None)
    if secret is not None:
        wrong = {"field": secret.name, "secret": f"{MARK}\x07"}
        seen.append(adam.post(reverse("connection_secret", args=own), wrong).content.decode())
    api = {"Authorization": f"Bearer {key}"}
    for path in ("", f"/{own[0]}", f"/{own[0]}/events", f"/{own[0]}/deliveries"):
        answer = Client().get(f"/api/v1/connections{path}", headers=api)
        assert answer.status_code == 200, path
        seen.append(answer.content.decode())
    assert not [text for text in seen if MARK in text]
    assert MARK not in caplog.text
    assert MARK not in everything_stored(world)


def test_an_export_of_the_organisation_holds_no_secret(
    world: World, signed_in_as: SignedIn
) -> None:
    adam = signed_in_as("adam")
    with reading(world.organization):
        connected(adam, "github")
        connected(adam, "mattermost")
    asked = exporting.ask_export("organization", by=world.viewer("adam"), now=NOW)
    with running_outbox():
        row = OutboxRow.objects.get(kind="records.export")
    with reading(world.organization):
        exporting.make_export(row, NOW)
        with zipfile.ZipFile(exporting.path_of(asked)) as archive:
            names = archive.namelist()
            whole = {name: archive.read(name).decode("utf-8", "replace") for name in names}
    assert any("connections_connection" in name for name in names)
    assert not [name for name, text in whole.items() if MARK in text]
    sealed = [name for name in names if name.startswith("json/connections_connectionsecret")]
    assert not [name for name in sealed if "sealed" in json.loads(whole[name])[0]]
