"""Organisations, their members and roles, the two ledgers, and API keys."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from handrail.apps.organizations.models import (
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
from handrail.apps.organizations.prepared import Addition
from handrail.apps.organizations.queries import api_keys, digest_of
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.signals import audited
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.domain.scheduling import zones

_AUDIT = Addition(AuditEntry)
API_SCOPES = frozenset(
    f"{room}:{right}"
    for room in (
        "people",
        "programs",
        "matches",
        "sessions",
        "answers",
        "retreats",
        "reports",
        "connections",
        "hiring",
        "records",
    )
    for right in ("read", "write")
)


def create_organization(
    name: str,
    *,
    slug: str | None = None,
    timezone: str = "UTC",
    language: str = "en",
    is_demo: bool = False,
    now: datetime,
) -> Organization:
    """A new, empty organisation; made by whoever runs the server."""
    fields = _organization_fields(name=name, timezone=timezone, language=language)
    with transaction.atomic():
        organization = Organization.objects.create(
            **fields, slug=_free_slug(slug or name), is_demo=is_demo, created_at=now
        )
        with reading(organization):
            record_audit(
                by=Viewer.system(organization, "operator"),
                verb="create",
                object_type="organization",
                object_id=organization.public_id,
                now=now,
            )
    return organization


def edit_organization(
    organization: Organization,
    *,
    name: str,
    timezone: str,
    language: str,
    by: Viewer,
    now: datetime,
) -> Organization:
    """Change what members see of their organisation."""
    _only_administrator(by, organization)
    fields = _organization_fields(name=name, timezone=timezone, language=language)
    with writing(organization):
        Organization.objects.filter(pk=organization.pk).update(**fields)
        organization.refresh_from_db()
        record_audit(
            by=by,
            verb="edit",
            object_type="organization",
            object_id=organization.public_id,
            now=now,
        )
    return organization


def add_member(organization: Organization, email: str, *, now: datetime, by: Viewer) -> Membership:
    """Give this address a place here; the identity behind it may be a member elsewhere too."""
    _only_administrator(by, organization)
    address = _address(email)
    with writing(organization):
        user = User.objects.filter(email=address).first()
        if user is None:
            user = User.objects.create_user(address)
        membership, _created = Membership.objects.get_or_create(
            organization=organization, user=user, defaults={"created_at": now}
        )
        if membership.revoked_at is not None:
            membership.revoked_at = None
            membership.save(update_fields=["revoked_at"])
        record_audit(by=by, verb="add", object_type="membership", object_id=membership.pk, now=now)
    return membership


def revoke_member(membership: Membership, *, by: Viewer, now: datetime) -> None:
    """Take the place, its roles and its API keys away at once; records keep their author."""
    _only_administrator(by, membership.organization)
    with writing(membership.organization):
        here = _mine(membership)
        _keep_an_administrator(here)
        Membership.objects.filter(pk=here.pk, revoked_at=None).update(revoked_at=now)
        # A directory's key belongs to the organisation, whoever made it.
        keys = ApiKey.objects.filter(membership=here, kind=KeyKind.API, revoked_at=None)
        keys.update(revoked_at=now)
        # Whoever comes back starts without roles.
        RoleGrant.objects.filter(membership=here).delete()
        record_audit(by=by, verb="revoke", object_type="membership", object_id=here.pk, now=now)


def grant_role(membership: Membership, role: str, *, by: Viewer, now: datetime) -> RoleGrant:
    """Give a role by name; giving it twice is giving it once."""
    _only_administrator(by, membership.organization)
    with writing(membership.organization):
        here = _mine(membership)
        grant, created = RoleGrant.objects.get_or_create(
            organization=membership.organization,
            membership=here,
            role=_role(role),
            defaults={"granted_at": now},
        )
        if created:
            record_audit(
                by=by,
                verb="grant",
                object_type="membership",
                object_id=here.pk,
                detail={"role": role},
                now=now,
            )
    return grant


def revoke_role(membership: Membership, role: str, *, by: Viewer, now: datetime) -> None:
    """Take a role away; the last administrator keeps theirs."""
    _only_administrator(by, membership.organization)
    with writing(membership.organization):
        here = _mine(membership)
        if _role(role) == Grant.ADMINISTRATOR:
            _keep_an_administrator(here)
        deleted, _by_model = RoleGrant.objects.filter(membership=here, role=role).delete()
        if deleted:
            record_audit(
                by=by,
                verb="withdraw",
                object_type="membership",
                object_id=here.pk,
                detail={"role": role},
                now=now,
            )


def record_consent(
    subject: UUID,
    purpose: str,
    given: bool,
    *,
    text_version: str,
    channel: str,
    by: Viewer,
    now: datetime,
    about: str = "",
    extent: str = "",
) -> ConsentRecord:
    """Write one line of the ledger: only the person themself speaks for themself."""
    if not by.is_system and by.person_public_id != subject:
        raise NotAllowed(_("Only the person themself can allow or withdraw this."))
    if purpose not in ConsentPurpose.values:
        raise Invalid(_("There is no such purpose."), fields={"purpose": purpose})
    with writing(by.organization):
        record = ConsentRecord.objects.create(
            organization=by.organization,
            subject=subject,
            purpose=purpose,
            given=given,
            about=about,
            extent=extent,
            text_version=text_version,
            channel=channel,
            recorded_at=now,
        )
        record_audit(
            by=by,
            verb="consent" if given else "withdraw consent",
            object_type="person",
            object_id=subject,
            detail={"purpose": purpose},
            now=now,
        )
    return record


def record_audit(
    *,
    by: Viewer,
    verb: str,
    object_type: str,
    object_id: object,
    detail: dict[str, Any] | None = None,
    now: datetime,
) -> AuditEntry:
    """Write one line of who did what, in the caller's transaction; `detail` holds no texts."""
    entry = AuditEntry(
        organization=by.organization,
        at=now,
        actor=by.actor,
        verb=verb,
        object_type=object_type,
        object_id=str(object_id),
        detail=detail or {},
    )
    _AUDIT.add(entry)
    audited.send(AuditEntry, entry=entry, by=by, now=now)
    return entry


def create_api_key(
    name: str,
    scopes: Iterable[str],
    *,
    by: Viewer,
    now: datetime,
    expires_at: datetime | None = None,
    kind: str = KeyKind.API,
) -> tuple[ApiKey, str]:
    """A key that acts for the asker within these scopes; the secret is shown this once only."""
    if by.kind is not ViewerKind.PERSON or by.membership_id is None:
        raise NotAllowed(_("Sign in to make an API key: a key cannot make another one."))
    if kind == KeyKind.SCIM and not by.is_administrator:
        raise NotAllowed(_("Only an administrator can connect a directory."))
    wanted = sorted(set(scopes))
    problems: dict[str, str] = {}
    if not name.strip():
        problems["name"] = _("Give the key a name.")
    if not wanted or not set(wanted) <= API_SCOPES:
        problems["scopes"] = _("Choose at least one of the listed scopes.")
    if expires_at is not None and expires_at <= now:
        problems["expires_at"] = _("Choose a moment in the future.")
    if problems:
        raise Invalid(_("The key was not made. Correct the marked fields."), fields=problems)
    prefix = secrets.token_hex(6)
    secret = f"hr_{prefix}_{secrets.token_urlsafe(32)}"
    with writing(by.organization):
        key = ApiKey.objects.create(
            organization=by.organization,
            membership_id=by.membership_id,
            kind=KeyKind(kind),
            name=name.strip()[:80],
            prefix=prefix,
            digest=digest_of(secret),
            scopes=wanted,
            created_at=now,
            expires_at=expires_at,
        )
        record_audit(
            by=by,
            verb="create",
            object_type="api key",
            object_id=key.public_id,
            detail={"scopes": wanted},
            now=now,
        )
    return key, secret


def revoke_api_key(public_id: UUID, *, by: Viewer, now: datetime) -> ApiKey:
    """End a key at once: one's own, or as administrator anybody's."""
    if by.kind is ViewerKind.KEY:
        raise NotAllowed(_("Sign in to revoke an API key."))
    with writing(by.organization):
        key = api_keys(by).filter(public_id=public_id).first()
        if key is None:
            raise NotFound(_("There is no such API key."))
        if key.revoked_at is None:
            key.revoked_at = now
            key.save(update_fields=["revoked_at"])
            record_audit(
                by=by, verb="revoke", object_type="api key", object_id=key.public_id, now=now
            )
    return key


def note_key_use(key: ApiKey, *, now: datetime) -> None:
    """Remember that the key is in use, once an hour at most: reading stays reading."""
    if key.last_used_at is None or now - key.last_used_at >= timedelta(hours=1):
        with writing(key.organization):
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def _organization_fields(*, name: str, timezone: str, language: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not name.strip() or len(name.strip()) > 200:
        problems["name"] = _("Give a name of 1 to 200 characters.")
    if timezone not in zones():
        problems["timezone"] = _("Choose a time zone such as Europe/Berlin.")
    if language not in dict(settings.LANGUAGES):
        problems["language"] = _("Choose one of the languages on offer.")
    if problems:
        raise Invalid(_("The organisation was not saved. Correct the fields."), fields=problems)
    return {"name": name.strip(), "timezone": timezone, "language": language}


def _free_slug(text: str) -> str:
    base = slugify(text)[:40] or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def _address(email: str) -> str:
    address = User.objects.normalize_email(email.strip()).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(
            _("This is not an e-mail address."), fields={"email": _("Enter an e-mail address.")}
        ) from None
    return address


def _role(role: str) -> Grant:
    if role not in Grant.values:
        raise Invalid(_("There is no such role."), fields={"role": role})
    return Grant(role)


def _only_administrator(by: Viewer, organization: Organization) -> None:
    if by.organization.pk != organization.pk:
        raise NotFound(_("There is no such organisation."))
    if not by.is_administrator or not (by.is_system or by.kind is ViewerKind.PERSON):
        raise NotAllowed(_("Only an administrator can do this."))


def _mine(membership: Membership) -> Membership:
    """The membership as it stands, locked, so that two administrators cannot remove each other."""
    administrators = RoleGrant.objects.filter(role=Grant.ADMINISTRATOR).order_by("pk")
    list(administrators.select_for_update().values_list("pk", flat=True))
    return Membership.objects.select_for_update().get(pk=membership.pk)


def _keep_an_administrator(leaving: Membership) -> None:
    administrators = RoleGrant.objects.filter(role=Grant.ADMINISTRATOR, membership__revoked_at=None)
    if (
        administrators.filter(membership=leaving).exists()
        and not administrators.exclude(membership=leaving).exists()
    ):
        raise Conflict(
            _("This is the last administrator. Name another one first."), code="last-administrator"
        )
