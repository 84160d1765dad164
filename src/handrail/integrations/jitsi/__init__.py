"""Jitsi on a host of the organisation's own: an address that only a secret can guess."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode

from handrail.integrations.chat.fields import told
from handrail.integrations.chat.posting import ask
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.kinds import Field, Group, Kind, Opened
from handrail.integrations.meetings import ORDER

BYTES = 20  # of the digest: 32 signs of base32, none left over


def room_name(secret: str, session: str) -> str:
    """Lower-case base32 of the first 20 bytes of HMAC-SHA256(secret, "session:<id>")."""
    made = hmac.new(secret.encode(), f"session:{session}".encode(), hashlib.sha256).digest()
    return b32encode(made[:BYTES]).decode().lower()


def room_address(host: str, secret: str, session: str) -> str:
    """Where the people of this session talk; `host` is a name, with a port where it has one."""
    return f"https://{host}/{room_name(secret, session)}"


def _test(opened: Opened, outbound: Outbound) -> None:
    with told():
        ask(outbound, f"https://{opened.settings['host']}/")


KIND = Kind(
    code="jitsi",
    group=Group.MEETINGS,
    name="Jitsi Meet",
    docs="jitsi",
    fields=(
        Field("host", longest=200),
        Field("room_secret", secret=True, made_here=True),
        ORDER,
    ),
    test=_test,
)
