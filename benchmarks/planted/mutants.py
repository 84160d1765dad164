"""Estimators broken on purpose: the goals must then fail, or they would catch nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handrail.domain.evidence import means
from handrail.domain.evidence.effect import Effect
from planted import effects


def break_it(name: str) -> None:
    """Break an estimator on purpose."""
    if name == "variance":
        around = means.around
        means.around = lambda e, s, **kw: around(e, 0.75 * s, **kw)  # type: ignore[assignment]
    elif name == "bias":
        plain = means.mean_difference

        def biased(*args: Any, **kw: Any) -> Effect:
            found = plain(*args, **kw)
            shift = 0.6 * (found.error or 0.0)
            return replace(
                found, estimate=found.estimate + shift,
                low=(found.low or 0) + shift, high=(found.high or 0) + shift,
            )  # fmt: skip

        means.mean_difference = biased
    elif name == "unclustered":
        real = effects.mean_difference
        effects.mean_difference = lambda *a, clusters=None, **kw: real(*a, **kw)  # type: ignore[assignment]
    elif name:
        raise SystemExit(f"There is no mutant {name}.")
