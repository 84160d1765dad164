"""Open Badges: a signed statement as a file that other systems read; off until switched on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.sealing import Unsealable, open_sealed, seal
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.records.attesting import attestation_for
from handrail.apps.records.models import Attestation, BadgeKey
from handrail.domain.records import Badge, credential_of, new_badge_key, public_jwk, sign_badge


def badge_keys() -> QuerySet[BadgeKey]:
    """Every key that badges were ever signed with, the oldest first."""
    return BadgeKey.objects.order_by("made_at", "pk")


def gives_badges() -> bool:
    """Whether badges are given out: an administrator said so, and nobody has ended it."""
    return BadgeKey.objects.filter(retired_at=None).exists()


def may_have_badge(viewer: Viewer, attestation: Attestation) -> bool:
    """Whether the viewer can take a statement along as a badge: it is about them, and it stands."""
    return (
        viewer.person_id is not None
        and attestation.mentee_id == viewer.person_id
        and attestation.revoked_at is None
        and gives_badges()
    )


def switch_badges(on: bool, *, by: Viewer, now: datetime) -> None:
    """Give badges out from now on, or no more; what was given out verifies as before."""
    _need_administrator(by)
    with writing(by.organization):
        if on == gives_badges():
            return
        _retire(now)
        made = _new_key(by, now) if on else None
        verb = "badges.on" if on else "badges.off"
        named = made.public_id if made else by.organization.public_id
        record_audit(by=by, verb=verb, object_type="key", object_id=named, now=now)


def rotate_badge_key(*, by: Viewer, now: datetime) -> BadgeKey:
    """Sign badges with a new key from now on; the one before stays on the list, secret gone."""
    _need_administrator(by)
    with writing(by.organization):
        if not gives_badges():
            raise Conflict(_("Badges are off. Switch them on first."), code="badges-off")
        _retire(now)
        made = _new_key(by, now)
        record_audit(
            by=by, verb="badge_key.rotated", object_type="key", object_id=made.public_id, now=now
        )
    return made


def badge_of(public_id: UUID, *, by: Viewer, now: datetime) -> str:
    """A statement as a badge, for the person it is about: a compact JWS."""
    with writing(by.organization):
        found = attestation_for(by, public_id)
        if found.mentee_id != by.person_id or not found.signed or not gives_badges():
            raise NotFound(_("There is no such statement."))
        if found.revoked_at is not None:
            raise Conflict(_("It was taken back by who signed it."), code="taken-back")
        key, secret = _key_in_use(by, now)
        record_audit(
            by=by,
            verb="attestation.badge",
            object_type="statement",
            object_id=found.public_id,
            now=now,
        )
        return sign_badge(credential_of(_badge(found)), secret, _key_address(key))


# What anybody may read who has an address, with no account at all.


def badge_key_list(organization: Organization) -> dict[str, Any]:
    """The organisation's keys for badges as a JWKS, those of before too."""
    with reading(organization):
        return {"keys": [_published(key) for key in badge_keys()]}


def badge_key(organization: Organization, public_id: UUID) -> dict[str, Any]:
    """One of its keys as a JWK: what a badge's `kid` leads to."""
    with reading(organization):
        found = badge_keys().filter(public_id=public_id).first()
        if found is None:
            raise NotFound(_("There is no such key."))
        return _published(found)


def badge_revocations(organization: Organization) -> dict[str, Any]:
    """What was taken back, as a 1EdTech revocation list.

    Its verifiers read the rows under either of two names, so both are there.
    """
    with reading(organization):
        gone = Attestation.objects.exclude(revoked_at=None).order_by("revoked_at", "pk")
        rows = [{"id": f"urn:uuid:{one.public_id}", "revoked": True} for one in gone]
    return {
        "id": _address("badge_revocations", organization),
        "issuer": _address("badge_issuer", organization),
        "revokedCredential": rows,
        "revokedCredentials": rows,
    }


def badge_issuer(organization: Organization) -> dict[str, Any]:
    """Who gives the badges out, as a Profile."""
    return {
        "id": _address("badge_issuer", organization),
        "type": ["Profile"],
        "name": organization.name,
        "url": settings.BASE_URL,
    }


def _badge(attestation: Attestation) -> Badge:
    organization, mentee = attestation.organization, attestation.mentee
    assert mentee is not None
    document = attestation.signed
    subject, said = document["credentialSubject"], document["statement"]
    with override(organization.language):
        criteria = _(
            "Held a session of %(n)d minutes about this with a mentor on %(day)s and wrote down "
            "what came out of it. %(mentor)s signed the statement. It is one person's word about "
            "one session, no score and no certificate."
        ) % {"n": subject["minutes"], "day": subject["heldOn"], "mentor": said["by"]}
        evidence = _("Fingerprint of what was written down: %(digest)s") % {
            "digest": subject["artifactDigest"]
        }
    return Badge(
        id=f"urn:uuid:{attestation.public_id}",
        # Of this one statement alone: two badges of one person cannot be laid side by side by it.
        subject=f"urn:uuid:{uuid5(attestation.public_id, 'subject')}",
        achievement=f"urn:uuid:{uuid5(attestation.public_id, 'achievement')}",
        issuer=_address("badge_issuer", organization),
        issuer_name=organization.name,
        issuer_page=settings.BASE_URL,
        revocations=_address("badge_revocations", organization),
        name=subject["objective"],
        statement=said["text"],
        criteria=criteria,
        evidence=evidence,
        person=subject["name"],
        email=mentee.email,
        salt=uuid5(attestation.public_id, "salt").hex,
        valid_from=attestation.made_at.astimezone(UTC).replace(microsecond=0),
    )


def _need_administrator(by: Viewer) -> None:
    if not by.is_administrator or by.kind is ViewerKind.KEY:
        raise NotAllowed(_("Only an administrator decides about badges."))


def _retire(now: datetime) -> None:
    BadgeKey.objects.filter(retired_at=None).update(retired_at=now, sealed="")


def _new_key(by: Viewer, now: datetime) -> BadgeKey:
    secret, public_id = new_badge_key(), uuid4()
    return BadgeKey.objects.create(
        organization=by.organization,
        public_id=public_id,
        jwk=public_jwk(secret),
        sealed=seal(secret, place=_place(by.organization.pk, public_id)),
        made_at=now,
    )


def _key_in_use(by: Viewer, now: datetime) -> tuple[BadgeKey, str]:
    key = BadgeKey.objects.get(retired_at=None)
    try:
        return key, open_sealed(key.sealed, place=_place(key.organization_id, key.public_id))
    except Unsealable:  # the server's own key is another one: what was signed still verifies
        _retire(now)
        key = _new_key(by, now)
        return key, open_sealed(key.sealed, place=_place(key.organization_id, key.public_id))


def _published(key: BadgeKey) -> dict[str, Any]:
    return {**key.jwk, "kid": _key_address(key), "alg": "RS256", "use": "sig"}


def _key_address(key: BadgeKey) -> str:
    where = [key.organization.public_id, key.public_id]
    return settings.BASE_URL + reverse("badge_key", args=where)


def _address(name: str, organization: Organization) -> str:
    return settings.BASE_URL + reverse(name, args=[organization.public_id])


def _place(organization: int, public_id: UUID) -> str:
    return f"{organization}:badge_key:{public_id}:sealed"
