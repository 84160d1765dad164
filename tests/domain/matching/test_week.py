"""The week as bits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from handrail.domain.matching import bits_of, pack, slots_of, unpack
from handrail.domain.matching.week import slot_at, slots_in_week, start_of


def test_a_row_is_64_bytes_and_bit_70_is_in_the_second_word():
    rows = pack([1 << 70])
    assert rows.nbytes == 64
    assert rows.tolist() == [[0, 64, 0, 0, 0, 0, 0, 0]]


def test_unpacking_gives_back_what_was_packed():
    weeks = [0, 1, (1 << 336) - 1, 1 << 503, bits_of([0, 63, 64, 200])]
    assert unpack(pack(weeks)) == weeks


def test_rows_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        pack([1])[0, 0] = 2


def test_nobody_gives_no_rows():
    assert pack([]).shape == (0, 8)
    assert pack([]).dtype == np.uint64


def test_set_bits_come_lowest_first():
    assert list(slots_of(bits_of([200, 3, 64]))) == [3, 64, 200]


@pytest.mark.parametrize(("step", "slots"), [(20, 504), (30, 336), (25, 403), (60, 168)])
def test_slots_in_a_week(step, slots):
    assert slots_in_week(step) == slots


@pytest.mark.parametrize("step", [0, 15, 19, 22, 65])
def test_a_step_off_the_grid_is_refused(step):
    with pytest.raises(ValueError, match="step"):
        slots_in_week(step)


def test_slot_50_of_half_hours_is_tuesday_one_o_clock():
    moment = datetime(2026, 1, 6, 1, 0, tzinfo=UTC)
    assert start_of(date(2026, 1, 5), 50, 30) == moment
    assert slot_at(date(2026, 1, 5), moment, 30) == 50


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 6, 1, 10, tzinfo=UTC),
        datetime(2026, 1, 4, 23, 30, tzinfo=UTC),
        datetime(2026, 1, 12, tzinfo=UTC),
    ],
)
def test_a_moment_off_the_grid_or_the_week_has_no_slot(moment):
    assert slot_at(date(2026, 1, 5), moment, 30) is None
