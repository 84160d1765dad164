"""Two threads of one directory that send the same at the same moment; what they were answered.

Each waits, once it has looked whether the name is free, until the other has looked too: what comes
then is the database's to decide. Where writers are serial the second one does not get that far.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "handrail.site.settings"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from django.test import Client  # noqa: E402 - after setup

from factories.world import NOW, make_world  # noqa: E402
from handrail.apps.identity.actions import people, teams  # noqa: E402
from handrail.apps.identity.models import Entry  # noqa: E402
from handrail.apps.organizations.actions import create_api_key  # noqa: E402
from handrail.apps.organizations.models import AuditEntry  # noqa: E402
from handrail.apps.organizations.scope import reading, writing  # noqa: E402
from handrail.apps.people.models import Team  # noqa: E402

PATIENCE = 1.0  # seconds; whoever the other cannot reach goes on alone
Told = tuple[int, str]


def both_looked(module: Any, name: str) -> None:
    """Have whoever looks whether a name is free wait for the other, once a thread."""
    looks, meeting, waited = getattr(module, name), threading.Barrier(2), threading.local()

    def look_and_wait(*args: Any, **named: Any) -> Any:
        found = looks(*args, **named)
        if not getattr(waited, "once", False):
            waited.once = True
            with contextlib.suppress(threading.BrokenBarrierError):
                meeting.wait(PATIENCE)
        return found

    setattr(module, name, look_and_wait)


def at_once(secret: str, method: str, *asked: tuple[str, Any]) -> list[Told]:
    """What each of these requests is answered, sent at the same moment."""
    told: list[Told] = []

    def send(path: str, body: Any) -> None:
        answer = Client(raise_request_exception=False, SERVER_NAME="localhost").generic(
            method,
            f"/scim/v2/{path}",
            json.dumps(body),
            "application/scim+json",
            HTTP_AUTHORIZATION=f"Bearer {secret}",
        )
        told.append((answer.status_code, json.loads(answer.content).get("scimType", "")))

    threads = [threading.Thread(target=send, args=one) for one in asked]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(told)


def main() -> None:
    world = make_world()
    with writing(world.organization):
        adam, scopes = world.viewer("adam"), ["people:read", "people:write"]
        secret = create_api_key("Entra", scopes, by=adam, now=NOW, kind="scim")[1]
        teams_before = Team.objects.count()
    both_looked(people, "_only_once")
    both_looked(teams, "_name")
    twin = ("Users", {"userName": "twin@example.org", "externalId": "1", "active": True})
    crew = ("Groups", {"displayName": "Crew"})
    found: dict[str, Any] = {
        "people": at_once(secret, "POST", twin, twin),
        "teams": at_once(secret, "POST", crew, crew),
    }
    with reading(world.organization):
        made = Entry.objects.filter(handle="twin@example.org")
        found["made"] = [made.count(), Team.objects.count() - teams_before]
        found["written"] = AuditEntry.objects.filter(verb="person.added").count()
        ids = [str(world.person(name).public_id) for name in ("bob", "charlie")]
        team = Team.objects.get(name="Crew").public_id
    both_looked(teams, "_name")
    adds = [
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "add", "path": "members", "value": [{"value": one}]}],
        }
        for one in ids
    ]
    found["patches"] = at_once(secret, "PATCH", *((f"Groups/{team}", one) for one in adds))
    with reading(world.organization):
        found["members"] = Team.objects.get(name="Crew").named.count()
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
