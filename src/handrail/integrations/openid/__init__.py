"""Sign-in with somebody else's provider (OpenID Connect, code flow with PKCE and a nonce)."""

from handrail.integrations.openid.provider import (
    Claims,
    Described,
    Mistrusted,
    Trouble,
    begin,
    describe,
    finish,
)

__all__ = ["Claims", "Described", "Mistrusted", "Trouble", "begin", "describe", "finish"]
