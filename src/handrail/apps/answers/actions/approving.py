"""Words and whom they go to: drafts, approval by the owner, and the yes of everyone who wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from handrail.apps.answers.actions.access import (
    audit,
    author_of,
    locked,
    require_open,
    require_owner,
)
from handrail.apps.answers.announcing import announce_live, ask_for_yes
from handrail.apps.answers.audience import about_of, reach_of, settle, since_of, standing
from handrail.apps.answers.changes import note_change
from handrail.apps.answers.models import (
    Answer,
    AnswerRevision,
    AnswerState,
    AnswerWriter,
    Audience,
    TextField,
)
from handrail.apps.answers.wording import answer_texts
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill

REVIEWED_FOR = timedelta(days=90)


def edit(
    answer: Answer,
    *,
    question: str,
    body: str,
    next_step: str = "",
    link: str = "",
    skill: Skill | None = None,
    base: int,
    by: Viewer,
    now: datetime,
) -> AnswerRevision:
    """Change the words: what was approved stays as it is and is read until a new draft is approved.

    `base` is the revision that the writer saw. Where somebody else has changed it since, nothing
    is written and the refusal says so.
    """
    texts = answer_texts(question, body, next_step, link)
    with writing(by.organization):
        answer = locked(answer, by)
        require_owner(by, answer)
        require_open(answer)
        author = author_of(by)
        revisions = list(AnswerRevision.objects.filter(answer=answer))
        last = revisions[-1]
        if base != last.n:
            raise _changed_meanwhile()
        if skill is not None and answer.skill_id != skill.pk:
            before = reach_of(answer)
            answer.skill = skill
            note_change(answer, before, now)
        if {name: getattr(last, name) for name in texts} == texts:
            return last
        draft = AnswerRevision(organization=by.organization, answer=answer, n=last.n + 1, **texts)
        draft.written_by, draft.written_at = author, now
        if last.approved_at is None:
            # A draft takes the place of the one before; its number tells others that it did.
            AnswerRevision.objects.filter(pk=last.pk, approved_at=None).delete()
            revisions = [one for one in revisions if one.pk != last.pk]
        draft.save(force_insert=True)
        _carry_writers(answer, last, draft, revisions, author)
        answer.save(update_fields=["rev"])
        audit("edited", answer, by, now, revision=draft.n)
    return draft


def discard_draft(answer: Answer, *, by: Viewer, now: datetime) -> None:
    """Throw a draft away; what was approved before it stays."""
    with writing(by.organization):
        answer = locked(answer, by)
        require_owner(by, answer)
        if answer.current is None:
            raise Conflict(
                _("This is the only wording there is. Put the whole answer aside instead."),
                code="only-wording",
            )
        gone, _kinds = AnswerRevision.objects.filter(answer=answer, approved_at=None).delete()
        if gone:
            answer.save(update_fields=["rev"])
            audit("draft_discarded", answer, by, now)


def approve(
    answer: Answer,
    *,
    revision: int,
    audiences: Mapping[str, int],
    by: Viewer,
    now: datetime,
) -> Answer:
    """Approve a wording and say how far each of its texts may go.

    The owner's word is also their yes for what they wrote themselves; everybody else who wrote in
    a text that is to go further is asked by mail, and until they agree it stays where they let it.
    """
    wanted = _audiences(audiences)
    with writing(by.organization):
        answer = locked(answer, by)
        require_owner(by, answer)
        require_open(answer)
        author = author_of(by)
        before = reach_of(answer)
        last = AnswerRevision.objects.filter(answer=answer).last()
        if last is None or last.n != revision:
            raise _changed_meanwhile()
        if last.approved_at is None:
            last.approved_by, last.approved_at = author, now
            last.save(update_fields=["approved_by", "approved_at"])
        is_new = answer.state == AnswerState.PROPOSED
        answer.current, answer.state, answer.wanted = last, AnswerState.LIVE, wanted
        answer.checked_on, answer.review_by = now.date(), (now + REVIEWED_FOR).date()
        answer.superseded_at = None
        _yes_of(answer, last, author, wanted, by, now)
        settle(answer)
        ask_for_yes(answer, standing(answer, last), now)
        audit("approved", answer, by, now, revision=last.n, audiences=wanted)
        if is_new or before.audience < answer.audience:
            announce_live(answer, now)
        note_change(answer, before, now)
    return answer


def agree(
    answer: Answer,
    field: str,
    upto: int,
    *,
    revision: int,
    by: Viewer,
    now: datetime,
) -> Answer:
    """Say how far a text goes that one wrote in: a yes, or taking one back, which acts at once."""
    if field not in TextField.values or upto not in Audience.values:
        raise Invalid(_("There is no such choice."), fields={"upto": _("Choose one of the list.")})
    with writing(by.organization):
        answer = locked(answer, by)
        if answer.state == AnswerState.DELETED:
            require_open(answer)
        person = author_of(by)
        before = reach_of(answer)
        revisions = list(AnswerRevision.objects.filter(answer=answer))
        if revision not in {one.n for one in revisions}:
            raise _changed_meanwhile()
        since = since_of(revisions, revision, field)
        wrote = AnswerWriter.objects.filter(
            answer=answer, field=field, since=since, person=person
        ).exists()
        if not wrote:
            raise NotAllowed(_("You did not write in this text, so it does not wait for you."))
        _say(answer, field, since, Audience(upto), person, by, now)
        settle(answer)
        audit("agreed", answer, by, now, field=field, upto=Audience(upto).name.lower())
        if before.live and before.audience < answer.audience:
            announce_live(answer, now)
        note_change(answer, before, now)
    return answer


def _yes_of(
    answer: Answer,
    revision: AnswerRevision,
    person: Person,
    wanted: Mapping[str, int],
    by: Viewer,
    now: datetime,
) -> None:
    for text in standing(answer, revision):
        mine = next((yes for yes in text.writers if yes.person.pk == person.pk), None)
        if mine is not None and mine.upto != wanted[text.field]:
            _say(answer, text.field, text.since, Audience(wanted[text.field]), person, by, now)


def _say(
    answer: Answer,
    field: str,
    since: int,
    upto: Audience,
    person: Person,
    by: Viewer,
    now: datetime,
) -> None:
    record_consent(
        person.public_id,
        ConsentPurpose.ANSWER_TEXT,
        upto != Audience.PAIR,
        about=about_of(answer, field, since),
        extent=upto.name.lower(),
        text_version="answer-text-1",
        channel="answer",
        by=by,
        now=now,
    )


def _carry_writers(
    answer: Answer,
    last: AnswerRevision,
    draft: AnswerRevision,
    kept: list[AnswerRevision],
    author: Person,
) -> None:
    """Whoever wrote a text still has words in it after somebody changed it."""
    known = [*kept, last] if last not in kept else kept
    for field in TextField.values:
        if since_of([*kept, draft], draft.n, field) != draft.n:
            continue  # it has a text that it had before: its writers are known
        before = since_of(known, last.n, field)
        wrote = AnswerWriter.objects.filter(answer=answer, field=field, since=before)
        ids = {author.pk, *wrote.values_list("person_id", flat=True)}
        for person_id in sorted(ids):
            AnswerWriter.objects.get_or_create(
                organization_id=answer.organization_id,
                answer=answer,
                field=field,
                since=draft.n,
                person_id=person_id,
            )


def _audiences(audiences: Mapping[str, int]) -> dict[str, int]:
    wanted = {str(field): int(audiences.get(field, Audience.PAIR)) for field in TextField.values}
    wrong = {
        field: _("Choose one of the list.")
        for field, level in wanted.items()
        if level not in Audience.values
    }
    if wrong or set(audiences) - set(TextField.values):
        raise Invalid(_("There is no such audience."), fields=wrong)
    return wanted


def _changed_meanwhile() -> Conflict:
    return Conflict(
        _("Somebody changed this answer meanwhile. Look at the new words first; yours are below."),
        code="changed-meanwhile",
    )
