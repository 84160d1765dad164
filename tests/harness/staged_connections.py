"""Puts connections into a demo, for their pictures: one that works, one that fails, one out.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta
from typing import Any

WHO = "administrator"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.connections.actions import connect, rotate_secret
    from handrail.apps.connections.models import Connection, Delivery, DeliveryState
    from handrail.apps.connections.noting import note_failure
    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import reading
    from handrail.apps.organizations.viewer import Viewer

    now = timezone.now()
    organization = Organization.objects.get(is_demo=True)
    by = Viewer.system(organization, "pictures")
    with reading(organization):
        jobs = connect("recruitee", "Careers site", {}, {"signing": "x"}, by=by, now=now)
        note_failure(jobs.connection, "wrong-signature", now=now)
        code = connect("github", "Our repositories", {}, {}, by=by, now=now - timedelta(days=9))
        rotate_secret(code.connection.public_id, "signing", by=by, now=now)
        events = ["session.booked", "session.closed", "program.closed"]
        settings = {"address": "https://programs.invalid/handrail", "events": events}
        out = connect("webhooks", "Our data warehouse", settings, {}, by=by, now=now)
        for number, state in enumerate((DeliveryState.SENT, DeliveryState.GIVEN_UP)):
            Delivery.objects.create(
                organization=organization,
                connection=out.connection,
                kind=events[number],
                happened_at=now - timedelta(hours=number + 1),
                state=state,
                tries=1 + 9 * number,
                failure="broken-there" if number else "",
                purge_on=(now + timedelta(days=30)).date(),
            )
        Connection.objects.filter(pk=out.connection.pk).update(ok_at=now)
    _send(code.connection.address, code.made["signing"], now)
    pages = [
        ("connections-some", WHO, "/connections/"),
        ("connection-code", WHO, f"/connections/{code.connection.public_id}/"),
        ("accounts", WHO, "/settings/accounts/"),
        ("accounts-data", WHO, "/reports/data/"),
        ("connection-failing", WHO, f"/connections/{jobs.connection.public_id}/"),
        ("connection-out", WHO, f"/connections/{out.connection.public_id}/"),
        ("connection-edit", WHO, f"/connections/{out.connection.public_id}/edit/"),
    ]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


def _send(address: str, secret: str, now: datetime) -> None:
    """A merge of somebody nobody knows, and one whose author has a new shape."""
    from handrail.apps.connections.receiving import receive
    from handrail.apps.outbox.actions import drain
    from handrail.integrations.webhooks import SCHEMES, sign

    for number, author in enumerate(({"id": 4711, "login": "somebody"}, "somebody")):
        content: dict[str, Any] = {
            "action": "closed",
            "repository": {"full_name": "our/tool"},
            "pull_request": {
                "number": 7 + number,
                "merged": True,
                "merged_at": now.isoformat(),
                "user": author,
            },
        }
        body = json.dumps(content).encode()
        headers = {
            "x-hub-signature-256": sign(SCHEMES["github"], secret, body),
            "x-github-delivery": f"d-{number}",
            "x-github-event": "pull_request",
        }
        receive(address, headers, body, now=now)
    drain(now=now)


if __name__ == "__main__":
    main()
