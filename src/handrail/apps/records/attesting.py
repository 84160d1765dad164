"""Statements that mentors sign about artifacts, and the keys that they are signed with."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import ConsentPurpose, Organization
from handrail.apps.organizations.queries import is_allowed
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.sealing import Unsealable, open_sealed, seal
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import Person
from handrail.apps.records.models import Attestation, SigningKey
from handrail.apps.sessions.models import Artifact, Session
from handrail.domain.records import (
    CONTEXT,
    canonical,
    method_of,
    public_of,
    sign,
    write_secret,
)

LONGEST = 600  # characters of a statement


def may_attest(viewer: Viewer, session: Session) -> bool:
    """Whether the viewer mentored the session, and an artifact came out of it."""
    return (
        viewer.kind is ViewerKind.PERSON
        and Artifact.objects.filter(session=session).exists()
        and Seat.objects.filter(
            booking=session.booking, person_id=viewer.person_id or 0, role=SeatRole.MENTOR
        ).exists()
    )


def attestations_of(viewer: Viewer, session: Session) -> list[Attestation]:
    """The statements about a session's artifact that the viewer signed or is spoken of in."""
    mine = Attestation.objects.filter(artifact__session=session).select_related("mentor", "mentee")
    return [one for one in mine if viewer.person_id in (one.mentor_id, one.mentee_id)]


def attestation_for(viewer: Viewer, public_id: UUID) -> Attestation:
    """A statement for its two people, else NotFound."""
    found = Attestation.objects.select_related("mentor", "mentee", "key", "organization").filter(
        public_id=public_id
    )
    one = found.first()
    if (
        one is None
        or viewer.kind not in (ViewerKind.PERSON, ViewerKind.KEY)
        or viewer.person_id is None
        or viewer.person_id not in (one.mentor_id, one.mentee_id)
    ):
        raise NotFound(_("There is no such statement."))
    return one


def attest(
    session: Session, mentee: Person, statement: str, *, by: Viewer, now: datetime
) -> Attestation:
    """Sign a statement about what came out of a session; it cannot be changed afterwards.

    The document holds the artifact's digest and not its words: whoever has the words can hold them
    against it. Nobody sees it until the mentee shares it.
    """
    words = statement.strip()
    if not words or len(words) > LONGEST:
        problem = _("Write 1 to %(most)d characters.") % {"most": LONGEST}
        raise Invalid(problem, fields={"statement": problem})
    with writing(by.organization):
        if not may_attest(by, session):
            raise NotAllowed(_("Only who mentored a session signs a statement about it."))
        assert by.person_public_id is not None
        if not is_allowed(by.person_public_id, ConsentPurpose.ATTESTATION):
            raise Conflict(
                _("Allow first, in your settings, that statements are signed in your name."),
                code="consent-missing",
            )
        seats = Seat.objects.filter(booking=session.booking, role=SeatRole.MENTEE)
        if not seats.filter(person=mentee).exists():
            raise Invalid(_("Choose somebody who was in the session."))
        artifact = Artifact.objects.get(session=session)
        stands = Attestation.objects.filter(
            artifact=artifact, mentor_id=by.person_id, mentee=mentee, revoked_at=None
        )
        if stands.exists():
            raise Conflict(
                _("You have signed one already. Take it back first."), code="signed-already"
            )
        mentor = Person.objects.get(pk=by.person_id or 0)
        key = _key_in_use(by, now)
        public_id = uuid4()
        document = _document(public_id, session, artifact, mentor, mentee, words, key, now)
        options = {
            "created": _moment(now),
            "verificationMethod": method_of(key.public),
            "proofPurpose": "assertionMethod",
        }
        made = Attestation.objects.create(
            organization=by.organization,
            public_id=public_id,
            artifact=artifact,
            mentor=mentor,
            mentee=mentee,
            key=key,
            signed=sign(document, options, _secret_of(key)),
            made_at=now,
        )
        enqueue(
            "mail.statement_signed",
            ref={"statement": str(made.public_id)},
            dedupe=f"statement signed:{made.public_id}",
            due_at=now,
            stream=f"statement:{made.public_id}",
            now=now,
            organization=by.organization,
        )
        _audit("attestation.signed", made, by, now)
    return made


def share(attestation: Attestation, shared: bool, *, by: Viewer, now: datetime) -> None:
    """Let everybody who has the address see it, or nobody any more: the mentee's word alone."""
    with writing(by.organization):
        found = attestation_for(by, attestation.public_id)
        if found.mentee_id != by.person_id:
            raise NotAllowed(_("Only the person it speaks of shares it."))
        found.shared_at = now if shared else None
        found.save(update_fields=["shared_at"])
        _audit("attestation.shared" if shared else "attestation.unshared", found, by, now)


def revoke(attestation: Attestation, *, by: Viewer, now: datetime) -> None:
    """Take one's signature back: the list of what was taken back names it from now on."""
    with writing(by.organization):
        found = attestation_for(by, attestation.public_id)
        if found.mentor_id != by.person_id:
            raise NotAllowed(_("Only who signed it takes it back."))
        if found.revoked_at is None:
            found.revoked_at = now
            found.save(update_fields=["revoked_at"])
            _audit("attestation.revoked", found, by, now)


def rotate_key(*, by: Viewer, now: datetime) -> SigningKey:
    """Sign with a new key from now on; the secret of the old one is gone, what it signed holds."""
    if not by.is_administrator or by.kind is ViewerKind.KEY:
        raise NotAllowed(_("Only an administrator changes the key."))
    with writing(by.organization):
        SigningKey.objects.filter(retired_at=None).update(retired_at=now, sealed="")
        made = _key_in_use(by, now)
        record_audit(
            by=by, verb="signing_key.rotated", object_type="key", object_id=made.public_id, now=now
        )
    return made


def keys() -> QuerySet[SigningKey]:
    """Every key that something was ever signed with, the oldest first."""
    return SigningKey.objects.order_by("made_at", "pk")


# What anybody may read who has an address, with no account at all.


def organization_named(public_id: UUID) -> Organization:
    """The organisation of a public address."""
    found = Organization.objects.filter(public_id=public_id, erasing_since=None).first()
    if found is None:
        raise NotFound(_("There is no such statement."))
    return found


def shared_attestation(organization: Organization, public_id: UUID) -> Attestation:
    """A statement that its mentee shares now."""
    with reading(organization):
        found = Attestation.objects.exclude(shared_at=None).filter(public_id=public_id).first()
    if found is None or not found.signed:
        raise NotFound(_("There is no such statement."))
    return found


def key_list(organization: Organization) -> dict[str, Any]:
    """The organisation's keys for verifiers: those of today and those of before."""
    with reading(organization):
        return {
            "issuer": organization.name,
            "keys": [
                {
                    "id": method_of(key.public),
                    "type": "Multikey",
                    "publicKeyMultibase": key.public,
                    "from": _moment(key.made_at),
                    **({"until": _moment(key.retired_at)} if key.retired_at else {}),
                }
                for key in keys()
            ],
        }


def revocation_list(organization: Organization) -> dict[str, Any]:
    """What was signed and taken back again, by id alone."""
    with reading(organization):
        gone = Attestation.objects.exclude(revoked_at=None).order_by("revoked_at", "pk")
        return {
            "issuer": organization.name,
            "revoked": [
                {"id": f"urn:uuid:{one.public_id}", "at": _moment(one.revoked_at)} for one in gone
            ],
        }


def _document(
    public_id: UUID,
    session: Session,
    artifact: Artifact,
    mentor: Person,
    mentee: Person,
    words: str,
    key: SigningKey,
    now: datetime,
) -> dict[str, Any]:
    organization = session.organization
    written = {"learned": artifact.learned, "nextStep": artifact.next_step, "link": artifact.link}
    page = settings.BASE_URL + reverse("attested", args=[organization.public_id, public_id])
    lists = settings.BASE_URL + reverse("attested_revoked", args=[organization.public_id])
    return {
        "@context": [CONTEXT, {"@vocab": f"{settings.BASE_URL}/guide/mentor/#"}],
        "id": f"urn:uuid:{public_id}",
        "type": ["VerifiableCredential", "AttestedArtifact"],
        "issuer": {"id": f"did:key:{key.public}", "name": organization.name},
        "validFrom": _moment(now),
        "credentialSubject": {
            "name": mentee.name,
            "objective": session.objective,
            "heldOn": session.booking.starts_at.astimezone(UTC).date().isoformat(),
            "minutes": session.minutes,
            "artifactDigest": f"sha256:{hashlib.sha256(canonical(written)).hexdigest()}",
        },
        "statement": {"by": mentor.name, "text": words},
        "page": page,
        "revocationList": lists,
    }


def _key_in_use(by: Viewer, now: datetime) -> SigningKey:
    found = SigningKey.objects.filter(retired_at=None).first()
    if found is not None:
        try:
            _secret_of(found)
        except Unsealable:  # the server's own key is another one: what was signed still verifies
            SigningKey.objects.filter(pk=found.pk).update(retired_at=now, sealed="")
        else:
            return found
    secret = write_secret(Ed25519PrivateKey.generate())
    public_id = uuid4()
    return SigningKey.objects.create(
        organization=by.organization,
        public_id=public_id,
        public=public_of(secret),
        sealed=seal(secret, place=_place(by.organization.pk, public_id)),
        made_at=now,
    )


def _secret_of(key: SigningKey) -> str:
    return open_sealed(key.sealed, place=_place(key.organization_id, key.public_id))


def _place(organization: int, public_id: UUID) -> str:
    return f"{organization}:signing_key:{public_id}:sealed"


def _moment(at: datetime | None) -> str:
    assert at is not None
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _audit(verb: str, attestation: Attestation, by: Viewer, now: datetime) -> None:
    record_audit(
        by=by, verb=verb, object_type="statement", object_id=attestation.public_id, now=now
    )
