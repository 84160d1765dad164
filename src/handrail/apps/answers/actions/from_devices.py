"""A question asked without a network: its device sends it as an operation, once or often."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.answers.actions.asking import ask
from handrail.apps.answers.models import Question
from handrail.apps.organizations.refusals import Invalid, Refusal
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.sessions.actions import Operation, Outcome, Status

QUESTION = "question"


def take_question(operation: Operation, *, by: Viewer, now: datetime) -> Outcome:
    """Ask what a device kept, under the operation's id: sent again it is not asked again.

    A refusal is an outcome, in words: the device keeps the question and shows why.
    """
    said = operation.fields
    try:
        replayed = Question.objects.filter(public_id=operation.id).exists()
        question = ask(
            said.get("text", "").replace("\0", " "),
            public_id=operation.id,
            note=said.get("note", "").replace("\0", " "),
            asked_at=_moment(said.get("asked_at", "")),
            by=by,
            now=now,
        )
    except Refusal as refusal:
        reason = str(refusal.message)
        if isinstance(refusal, Invalid) and refusal.fields:
            reason = " ".join([reason, *(str(text) for text in refusal.fields.values())])
        return Outcome(operation.id, Status.PARKED, code=refusal.code, reason=reason)
    status = Status.REPLAYED if replayed else Status.DONE
    return Outcome(operation.id, status, question.rev, {"text": question.text})


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
