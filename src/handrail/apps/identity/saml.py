"""To a SAML provider and back: the question, the answer that its page sends, and who it names.

The provider's page sends the answer from elsewhere, so the browser keeps our cookie back. The
answer is proven first and kept for two minutes, and the browser goes on to a page of ours with a
word for it; there the cookie is back, and says whether this browser asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.transaction import atomic
from django.urls import reverse

from handrail.apps.identity.models import Provider, ProviderKind, SamlAnswer
from handrail.apps.organizations.scope import writing
from handrail.integrations.saml import (
    LEEWAY,
    Arrived,
    Distrusted,
    Trouble,
    is_installed,
    own_metadata,
    read_answer,
    way_there,
)
from handrail.integrations.saml.metadata import ends_of

ON_THE_WAY = timedelta(minutes=2)  # from the provider's answer to our own page
TOLD_BEFORE = timedelta(days=14)  # administrators, daily, until there is another certificate


@dataclass(frozen=True, slots=True)
class Said:
    """Who signed in, as a proven answer says."""

    subject: str
    email: str
    name: str
    others: tuple[str, ...]


def own_name(provider: Provider) -> str:
    """What we are called by this provider: the address of our metadata."""
    return settings.BASE_URL + reverse("saml_metadata", args=[provider.public_id])


def answer_to(provider: Provider) -> str:
    """The address that this provider's page sends answers to."""
    return settings.BASE_URL + reverse("saml_answer", args=[provider.public_id])


def metadata_for(provider: Provider) -> bytes:
    """Our metadata for this provider."""
    return own_metadata(own_name(provider), answer_to(provider))


def leave(provider: Provider, *, state: str, request: str, now: datetime) -> str:
    """The address of the provider's page with our question in it."""
    if not is_installed():
        raise Distrusted(Trouble.NOT_INSTALLED)
    if not provider.certificate:
        raise Distrusted(Trouble.NOT_SET_UP)
    return way_there(
        provider.sign_in_url,
        own=own_name(provider),
        answer_to=answer_to(provider),
        request=_id(request),
        state=state,
        now=now,
    )


def arrive(provider: Provider, written: str, *, now: datetime) -> str:
    """Prove an answer and keep it; the word that the browser goes on with, or Distrusted.

    Nothing is written of what does not hold, as anybody may send something here.
    """
    if not provider.certificate:
        raise Distrusted(Trouble.NOT_SET_UP)
    arrived = read_answer(
        written,
        issuer=provider.issuer,
        certificates=provider.certificate,
        own=own_name(provider),
        answer_to=answer_to(provider),
        now=now,
    )
    if not arrived.request:
        raise Distrusted(Trouble.UNASKED)
    word = secrets.token_urlsafe(32)
    with writing(provider.organization):
        SamlAnswer.objects.filter(provider=provider, keep_until__lte=now).delete()
        try:
            with atomic():
                SamlAnswer.objects.create(
                    organization=provider.organization,
                    provider=provider,
                    assertion=_hashed(arrived.assertion),
                    request=_hashed(arrived.request),
                    word=_hashed(word),
                    said=_said(arrived),
                    arrived_at=now,
                    keep_until=arrived.until + LEEWAY,
                )
        except IntegrityError:
            raise Distrusted(Trouble.REPLAYED) from None
    return word


def take(provider: Provider, word: str, *, request: str, now: datetime) -> Said:
    """Who signed in, once, for the browser that asked; Distrusted for every other."""
    with writing(provider.organization):
        mine = SamlAnswer.objects.filter(
            provider=provider, word=_hashed(word), taken_at=None, arrived_at__gt=now - ON_THE_WAY
        )
        kept = mine.first()
        # Taken by whoever comes with the word first, also where it is not theirs.
        if kept is None or not mine.filter(pk=kept.pk).update(taken_at=now, said={}):
            raise Distrusted(Trouble.REPLAYED)
    if not secrets.compare_digest(kept.request, _hashed(_id(request))):
        raise Distrusted(Trouble.OTHER_REQUEST)
    said: dict[str, Any] = kept.said
    return Said(**{**said, "others": tuple(said["others"])})


def forget_answers(now: datetime) -> None:
    """Forget what is good no more, and who signed in with what nobody came back for."""
    SamlAnswer.objects.filter(keep_until__lte=now).delete()
    SamlAnswer.objects.filter(taken_at=None, arrived_at__lte=now - ON_THE_WAY).update(said={})


def last_end(provider: Provider) -> datetime | None:
    """When the last of its certificates ends; None where it has none."""
    return max(ends_of(provider.certificate), default=None)


def providers_that_end(now: datetime) -> list[Provider]:
    """Those in use whose last certificate ends within the days in which that is told."""
    found = Provider.objects.filter(kind=ProviderKind.SAML, is_on=True).order_by("pk")
    return [
        one
        for one in found
        if (end := last_end(one)) is not None and now < end <= now + TOLD_BEFORE
    ]


def own_path(asked: Mapping[str, str]) -> str:
    """The page of ours that somebody wanted to see, where it is one."""
    wanted = asked.get("RelayState", "")
    return wanted if wanted.startswith("/") else ""


def _said(arrived: Arrived) -> dict[str, Any]:
    return {
        "subject": arrived.subject,
        "email": arrived.email,
        "name": arrived.name,
        "others": list(arrived.others)[:20],
    }


def _id(request: str) -> str:
    """An id as XML has them: it does not begin with a digit."""
    return f"_{request}"


def _hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()
