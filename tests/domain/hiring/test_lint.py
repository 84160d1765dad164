"""What a page may get wrong, each rule with a page that breaks it and one that does not."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from handrail.domain.hiring.blocks import Items, Paragraph, as_html, visible_of
from handrail.domain.hiring.lint import (
    Code,
    Finding,
    Offered,
    errors_of,
    lint_copy,
    lint_page,
    read_page,
)
from handrail.domain.hiring.markup import OpenJob, Pay, as_script, job_markup

TODAY = date(2026, 2, 4)
BLOCK = (Paragraph("This job comes with mentoring."), Items(("3 sessions of 20 minutes",)))
TEXT = (Paragraph("You write <code> & tests."), *BLOCK)
JOB = OpenJob(
    title="Engineer",
    ref="R-7",
    company="Northwind",
    company_url="https://example.org",
    url="https://example.org/jobs/7",
    posted_on=date(2026, 2, 1),
    closes_on=date(2026, 3, 1),
    employment="FULL_TIME",
    is_remote=False,
    city="Berlin",
    region="",
    country="DE",
    postal_code="10115",
    pay=Pay("60000", "80000", "EUR", "YEAR"),
    applies_here=False,
)
GOOD = job_markup(JOB, TEXT, "3 sessions of 20 minutes")


def page(markup: Any, body: str = "") -> str:
    said = body or f"<h1>Engineer</h1>{as_html(TEXT)}"
    script = as_script(markup) if isinstance(markup, dict) else markup
    return f'<html><script type="application/ld+json">{script}</script><body>{said}</body></html>'


def found(html: str) -> list[tuple[Code, str]]:
    return [(one.code, one.what) for one in lint_page(read_page(html), TODAY)]


def changed(**values: Any) -> dict[str, Any]:
    markup = {**GOOD, **values}
    return {name: value for name, value in markup.items() if value is not None}


def test_m12_what_we_emit_for_a_page_of_ours_passes_every_rule() -> None:
    assert found(page(GOOD)) == []
    assert GOOD["description"] == as_html(TEXT)
    # HTML in a script would end it: nothing of it is left.
    assert "<" not in as_script({"a": "</script><b>&"})
    assert json.loads(as_script({"a": "</script>&"})) == {"a": "</script>&"}


@pytest.mark.parametrize(
    ("markup", "code", "what"),
    [
        (changed(title=None), Code.MISSING, "title"),
        (changed(description=None), Code.MISSING, "description"),
        (changed(datePosted=""), Code.MISSING, "datePosted"),
        (changed(hiringOrganization=None), Code.MISSING, "hiringOrganization"),
        (changed(jobLocation=None), Code.MISSING, "jobLocation"),
        (changed(validThrough=None), Code.BETTER_WITH, "validThrough"),
        (changed(employmentType=None), Code.BETTER_WITH, "employmentType"),
        (changed(identifier=None), Code.BETTER_WITH, "identifier"),
        (changed(baseSalary=None), Code.BETTER_WITH, "baseSalary"),
        (changed(directApply=None), Code.BETTER_WITH, "directApply"),
        (changed(validThrough="2026-02-03"), Code.PAST, "2026-02-03"),
        (changed(validThrough="soon"), Code.NO_DATE, "validThrough"),
        (changed(mentorship="yes"), Code.UNKNOWN, "mentorship"),
        (changed(jobBenefits="4 sessions of 20 minutes"), Code.TEXT_DIFFERS, "jobBenefits"),
        (changed(title="Senior engineer"), Code.TEXT_DIFFERS, "title"),
        (changed(description="<p>You write code.</p>"), Code.TEXT_DIFFERS, "description"),
    ],
)
def test_m12_each_rule_finds_the_page_that_breaks_it(
    markup: dict[str, Any], code: Code, what: str
) -> None:
    assert (code, what) in found(page(markup))


def test_m12_the_text_may_not_differ_by_a_single_word() -> None:
    said = as_html(TEXT)
    assert found(page(GOOD, f"<h1>Engineer</h1>{said.replace('20', '25')}"))[0] == (
        Code.TEXT_DIFFERS,
        "description",
    )
    loose = said.replace("</li>", "</li>\n\n  ").replace(" ", "&nbsp;\n", 1)
    assert found(page(GOOD, f"<h1>Engineer</h1>{loose}")) == []
    hidden = f'<h1>Engineer</h1><div style="display:none">{said}</div>3 sessions of 20 minutes'
    assert (Code.TEXT_DIFFERS, "description") in found(page(GOOD, hidden))
    # A number that goes on is another number.
    assert (Code.TEXT_DIFFERS, "description") in found(
        page(GOOD, f"<h1>Engineer</h1>{said.replace('minutes', 'minutesX')}")
    )


def test_a_fully_remote_job_without_a_place_is_a_warning() -> None:
    remote = changed(
        jobLocation=None,
        jobLocationType="TELECOMMUTE",
        applicantLocationRequirements={"@type": "Country", "name": "DE"},
    )
    findings = lint_page(read_page(page(remote)), TODAY)
    assert [(one.code, one.is_error) for one in findings] == [(Code.REMOTE, False)]
    nowhere = changed(jobLocation=None, jobLocationType="TELECOMMUTE")
    assert (Code.BETTER_WITH, "applicantLocationRequirements") in found(page(nowhere))


def test_one_job_a_page_and_only_tags_that_count() -> None:
    twice = json.dumps([GOOD, GOOD])
    assert (Code.SEVERAL, "2") in found(page(twice))
    graph = json.dumps({"@graph": [{"@type": "WebPage"}, GOOD]})
    assert found(page(graph)) == []
    bold = changed(description=as_html(TEXT) + "<h3></h3><strong></strong>")
    assert found(page(bold)) == [(Code.TAGS, "h3, strong")]
    assert found(page("{not json")) == [(Code.UNREADABLE, ""), (Code.NO_MARKUP, "")]
    assert errors_of([Finding(Code.NO_MARKUP), Finding(Code.PAST)]) == [Finding(Code.PAST)]


ADDRESS = "https://handrail.example.org/p/northwind/engineer-abc/"
NOW_TEXT = visible_of((*BLOCK, Paragraph(f"Week by week: {ADDRESS}")))
OFFERED = Offered((NOW_TEXT,), (ADDRESS,))


def copied(text: str, markup: dict[str, Any] | None = None) -> list[Code]:
    html = page(markup, text) if markup else f"<body>{text}</body>"
    return [one.code for one in lint_copy(read_page(html), OFFERED)]


def test_m12_a_copy_is_in_step_or_says_where_it_is_not() -> None:
    block = as_html((*BLOCK, Paragraph(f"Week by week: {ADDRESS}")))
    plain = (
        f"This job comes with mentoring.<br>- 3 sessions of 20 minutes<br>Week by week: {ADDRESS}"
    )
    assert copied(f"<p>Job.</p>{block}<p>More.</p>") == []
    assert copied(plain) == []
    assert copied("<p>Job.</p>") == [Code.BLOCK_MISSING]
    old = lint_copy(read_page(f"<body>Job. {block.replace('20', '30')}</body>"), OFFERED)
    assert [one.code for one in old] == [Code.BLOCK_OLD]
    assert "3 sessions of 30 minutes" in old[0].seen
    both = changed(description=block)
    assert copied(block, both) == []
    assert copied(block, changed(description="<p>Job.</p>")) == [Code.BLOCK_NOT_MARKED]
    assert copied("<p>Job.</p>", both) == [Code.BLOCK_MARKED_ONLY]


def test_m12_a_withdrawn_offer_may_stand_nowhere() -> None:
    gone = Offered((), (ADDRESS,))
    block = as_html((*BLOCK, Paragraph(f"Week by week: {ADDRESS}")))
    still = [
        f"<body>{block}</body>",
        page(changed(description=block), "<p>Job.</p>"),
    ]
    for html in still:
        assert [one.code for one in lint_copy(read_page(html), gone)] == [Code.BLOCK_STILL_THERE]
    assert lint_copy(read_page("<body>Job.</body>"), gone) == []
