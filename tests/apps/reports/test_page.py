"""The report as page and file: sentences first, a table under every chart, no claim of effect."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.utils import translation

from handrail.apps.people.models import EmploymentSpell, SpellBasis
from handrail.apps.reports.actions import build_report
from handrail.apps.reports.models import Report
from handrail.apps.reports.queries import report_html, report_json
from handrail.apps.reports.wording import limits, percent

from .conftest import DATA_END, LATER, Team

IN_MARCH = date(2026, 3, 1)
MENTORS = ["p593767e3", "p63b6f905", "p9513b86e", "pa0951ecf", "pc8c1bb68"]
MENTEES = ["p05cbfd1f", "p06fbdafc", "p30a3db61", "p3ee6e534", "p4cae5f55"]


class Outline(HTMLParser):
    """Headings, and what stands where: charts, tables, text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.order: list[str] = []
        self.ids: list[str] = []
        self.parts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("svg", "table"):
            self.order.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())


@pytest.fixture
def report(pilot: Team) -> Report:
    """Six sessions of five pairs, one of them with a mentee who did not come."""
    for mentor, mentee in zip(MENTORS, MENTEES, strict=True):
        pilot.session("closed", mentor, mentee, ("attended", "attended"), simulated=True)
    pilot.session("not_held", MENTORS[0], MENTEES[0], ("attended", "no_show"), simulated=True)
    return build_report(program=pilot.program, cut=IN_MARCH, by=pilot.by, now=LATER)


def outline(report: Report) -> Outline:
    return Outline(report_html(report))


def test_it_says_that_the_sessions_were_played(report: Report) -> None:
    text = outline(report).text
    assert "The sessions in this report were played by a seeded simulator." in text


def test_it_does_not_say_so_of_real_sessions(pilot: Team) -> None:
    pilot.session("closed", MENTORS[0], MENTEES[0], ("attended", "attended"))
    real = build_report(program=pilot.program, cut=IN_MARCH, by=pilot.by, now=LATER)
    assert "simulator" not in outline(real).text


def test_it_says_who_is_not_in_a_history(report: Report) -> None:
    text = outline(report).text
    assert "A history holds only merged work: people who never got a merge are not in it." in text


def test_it_does_not_say_so_where_employment_is_known(pilot: Team) -> None:
    EmploymentSpell.objects.update(basis=SpellBasis.EMPLOYMENT)
    employed = build_report(program=pilot.program, cut=IN_MARCH, by=pilot.by, now=LATER)
    assert "A history holds only merged work" not in outline(employed).text


def test_it_does_not_speak_of_a_history_where_none_was_read() -> None:
    said = " ".join(limits({"simulated": False, "from_activity": True, "first_merge": None}))
    assert "history" not in said
    assert "read from their activity, not from employment" in said


def test_it_claims_no_effect(report: Report) -> None:
    text = outline(report).text
    assert "This report does not say that mentoring changed anything" in text
    assert not re.search(r"\b(caused?|because of mentoring|thanks to|improved?)\b", text)


def test_plain_sentences_give_count_share_and_interval(report: Report) -> None:
    # Wilson's 95 % interval of 5 of 6 is .436 to .970.
    text = outline(report).text
    assert (
        "Of 6 sessions, 5 were held (83%; the true share could be anything from 44% to 97%)."
        in text
    )


def test_the_baseline_is_said_in_one_sentence(report: Report) -> None:
    assert (
        "Newcomers before the program: half of 44 people had their first change merged within "
        "7 days (the true median could be anything from 3 to 13 days). By 1 February 2026, 36 "
        "had one and 8 were not there yet." in outline(report).text
    )


def test_a_small_group_is_told_as_follow_up_only(report: Report) -> None:
    assert (
        "Mentees of the program: with 8 people no outcome is shown; that takes 10. 0 of 8 have "
        "been followed for 60 days." in outline(report).text
    )


def test_known_and_not_yet_known_are_told_apart(pilot: Team) -> None:
    text = outline(build_report(program=pilot.program, cut=DATA_END, by=pilot.by, now=LATER)).text
    # Wilson's 95 % interval of 3 of 22 is .047 to .333.
    assert (
        "Newcomers before the program: day 90 is known for 22 of 44 who reached it, 0 not yet "
        "90 days. Still here of the 22 known: 3 (14%; the true share could be anything from 5% "
        "to 33%)." in text
    )
    assert "Who is still here is not shown: that takes 10 known." in text


def test_every_chart_has_its_table_next(report: Report) -> None:
    order = outline(report).order
    charts = [place for place, tag in enumerate(order) if tag == "svg"]
    assert len(charts) == 3  # attendance, sessions held, baseline curve
    assert [order[place + 1] for place in charts] == ["table"] * 3


def test_the_curves_table_gives_every_step(report: Report) -> None:
    # Day 0: 11 of 44 merged, 75.0 % are left; log(-log) band .594 to .853.
    html = " ".join(report_html(report).split())
    assert re.search(
        r'<th scope="row" data-label="[^"]+">0</th><td data-label="Still followed">44</td>'
        r'<td data-label="First merges">11</td><td data-label="Follow-up ends">0</td>'
        r'<td data-label="Without a first merge">75.0%</td>'
        r'<td data-label="Interval \(95%\)">59.4% to 85.3%</td>',
        html,
    )


def test_headings_go_down_one_step_at_a_time(report: Report) -> None:
    headings = outline(report).headings
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(headings))


def test_ids_are_unique(report: Report) -> None:
    ids = outline(report).ids
    assert len(ids) == len(set(ids))


def test_the_file_needs_nothing_from_outside(report: Report) -> None:
    html = report_html(report)
    assert not re.search(r"<script|<link|<img|src=|@import|url\(|\sstyle=", html)
    assert set(re.findall(r"https?://[^\s\"<]+", html)) == {"http://www.w3.org/2000/svg"}


def test_definitions_stand_in_the_report(report: Report) -> None:
    text = outline(report).text
    assert "Seats attended ÷ (attended + no-show), by role." in text
    assert "Cancelled less than 120 minutes before the start." in text
    assert "Sessions held ÷ (held + not held + late-cancelled)." in text


def test_it_names_cut_version_and_fingerprint(report: Report) -> None:
    text = outline(report).text
    assert "what was known at the end of 1 March 2026" in text
    assert report.digest in text


def test_a_report_of_nothing_says_so(pilot: Team) -> None:
    before = date(2020, 1, 1)
    text = outline(build_report(cut=before, by=pilot.by, now=LATER)).text
    assert "No session can be counted yet." in text
    assert "nan" not in text.lower().split()


def test_it_speaks_german(report: Report) -> None:
    with translation.override("de"):
        html = report_html(report)
    text = Outline(html).text
    assert '<html lang="de">' in html
    assert "Sitzungen gehalten: 5 von 6 (83\u00a0%;" in html
    assert "was am Ende des 1. März 2026 bekannt war" in text
    assert "75,0\u00a0%" in html
    assert not re.search(r"\b(the|people|sessions)\b", text)


def test_data_holds_unrounded_fractions(report: Report) -> None:
    data = json.loads(report_json(report))
    assert data["attendance"]["held"]["share"]["value"] == pytest.approx(5 / 6, abs=1e-15)
    assert data["digest"] == report.digest


def test_data_holds_no_hidden_outcome(report: Report) -> None:
    [mentees] = [
        row for row in json.loads(report_json(report))["first_merge"] if row["key"] == "program"
    ]
    assert set(mentees) == {
        "key", "from", "to", "cut", "people", "reached_before", "unknown", "horizon", "followed",
        "not_yet_followed", "hidden",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (0.996, "99.6%"),
        (0.0004, "0.04%"),
        (0.0556, "6%"),
        (None, "–"),
    ],
)
def test_only_none_and_all_are_written_as_0_and_100(share: float | None, words: str) -> None:
    assert percent(share) == words


def test_a_coming_session_is_announced(pilot: Team) -> None:
    pilot.session(
        "scheduled", MENTORS[0], MENTEES[0], starts_at=LATER.replace(hour=20) + timedelta(days=1)
    )
    text = outline(build_report(cut=DATA_END, by=pilot.by, now=LATER)).text
    assert "1 more session is booked or was over for less than 24 hours." in text
