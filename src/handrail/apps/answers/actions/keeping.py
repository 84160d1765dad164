"""Keeping answers right: checked, handed over, put aside, deleted, and found by more words."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.answers.actions.access import (
    audit,
    locked,
    require_open,
    require_owner,
)
from handrail.apps.answers.actions.approving import REVIEWED_FOR
from handrail.apps.answers.announcing import announce_live
from handrail.apps.answers.audience import reach_of
from handrail.apps.answers.changes import note_change
from handrail.apps.answers.models import (
    Answer,
    AnswerPerson,
    AnswerRevision,
    AnswerState,
    AnswerUse,
    AnswerWriter,
    Audience,
    Phrasing,
    PhrasingState,
    Question,
)
from handrail.apps.answers.wording import normal_of, question_text
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person


def check(answer: Answer, *, by: Viewer, now: datetime) -> Answer:
    """Say that it is still right: the next look is due in 90 days."""
    with writing(by.organization):
        answer = locked(answer, by)
        require_owner(by, answer)
        _require_live(answer)
        before = reach_of(answer)
        answer.checked_on, answer.review_by = now.date(), (now + REVIEWED_FOR).date()
        answer.superseded_at = None
        audit("checked", answer, by, now)
        note_change(answer, before, now)
    return answer


def say_outdated(answer: Answer, *, by: Viewer, now: datetime) -> Answer:
    """Flag an answer whose session has newer words: until it is checked it is never *the* one."""
    with writing(by.organization):
        answer = locked(answer, by)
        _require_live(answer)
        if answer.superseded_at is None:
            before = reach_of(answer)
            answer.superseded_at = now
            audit("outdated", answer, by, now)
            note_change(answer, before, now)
    return answer


def hand_over(answer: Answer, person: Person | None, *, by: Viewer, now: datetime) -> Answer:
    """Give an answer to somebody else who may read it, or with nobody to its team."""
    with writing(by.organization):
        answer = locked(answer, by)
        require_owner(by, answer)
        require_open(answer)
        before = reach_of(answer)
        if person is None:
            if answer.team_id is None:
                raise Invalid(
                    _("This answer has no team to go to."), fields={"person": _("Choose a person.")}
                )
        elif not _may_own(answer, person):
            raise Invalid(
                _("Choose somebody who may read this answer."),
                fields={"person": _("Its words do not go as far as this person yet.")},
            )
        answer.owner = person
        if person is not None:
            AnswerPerson.objects.get_or_create(
                organization=by.organization, answer=answer, person=person
            )
        audit("handed_over", answer, by, now)
        note_change(answer, before, now)
    return answer


def give_to_team(answer: Answer, *, by: Viewer, now: datetime) -> None:
    """Its owner has left: from now on it is the team's."""
    with writing(by.organization):
        answer = locked(answer, by)
        before = reach_of(answer)
        answer.owner = None
        audit("owner_left", answer, by, now)
        note_change(answer, before, now)


def dismiss(answer: Answer, *, by: Viewer, now: datetime) -> Answer:
    """Do not make an answer of it; the artifact stays where it is."""
    with writing(by.organization):
        answer = locked(answer, by)
        require_owner(by, answer)
        require_open(answer)
        if answer.state == AnswerState.LIVE:
            raise Conflict(
                _("This is an answer already. Delete it if nobody should find it any more."),
                code="answer-live",
            )
        answer.state, answer.closed_at = AnswerState.DISMISSED, now
        answer.save()
        audit("dismissed", answer, by, now)
    return answer


def same_as(answer: Answer, other: Answer, *, by: Viewer, now: datetime) -> Answer:
    """Say that a proposal answers what another answer does: its question is suggested to it.

    Nothing is merged: the owner of the other answer decides whether it is searched by these words.
    """
    with writing(by.organization):
        answer = locked(answer, by)
        require_owner(by, answer)
        require_open(answer)
        there = Answer.objects.select_for_update(of=("self",)).filter(pk=other.pk).first()
        if there is None or there.state != AnswerState.LIVE or there.pk == answer.pk:
            raise NotFound(_("There is no such answer."))
        before = reach_of(answer)
        words = AnswerRevision.objects.filter(answer=answer).last()
        if words is not None:
            suggest(there, words.question, now)
        answer.state, answer.closed_at, answer.duplicate_of = AnswerState.DUPLICATE, now, there
        audit("same", answer, by, now)
        announce_live(there, now)
        Question.objects.filter(session__artifact__answer=answer).update(answer=there)
        note_change(answer, before, now)
    return answer


def delete(answer: Answer, *, by: Viewer, now: datetime) -> None:
    """Delete an answer with all its words; devices drop it when they next ask."""
    with writing(by.organization):
        answer = locked(answer, by)
        require_owner(by, answer)
        if answer.state == AnswerState.DELETED:
            return
        before = reach_of(answer)
        answer.state, answer.closed_at, answer.current = AnswerState.DELETED, now, None
        answer.wanted, answer.superseded_at = {}, None
        audit("deleted", answer, by, now)
        note_change(answer, before, now)
        for kind in (AnswerRevision, AnswerWriter, Phrasing):
            kind.objects.filter(answer=answer).delete()


def add_phrasing(phrasing: Phrasing, *, by: Viewer, now: datetime) -> Phrasing:
    """Search the answer by these words too."""
    return _decide(phrasing, PhrasingState.ALIAS, by, now)


def dismiss_phrasing(phrasing: Phrasing, *, by: Viewer, now: datetime) -> Phrasing:
    """Do not search the answer by these words."""
    return _decide(phrasing, PhrasingState.DISMISSED, by, now)


def add_alias(answer: Answer, text: str, *, by: Viewer, now: datetime) -> Phrasing:
    """Let the owner add words of their own by which the answer is searched."""
    said = question_text(text)
    with writing(by.organization):
        answer = locked(answer, by)
        require_owner(by, answer)
        _require_live(answer)
        phrasing, _made = Phrasing.objects.get_or_create(
            organization=by.organization,
            answer=answer,
            normal=normal_of(said),
            defaults={"text": said, "first_at": now},
        )
    return add_phrasing(phrasing, by=by, now=now)


def suggest(answer: Answer, text: str, now: datetime) -> None:
    """Keep how somebody asked for its owner to look at, in the caller's transaction."""
    normal = normal_of(text)
    words = AnswerRevision.objects.filter(answer=answer).last()
    if not normal or (words is not None and normal_of(words.question) == normal):
        return
    there, made = Phrasing.objects.get_or_create(
        organization_id=answer.organization_id,
        answer=answer,
        normal=normal,
        defaults={"text": text, "first_at": now},
    )
    if not made:
        Phrasing.objects.filter(pk=there.pk).update(times=F("times") + 1)


def note_read(answer: Answer, day: date, *, solved: bool = False) -> None:
    """Count that it was opened or solved something, on a day and by nobody in particular."""
    with writing(answer.organization):
        row, _made = AnswerUse.objects.get_or_create(
            organization_id=answer.organization_id, answer=answer, day=day
        )
        name = "solved" if solved else "reads"
        AnswerUse.objects.filter(pk=row.pk).update(**{name: F(name) + 1})


def _decide(phrasing: Phrasing, state: PhrasingState, by: Viewer, now: datetime) -> Phrasing:
    with writing(by.organization):
        answer = locked(phrasing.answer, by)
        require_owner(by, answer)
        _require_live(answer)
        phrasing = Phrasing.objects.get(pk=phrasing.pk)
        if phrasing.state != state:
            before = reach_of(answer)
            phrasing.state = state
            phrasing.save(update_fields=["state"])
            audit("phrasing", answer, by, now, state=str(state))
            if state == PhrasingState.ALIAS:
                announce_live(answer, now)  # who asked in these words waits for it, too
            note_change(answer, before, now)
    return phrasing


def _require_live(answer: Answer) -> None:
    require_open(answer)
    if answer.state != AnswerState.LIVE:
        raise Conflict(_("Approve it first."), code="not-approved")


def _may_own(answer: Answer, person: Person) -> bool:
    if AnswerPerson.objects.filter(answer=answer, person=person).exists():
        return True
    if answer.state != AnswerState.LIVE:
        return False
    same_team = answer.team_id is not None and answer.team_id == person.team_id
    return answer.audience >= (Audience.TEAM if same_team else Audience.ORGANIZATION)
