"""Cases asked of the product's own search on one database: JSON in, JSON out, in a process apart.

    python -m answering.server < cases.json > hits.json

The database is that of the environment, and empty. With `meaning` in the input the model of
HANDRAIL_EMBEDDINGS answers, else words do.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from functools import cache
from typing import Any

import django

NOW = datetime(2026, 2, 2, 8, tzinfo=UTC)


def main() -> None:
    given = json.load(sys.stdin)
    os.environ["DJANGO_SETTINGS_MODULE"] = "handrail.site.settings"
    if not given["meaning"]:
        os.environ.pop("HANDRAIL_EMBEDDINGS", None)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    told = [_asked(n, case, given["meaning"]) for n, case in enumerate(given["cases"])]
    json.dump(told, sys.stdout)


def _asked(n: int, case: dict[str, Any], with_meaning: bool) -> list[list[dict[str, Any]]]:
    from handrail.apps.answers.search import search
    from handrail.apps.organizations.actions import create_organization
    from handrail.apps.organizations.scope import reading, writing
    from handrail.apps.organizations.viewer import Viewer

    organization = create_organization(f"Set {n}", slug=f"set-{n}", now=NOW)
    viewer = Viewer.system(organization, "benchmark")
    with writing(organization):
        names = _filled(organization, case["docs"])
    if with_meaning:
        _encoded(organization)
    with reading(organization):
        return [
            [
                {"id": names[hit.answer.pk], "score": round(hit.score, 4), "band": str(hit.band)}
                for hit in search(
                    organization, viewer, ask["question"], ask["language"], today=NOW.date()
                )
            ]
            for ask in case["asks"]
        ]


def _filled(organization: Any, docs: list[dict[str, Any]]) -> dict[int, str]:
    """The answers, approved for all; which row is which of the set."""
    from handrail.apps.answers.models import (
        Answer,
        AnswerRevision,
        AnswerState,
        Audience,
        Phrasing,
        PhrasingState,
    )
    from handrail.apps.answers.search.index import reindex

    names = {}
    for doc in docs:
        answer = Answer.objects.create(
            organization=organization,
            language=doc["language"],
            state=AnswerState.LIVE,
            audience=Audience.ORGANIZATION,
            created_at=NOW,
        )
        answer.current = AnswerRevision.objects.create(
            organization=organization,
            answer=answer,
            n=1,
            question=doc["title"],
            body=doc["body"],
            written_at=NOW,
            approved_at=NOW,
        )
        answer.save()
        for place, text in enumerate(doc["aliases"]):
            Phrasing.objects.create(
                organization=organization,
                answer=answer,
                text=text,
                normal=str(place),
                state=PhrasingState.ALIAS,
                first_at=NOW,
            )
        names[answer.pk] = doc["id"]
    reindex(organization, now=NOW)
    return names


def _encoded(organization: Any) -> None:
    """What the worker would do, each text encoded once for all cases."""
    from handrail.apps.answers.search import meaning

    if not isinstance(meaning.encoder(), _Remembering):
        loaded = meaning.encoder()
        if loaded is None:
            raise SystemExit("There is no model in HANDRAIL_EMBEDDINGS.")
        remembering = _Remembering(loaded)
        meaning._loaded = lambda _folder: remembering  # type: ignore[assignment]
    from handrail.apps.answers.search.tasks import encode
    from handrail.apps.organizations.scope import reading
    from handrail.apps.outbox.models import OutboxRow

    with reading(organization):
        for row in OutboxRow.objects.filter(kind="answers.encode"):
            encode(row, NOW)


class _Remembering:
    """The model, with what it has encoded before."""

    def __init__(self, model: Any) -> None:
        self.name = model.name
        self._one = cache(lambda text: model.encode([text])[0])

    def encode(self, texts: list[str]) -> Any:
        import numpy as np

        return np.stack([self._one(text) for text in texts])


if __name__ == "__main__":
    main()
