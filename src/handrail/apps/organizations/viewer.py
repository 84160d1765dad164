"""Who asks: one value that every action and query gets instead of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid5

from handrail.apps.organizations.models import Grant, Organization


class ViewerKind(StrEnum):
    PERSON = "person"
    KEY = "key"  # an API key: acts for its owner, within its scopes
    DIRECTORY = "directory"  # a directory's key: brings people and teams in, and does nothing else
    SYSTEM = "system"  # worker, command line on the server, simulator set-up


@dataclass(frozen=True, slots=True)
class Viewer:
    """The asker within one organisation, with what was granted by name."""

    organization: Organization
    kind: ViewerKind
    person_id: int | None = None
    person_public_id: UUID | None = None
    membership_id: int | None = None
    grants: frozenset[str] = field(default_factory=frozenset)
    language: str = ""
    timezone: str = "UTC"
    scopes: frozenset[str] | None = None  # None: not bound by scopes
    label: str = "system"

    @property
    def is_system(self) -> bool:
        return self.kind is ViewerKind.SYSTEM

    @property
    def is_administrator(self) -> bool:
        return self.is_system or Grant.ADMINISTRATOR in self.grants

    @property
    def is_analyst(self) -> bool:
        return Grant.ANALYST in self.grants

    @property
    def is_auditor(self) -> bool:
        return Grant.AUDITOR in self.grants

    @property
    def actor(self) -> str:
        """The asker's name in records, and the owner of idempotency keys: never a person's text."""
        if self.kind is not ViewerKind.PERSON:
            return self.label
        if self.person_public_id is not None:
            return f"person:{self.person_public_id}"
        return f"member:{self.membership_id}"

    @property
    def account(self) -> UUID:
        """What a device calls the asker's own store: one name in each organisation, for ever.

        A key has its owner's: it acts for them.
        """
        own = self.person_public_id or f"member:{self.membership_id}"
        return uuid5(self.organization.public_id, f"account:{own}")

    def may(self, scope: str) -> bool:
        """Whether the key's scopes (if any) allow this, for example "people:read"."""
        return self.scopes is None or scope in self.scopes

    @classmethod
    def system(cls, organization: Organization, name: str = "system") -> Viewer:
        """The viewer for the worker and the command line."""
        return cls(organization=organization, kind=ViewerKind.SYSTEM, label=f"system:{name}")
