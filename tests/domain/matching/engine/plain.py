"""The engine with its kernels as plain Python: nothing is compiled, so small cases are quick."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from types import SimpleNamespace

from numba.core import config

import handrail.domain.matching as matching
from handrail.domain.matching import Options, Plan, Problem
from handrail.domain.matching.check import check

PACKAGE = "handrail.domain.matching.engine"
MODULES = ("crowd", "everywhere", "few", "fill", "joint", "large", "look", "most", "serve", "solve")


@cache
def plain_engine() -> SimpleNamespace:
    """The engine's modules, read anew while numba is told to compile nothing."""
    compiled = _taken_out()
    wish, config.DISABLE_JIT = config.DISABLE_JIT, 1
    try:
        return SimpleNamespace(**{name: import_module(f"{PACKAGE}.{name}") for name in MODULES})
    finally:
        config.DISABLE_JIT = wish
        _taken_out()
        sys.modules.update(compiled)
        if PACKAGE in compiled:
            matching.engine = compiled[PACKAGE]


def _taken_out() -> dict[str, object]:
    names = [name for name in sys.modules if name == PACKAGE or name.startswith(PACKAGE + ".")]
    return {name: sys.modules.pop(name) for name in names}


def solve_plain(problem: Problem, options: Options | None = None, *, seed: int = 1) -> Plan:
    """What the engine answers for a problem of any size, after the checks of `solve`."""
    options = options or Options()
    check(problem, options)
    return plain_engine().solve.solve_large(
        problem, seed=seed, options=options, version="1", progress=lambda stage: None
    )
