"""Finding answers to a question: hits with a score and a band, best first.

Words alone cannot tell a right answer from a near one, so a search by words never says "answer":
it says "perhaps" where something fits, and "ask" where nothing does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from handrail.apps.answers.audience import readable, team_of
from handrail.apps.answers.models import Answer, Band, PhrasingState
from handrail.apps.answers.wording import normal_of
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.viewer import Viewer

MODEL = "words"
SHOWN = 5
WORDS_ASKED = 8
SHORTEST_WORD = 3
PERHAPS = 0.3  # the least share of a question's words that makes a hit worth showing
WEIGHTS = (("question", 3.0), ("aliases", 2.0), ("body", 1.0))


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer that may fit: `score` is comparable only within one `model`."""

    answer: Answer
    score: float
    band: str
    model: str


def search(
    organization: Organization,
    viewer: Viewer,
    question: str,
    language: str,
    *,
    today: date,
    limit: int = SHOWN,
) -> list[Hit]:
    """The answers this viewer may read that fit a question, best first; stale ones rank lower.

    Inside `reading(organization)`. An answer that nobody has checked in time is never in the band
    "answer".
    """
    words = sorted({w for w in normal_of(question).split() if len(w) >= SHORTEST_WORD})
    words = sorted(words, key=len, reverse=True)[:WORDS_ASKED]
    if not words:
        return []
    any_word = Q()
    for word in words:
        any_word |= Q(current__question__icontains=word) | Q(current__body__icontains=word)
        any_word |= Q(phrasings__normal__contains=word, phrasings__state=PhrasingState.ALIAS)
    found = (
        Answer.objects.filter(readable(viewer, team_of(viewer)), organization=organization)
        .filter(any_word)
        .select_related("current", "skill", "owner", "team")
        .prefetch_related("phrasings")
        .distinct()
    )
    hits = [_hit(answer, words, today) for answer in found]
    hits = [hit for hit in hits if hit.score > 0]
    return sorted(hits, key=lambda hit: (-hit.score, hit.answer.pk))[:limit]


def is_stale(answer: Answer, today: date) -> bool:
    """Whether it is past its review day, or its session has newer words."""
    late = answer.review_by is not None and answer.review_by < today
    return late or answer.superseded_at is not None


def _hit(answer: Answer, words: list[str], today: date) -> Hit:
    revision = answer.current
    assert revision is not None
    aliases = [p.normal for p in answer.phrasings.all() if p.state == PhrasingState.ALIAS]
    texts = {
        "question": normal_of(revision.question).split(),
        "aliases": " ".join(aliases).split(),
        "body": revision.body.casefold().split(),
    }
    best = max(_share(words, texts[name]) * weight for name, weight in WEIGHTS)
    score = best / WEIGHTS[0][1]
    if is_stale(answer, today):
        score /= 2
    return Hit(answer, score, Band.PERHAPS if score >= PERHAPS else Band.ASK, MODEL)


def _share(words: Iterable[str], text: list[str]) -> float:
    asked = list(words)
    return sum(any(word in one for one in text) for word in asked) / len(asked)
