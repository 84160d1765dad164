"""The way there and back: where a person is sent, and what their answer is exchanged for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oauthlib.oauth2 import WebApplicationClient

from handrail.integrations.guarded_http import Outbound
from handrail.integrations.oauth.tokens import post

Verifier = str
VERIFIER_LENGTH = 64


@dataclass(frozen=True, slots=True)
class App:
    """What the operator was given by the other side, and where it is asked."""

    client_id: str
    client_secret: str
    authorize: str
    token: str
    revoke: str  # empty where permissions are ended on the other side alone
    api: str
    scopes: tuple[str, ...]
    more: Mapping[str, str] = field(default_factory=dict)  # of the first address

    @property
    def as_words(self) -> dict[str, str]:
        """The same as plain words, for a source that reads with it."""
        return {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "token": self.token,
            "api": self.api,
        }


@dataclass(frozen=True, slots=True)
class Consent:
    """A lasting permission, and whether it covers what is needed."""

    refresh_token: str
    is_enough: bool


def new_verifier() -> Verifier:
    """A secret of this one way there: only who went there can exchange what comes back."""
    verifier: str = WebApplicationClient("").create_code_verifier(VERIFIER_LENGTH)
    return verifier


def begin(app: App, *, redirect_uri: str, state: str, verifier: Verifier) -> str:
    """The address that a person is sent to, to allow it or not."""
    client = WebApplicationClient(app.client_id)
    address: str = client.prepare_request_uri(
        app.authorize,
        redirect_uri=redirect_uri,
        scope=list(app.scopes),
        state=state,
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
        **app.more,
    )
    return address


def finish(
    outbound: Outbound, app: App, *, code: str, redirect_uri: str, verifier: Verifier
) -> Consent:
    """What the person's answer is worth; SignIn where it is nothing."""
    body = WebApplicationClient(app.client_id).prepare_request_body(
        code=code,
        redirect_uri=redirect_uri,
        code_verifier=verifier,
        client_secret=app.client_secret,
    )
    answer = post(outbound, app.token, body)
    given = answer.get("scope", list(app.scopes))
    # A person may untick a line; what lasts ("offline access") is shown by its token alone.
    needed = {scope for scope in app.scopes if scope != "offline_access"}
    names = {str(scope).rpartition("/")[2].lower() for scope in given}
    return Consent(
        refresh_token=str(answer.get("refresh_token", "")),
        is_enough={scope.rpartition("/")[2].lower() for scope in needed} <= names,
    )
