"""Search by meaning, where an administrator installed the model: online only, and in English only.

The vectors of an organisation are kept in memory, and read anew once they have changed. The order
is that of the cosine alone: mixed with the order by words it was worse.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.conf import settings
from django.db.models import Count, Max

from handrail.apps.answers.models import AnswerVector

if TYPE_CHECKING:  # numpy is late: who searches by words never needs it
    from numpy.typing import NDArray

LANGUAGES: Final = frozenset({"en"})  # what the model was made from
SHELVES: Final = 4  # organisations whose vectors stay in memory
_log = logging.getLogger(__name__)


class Encodes(Protocol):
    """What makes vectors of texts; of length 1 each, so that a product is a cosine."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> NDArray[Any]: ...


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All vectors of one organisation: rows of one answer lie next to each other."""

    stamp: tuple[str, int, int]
    answer_ids: list[int]
    begins: list[int]  # where each answer's rows begin
    matrix: Any


_shelves: dict[int, _Shelf] = {}
_lock = Lock()


def is_on() -> bool:
    """Whether an administrator named a folder with a model; nothing is loaded by asking."""
    return bool(settings.EMBEDDINGS)


def encoder() -> Encodes | None:
    """The model, loaded once a process; None where there is none, or it cannot be loaded."""
    return _loaded(settings.EMBEDDINGS) if settings.EMBEDDINGS else None


@cache
def _loaded(folder: str) -> Encodes | None:
    from handrail.integrations.minilm import NoModel, load  # late, as numpy is

    try:
        return load(Path(folder))
    except NoModel as why:
        _log.warning("Search by meaning is off: %s", why)
        return None


def nearest(organization_id: int, text: str, model: Encodes) -> list[tuple[int, float]]:
    """Every answer that the model has seen, with its best cosine to a text, best first."""
    import numpy as np

    shelf = _shelf(organization_id, model.name)
    if not shelf.answer_ids:
        return []
    cosines = shelf.matrix @ model.encode([text])[0]
    best = np.maximum.reduceat(cosines, shelf.begins)
    order = np.lexsort((np.asarray(shelf.answer_ids), -best))
    return [(shelf.answer_ids[place], float(best[place])) for place in order]


def keep_vectors(answer_id: int, organization_id: int, model: str, vectors: NDArray[Any]) -> None:
    """Put the vectors of an answer in place of those before, in the caller's transaction."""
    AnswerVector.objects.filter(answer_id=answer_id).delete()
    AnswerVector.objects.bulk_create(
        AnswerVector(
            organization_id=organization_id,
            answer_id=answer_id,
            model=model,
            n=n,
            vector=vector.astype("<f4").tobytes(),
        )
        for n, vector in enumerate(vectors)
    )


def _shelf(organization_id: int, model: str) -> _Shelf:
    import numpy as np

    rows = AnswerVector.objects.filter(organization_id=organization_id, model=model)
    # Rows are only ever written anew: the same count and the same last one are the same rows.
    told = rows.aggregate(count=Count("pk"), last=Max("pk"))
    stamp = (model, told["count"], told["last"] or 0)
    with _lock:
        shelf = _shelves.get(organization_id)
        if shelf is not None and shelf.stamp == stamp:
            return shelf
    ids: list[int] = []
    begins: list[int] = []
    parts: list[bytes] = []
    for place, (answer_id, vector) in enumerate(
        rows.order_by("answer_id", "n").values_list("answer_id", "vector")
    ):
        if not ids or ids[-1] != answer_id:
            ids.append(answer_id)
            begins.append(place)
        parts.append(bytes(vector))
    matrix = np.frombuffer(b"".join(parts), dtype="<f4").reshape(len(parts), -1) if parts else None
    shelf = _Shelf(stamp, ids, begins, matrix)
    with _lock:
        _shelves.pop(organization_id, None)
        _shelves[organization_id] = shelf
        while len(_shelves) > SHELVES:
            _shelves.pop(next(iter(_shelves)))
    return shelf
