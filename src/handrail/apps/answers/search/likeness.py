"""Answers that look like a question somebody is about to make an answer of; never merged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handrail.apps.answers.models import Answer
from handrail.apps.answers.search.asking import MODEL, search
from handrail.apps.organizations.viewer import Viewer
from handrail.domain.text import likeness_of

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Like:
    """An answer that may be about the same: "same", "related", or "" by words alone."""

    answer: Answer
    likeness: str
    score: float


def alike(
    viewer: Viewer,
    question: str,
    language: str,
    *,
    today: date,
    without: Answer | None = None,
    limit: int = SHOWN,
) -> list[Like]:
    """The answers the viewer may read that look like a question, likest first.

    By meaning only what is at least related; words alone give a list and say nothing of it.
    """
    hits = search(viewer.organization, viewer, question, language, today=today, limit=limit + 1)
    found = [
        Like(hit.answer, "" if hit.model == MODEL else likeness_of(hit.score), hit.score)
        for hit in hits
        if (without is None or hit.answer.pk != without.pk)
        and (hit.model == MODEL or likeness_of(hit.score))
    ]
    return found[:limit]
