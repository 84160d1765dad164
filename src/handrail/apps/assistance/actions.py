"""Switching drafts on for a program, having one written, and making it one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.assistance.models import AssistedProgram, AssistedText
from handrail.apps.assistance.queries import allowed_in, endpoint, prepare
from handrail.apps.connections.noting import note_failure, note_ok
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import require_run
from handrail.apps.sessions.actions import SavedText, save_text
from handrail.apps.sessions.models import RoomField, Session
from handrail.integrations import assistance
from handrail.integrations.chat import Failed
from handrail.integrations.chat.fields import trouble_of

SALT = "handrail.assistance.draft"
GOOD_FOR = timedelta(hours=12)
TASK = (
    "These are notes of a short mentoring session, without names. Write in at most three plain"
    " sentences what was learned or decided. Use nothing that is not in the notes, judge nobody,"
    " and write in this language: {language}."
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that is kept nowhere; `word` proves who wrote it, for whom and out of what."""

    text: str
    model: str
    word: str


def allow_in(program: Program, on: bool, *, by: Viewer, now: datetime) -> None:
    """Switch drafts on or off for a program; off is how every program begins."""
    require_run(by, program, "programs:write")
    with writing(by.organization):
        if on == allowed_in(program):
            return
        if on:
            AssistedProgram.objects.create(
                organization=by.organization, program=program, allowed_at=now
            )
        else:
            AssistedProgram.objects.filter(program=program).delete()
        record_audit(
            by=by,
            verb="program.assistance_on" if on else "program.assistance_off",
            object_type="program",
            object_id=program.public_id,
            now=now,
        )


def draft(session: Session, shown: str, *, by: Viewer, now: datetime) -> Draft:
    """Have a draft written out of exactly the text that was shown; nothing is saved.

    `shown` is the digest of that text. Conflict where it is another one by now, where somebody
    took their word back, and where the endpoint fails.
    """
    prepared = prepare(session, by=by)
    server = endpoint()
    if server is None or not prepared.may_send or prepared.digest != shown:
        raise Conflict(
            _("What would be sent has changed meanwhile. Look at it again."), code="other-text"
        )
    language = translation.get_language() or by.language
    try:
        found = assistance.endpoint_of(opened(server, now=now))
        written = assistance.draft(
            outbound(), found, task=TASK.format(language=language), text=prepared.text
        )
    except (Failed, Unsealable) as error:
        why = trouble_of(error) if isinstance(error, Failed) else "sealed-elsewhere"
        note_failure(server, why, now=now)
        raise Conflict(
            _("No draft came. Write the artifact yourself; everything else works as ever."),
            code="no-draft",
        ) from None
    note_ok(server, now=now)
    with writing(by.organization):
        record_audit(
            by=by,
            verb="session.draft_asked",
            object_type="session",
            object_id=session.public_id,
            now=now,
        )
    said = [str(session.public_id), str(by.person_public_id), written.model[:120], shown]
    return Draft(written.text, written.model, signing.dumps(said, salt=SALT))


def accept(
    session: Session,
    text: str,
    word: str,
    *,
    base_rev: int,
    operation: UUID,
    by: Viewer,
    now: datetime,
) -> SavedText:
    """Make a draft one's own, as it was or with changes: it is saved like whatever one types.

    The session then says which model it was drafted with. It stays open: handing the artifact in
    is a step of its own.
    """
    try:
        ident, person, model, sent = signing.loads(word, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        ident, person, model, sent = "", "", "", ""
    if (ident, person) != (str(session.public_id), str(by.person_public_id)):
        raise Conflict(_("This draft is too old. Have another one written."), code="old-draft")
    with writing(by.organization):
        saved = save_text(
            session,
            RoomField.LEARNED,
            text,
            base_rev=base_rev,
            operation=operation,
            by=by,
            now=now,
        )
        author = Person.objects.filter(pk=by.person_id or 0).first()
        if not AssistedText.objects.filter(session=session, model=model, sent=sent).exists():
            AssistedText.objects.create(
                organization=by.organization,
                session=session,
                person=author,
                model=model,
                sent=sent,
                accepted_at=now,
            )
        record_audit(
            by=by,
            verb="session.draft_accepted",
            object_type="session",
            object_id=session.public_id,
            detail={"model": model},
            now=now,
        )
    return saved
