"""The index in step with the answers: an entry for each live one, its vectors by the outbox."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Q

from handrail.apps.answers.models import (
    Answer,
    AnswerState,
    AnswerVector,
    Phrasing,
    PhrasingState,
    SearchEntry,
)
from handrail.apps.answers.search import meaning
from handrail.apps.answers.search.engines import rebuild
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.actions import enqueue
from handrail.domain.text import ANALYSER, analyse, base_language

AT_ONCE = 500


def keep_entry(answer: Answer, now: datetime) -> None:
    """Bring an answer's entry to what it says now, in the caller's transaction.

    Only texts that go as far as the answer itself are indexed: what comes next and the link may be
    for fewer people, and a hit would tell of them.
    """
    revision = answer.current
    if answer.state != AnswerState.LIVE or revision is None:
        SearchEntry.objects.filter(answer=answer).delete()
        AnswerVector.objects.filter(answer=answer).delete()
        return
    skill = answer.skill.name if answer.skill is not None else ""
    language = base_language(answer.language)
    texts = {
        "title": revision.question,
        "aliases": " \n ".join(aliases_of(answer)),
        "body": f"{revision.body} \n {skill}",
    }
    words = {name: " ".join(analyse(text, language)) for name, text in texts.items()}
    SearchEntry.objects.update_or_create(
        organization_id=answer.organization_id,
        answer=answer,
        defaults={"language": language, "analyser": ANALYSER, **words},
    )
    if language not in meaning.LANGUAGES:
        AnswerVector.objects.filter(answer=answer).delete()
    elif meaning.is_on():
        enqueue(
            "answers.encode",
            ref={"answer": str(answer.public_id)},
            dedupe=f"answers.encode:{answer.public_id}:{answer.seq}:{now.isoformat()}",
            due_at=now,
            stream="answers.encode",
            now=now,
            organization=answer.organization,
        )


def aliases_of(answer: Answer) -> list[str]:
    """The other ways of asking by which an answer is searched, in a fixed order."""
    found = Phrasing.objects.filter(answer=answer, state=PhrasingState.ALIAS)
    return list(found.order_by("pk").values_list("text", flat=True))


def reindex(organization: Organization, *, now: datetime, everything: bool = True) -> int:
    """Make the entries of live answers anew; without `everything` only what is missing or outdated.

    A few hundred in each transaction, so that nobody waits for all of them. Says how many.
    """
    done, last = 0, 0
    with writing(organization):
        gone = ~Q(answer__state=AnswerState.LIVE)
        SearchEntry.objects.filter(gone).delete()
        AnswerVector.objects.filter(gone).delete()
    while True:
        with writing(organization):
            wanted = Answer.objects.filter(state=AnswerState.LIVE, pk__gt=last)
            if not everything:
                wanted = wanted.filter(Q(entry=None) | ~Q(entry__analyser=ANALYSER) | _unseen())
            some = list(
                wanted.select_related("current", "skill", "organization").order_by("pk")[:AT_ONCE]
            )
            for answer in some:
                keep_entry(answer, now)
        if not some:
            break
        done, last = done + len(some), some[-1].pk
    if everything:
        with writing(organization):
            rebuild(connection)
    return done


def _unseen() -> Q:
    """Answers that the model in use has not seen; nothing where there is none."""
    encoder = meaning.encoder()
    if encoder is None:
        return Q(pk__in=[])
    seen = AnswerVector.objects.filter(model=encoder.name).values("answer_id")
    return Q(entry__language__in=meaning.LANGUAGES) & ~Q(pk__in=seen)
