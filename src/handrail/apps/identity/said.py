"""What a directory says of one person, in our words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from handrail.apps.organizations.models import Organization
from handrail.domain.scheduling import zones


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """One person: `rest` holds the other declared attributes as they came."""

    user_name: str
    email: str
    name: str
    external_id: str = ""
    active: bool | None = True  # None: nothing is said, so it stays as it is
    title: str = ""
    department: str = ""
    manager: str = ""  # a person's public id, or ""
    timezone: str = ""
    language: str = ""
    rest: dict[str, Any] = field(default_factory=dict)


def handle_of(user_name: str) -> str:
    """A user name as it is compared: composed, and without case."""
    composed = unicodedata.normalize("NFC", user_name)
    return unicodedata.normalize("NFC", composed.lower())


def zone_or(default: str, wanted: str) -> str:
    """The wanted time zone, or the default where there is no such one."""
    return wanted if wanted in zones() else default


def language_or(organization: Organization, wanted: str) -> str:
    """One of the languages on offer: `de-CH` asks for German."""
    short = wanted.replace("_", "-").partition("-")[0].lower()
    return short if short in dict(settings.LANGUAGES) else organization.language
