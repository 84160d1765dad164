"""The scripts stay small, and a phone on a slow line is ready for the time offline soon."""

from __future__ import annotations

import pytest
from weights import OWN_LIMIT, READY_LIMIT, own_scripts, ready_load

pytestmark = pytest.mark.pure

LARGEST_PAGE = 30_000  # bytes, packed: more than any page of ours that somebody signs in to


def test_our_own_scripts_weigh_no_more_than_30_kilobytes() -> None:
    weights = own_scripts()
    assert {"device.js", "room.js", "search.worker.js", "sw.js"} <= set(weights)
    assert sum(weights.values()) <= OWN_LIMIT, weights


def test_a_device_is_ready_after_300_kilobytes() -> None:
    loads = ready_load()
    assert "/static/build/site.css" in loads
    assert sum(loads.values()) + LARGEST_PAGE <= READY_LIMIT, loads
