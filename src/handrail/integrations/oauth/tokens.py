"""Tokens: one for the next hour out of the lasting one, and the end of both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

from handrail.integrations.busy_sources import Asked, SignIn
from handrail.integrations.guarded_http import Outbound, Unfetched, Why
from handrail.integrations.ics_feed import Refused

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
# What asking again later may cure; every other answer means that the permission has ended.
PASSES = ("temporarily_unavailable", "server_error", "slow_down")


def access_token(asked: Asked) -> str:
    """A token for one reading, kept nowhere; a lasting one that was renewed is handed on first."""
    app = asked.app
    body = WebApplicationClient(app["client_id"]).prepare_refresh_body(
        refresh_token=asked.secret["refresh_token"],
        client_id=app["client_id"],
        client_secret=app["client_secret"],
    )
    answer = post(asked.outbound, app["token"], body)
    renewed = str(answer.get("refresh_token") or "")
    if renewed and renewed != asked.secret["refresh_token"]:
        asked.keep({**asked.secret, "refresh_token": renewed})
    return str(answer["access_token"])


def revoke(outbound: Outbound, address: str, token: str) -> None:
    """End a permission on the other side; one that has ended already is no error."""
    answer = outbound.ask(
        address, method="POST", headers=FORM, content=urlencode({"token": token}).encode()
    )
    if answer.status not in (200, 400):
        raise Refused(answer.status)


def post(outbound: Outbound, address: str, body: str) -> Mapping[str, Any]:
    """The tokens for a form; SignIn where there are none and will be none."""
    answer = outbound.ask(address, method="POST", headers=FORM, content=body.encode())
    if answer.status >= 500 or answer.status == 429:
        raise Refused(answer.status)
    try:
        text = answer.body.decode()
        json.loads(text)
        said: Mapping[str, Any] = WebApplicationClient("").parse_request_body_response(text)
    except OAuth2Error as error:
        if error.error in PASSES:
            raise Refused(503) from None
        raise SignIn from None
    except (ValueError, RecursionError):
        raise Unfetched(Why.GARBLED) from None
    return said
