"""Who belongs where, what was allowed, and who did what."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from handrail.apps.organizations.models import (
    DONE_UNLESS_REFUSED,
    ApiKey,
    AuditEntry,
    ConsentPurpose,
    ConsentRecord,
    Grant,
    KeyKind,
    Membership,
    Organization,
    RoleGrant,
    User,
)
from handrail.apps.organizations.prepared import Place, Question
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import presenting_key, reading, signing_in
from handrail.apps.organizations.viewer import Viewer

# Asked with every request that a program makes.
_KEYS = Question(
    ApiKey,
    lambda keys: keys.filter(prefix=Place("prefix")),
    by_key=True,
    along="organization",
)


def memberships_of(user: User) -> list[Membership]:
    """The user's live places in all organisations, the newest first."""
    with signing_in(user.pk):
        return list(
            Membership.objects.filter(user=user, revoked_at=None, organization__erasing_since=None)
            .select_related("organization", "user")
            .order_by("-created_at", "-id")
        )


def organizations_of(user: User) -> list[Organization]:
    """The organisations the user may enter, by name."""
    found = [membership.organization for membership in memberships_of(user)]
    return sorted(found, key=lambda organization: (organization.name.casefold(), organization.pk))


def grants_of(membership: Membership) -> frozenset[str]:
    """The roles given by name, read inside the membership's organisation."""
    return frozenset(membership.grants.values_list("role", flat=True))


def members(viewer: Viewer) -> QuerySet[Membership]:
    """Everybody with a live place here, with their roles; for administrators and auditors."""
    if not (viewer.is_administrator or viewer.is_auditor):
        raise NotAllowed(_("Only an administrator or an auditor sees the list of members."))
    return (
        Membership.objects.filter(revoked_at=None)
        .select_related("user")
        .prefetch_related("grants")
        .order_by("user__email")
    )


def consent(subject: UUID, purpose: str) -> bool | None:
    """The subject's last word on a purpose; None if they were never asked. The one reader."""
    last = (
        ConsentRecord.objects.filter(subject=subject, purpose=ConsentPurpose(purpose), about="")
        .order_by("-recorded_at", "-id")
        .first()
    )
    return None if last is None else last.given


def extents(about: Collection[str], purpose: str) -> dict[tuple[UUID, str], str]:
    """How far each person lets each thing go: (subject, about) -> the extent last given.

    Whoever has given none, or has taken it back, is not in it.
    """
    found: dict[tuple[UUID, str], str] = {}
    said = ConsentRecord.objects.filter(purpose=ConsentPurpose(purpose), about__in=about)
    for record in said.order_by("recorded_at", "id"):
        found.pop((record.subject, record.about), None)
        if record.given:
            found[record.subject, record.about] = record.extent
    return found


def administrators() -> QuerySet[Membership]:
    """The live places of administrators, whoever asks: for what the house tells them by itself."""
    heads = RoleGrant.objects.filter(role=Grant.ADMINISTRATOR).values("membership_id")
    return Membership.objects.filter(pk__in=heads, revoked_at=None).select_related("user")


def is_allowed(subject: UUID, purpose: str) -> bool:
    """Whether this may be done for the subject: their last word, or what holds without one."""
    said = consent(subject, purpose)
    return ConsentPurpose(purpose) in DONE_UNLESS_REFUSED if said is None else said


def all_allow(subjects: Collection[UUID], purpose: str) -> bool:
    """Whether everybody of these allows it: what concerns several needs the word of each."""
    said = dict.fromkeys(subjects, ConsentPurpose(purpose) in DONE_UNLESS_REFUSED)
    records = ConsentRecord.objects.filter(
        subject__in=subjects, purpose=ConsentPurpose(purpose), about=""
    )
    for record in records.order_by("recorded_at", "id"):
        said[record.subject] = record.given
    return bool(said) and all(said.values())


@dataclass(frozen=True, slots=True)
class ConsentSaid:
    """One thing that somebody said on a purpose."""

    purpose: str
    given: bool
    text_version: str
    channel: str
    at: datetime


def consent_history(subject: UUID, purposes: Collection[str]) -> list[ConsentSaid]:
    """All that the subject ever said on these purposes, newest first."""
    said = ConsentRecord.objects.filter(subject=subject, purpose__in=purposes, about="")
    return [
        ConsentSaid(one.purpose, one.given, one.text_version, one.channel, one.recorded_at)
        for one in said.order_by("-recorded_at", "-id")
    ]


def consents_to_seal() -> QuerySet[ConsentRecord]:
    """The ledger's rows as they stand, for the seals over them and for nothing else."""
    return ConsentRecord.objects.order_by("pk")


def audit_entries(
    viewer: Viewer,
    *,
    actors: Collection[str] | None = None,
    verb: str = "",
    object_type: str = "",
) -> QuerySet[AuditEntry]:
    """Who did what, newest first; for administrators and auditors. `actors` None means anybody."""
    if not (viewer.is_administrator or viewer.is_auditor):
        raise NotAllowed(_("Only an administrator or an auditor reads the audit record."))
    wanted = {"verb": verb, "object_type": object_type}
    entries = AuditEntry.objects.filter(**{name: value for name, value in wanted.items() if value})
    if actors is not None:
        entries = entries.filter(actor__in=actors)
    return entries.order_by("-at", "-id")


def audit_kinds(viewer: Viewer) -> list[tuple[str, str]]:
    """Every verb with what it was done to, of which the record has a line."""
    kinds = audit_entries(viewer).order_by("verb", "object_type")
    return list(kinds.values_list("verb", "object_type").distinct())


def api_keys(viewer: Viewer) -> QuerySet[ApiKey]:
    """Own keys; an administrator sees everybody's. Digests are all that is kept of a secret."""
    keys = ApiKey.objects.select_related("membership__user").order_by("-created_at", "-id")
    if viewer.is_administrator:
        return keys
    return (
        keys.none()
        if viewer.membership_id is None
        else keys.filter(membership_id=viewer.membership_id)
    )


def digest_of(secret: str) -> str:
    """What is stored of a key; plain SHA-256 is enough, as the secret has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def api_key_by_secret(secret: str, now: datetime) -> ApiKey | None:
    """The live key behind a secret, with its membership and organisation; None if there is none."""
    parts = secret.split("_", 2)
    if len(parts) != 3 or parts[0] != "hr" or not parts[1]:
        return None
    digest = digest_of(secret)
    with presenting_key(parts[1]):
        for key in _KEYS.all(prefix=parts[1]):
            same = hmac.compare_digest(key.digest, digest)
            expired = key.expires_at is not None and key.expires_at <= now
            if same and not expired and key.revoked_at is None:
                return key if _owner_is_live(key) else None
    return None


def _owner_is_live(key: ApiKey) -> bool:
    """Whether the key's member still is one; a directory's key is the organisation's own."""
    if key.organization.erasing_since is not None:
        return False
    if key.kind == KeyKind.SCIM:
        return True
    with reading(key.organization):
        return Membership.objects.filter(pk=key.membership_id, revoked_at=None).exists()
