"""Badge, feed, oEmbed and the program's markup, each checked by a reader of its own."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime

from handrail.domain.hiring import Facts, Kind
from handrail.domain.hiring.badge import svg
from handrail.domain.hiring.blocks import Items, Paragraph
from handrail.domain.hiring.feed import FIELDS, FeedJob, feed_xml
from handrail.domain.hiring.markup import OpenJob, job_markup, program_markup
from handrail.domain.hiring.oembed import frame, oembed, quote

FACTS = Facts(Kind.COHORT, 12, 30, 84, 8, "an engineer", ("git",), date(2026, 3, 9))
BLOCK = (Paragraph("A & B"), Items(("one", "two")))


def test_m13_a_trajectory_is_a_program_and_never_a_job() -> None:
    assert program_markup(
        FACTS, BLOCK, name="Mentoring", url="https://example.org/p", provider="Northwind"
    ) == {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalProgram",
        "name": "Mentoring",
        "url": "https://example.org/p",
        "description": "A & B one two",
        "provider": {"@type": "Organization", "name": "Northwind"},
        "timeToComplete": "P12W",
        "startDate": "2026-03-09",
        "maximumEnrollment": 8,
    }


def test_a_job_without_an_offer_has_no_benefits_and_no_place_that_is_not_there() -> None:
    job = OpenJob(
        "Engineer", "", "Northwind", "", "https://example.org/7", date(2026, 2, 1), None, "", True,
        "", "", "DE", "", None, True,
    )  # fmt: skip
    markup = job_markup(job, BLOCK, "")
    assert {"jobBenefits", "jobLocation", "baseSalary", "validThrough", "identifier"}.isdisjoint(
        markup
    )
    assert markup["jobLocationType"] == "TELECOMMUTE"
    assert markup["directApply"] is True


def test_the_badge_is_one_image_that_says_itself() -> None:
    image = ET.fromstring(svg("Mentoring", "12 × 30 min <&>", is_offered=True))
    space = "{http://www.w3.org/2000/svg}"
    assert [text.text for text in image.iter(f"{space}text")] == ["Mentoring", "12 × 30 min <&>"]
    title = image.find(f"{space}title")
    assert title is not None
    assert title.text == image.get("aria-label") == "Mentoring: 12 × 30 min <&>"
    off = svg("Mentoring", "not currently offered", is_offered=False)
    assert "#5f665c" in off
    assert "#2f6b3c" not in off


def test_the_feed_is_well_formed_whatever_a_text_holds() -> None:
    job = FeedJob(
        title="C++ ]]> & <b>",
        date=datetime(2026, 2, 1, 9, tzinfo=UTC),
        referencenumber="R-7",
        url="https://example.org/7?a=1&b=2",
        company="Northwind",
        city="Berlin",
        state="",
        country="DE",
        postalcode="10115",
        description="<p>x\x00y\x0b]]>]]></p>",
    )
    text = feed_xml("Northwind", "https://example.org", datetime(2026, 2, 2, tzinfo=UTC), [job])
    source = ET.fromstring(text)
    assert [child.tag for child in source] == [
        "publisher", "publisherurl", "lastBuildDate", "job",
    ]  # fmt: skip
    said = source.find("job")
    assert said is not None
    assert [child.tag for child in said] == list(FIELDS)
    assert said.findtext("title") == "C++ ]]> & <b>"
    assert said.findtext("description") == "<p>xy]]>]]></p>"
    assert said.findtext("date") == "Sun, 01 Feb 2026 09:00:00 GMT"
    assert text.count("<![CDATA[") == 3 + len(FIELDS) + 3  # each "]]>" begins one more


def test_oembed_keeps_to_what_the_asker_allows() -> None:
    told = oembed(title="T", url="u", provider="N", provider_url="p", html="<b>", max_width=300)
    assert (told["type"], told["version"], told["cache_age"]) == ("rich", "1.0", 300)
    assert (told["width"], told["height"]) == (300, 320)
    framed = frame('https://example.org/"x', "A & B")
    assert 'src="https://example.org/&quot;x"' in framed
    assert "allow-scripts" not in framed
    assert "allow-same-origin" not in framed
    assert quote(BLOCK, "https://example.org/", "T").startswith(
        '<blockquote cite="https://example.org/"><p>A &amp; B</p>'
    )
