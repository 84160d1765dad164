"""What the outbox runner calls for answers: ids in, one verb or one mail out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.answers.actions.clock import flag_late_words, tend
from handrail.apps.answers.actions.closing import tell_waiting, tend_queue
from handrail.apps.answers.actions.proposing import propose_from_artifact
from handrail.apps.answers.announcing import WAITED_FOR, to_person
from handrail.apps.answers.audience import standing
from handrail.apps.answers.models import Answer, AnswerState, Question, QuestionState
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.automations import may_do
from handrail.apps.people.models import Person
from handrail.apps.sessions.models import Artifact, Session
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail


@dataclass(frozen=True, slots=True)
class Reading:
    """One mail's reader and what it is about."""

    row: OutboxRow
    now: datetime
    reader: Person
    answer: Answer | None
    question: Question | None

    @property
    def asked(self) -> str:
        """The question that the mail speaks of."""
        if self.question is not None:
            return self.question.text
        if self.answer is not None and self.answer.current is not None:
            return self.answer.current.question
        last = self.answer.revisions.last() if self.answer is not None else None
        return last.question if last is not None else ""


def tend_answers(row: OutboxRow, now: datetime) -> None:
    """Owners who left, reviews, counts and tombstones of the organisation."""
    tend(by=Viewer.system(row.organization, "clock"), now=now)


def tend_questions(row: OutboxRow, now: datetime) -> None:
    """The common queue: times that are free again, and who waits long."""
    tend_queue(by=Viewer.system(row.organization, "clock"), now=now)


def propose(row: OutboxRow, now: datetime) -> None:
    """Make a proposal of an artifact that somebody waits for, and ask its author."""
    artifact = Artifact.objects.filter(session__public_id=row.ref["session"]).first()
    if artifact is None:
        return
    by = Viewer.system(row.organization, "answers")
    answer = propose_from_artifact(artifact, by=by, now=now)
    if answer.state == AnswerState.PROPOSED and answer.owner is not None:
        to_person(WAITED_FOR, answer.owner, now, key=str(answer.public_id), answer=answer)


def look_again(row: OutboxRow, now: datetime) -> None:
    """Flag the answer of a session in which something was written late."""
    session = Session.objects.filter(public_id=row.ref["session"]).first()
    if session is not None:
        flag_late_words(session, by=Viewer.system(row.organization, "answers"), now=now)


def tell(row: OutboxRow, now: datetime) -> None:
    """Tell everybody who waits for an answer that it is there."""
    answer = _answer(row)
    if answer is not None:
        tell_waiting(answer, by=Viewer.system(row.organization, "answers"), now=now)


def send_yes_asked(row: OutboxRow, now: datetime) -> None:
    """Ask somebody whether their words in an answer may go further."""
    _deliver(row, now, _yes_asked, wanted=_is_waited_for)


def send_waited_for(row: OutboxRow, now: datetime) -> None:
    """Ask the author of an artifact to approve the answer that somebody waits for."""
    _deliver(row, now, _waited_for, wanted=lambda r: _state(r) == AnswerState.PROPOSED)


def send_review(row: OutboxRow, now: datetime) -> None:
    """Ask the owner to look through an answer that is in use."""
    _deliver(row, now, _review, wanted=_wants_review)


def send_answered(row: OutboxRow, now: datetime) -> None:
    """Tell an asker that there is an answer."""
    _deliver(row, now, _answered, wanted=lambda r: _news(r) and _state(r) == AnswerState.LIVE)


def send_free(row: OutboxRow, now: datetime) -> None:
    """Tell an asker in the queue that a time is free."""
    _deliver(row, now, _free, wanted=lambda r: _news(r) and _waits(r))


def send_waits_long(row: OutboxRow, now: datetime) -> None:
    """Raise the alarm about a question that waits."""
    _deliver(row, now, _waits_long, wanted=_waits)


def _state(reading: Reading) -> str:
    return reading.answer.state if reading.answer is not None else ""


def _waits(reading: Reading) -> bool:
    return reading.question is not None and reading.question.state == QuestionState.QUEUED


def _news(reading: Reading) -> bool:
    return may_do(reading.reader.public_id, ConsentPurpose.QUESTION_NEWS, reading.now)


def _is_waited_for(reading: Reading) -> bool:
    answer = reading.answer
    if answer is None or answer.state != AnswerState.LIVE or answer.current is None:
        return False
    texts = standing(answer, answer.current)
    return any(reading.reader in text.waits_for for text in texts if text.text)


def _wants_review(reading: Reading) -> bool:
    answer = reading.answer
    if answer is None or answer.state != AnswerState.LIVE:
        return False
    due = reading.row.ref.get("review_by", str(answer.review_by)) == str(answer.review_by)
    return due and may_do(reading.reader.public_id, ConsentPurpose.ANSWERS_CHECKED, reading.now)


def _answer(row: OutboxRow) -> Answer | None:
    found = Answer.objects.select_related("current", "organization", "owner", "artifact")
    return found.filter(public_id=row.ref["answer"]).first() if "answer" in row.ref else None


def _deliver(
    row: OutboxRow,
    now: datetime,
    write: Callable[[Reading], MailFacts],
    *,
    wanted: Callable[[Reading], bool],
) -> None:
    reader = Person.objects.filter(public_id=row.ref["person"]).first()
    questions = Question.objects.select_related("skill", "asker")
    question = (
        questions.filter(public_id=row.ref["question"]).first() if "question" in row.ref else None
    )
    if reader is None:
        return
    reading = Reading(row, now, reader, _answer(row), question)
    if not wanted(reading):
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        message = build_mail(write(reading), sent_at=now)
    send(message)


def _yes_asked(reading: Reading) -> MailFacts:
    return _facts(
        reading,
        _("May your words be shown to more people?"),
        [
            _("What you wrote in a session is to become an answer that others can find."),
            _("You decide text by text. Without your yes they stay with those of the session."),
        ],
        Link(_("Look at the words and decide"), _answer_page(reading)),
    )


def _waited_for(reading: Reading) -> MailFacts:
    return _facts(
        reading,
        _("Somebody waits for what you wrote down"),
        [
            _("Your session began with a question, and what you wrote down answers it."),
            _("Look through it once and say who may read it. That takes a minute."),
        ],
        Link(_("Look through the answer"), _answer_page(reading)),
    )


def _review(reading: Reading) -> MailFacts:
    answer = reading.answer
    assert answer is not None
    return _facts(
        reading,
        _("Is this answer still right?"),
        [
            _("People use this answer, and nobody has looked through it for a while."),
            _("One click says that it is still right; or change it, or delete it."),
        ],
        Link(_("Look through the answer"), _answer_page(reading)),
        more=((_("Look at it by"), answer.review_by.isoformat() if answer.review_by else ""),),
    )


def _answered(reading: Reading) -> MailFacts:
    answer = reading.answer
    assert answer is not None
    return _facts(
        reading,
        _("There is an answer to your question"),
        [
            _("You asked, and now there is an answer. Read it whenever it suits you."),
            _("If it does not help, ask again: somebody will take the time."),
        ],
        Link(_("Read the answer"), _answer_page(reading)),
    )


def _free(reading: Reading) -> MailFacts:
    return _facts(
        reading,
        _("A time is free for your question"),
        [_("Somebody who knows about it holds office hours and is free. Book a time if you like.")],
        Link(_("See the times"), _question_page(reading)),
    )


def _waits_long(reading: Reading) -> MailFacts:
    question = reading.question
    assert question is not None
    hours = 0
    if question.queued_at is not None:
        hours = max(1, int((reading.now - question.queued_at).total_seconds() // 3600))
    span = ngettext("an hour", "%(n)d hours", hours) % {"n": hours}
    more = ((_("Skill"), question.skill.name),) if question.skill is not None else ()
    return _facts(
        reading,
        _("A question has waited for %(span)s") % {"span": span},
        [
            _("Nobody has taken it yet. Answer it, or ask somebody who knows."),
            _("Office hours with somebody who knows would help with the next one, too."),
        ],
        Link(_("See the question"), _question_page(reading)),
        more=more,
    )


def _facts(
    reading: Reading,
    subject: str,
    paragraphs: list[str],
    link: Link,
    *,
    more: tuple[tuple[str, str], ...] = (),
) -> MailFacts:
    return MailFacts(
        key=reading.row.public_id,
        sender=sender(),
        recipient=Address(reading.reader.email, reading.reader.name),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        paragraphs=tuple(paragraphs),
        facts=((_("Question"), reading.asked), *more),
        links=(link,),
        closing=reading.reader.organization.name,
    )


def _answer_page(reading: Reading) -> str:
    assert reading.answer is not None
    return settings.BASE_URL + reverse("answer", args=[reading.answer.public_id])


def _question_page(reading: Reading) -> str:
    assert reading.question is not None
    return settings.BASE_URL + reverse("question", args=[reading.question.public_id])
