"""Permission to read somebody's calendar, given on the other side's own page (OAuth 2, PKCE)."""

from handrail.integrations.oauth.consent import (
    App,
    Consent,
    Verifier,
    begin,
    finish,
    new_verifier,
)
from handrail.integrations.oauth.tokens import access_token, revoke

__all__ = [
    "App",
    "Consent",
    "Verifier",
    "access_token",
    "begin",
    "finish",
    "new_verifier",
    "revoke",
]
