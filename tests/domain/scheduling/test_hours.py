"""Working hours as people write them."""

from __future__ import annotations

import pytest

from handrail.domain.scheduling import (
    NotHours,
    parse_spans,
    parse_working_hours,
    spans_text,
    working_hours_text,
)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("09:00-17:00", (540, 1020)),
        ("00:00-24:00", (0, 1440)),
        ("22:00-06:00", (1320, 360)),
        (" 08:05 - 12:30 ", (485, 750)),
        ("12:00-00:00", (720, 0)),
    ],
)
def test_a_span_becomes_minutes_after_midnight(text: str, minutes: tuple[int, int]) -> None:
    assert parse_working_hours(text) == minutes


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("nine to five", "not-a-span", "is not a span of time"),
        ("9-17", "not-a-time", "'9' is not a time"),
        ("09:00-25:00", "not-of-a-day", "'25:00' is not a time of the day"),
        ("24:00-08:00", "not-of-a-day", "'24:00' is not a time of the day"),
        ("09:75-17:00", "not-of-a-day", "'09:75' is not a time of the day"),
        ("09:00-17:03", "not-on-five-minutes", "'17:03' is not on five minutes"),
        ("09:00-09:00", "no-length", "starts and ends at the same time"),
    ],
)
def test_what_is_no_span_is_refused_with_what_to_write(text: str, code: str, words: str) -> None:
    with pytest.raises(NotHours, match=r"Write|Round") as refused:
        parse_working_hours(text)
    assert refused.value.code == code
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["09:00-17:00", "00:00-24:00", "22:30-06:05"])
def test_minutes_are_written_back_as_they_were(text: str) -> None:
    assert working_hours_text(*parse_working_hours(text)) == text


def test_several_spans_a_day_are_written_with_commas() -> None:
    assert parse_spans("13:00-17:00, 09:00–12:00") == ((540, 720), (780, 1020))
    assert parse_spans(" ") == ()
    assert spans_text([(780, 1020), (540, 720)]) == "09:00-12:00, 13:00-17:00"
    assert parse_spans("09:00-12:00,22:00-02:00") == ((540, 720), (1320, 120))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("09:00-34:00", "not-of-a-day"),  # a rule of 25 hours
        ("09:00-12:00, 11:00-13:00", "overlap"),
        ("22:00-06:00, 23:00-23:30", "overlap"),
        ("09:00-12:00 13:00-17:00", "not-a-time"),
    ],
)
def test_spans_that_no_day_has_are_refused(text: str, code: str) -> None:
    with pytest.raises(NotHours) as refused:
        parse_spans(text)
    assert refused.value.code == code
