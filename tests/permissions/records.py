"""A circle's own records: an export, a wish to be erased, a shared statement."""

from __future__ import annotations

from factories.world import NOW, World
from handrail.apps.organizations.consent_texts import say
from handrail.apps.organizations.scope import reading
from handrail.apps.records import attesting, badges, erasures, exporting
from handrail.apps.records.models import DataExport, ExportState
from handrail.apps.sessions.models import Session


def records_of(world: World, mentee: str, mentor: str, session_id: str) -> dict[str, str]:
    """What the mentee asked for, and what the mentor signed about the session with an artifact."""
    with reading(world.organization):
        by = {name: world.viewer(name) for name in (mentee, mentor)}
        export = exporting.ask_export("person", by=by[mentee], now=NOW)
        DataExport.objects.filter(pk=export.pk).update(state=ExportState.GONE)
        erasure = erasures.ask_erasure("", by=by[mentee], now=NOW)
        person = world.person(mentor).public_id
        say(person, "attestation", True, channel="web", by=by[mentor], now=NOW)
        session = Session.objects.select_related("booking", "organization").get(
            public_id=session_id
        )
        statement = attesting.attest(
            session, world.person(mentee), "Rebases alone.", by=by[mentor], now=NOW
        )
        attesting.share(statement, True, by=by[mentee], now=NOW)
        badges.switch_badges(True, by=world.viewer("adam"), now=NOW)
        badge_key = badges.badge_keys().get(retired_at=None)
    return {
        "export": str(export.public_id),
        "erasure": str(erasure.public_id),
        "statement": str(statement.public_id),
        "badge_key": str(badge_key.public_id),
        "organization": str(world.organization.public_id),
    }
