"""The product's free starts are those of two oracles, whatever the zone of the process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from domain.scheduling import oracles

PROCESS_ZONES = ("UTC", "America/New_York", "Asia/Kathmandu")


def differences_in(process_zone: str, zones: list[str]) -> tuple[int, list[str]]:
    """What the oracles find in a process that believes to be elsewhere."""
    done = subprocess.run(
        [sys.executable, str(Path(oracles.__file__))],
        input=json.dumps({"zones": zones}),
        env={**os.environ, "TZ": process_zone},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    return told["cases"], told["differences"]


@pytest.mark.parametrize(
    "place",
    [0, *(pytest.param(place, marks=pytest.mark.nightly) for place in (1, 2))],
    ids=PROCESS_ZONES,
)
def test_two_oracles_agree_in_another_zone_of_the_process(place: int) -> None:
    """By day each process takes a third of the list; at night all of it."""
    zones = list(oracles.ZONES[place::3])
    cases = len(zones) * len(oracles.RULES) * len(oracles.SPANS)
    assert differences_in(PROCESS_ZONES[place], zones) == (cases, [])


@pytest.mark.nightly
@pytest.mark.parametrize("process_zone", PROCESS_ZONES)
def test_two_oracles_agree_on_every_zone_in_every_process(process_zone: str) -> None:
    cases = len(oracles.ZONES) * len(oracles.RULES) * len(oracles.SPANS)
    assert differences_in(process_zone, list(oracles.ZONES)) == (cases, [])


def test_the_oracles_find_an_offset_that_never_changes() -> None:
    """A mutant: what takes today's offset for every day must not get past them."""
    _cases, found = oracles.differences(["Europe/Berlin"], [oracles.by_fixed_offset])
    assert "Europe/Berlin 13:00-18:00 from 2027-03-10: by_fixed_offset" in found
    _cases, found = oracles.differences(["Asia/Kathmandu"], [oracles.by_fixed_offset])
    assert found == []  # where nothing changes it is right
