"""Puts what a directory said into the demo, for its pictures: who came, went, and moved.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

LEAD, ADMINISTRATOR = "Carla Berg", "Adele Winter"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.calendars.models import Seat
    from handrail.apps.identity.actions.people import add_person, change_person
    from handrail.apps.identity.models import Domain, Provider
    from handrail.apps.identity.said import PersonSaid
    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import writing
    from handrail.apps.organizations.viewer import Viewer
    from handrail.apps.people.models import Person
    from handrail.apps.programs.models import Enrolment

    now = timezone.now()
    organization = Organization.objects.get(is_demo=True)
    by = Viewer.system(organization, "pictures")
    with writing(organization):
        led = Enrolment.objects.filter(program__leads__person__name=LEAD, left_at=None)
        # Whoever has a session is looked at on other pages, and must be able to sign in there.
        away, moved = (
            Person.objects.filter(pk__in=led.values("person"))
            .exclude(name=LEAD)
            .exclude(pk__in=Seat.objects.values("person"))
            .order_by("name")[:2]
        )
        for name in ("Nora Lang", "Tove Haugen"):
            address = f"{name.split()[0].lower()}@directory.example"
            said = PersonSaid(address, address, name, title="Engineer", department="Platform")
            add_person(said, source="scim", by=by, now=now)
        for title in ("Engineer", "Senior engineer"):
            said = PersonSaid(moved.email, moved.email, moved.name, title=title)
            change_person(moved, said, source="scim", by=by, now=now)
        gone = PersonSaid(away.email, away.email, away.name, active=False)
        change_person(away, gone, source="scim", by=by, now=now)
        provider = Provider.objects.create(
            organization=organization,
            name="Entra",
            issuer="https://login.example.org",
            client_id="handrail",
            created_at=now,
            tried_at=now,
            tried_as="adele@example.org",
            failed_at=now,
            failure="stale",
            is_on=True,
        )
        Domain.objects.create(organization=organization, provider=provider, name="example.org")
        by_saml, fresh = (
            Provider.objects.create(
                organization=organization,
                kind="saml",
                name=name,
                client_id=name,
                created_at=now,
                **words,
            )
            for name, words in (("Works login", _described(now)), ("New login", {}))
        )
    sys.stdout.write(
        f"provider\t{ADMINISTRATOR}\t/settings/sign-in/{provider.public_id}/\n"
        f"provider-saml\t{ADMINISTRATOR}\t/settings/sign-in/{by_saml.public_id}/\n"
        f"provider-saml-new\t{ADMINISTRATOR}\t/settings/sign-in/{fresh.public_id}/\n"
        f"sign-in-list\t{ADMINISTRATOR}\t/settings/sign-in/\n"
        f"linked\t{LEAD}\t/settings/linked/\n"
        f"notices\t{ADMINISTRATOR}\t/people/notices/\n"
        f"notices-lead\t{LEAD}\t/people/notices/\n"
        f"people-notices\t{ADMINISTRATOR}\t/people/"
    )


def _described(now: datetime) -> dict[str, Any]:
    """A provider whose last certificate ends in three weeks."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "login.example.org")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=700))
        .not_valid_after(now + timedelta(days=21))
        .sign(key, hashes.SHA256())
    )
    return {
        "issuer": "https://login.example.org/metadata",
        "sign_in_url": "https://login.example.org/sign-in",
        "certificate": certificate.public_bytes(Encoding.PEM).decode(),
        "tried_at": now,
        "tried_as": "adele@example.org",
        "failed_at": now,
        "failure": "saml-unsigned",
        "is_on": True,
    }


if __name__ == "__main__":
    main()
