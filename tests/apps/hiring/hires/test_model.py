"""Hires against a model that knows nothing of the code: few plays by day, many at night.

Events happen in one order and arrive in another, some of them twice. After each delivery the lines
of both intakes must be those of the model: nobody is lost, nobody overtaken, no seat given twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.hiring.hires.conftest import JANUARY, MARCH, NOW, Desk
from handrail.apps.cohorts.models import Intake, Place
from handrail.apps.hiring.actions import settling
from handrail.apps.people.models import EmploymentSpell

NAMES = ("ada", "ben", "cem", "dora", "emil", "fay", "gus", "hana", "ivo")
STARTS = (date(2027, 1, 4), date(2027, 1, 11), date(2027, 2, 1), date(2027, 3, 8))
SEATS = 6


@dataclass(frozen=True)
class Happened:
    """One thing that happened at the hiring system, at its own clock."""

    number: int
    name: str
    start: date | None  # None: undone

    @property
    def at(self) -> datetime:
        return NOW - timedelta(days=30) + timedelta(minutes=self.number)


@dataclass
class Model:
    """Who stands where in which line, by the words of the brief alone."""

    heard: dict[str, dict[int, Happened]] = field(default_factory=dict)
    lines: dict[date, list[str]] = field(default_factory=lambda: {JANUARY: [], MARCH: []})
    starts: dict[str, date] = field(default_factory=dict)  # that a place is held for

    def hear(self, event: Happened) -> None:
        heard = self.heard.setdefault(event.name, {})
        heard[event.number] = event
        last = heard[max(heard)]
        if last.start is None:
            self._leave(event.name)
        elif last.start != self.starts.get(event.name):
            self._come(event.name, last.start)

    def _leave(self, name: str) -> None:
        for line in self.lines.values():
            if name in line:
                line.remove(name)
        self.starts.pop(name, None)

    def _come(self, name: str, start: date) -> None:
        where = next((first for first in (JANUARY, MARCH) if first >= start), None)
        if where is None or name not in self.lines[where]:
            self._leave(name)
            if where is None:
                return
            self.lines[where].append(name)
        self.starts[name] = start


def plays(length: int) -> st.SearchStrategy[list[Happened]]:
    """What happens, in the order and as often as it arrives: late by up to a dozen deliveries."""
    said = st.tuples(st.sampled_from(NAMES), st.sampled_from((*STARTS, *STARTS, None)))
    late = st.lists(st.integers(0, 12), min_size=1, max_size=2)  # twice is a double
    rows = st.lists(st.tuples(said, late), min_size=length, max_size=length)
    return rows.map(
        lambda found: [
            event
            for _at, event in sorted(
                (
                    (number + wait, Happened(number, name, start))
                    for number, ((name, start), waits) in enumerate(found)
                    for wait in waits
                ),
                key=lambda one: one[0],
            )
        ]
    )


def line(desk: Desk, intake: Intake) -> list[str]:
    return [*desk.seated(intake), *desk.waiting(intake)]


def play(desk: Desk, events: list[Happened]) -> None:
    model = Model()
    desk.now = NOW
    with transaction.atomic():
        for event in events:
            desk.told(
                event.name,
                event.start,
                delivery=f"event-{event.number}",
                undone=event.start is None,
                occurred_at=event.at,
            )
            model.hear(event)
            for first, intake in ((JANUARY, desk.january), (MARCH, desk.march)):
                assert line(desk, intake) == model.lines[first]
                assert len(desk.seated(intake)) <= SEATS
        held = {
            spell.person.name.split()[0].lower(): spell.started_on
            for spell in EmploymentSpell.objects.filter(
                person__external_id__startswith="hire-"
            ).select_related("person")
        }
        assert held.items() >= model.starts.items()
        transaction.set_rollback(True)


def played(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def test_m11_no_seat_is_given_twice_and_nobody_is_overtaken(desk: Desk) -> None:
    desk.rule()
    played(2)(given(plays(12))(lambda events: play(desk, events)))()


@pytest.mark.nightly
def test_m11_no_seat_is_given_twice_and_nobody_is_overtaken_in_long_plays(desk: Desk) -> None:
    desk.rule()
    played(40)(given(plays(30))(lambda events: play(desk, events)))()


@pytest.mark.nightly
def test_a_hire_that_jumped_the_line_would_be_caught(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = settling.give_place

    def jumping(*args: Any, **more: Any) -> Place:
        return honest(*args, **{**more, "waits_since": NOW - timedelta(days=1)})

    monkeypatch.setattr(settling, "give_place", jumping)
    desk.rule()
    check = given(plays(20))(lambda events: play(desk, events))
    with pytest.raises(AssertionError):
        settings(played(20), phases=[Phase.generate])(check)()
