"""What answers do when a session below says that something happened in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handrail.apps.answers.announcing import LATE_WORDS, PROPOSE, about_session
from handrail.apps.answers.models import Answer, AnswerState, Question
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.signals import artifact_handed_in, written_late


@receiver(artifact_handed_in, dispatch_uid="handrail.answers.artifact_handed_in")
def propose(sender: object, session: Session, now: datetime, **_kwargs: Any) -> None:
    """Where somebody waits for it, its artifact is proposed as an answer without being asked."""
    if Question.objects.filter(session=session).exists():
        about_session(PROPOSE, session, now)


@receiver(written_late, dispatch_uid="handrail.answers.written_late")
def look_again(sender: object, session: Session, now: datetime, **_kwargs: Any) -> None:
    """An answer whose session has newer words is flagged until somebody has looked."""
    if Answer.objects.filter(artifact__session=session, state=AnswerState.LIVE).exists():
        about_session(LATE_WORDS, session, now)
