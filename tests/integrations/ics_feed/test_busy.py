"""Which times of a calendar are busy: expected by hand, in Berlin unless a test says else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from handrail.integrations.ics_feed import Failed, Owner, Problem, ProblemKind, Unread, read_apart
from handrail.integrations.ics_feed import busy as reader
from handrail.integrations.ics_feed.busy import busy_times

ALICE = Owner("Europe/Berlin", ("alice@northwind.example",))
SINCE = datetime(2027, 3, 1, tzinfo=UTC)
UNTIL = datetime(2027, 4, 15, tzinfo=UTC)
UNREADABLE = Problem(ProblemKind.UNREADABLE, 1)
TOO_OFTEN = Problem(ProblemKind.TOO_OFTEN, 1)


def calendar(*events: str, head: str = "", kind: str = "VEVENT") -> str:
    """A calendar of events, each given as its lines."""
    parts = "".join(f"BEGIN:{kind}\r\n{event.strip()}\r\nEND:{kind}\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{parts}END:VCALENDAR\r\n"


def busy(*events: str, head: str = "", owner: Owner = ALICE, kind: str = "VEVENT") -> list[str]:
    """The spans as "26 08:00-09:00" in UTC; what is told comes after them."""
    text = calendar(*events, head=head, kind=kind)
    reading = busy_times(text.replace("\n\n", "\n"), owner, SINCE, UNTIL)
    spans = [
        f"{a:%d %H:%M}-{b:%H:%M}" if b - a < timedelta(days=1) else f"{a:%d.%m %H}-{b:%d.%m %H}"
        for a, b in reading.spans
    ]
    return spans + [f"{told.kind} {told.count} {told.about}".strip() for told in reading.problems]


NINE = """DTSTART;TZID=Europe/Berlin:20270326T090000
DTEND;TZID=Europe/Berlin:20270326T100000"""
# Clocks change on Sunday 28 March 2027: 09:00 is 08:00 UTC before, 07:00 after.
WEEK = f"UID:1\n{NINE}\nRRULE:FREQ=DAILY;COUNT=5"
DAYS = [
    "26 08:00-09:00", "27 08:00-09:00", "28 07:00-08:00", "29 07:00-08:00", "30 07:00-08:00",
]  # fmt: skip
LEFT_OUT = "EXDATE;TZID=Europe/Berlin:20270328T090000,20270330T090000"
CHANGED = """UID:1
RECURRENCE-ID;TZID=Europe/Berlin:20270328T090000
DTSTART;TZID=Europe/Berlin:20270328T140000
DTEND;TZID=Europe/Berlin:20270328T143000"""


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([f"UID:1\n{NINE}"], ["26 08:00-09:00"]),
        ([f"UID:1\n{NINE}\nTRANSP:TRANSPARENT"], []),
        ([f"UID:1\n{NINE}\nSTATUS:CANCELLED"], []),
        ([f"UID:1\n{NINE}\nSTATUS:TENTATIVE"], ["26 08:00-09:00"]),
        (["UID:1\nDTSTART:20270326T090000Z\nDURATION:PT1H30M"], ["26 09:00-10:30"]),
        (["UID:1\nDTSTART:20270326T090000Z"], []),  # a moment takes no time
        ([WEEK], DAYS),
        ([f"{WEEK}\n{LEFT_OUT}"], [*DAYS[:2], DAYS[3]]),
        ([f"{WEEK}\nEXDATE:20270328T070000Z"], [*DAYS[:2], *DAYS[3:]]),
        (
            [f"UID:1\n{NINE}\nRDATE;TZID=Europe/Berlin:20270329T090000"],
            ["26 08:00-09:00", "29 07:00-08:00"],
        ),
        (
            [f"UID:1\n{NINE}\nRDATE;VALUE=PERIOD:20270329T090000Z/PT2H"],
            ["26 08:00-09:00", "29 09:00-11:00"],
        ),
        ([WEEK, CHANGED], [*DAYS[:2], "28 12:00-12:30", *DAYS[3:]]),
        ([CHANGED, WEEK], [*DAYS[:2], "28 12:00-12:30", *DAYS[3:]]),
        ([WEEK, f"{CHANGED}\nSTATUS:CANCELLED"], [*DAYS[:2], *DAYS[3:]]),
        (
            [WEEK, "UID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20270328T090000\nSTATUS:CANCELLED"],
            [*DAYS[:2], *DAYS[3:]],
        ),
        (
            [WEEK, CHANGED.replace("RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE")],
            [*DAYS[:2], "28 12:00-12:30", "29 12:00-12:30", "30 12:00-12:30"],
        ),
        ([f"{WEEK}\nTRANSP:TRANSPARENT", CHANGED], ["28 12:00-12:30"]),
        ([f"UID:1\n{NINE}", f"UID:1\n{NINE}".replace("T09", "T07")], ["26 06:00-09:00"]),
        ([NINE, NINE.replace("326T", "327T")], ["26 08:00-09:00", "27 08:00-09:00"]),
    ],
)  # fmt: skip
def test_what_blocks(events: list[str], expected: list[str]) -> None:
    assert busy(*events) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:alice@northwind.example", []),
        ('ATTENDEE;CN="A: B";PARTSTAT="DECLINED":MAILTO:Alice@Northwind.example', []),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:bob@northwind.example", ["26 08:00-09:00"]),
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@northwind.example", ["26 08:00-09:00"]),
    ],
)
def test_only_what_the_owner_declined_is_free(line: str, expected: list[str]) -> None:
    assert busy(f"UID:1\n{NINE}\n{line}") == expected


def test_a_whole_day_is_the_owners_day() -> None:
    day = "UID:1\nDTSTART;VALUE=DATE:20270328"  # 23 hours long in Berlin
    assert busy(day) == ["27 23:00-22:00"]
    kathmandu = Owner("Asia/Kathmandu")
    assert busy(day, owner=kathmandu) == ["27.03 18-28.03 18"]


def test_a_leave_that_began_long_ago_still_blocks() -> None:
    assert busy("UID:1\nDTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20270403") == [
        "01.03 00-02.04 22"
    ]


def test_what_touches_is_one_span_and_nothing_reaches_beyond_what_is_asked() -> None:
    later = NINE.replace("T10", "T11").replace("T09", "T10")
    outside = "UID:3\nDTSTART:20270415T090000Z\nDURATION:PT1H"
    assert busy(f"UID:1\n{NINE}", f"UID:2\n{later}", outside) == ["26 08:00-10:00"]


@pytest.mark.parametrize(
    ("zone", "head", "expected"),
    [
        ("", "", ["26 08:00-09:00"]),  # no zone at all: the owner's
        ("", "X-WR-TIMEZONE:America/New_York\n", ["26 13:00-14:00"]),
        (";TZID=America/New_York", "", ["26 13:00-14:00"]),
        (';TZID="Eastern Standard Time"', "", ["26 13:00-14:00"]),
        (";TZID=W. Europe Standard Time", "", ["26 08:00-09:00"]),
        (";TZID=/freeassociation.sourceforge.net/America/New_York", "", ["26 13:00-14:00"]),
        (
            ';TZID="(UTC+01:00) Amsterdam, Berlin"',
            "",
            ["26 08:00-09:00", "unknown-zone 2 (UTC+01:00) Amsterdam, Berlin"],
        ),
        (
            ";TZID=Mars/Olympus",
            "X-WR-TIMEZONE:America/New_York\n",
            ["26 13:00-14:00", "unknown-zone 2 Mars/Olympus"],
        ),
        ("", "X-WR-TIMEZONE:Mars/Olympus\n", ["26 08:00-09:00", "unknown-zone 1 Mars/Olympus"]),
    ],
)
def test_zones_however_they_are_written(zone: str, head: str, expected: list[str]) -> None:
    event = f"DTSTART{zone}:20270326T090000\nDTEND{zone}:20270326T100000"
    assert busy(event, head=head) == expected


def test_a_zone_that_the_calendar_defines_itself() -> None:
    zone = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0345
TZOFFSETTO:+0345
END:STANDARD
END:VTIMEZONE
"""
    event = 'DTSTART;TZID="Customized Time Zone":20270326T090000\nDURATION:PT1H'
    assert busy(event, head=zone) == ["26 05:15-06:15"]


def test_a_calendar_with_a_zone_repeats_by_its_clock_though_it_writes_utc() -> None:
    event = "DTSTART:20270326T080000Z\nDTEND:20270326T090000Z\nRRULE:FREQ=DAILY;COUNT=4"
    assert busy(event, head="X-WR-TIMEZONE:Europe/Berlin\n") == DAYS[:4]
    assert busy(event) == [f"{day} 08:00-09:00" for day in (26, 27, 28, 29)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=60",
        "FREQ=HOURLY",
        "INTERVAL=1",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7;BYMINUTE=1,2,3,4,5",
        "FREQ=DAILY;BYSECOND=1,2",
    ],
)
def test_a_rule_that_would_never_end_is_told_and_its_time_is_not_free(rule: str) -> None:
    event = f"UID:1\nDTSTART:20270326T090000Z\nDURATION:PT1M\nRRULE:{rule}"
    assert busy(event, f"UID:2\n{NINE}") == ["25.03 23-15.04 00", "too-often 1"]
    assert busy(f"{event};UNTIL=20270401T000000Z") == ["25.03 23-01.04 22", "too-often 1"]
    assert busy(f"{event}\nTRANSP:TRANSPARENT") == []


def test_what_is_slow_ends_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS_EACH", 0.05)
    never = "UID:1\nDTSTART;VALUE=DATE:19700101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    assert busy(never, f"UID:2\n{NINE}") == ["01.03 00-15.04 00", "too-slow 1"]


def test_the_mutant_that_follows_every_rule_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "too_often", lambda _line: False)
    monkeypatch.setattr(reader, "SECONDS_EACH", 0.05)
    endless = "UID:1\nDTSTART:20270326T090000Z\nDURATION:PT1M\nRRULE:FREQ=DAILY;INTERVAL=0"
    assert busy(endless) == ["25.03 23-15.04 00", "too-slow 1"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("UID:1\nDTSTART:20270326Tnine\nDTEND:20270326T100000Z", ["25 23:00-23:00"]),
        ("UID:1\nDTSTART:20270399T090000Z\nDTEND:20270326T100000Z", ["25 23:00-23:00"]),
        ("UID:1\nDTSTART:20270326T090000Z\nDURATION:later", ["25.03 23-15.04 00"]),
        (f"UID:1\n{NINE}\nRRULE:FREQ=DAILY;BYDAY=XX", ["25.03 23-15.04 00"]),
        ("UID:1\nDTSTART:soon", []),
        ("UID:1\nSUMMARY:no times at all", []),
    ],
)
def test_what_cannot_be_read_is_told_and_alone(event: str, expected: list[str]) -> None:
    expected = [span.replace("25 23:00-23:00", "25.03 23-26.03 23") for span in expected]
    early = "UID:9\nDTSTART:20270310T090000Z\nDURATION:PT1H"
    assert busy(event, early) == ["10 09:00-10:00", *expected, "unreadable 1"]


def test_a_list_of_busy_times_is_read_too() -> None:
    listed = (
        "FREEBUSY;FBTYPE=BUSY:20270326T080000Z/PT1H,20270327T080000Z/20270327T090000Z\n"
        "FREEBUSY;FBTYPE=FREE:20270329T080000Z/PT1H"
    )
    assert busy(listed, kind="VFREEBUSY") == ["26 08:00-09:00", "27 08:00-09:00"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Unread.NO_CALENDAR),
        ("<html><body>Sign in</body></html>", Unread.NO_CALENDAR),
        ("BEGIN:VEVENT\nEND:VEVENT\n", Unread.NO_CALENDAR),
        (calendar(NINE)[:-20], Unread.CUT_OFF),
        (calendar(NINE).replace("END:VEVENT\r\n", ""), Unread.CUT_OFF),
        (calendar(*["DTSTART:20270326T090000Z"] * 10_001), Unread.TOO_MANY),
    ],
)
def test_what_is_no_whole_calendar_is_refused_whole(text: str, why: Unread) -> None:
    with pytest.raises(Failed) as told:
        busy_times(text, ALICE, SINCE, UNTIL)
    assert told.value.why is why


def test_a_process_apart_reads_the_times_and_no_word(capfd: pytest.CaptureFixture[str]) -> None:
    canary = "Redundancy talks"
    words = "".join(
        f"\n{name}:{canary}" for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "X-A")
    )
    words += f"\nATTENDEE;CN={canary}:mailto:carol@northwind.example\nRRULE:{canary}"
    alarm = f"\nBEGIN:VALARM\nDESCRIPTION:{canary}\nTRIGGER:-PT5M\nEND:VALARM"
    text = calendar(
        f"UID:{canary}\n{NINE}{words}{alarm}", f"UID:2\n{NINE}", head=f"NAME:{canary}\n"
    )
    reading = read_apart(text.encode("utf-8"), ALICE, SINCE, UNTIL)
    assert reading.spans == ((datetime(2027, 3, 25, 23, tzinfo=UTC), UNTIL),)
    assert reading.problems == (TOO_OFTEN,)
    assert canary not in repr(reading) + json.dumps(capfd.readouterr())


def test_a_process_that_computes_too_long_is_ended() -> None:
    never = "DTSTART;VALUE=DATE:19700101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    with pytest.raises(Failed) as told:
        read_apart(calendar(*[never] * 20).encode(), ALICE, SINCE, UNTIL, cpu=1)
    assert told.value.why is Unread.TOO_SLOW


def test_a_refused_calendar_is_told_from_the_process_apart() -> None:
    with pytest.raises(Failed) as told:
        read_apart(b"\xff\xfe not a calendar \0", ALICE, SINCE, UNTIL)
    assert told.value.why is Unread.NO_CALENDAR
