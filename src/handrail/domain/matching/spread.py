"""How the looks of a large run are spread: over threads here, or over other machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol


class Spread(Protocol):
    """Does pure work on parts of a scene, in any order and anywhere.

    `scene` stays the same from call to call and need not travel twice; `asked` is new each time.
    Work may be done again when whoever did it is lost: it depends on its arguments only.
    """

    def run(
        self,
        work: Callable[[Any, Any, Any], Any],
        scene: Any,
        asked: Any,
        parts: Sequence[Any],
    ) -> Iterable[Any]:
        """`work(scene, asked, part)` for each part, in the parts' order."""
