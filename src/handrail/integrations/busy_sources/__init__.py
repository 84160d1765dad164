"""What every calendar elsewhere is to us: asked between two moments, it tells busy times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from handrail.integrations.guarded_http import Outbound
from handrail.integrations.ics_feed import Owner, Reading

Secret = Mapping[str, str]
Marks = Mapping[str, str]


def _kept_nowhere(_secret: Secret) -> None:
    """Where nothing is renewed there is nothing to keep."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: `secret` is what its owner gave, `marks` what the source said last time.

    With empty marks everything is asked for. `app` is what the operator was given by whoever
    runs the source, where it knows its callers. A secret that was renewed is given to `keep`.
    """

    outbound: Outbound
    secret: Secret
    owner: Owner
    since: datetime
    until: datetime
    marks: Marks = field(default_factory=dict)
    app: Mapping[str, str] = field(default_factory=dict)
    keep: Callable[[Secret], None] = _kept_nowhere


@dataclass(frozen=True, slots=True)
class Told:
    """Busy times, and the marks for the next time."""

    reading: Reading
    marks: Marks = field(default_factory=dict)


class SignIn(Exception):
    """The other side does not let us in with this secret, and will not later."""


class BusySource(Protocol):
    """Reads one calendar; raises Unchanged, SignIn, Refused, Unfetched or Failed.

    Times alone come back: titles, places and people are dropped where they are read.
    """

    def __call__(self, asked: Asked) -> Told: ...
