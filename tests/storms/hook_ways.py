"""Each scheme eight ways, to a served house over HTTP.

python hook_ways.py

Prints one JSON object: for each scheme what each way was answered, and what is stored afterwards.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from typing import Any

KEY, OTHER = "whsec_b3Vycw==", "whsec_dGhlaXJz"


def ways(port: int, address: str, name: str) -> dict[str, int]:
    """The status that each of the eight ways is answered with."""
    from factories.deliveries import SCHEME_OF, USED
    from handrail.integrations.webhooks import SCHEMES, sign

    scheme = SCHEMES[name]
    content, extra = USED[SCHEME_OF.get(name, name)]
    body = json.dumps(content).encode()

    def send(sent: bytes, *, key: str = KEY, signed: bytes | None = None, **how: Any) -> int:
        moment = str(int(time.time() + how.get("late", 0))) if scheme.time_header else ""
        ident = how.get("ident", "w-1") if scheme.id_header else ""
        made = sign(scheme, key, sent if signed is None else signed, time=moment, ident=ident)
        headers = {**extra, "content-type": "application/json", scheme.header: made}
        headers |= {scheme.time_header: moment} if moment else {}
        headers |= {scheme.id_header: ident} if ident else {}
        if how.get("bare"):
            del headers[scheme.header]
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            line.request("POST", f"/hooks/{address}", sent, headers)
            return line.getresponse().status
        finally:
            line.close()

    return {
        "wrong key": send(body, key=OTHER),
        "no header": send(body, bare=True),
        "changed": send(body.replace(b"}", b" }", 1), signed=body),
        "stale": send(body, late=-360) if scheme.tolerance else 401,
        "too large": send(b" " * ((1 << 20) + 1)),
        "good": send(body),
        "again": send(body),
        "not UTF-8": send(b"\xff\xfe{", ident="w-2"),
    }


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django

    django.setup()
    from django.utils import timezone
    from hook_burst import House

    from factories.deliveries import RECEIVING, SCHEME_OF
    from handrail.apps.connections.actions import connect
    from handrail.apps.connections.models import Event
    from handrail.apps.organizations.actions import create_organization
    from handrail.apps.organizations.scope import reading
    from handrail.apps.organizations.viewer import Viewer

    now = timezone.now()
    organization = create_organization("Ways", now=now)
    by = Viewer.system(organization, "ways")
    house, found = House(early=False), {}
    try:
        for name in RECEIVING:
            secrets = {"token" if name == "gitlab-token" else "signing": KEY}
            with reading(organization):
                made = connect(
                    SCHEME_OF.get(name, name), name, {"host": "h.example"}, secrets, by=by, now=now
                )
            told = ways(house.port, made.connection.address, name)
            with reading(organization):
                stored = Event.objects.filter(connection=made.connection).count()
            found[name] = {**told, "stored": stored}
    finally:
        house.kill()
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
