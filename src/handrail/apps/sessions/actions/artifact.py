"""Handing in the artifact closes the session."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.links import is_link
from handrail.apps.people.models import Person
from handrail.apps.sessions.actions.access import Room, audit, locked, write
from handrail.apps.sessions.actions.loop import note_who_stayed_away, settle
from handrail.apps.sessions.actions.texts import LONGEST_TEXT, keep_beside, keep_unseen
from handrail.apps.sessions.announcing import announce_closed
from handrail.apps.sessions.models import Artifact, RoomField, Session, SessionState
from handrail.apps.sessions.signals import artifact_handed_in
from handrail.apps.sessions.states import Answer, Verb, answer, refusal


def save_artifact(
    session: Session,
    *,
    learned: str,
    next_step: str,
    owner: Person | None,
    link: str = "",
    by: Viewer,
    now: datetime,
) -> Artifact:
    """Write down what was learned or decided, the next step, whose it is and a link; close.

    Handing in the same words again changes nothing. Other words after somebody else was quicker
    are kept beside the artifact, and the refusal says so; so is what somebody else had written in
    its boxes and it does not say.
    """
    learned, next_step, link = learned.strip(), next_step.strip(), link.strip()
    words: dict[str, str] = {
        RoomField.LEARNED: learned,
        RoomField.NEXT_STEP: next_step,
        RoomField.LINK: link,
    }
    artifact: Artifact | None = None
    with writing(by.organization):
        room = locked(session, by)
        author = room.own_seat().person
        settle(room, now)
        said = answer(room.session.state, Verb.SAVE_ARTIFACT)
        if said is Answer.DO:
            _check(room, learned, next_step, owner, link)
            if room.session.state == SessionState.RUNNING:
                note_who_stayed_away(room, now)
                write(room.session, ended_at=now)
            artifact = Artifact.objects.create(
                organization=by.organization,
                session=room.session,
                learned=learned,
                next_step=next_step,
                owner=owner,
                link=link,
                submitted_by=author,
                submitted_at=now,
            )
            keep_unseen(room, words, now=now)
            write(room.session, state=SessionState.CLOSED, closed_at=now)
            announce_closed(room.session, now)
            artifact_handed_in.send(sender=None, session=room.session, now=now)
            audit("closed", room.session, by, now)
        elif room.session.state == SessionState.CLOSED:
            there = Artifact.objects.get(session=room.session)
            if (there.learned, there.next_step, there.link) == (learned, next_step, link):
                artifact = there
            else:
                keep_beside(room, words, operation=uuid.uuid4(), now=now)
                write(room.session)
    if artifact is None:
        raise refusal(room.session.state, Verb.SAVE_ARTIFACT)
    return artifact


def _check(room: Room, learned: str, next_step: str, owner: Person | None, link: str) -> None:
    fields: dict[str, str] = {}
    if not learned:
        fields["learned"] = _("Write one sentence on what was learned or decided.")
    elif len(learned) > LONGEST_TEXT:
        fields["learned"] = _("This is too long. Keep the detail elsewhere and link it.")
    if not next_step:
        fields["next_step"] = _("Write down the next step, even a small one.")
    elif len(next_step) > LONGEST_TEXT:
        fields["next_step"] = _("This is too long. Keep the detail elsewhere and link it.")
    if owner is None or owner.pk not in {seat.person_id for seat in room.seats}:
        fields["owner"] = _("Choose which of you takes the next step.")
    if link and not is_link(link):
        fields["link"] = _("Give a whole address that starts with https:// or http://.")
    if fields:
        raise Invalid(_("The artifact is not complete yet."), fields=fields)
