"""Wishes to be erased: asked by the person, decided by a lead of theirs or an administrator."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Grant, RoleGrant
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.outbox.actions import tell_administrators
from handrail.apps.people.models import Person
from handrail.apps.programs.models import ProgramLead
from handrail.apps.records.erasing import erase, locks_of
from handrail.apps.records.exporting import take_away
from handrail.apps.records.models import ErasureRequest, ErasureState
from handrail.integrations.mail_folder import forget_mails


def ask_erasure(word: str, *, by: Viewer, now: datetime) -> ErasureRequest:
    """Ask to be erased; a word to who decides is optional."""
    if by.kind is not ViewerKind.PERSON or by.person_id is None:
        raise NotAllowed(_("Sign in as yourself to ask for this."))
    if len(word) > 280:
        problem = _("Write at most 280 characters.")
        raise Invalid(problem, fields={"word": problem})
    with writing(by.organization):
        asked = ErasureRequest.objects.filter(person_id=by.person_id, state=ErasureState.ASKED)
        if asked.exists():
            raise Conflict(_("You have asked already."), code="asked-already")
        made = ErasureRequest.objects.create(
            organization=by.organization, person_id=by.person_id, asked_at=now, word=word.strip()
        )
        tell_administrators(
            "mail.erasure_asked",
            ref={"erasure": str(made.public_id)},
            dedupe=f"erasure asked:{made.public_id}",
            stream=f"erasure:{made.public_id}",
            now=now,
            organization=by.organization,
            but=by.membership_id,
        )
        _audit("erasure.asked", made, by, now)
    return made


def withdraw_erasure(*, by: Viewer, now: datetime) -> None:
    """Take one's own wish back, as long as nobody has decided."""
    with writing(by.organization):
        mine = ErasureRequest.objects.select_for_update().filter(
            person_id=by.person_id or 0, state=ErasureState.ASKED
        )
        found = mine.first()
        if found is None:
            raise NotFound(_("You have not asked for this."))
        found.state, found.decided_at = ErasureState.WITHDRAWN, now
        found.save(update_fields=["state", "decided_at"])
        _audit("erasure.withdrawn", found, by, now)


def open_erasure_of(viewer: Viewer) -> ErasureRequest | None:
    """The viewer's own wish that waits for a word."""
    mine = ErasureRequest.objects.filter(person_id=viewer.person_id or 0)
    return mine.filter(state=ErasureState.ASKED).first()


def erasures_to_decide(viewer: Viewer) -> QuerySet[ErasureRequest]:
    """Wishes that the viewer may decide: all for an administrator, else those of people they lead.

    Nobody decides on their own.
    """
    asked = ErasureRequest.objects.filter(state=ErasureState.ASKED).select_related("person")
    if viewer.kind not in (ViewerKind.PERSON, ViewerKind.KEY):
        return asked.none()
    asked = asked.exclude(person_id=viewer.person_id or 0)
    if viewer.is_administrator:
        return asked
    led = ProgramLead.objects.filter(person_id=viewer.person_id or 0).values("program_id")
    return asked.filter(person__enrolments__program__in=led).distinct()


def erasure_for(viewer: Viewer, public_id: UUID) -> ErasureRequest:
    """A wish for who may decide it, else NotFound."""
    found = erasures_to_decide(viewer).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such request."))
    return found


def decide_erasure(request: ErasureRequest, grant: bool, *, by: Viewer, now: datetime) -> None:
    """Erase the person at once, or refuse; a refusal can be asked again."""
    with reading(by.organization):
        found = erasure_for(by, request.public_id)
        assert found.person is not None
        person = Person.objects.select_related("organization", "membership").get(
            pk=found.person_id or 0
        )
        locks = locks_of(person, now) if grant else ()
    names = (person.name, person.email)
    with writing(by.organization):
        found = ErasureRequest.objects.select_for_update().get(pk=found.pk)
        if found.state != ErasureState.ASKED:
            raise Conflict(_("Somebody has decided already."), code="decided-already")
        if grant:
            _keep_an_administrator(person)
            take_away(by=by, now=now, all_of_them=True)
            found.counts = erase(person, locks, now=now)
            found.word = ""
        found.state = ErasureState.DONE if grant else ErasureState.REFUSED
        found.decided_at, found.decided_by_id = now, by.person_id
        found.save(update_fields=["state", "decided_at", "decided_by", "counts", "word"])
        _audit("erasure.done" if grant else "erasure.refused", found, by, now)
    if grant and settings.MAIL == "folder":
        forget_mails(settings.MAIL_FOLDER, names)


def _keep_an_administrator(person: Person) -> None:
    heads = RoleGrant.objects.filter(role=Grant.ADMINISTRATOR, membership__revoked_at=None)
    theirs = heads.filter(membership_id=person.membership_id or 0)
    if theirs.exists() and not heads.exclude(membership_id=person.membership_id or 0).exists():
        raise Conflict(
            _("This is the last administrator. Name another one first."), code="last-administrator"
        )


def _audit(verb: str, request: ErasureRequest, by: Viewer, now: datetime) -> None:
    record_audit(by=by, verb=verb, object_type="erasure", object_id=request.public_id, now=now)
