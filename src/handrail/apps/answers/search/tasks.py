"""What the outbox runner calls for search: vectors of an answer, and what the night tidies."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handrail.apps.answers.actions.closing import offer_words_of_waiting
from handrail.apps.answers.models import Answer, AnswerState
from handrail.apps.answers.search import meaning
from handrail.apps.answers.search.edges import propose_edges
from handrail.apps.answers.search.index import aliases_of, reindex
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.models import OutboxRow
from handrail.domain.text import base_language


def encode(row: OutboxRow, now: datetime) -> None:
    """Let the model see an answer as it is now: its title, title and answer, and each alias."""
    model = meaning.encoder()
    if model is None:
        return
    live = Answer.objects.filter(public_id=UUID(row.ref["answer"]), state=AnswerState.LIVE)
    answer = live.select_related("current").first()
    if answer is None or answer.current is None:
        return
    if base_language(answer.language) not in meaning.LANGUAGES:
        return
    question, body = answer.current.question, answer.current.body
    # Before the transaction: it takes a while, and others write meanwhile.
    vectors = model.encode([question, f"{question} {body}", *aliases_of(answer)])
    with writing(row.organization):
        # Who changed it meanwhile has written a row of its own, which comes after this one.
        if live.select_for_update(of=("self",)).filter(seq=answer.seq).exists():
            meaning.keep_vectors(answer.pk, row.organization_id, model.name, vectors)
            offer_words_of_waiting(answer, vectors, model, now=now)


def tend_search(row: OutboxRow, now: datetime) -> None:
    """Index what is missing or older than the analyser, and look where the edge should lie."""
    reindex(row.organization, now=now, everything=False)
    propose_edges(row.organization, now=now)
