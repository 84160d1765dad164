"""Names of zones as calendars write them: the usual ones, Windows', quoted, or made up."""

from __future__ import annotations

import warnings
from contextlib import suppress
from datetime import tzinfo
from zoneinfo import ZoneInfo

import icalendar
from icalendar.timezone import tzp

from handrail.integrations.ics_feed.rules import too_often

SHOWN = 60  # characters of a zone's name


class Zones:
    """The zones of one calendar; what it does not define and nobody knows is its own zone."""

    def __init__(self, own_name: str, definitions: list[str], owner: str) -> None:
        self.unknown: dict[str, int] = {}
        for definition in definitions:
            _define(definition)
        known = _known(own_name) if own_name else None
        if own_name and known is None:
            self._note(own_name)
        self.own_name = own_name if known is not None else owner
        self.own: tzinfo = known or ZoneInfo(owner)
        self.says_its_own = known is not None

    def name_of(self, written: str) -> str:
        """A name that can be read, for the one that is written; empty for the calendar's own."""
        plain = written.strip().strip('"').strip()
        if plain and _known(plain) is not None:
            return plain
        if plain:
            self._note(plain)
        return ""

    def _note(self, name: str) -> None:
        shown = "".join(letter for letter in name if letter.isprintable())[:SHOWN]
        self.unknown[shown] = self.unknown.get(shown, 0) + 1


def _known(name: str) -> tzinfo | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a maker's name before the zone's was taken off
        try:
            return tzp.timezone(name)
        except (ValueError, OSError):
            return None


def _define(definition: str) -> None:
    """Make a zone known that the calendar defines; a broken definition defines nothing."""
    if any(too_often(line) for line in definition.splitlines() if line.upper().startswith("RRULE")):
        return
    with suppress(Exception):  # whatever its maker did wrong: the name is unknown then, and told
        tzp.cache_timezone_component(icalendar.Timezone.from_ical(definition))
