"""Which answers fit a question, best first, and what may be said of them.

Words alone cannot tell a right answer from a near one: a search by words never says "answer". It
says "perhaps" where enough of the question is found, and "ask" where nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from handrail.apps.answers.audience import readable, team_of
from handrail.apps.answers.models import Answer, Band, SearchEntry
from handrail.apps.answers.search import meaning
from handrail.apps.answers.search.edges import edges_of
from handrail.apps.answers.search.engines import Readable, best
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.viewer import Viewer
from handrail.domain.text import analyse, band_of, base_language

MODEL = "words"
SHOWN = 5
LOOKED_AT = 4  # times as many are ranked as are shown, because expired ones rank lower
PERHAPS = 0.3  # the least share of a question's words that makes a hit worth calling "perhaps"
EXPIRED = 0.5  # what an answer that nobody checked in time is worth


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
    """The answers this viewer may read that fit a question, best first; expired ones rank lower.

    Inside `reading(organization)`. An answer that nobody has checked in time is never in the band
    "answer". Where a model is installed that knows the language, its cosine alone decides.
    """
    if limit < 1:
        return []
    model = meaning.encoder() if base_language(language) in meaning.LANGUAGES else None
    if model is None:
        return _by_words(organization, viewer, question, today, limit)
    near = _by_meaning(organization, viewer, question, model, today, limit)
    if len(near) == limit:
        return near
    # What the model has not seen yet, or cannot read, is found by its words.
    seen = {hit.answer.pk for hit in near}
    words = _by_words(organization, viewer, question, today, limit)
    return (near + [hit for hit in words if hit.answer.pk not in seen])[:limit]


def is_stale(answer: Answer, today: date) -> bool:
    """Whether it is past its review day, or its session has newer words."""
    late = answer.review_by is not None and answer.review_by < today
    return late or answer.superseded_at is not None


def _by_words(
    organization: Organization, viewer: Viewer, question: str, today: date, limit: int
) -> list[Hit]:
    """A question is read in each language that answers are written in, against those answers."""
    may_read = _may_read(organization, viewer)
    languages = SearchEntry.objects.filter(organization=organization).values_list("language")
    found: dict[int, float] = {}
    asked: dict[str, list[str]] = {}
    for (language,) in languages.distinct().order_by("language"):
        asked[language] = analyse(question, language)
        words = asked[language]
        found |= best(organization.pk, language, words, may_read, limit * LOOKED_AT)
    hits = []
    for answer in _answers(found):
        entry, stale = answer.entry, is_stale(answer, today)
        score = found[answer.pk] * (EXPIRED if stale else 1)
        text = f"{entry.title} {entry.aliases} {entry.body}".split()
        share = _share(asked[entry.language], text)
        hits.append(Hit(answer, score, Band.PERHAPS if share >= PERHAPS else Band.ASK, MODEL))
    return sorted(hits, key=lambda hit: (-hit.score, hit.answer.pk))[:limit]


def _by_meaning(
    organization: Organization,
    viewer: Viewer,
    question: str,
    model: meaning.Encodes,
    today: date,
    limit: int,
) -> list[Hit]:
    edges = edges_of(organization, model.name)
    ranked = meaning.nearest(organization.pk, question, model)
    cosines = dict(ranked)
    hits: list[tuple[float, Hit]] = []
    step = limit * LOOKED_AT * 4
    for start in range(0, len(ranked), step):
        ids = [answer_id for answer_id, _cosine in ranked[start : start + step]]
        team_id = team_of(viewer)
        mine = Answer.objects.filter(readable(viewer, team_id), pk__in=ids).values_list("pk")
        for answer in _answers(pk for (pk,) in mine):
            stale, score = is_stale(answer, today), cosines[answer.pk]
            band = band_of(score, edges, expired=stale)
            hit = Hit(answer, score, Band(band), model.name)
            hits.append((score * EXPIRED if stale else score, hit))
        if len(hits) >= limit:
            break
    hits.sort(key=lambda pair: (-pair[0], pair[1].answer.pk))
    return [hit for _order, hit in hits[:limit]]


def _may_read(organization: Organization, viewer: Viewer) -> Readable:
    mine = Answer.objects.filter(readable(viewer, team_of(viewer)), organization=organization)
    return mine.order_by().values("pk").query.sql_with_params()


def _answers(ids: Iterable[int]) -> list[Answer]:
    return list(
        Answer.objects.filter(pk__in=list(ids))
        .select_related("current", "skill", "owner", "team", "entry")
        .prefetch_related("phrasings")
    )


def _share(words: Sequence[str], text: Iterable[str]) -> float:
    there, asked = set(text), set(words)
    return len(asked & there) / len(asked) if asked else 0.0
