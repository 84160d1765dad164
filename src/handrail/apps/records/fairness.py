"""Groups that people may name themselves in, for one look at fairness and for nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from handrail.apps.matches.models import Match, Unmatched
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import Unsealable, open_sealed, seal
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.programs.models import Enrolment, EnrolmentRole
from handrail.apps.records.models import GroupAnswer, GroupQuestion
from handrail.domain.evidence.impact import GroupCount, GroupRate, impact

FLOOR = 10  # people of a group, as with every outcome
MOST_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Own:
    """One question with what the person said on it, if anything."""

    question: GroupQuestion
    said: str


@dataclass(frozen=True, slots=True)
class Look:
    """One question's groups beside each other, by what happened to them."""

    question: GroupQuestion
    suggested: list[GroupRate]  # who got at least one suggestion in a run
    matched: list[GroupRate]  # who got a session of a run that was published


def put_question(label: str, choices: Iterable[str], *, by: Viewer, now: datetime) -> GroupQuestion:
    """Ask people something about themselves; whether they answer is theirs alone to decide."""
    _only_administrator(by)
    listed = list(dict.fromkeys(one.strip() for one in choices if one.strip()))
    problems = {}
    if not label.strip() or len(label.strip()) > 120:
        problems["label"] = _("Write 1 to 120 characters.")
    if not 2 <= len(listed) <= MOST_CHOICES:
        problems["choices"] = _("Give 2 to %(most)d groups, one a line.") % {"most": MOST_CHOICES}
    if problems:
        raise Invalid(_("The question was not put. Correct the fields."), fields=problems)
    with writing(by.organization):
        made = GroupQuestion.objects.create(
            organization=by.organization, label=label.strip(), choices=listed, asked_at=now
        )
        _audit("groups.asked", made, by, now)
    return made


def close_question(public_id: UUID, *, by: Viewer, now: datetime) -> None:
    """Ask it no more, and forget all that was said on it."""
    _only_administrator(by)
    with writing(by.organization):
        found = _question(public_id)
        GroupAnswer.objects.filter(question=found).delete()
        GroupQuestion.objects.filter(pk=found.pk).update(closed_at=now)
        _audit("groups.closed", found, by, now)


def own_answers(viewer: Viewer) -> list[Own]:
    """The open questions with the viewer's own words; nobody reads anybody else's."""
    said = {
        answer.question_id: _open(answer)
        for answer in GroupAnswer.objects.filter(person_id=viewer.person_id or 0)
    }
    return [
        Own(question, said.get(question.pk, ""))
        for question in GroupQuestion.objects.filter(closed_at=None)
    ]


def say_group(question_id: UUID, said: str, *, by: Viewer, now: datetime) -> None:
    """Name oneself in a group, or with "" in none any more. Nothing of it is in the record."""
    if by.kind is not ViewerKind.PERSON or by.person_id is None:
        raise NotAllowed(_("Sign in as yourself to ask for this."))
    with writing(by.organization):
        question = _question(question_id)
        if said and said not in question.choices:
            raise Invalid(_("Choose one of the groups."))
        mine = GroupAnswer.objects.filter(question=question, person_id=by.person_id)
        mine.delete()
        if said:
            place = _place(by.organization.pk, question.pk, by.person_id)
            GroupAnswer.objects.create(
                organization=by.organization,
                question=question,
                person_id=by.person_id,
                sealed=seal(said, place=place),
                said_at=now,
            )


def looks(*, by: Viewer, now: datetime) -> list[Look]:
    """Suggestion and match rate of mentees by group, for administrators; the look is recorded."""
    _only_administrator(by)
    with writing(by.organization):
        found = [_look(question) for question in GroupQuestion.objects.filter(closed_at=None)]
        if found:
            record_audit(
                by=by,
                verb="groups.looked_at",
                object_type="organization",
                object_id=by.organization.public_id,
                now=now,
            )
    return found


def _look(question: GroupQuestion) -> Look:
    answers = GroupAnswer.objects.filter(question=question)
    groups = {answer.person_id: said for answer in answers if (said := _open(answer))}
    in_runs = set(Match.objects.values_list("mentee_id", flat=True))
    in_runs |= set(Unmatched.objects.values_list("person_id", flat=True))
    mentees = set(
        Enrolment.objects.filter(
            role=EnrolmentRole.MENTEE, person_id__in=in_runs, left_at=None
        ).values_list("person_id", flat=True)
    )
    suggested = set(Match.objects.values_list("mentee_id", flat=True))
    matched = set(Match.objects.exclude(run__published_at=None).values_list("mentee_id", flat=True))
    return Look(
        question,
        _rates(question, groups, mentees, suggested),
        _rates(question, groups, mentees, matched),
    )


def _rates(
    question: GroupQuestion, groups: dict[int, str], people: set[int], hit: set[int]
) -> list[GroupRate]:
    n = Counter(groups[person] for person in people if person in groups)
    hits = Counter(groups[person] for person in people & hit if person in groups)
    counts = [GroupCount(name, n[name], hits[name]) for name in question.choices]
    return impact(counts, floor=FLOOR, said_nothing=len(people - set(groups)))


def _question(public_id: UUID) -> GroupQuestion:
    found = GroupQuestion.objects.filter(public_id=public_id, closed_at=None).first()
    if found is None:
        raise NotFound(_("There is no such question."))
    return found


def _open(answer: GroupAnswer) -> str:
    place = _place(answer.organization_id, answer.question_id, answer.person_id)
    try:
        return open_sealed(answer.sealed, place=place)
    except Unsealable:
        return ""  # the key it was sealed with is gone: as if nothing was said


def _place(organization: int, question: int, person: int) -> str:
    return f"{organization}:group:{question}:{person}"


def _only_administrator(by: Viewer) -> None:
    if not by.is_administrator or by.kind is ViewerKind.KEY:
        raise NotAllowed(_("Only an administrator sees this."))


def _audit(verb: str, question: GroupQuestion, by: Viewer, now: datetime) -> None:
    record_audit(
        by=by, verb=verb, object_type="group question", object_id=question.public_id, now=now
    )
