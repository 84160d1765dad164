"""How each sender signs what it sends: one table, read by one function.

Sources are the senders' own pages, as of November 2026. To add a sender: a row here, a vector in
tests/integrations/webhooks, and a module beside this one that reads its events.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MINUTES_5 = 300


class Signed(StrEnum):
    """What the signature is made over."""

    BODY = "body"
    BODY_TIMESTAMP = "body, then the time, nothing between"
    ID_TIME_BODY = "id.time.body"
    VERSION_TIME_BODY = "v0:time:body"
    NOTHING = "the secret itself is sent"


@dataclass(frozen=True)
class Scheme:
    """Where a sender puts its proof and how it is made.

    `header` holds the signature after `prefix`, in `encoding` ("hex" or "base64") of an HMAC by
    `digest`. Where the sender tells when it signed, `time_header` says in seconds since 1970, or
    `time_field` names a field of the JSON body in milliseconds; older or younger than `tolerance`
    seconds is refused. `id_header` or `id_field` names the delivery. `several`: the header may hold
    more than one signature, with blanks between. `coded`: the secret is "whsec_" and base64.
    """

    name: str
    header: str
    prefix: str = ""
    digest: str = "sha256"
    encoding: str = "hex"
    signed: Signed = Signed.BODY
    tolerance: int | None = None
    time_header: str = ""
    time_field: str = ""
    id_header: str = ""
    id_field: str = ""
    several: bool = False
    coded: bool = False


def _standard(name: str, brand: str) -> Scheme:
    return Scheme(
        name=name,
        header=f"{brand}-signature",
        prefix="v1,",
        encoding="base64",
        signed=Signed.ID_TIME_BODY,
        tolerance=MINUTES_5,
        time_header=f"{brand}-timestamp",
        id_header=f"{brand}-id",
        several=True,
        coded=True,
    )


SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        _standard("standard", "webhook"),
        _standard("gitlab", "webhook"),
        Scheme(
            "gitlab-token",
            "x-gitlab-token",
            signed=Signed.NOTHING,
            id_header="idempotency-key",
        ),
        Scheme("github", "x-hub-signature-256", prefix="sha256=", id_header="x-github-delivery"),
        Scheme("gitea", "x-gitea-signature", id_header="x-gitea-delivery"),
        Scheme("forgejo", "x-forgejo-signature", id_header="x-forgejo-delivery"),
        Scheme("greenhouse", "signature", prefix="sha256 ", id_header="greenhouse-event-id"),
        Scheme("ashby", "ashby-signature", prefix="sha256=", id_field="webhookActionId"),
        Scheme("workable", "x-workable-signature"),
        Scheme("recruitee", "x-recruitee-signature"),
        Scheme(
            "bamboohr",
            "x-bamboohr-signature",
            signed=Signed.BODY_TIMESTAMP,
            tolerance=MINUTES_5,
            time_header="x-bamboohr-timestamp",
        ),
        Scheme("hibob", "bob-signature", digest="sha512", encoding="base64"),
        Scheme(
            "slack",
            "x-slack-signature",
            prefix="v0=",
            signed=Signed.VERSION_TIME_BODY,
            tolerance=MINUTES_5,
            time_header="x-slack-request-timestamp",
        ),
        Scheme("linear", "linear-signature", tolerance=60, time_field="webhookTimestamp"),
    )
}
