"""A posting through the front door: made, published, read by anybody, withdrawn everywhere."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from factories.world import MONDAY, NOW, World
from handrail.apps.hiring.models import (
    Fate,
    Job,
    Offer,
    Posting,
    PostingCopy,
    PostingState,
    PublicFace,
)
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.scope import reading
from handrail.apps.programs.actions import close_program, edit_program
from handrail.domain.hiring.blocks import plain, visible_text
from handrail.domain.hiring.lint import lint_page, read_page

pytestmark = pytest.mark.later_on_postgresql

Enter = Callable[[str], Client]
SAID = {
    "title": "Backend engineer",
    "mentor_role": "an engineer of your team",
    "skills": ["git", "docs"],
    "family": "engineering",
    "ref": "R-7",
    "apply_url": "https://jobs.example.org/7",
}
PAGE = {
    "hosted": "on", "description": "You write services & tests.\n\n- in pairs\n- with care",
    "city": "Berlin", "country": "de", "employment": "FULL_TIME", "pay_low": "60000",
    "pay_high": "80000", "pay_currency": "eur", "pay_unit": "YEAR", "closes_on": "2026-03-31",
    "apply_url": "https://jobs.example.org/7",
}  # fmt: skip


@pytest.fixture
def public(world: World, signed_in_as: Enter) -> Posting:
    """A published posting of the program that alice mentors in, made by rita on the pages."""
    assert world.program is not None
    rita = signed_in_as("rita")
    refused = rita.post("/hiring/jobs/new/", {**SAID, "skills": ["git"], "program": "no"})
    assert refused.status_code == 422
    made = rita.post("/hiring/jobs/new/", {**SAID, "program": str(world.program.public_id)})
    assert made.status_code == 302, made.content.decode()
    at = made.headers["Location"]
    assert rita.post(f"{at}page/", PAGE).status_code == 302
    # The template's thirty days end before somebody who starts next Monday has had them.
    assert ">Publish<" not in rita.get(at).content.decode()  # the page says why instead
    refused = rita.post(f"{at}do/", {"do": "publish"})
    assert refused.status_code == 409
    assert "would have to run until Tuesday 10 March 2026" in plain(refused.content.decode())
    with reading(world.organization):
        edit_program(world.program, ends_on=MONDAY + timedelta(days=300), by=world.system, now=NOW)
    assert ">Publish<" in rita.get(at).content.decode()
    assert rita.post(f"{at}do/", {"do": "publish"}).status_code == 302
    with reading(world.organization):
        posting = Posting.objects.select_related("job", "organization").get()
    assert posting.state == PostingState.LIVE
    return posting


def at(posting: Posting) -> str:
    return f"/p/northwind/{posting.token}/"


def markup_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found is not None
    said: dict[str, object] = json.loads(found[1])
    return said


def test_m12_one_set_of_facts_stands_in_every_form(
    world: World, public: Posting, signed_in_as: Enter, client: Client
) -> None:
    offer = "3 sessions of 20 minutes within 30 days"
    page = client.get(at(public)).content.decode()
    job = client.get(f"{at(public)}job/").content.decode()
    feed = client.get("/p/northwind/feed.xml").content.decode()
    badge = client.get(f"{at(public)}badge.svg")
    widget = client.get(f"{at(public)}widget/").content.decode()
    oembed = client.get("/oembed", {"url": f"http://localhost:8000{at(public)}"}).json()
    own = signed_in_as("rita").get(f"/hiring/jobs/{public.job.public_id}/").content.decode()
    for text in (page, job, feed, widget, oembed["html"], own):
        assert offer in text
        assert "Monday 9 February 2026" in text
    assert "Mentoring: 3 × 20 min in 5 weeks" in badge.content.decode()
    # The plain text to copy comes before every other form.
    texts = re.findall(r"<textarea[^>]*>(.*?)</textarea>", own, re.S)
    assert texts[0].strip().startswith("This job comes with mentoring.\n\n- 3 sessions")
    # Visible text equals structured text, on the page that we host and on the trajectory.
    assert [one for one in lint_page(read_page(job), MONDAY) if one.is_error] == []
    markup = markup_of(job)
    assert markup["jobBenefits"] == offer
    assert markup["validThrough"] == "2026-03-31"
    assert set(re.findall(r"<(\w+)", str(markup["description"]))) == {"p", "ul", "li"}
    program = markup_of(page)
    assert program["@type"] == "EducationalOccupationalProgram"
    assert str(program["description"]) in visible_text(page)
    # Nothing moves by itself: another length is another text, everywhere at once.
    assert world.program is not None
    with reading(world.organization):
        edit_program(world.program, session_minutes=25, by=world.system, now=NOW)
    for path in ("", "job/", "widget/"):
        assert "3 sessions of 25 minutes" in client.get(at(public) + path).content.decode()
    source = ET.fromstring(client.get("/p/northwind/feed.xml").content)
    assert "3 sessions of 25 minutes" in str(source.findtext("job/description"))
    assert source.findtext("job/referencenumber") == "R-7"


def test_m12_a_closed_program_is_offered_nowhere_in_the_same_transaction(
    world: World, public: Posting, signed_in_as: Enter, client: Client
) -> None:
    rita = signed_in_as("rita")
    told = {
        "applicant": "a-1", "requisition": "R-7", "offered_at": "2026-02-01T10:00",
        "shown": "yes", "outcome": "accepted", "decided_at": "2026-02-01T15:00",
    }  # fmt: skip
    assert rita.post("/offers/new/", told).status_code == 302
    rita.post("/offers/new/", {**told, "applicant": "a-2", "outcome": "declined"})
    job = f"/hiring/jobs/{public.job.public_id}/"
    assert rita.post(f"{job}do/", {"do": "add", "url": "https://other.example.org/7"}).status_code
    assert world.program is not None
    badge = client.get(f"{at(public)}badge.svg")
    assert badge.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(f"{at(public)}badge.svg", headers={"If-None-Match": badge.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with reading(world.organization):
        close_program(world.program, by=world.viewer("alice"), now=NOW)
        assert Posting.objects.get().state == PostingState.WITHDRAWN
        assert PostingCopy.objects.get().open_since == NOW
        offers = {one.applicant: one for one in Offer.objects.all()}
    assert client.get(at(public)).status_code == 410
    assert "3 sessions" not in client.get(at(public)).content.decode()
    assert "application/ld+json" not in client.get(at(public)).content.decode()
    gone = client.get("/oembed", {"url": f"http://localhost:8000{at(public)}"})
    assert gone.status_code == 404
    off = client.get(f"{at(public)}badge.svg", headers={"If-None-Match": badge.headers["ETag"]})
    assert off.status_code == 200
    assert "not currently offered" in off.content.decode()
    hosted = client.get(f"{at(public)}job/")  # the job stands; its offer does not
    assert hosted.status_code == 200
    assert "jobBenefits" not in markup_of(hosted.content.decode())
    assert "mentoring" not in hosted.content.decode()
    feed = client.get("/p/northwind/feed.xml").content.decode()
    assert "Backend engineer" in feed
    assert "mentoring" not in feed
    # Who recruits is told on their first page, as long as the job is open; nobody else is.
    assert "was closed, so its page is gone" in rita.get("/").content.decode()
    assert "so its page is gone" not in signed_in_as("bob").get("/").content.decode()
    # Whoever was promised it reads so, and the lead decides; who declined is owed nothing.
    assert (offers["a-1"].fate, offers["a-2"].fate) == (Fate.OPEN, Fate.STANDS)
    kept = f"/p/northwind/promised/{offers['a-1'].token}/"
    assert "3 sessions of 20 minutes" in client.get(kept).content.decode()
    assert "It is being decided" in client.get(kept).content.decode()
    assert signed_in_as("charlie").get("/hiring/promises/").content.decode().count("a-1") == 0
    lead = signed_in_as("alice")
    assert "a-1" in lead.get("/hiring/promises/").content.decode()
    words = {"honoured": "yes", "words": "Alice will meet you three times herself."}
    settle = f"/hiring/promises/{offers['a-1'].public_id}/"
    assert signed_in_as("charlie").post(settle, words).status_code == 404
    assert lead.post(settle, words).status_code == 302
    assert "Alice will meet you" in client.get(kept).content.decode()


def test_m13_the_trajectory_is_for_anybody_and_follows_nobody(
    world: World, public: Posting, client: Client, signed_in_as: Enter
) -> None:
    answer = client.get(at(public))
    page = answer.content.decode()
    assert not answer.cookies
    assert not client.cookies
    assert len(answer.content) < 50_000
    assert "<script src" not in page
    assert "<form" not in page
    ours = re.findall(r'(?:src|href)="([^"]*)"', page)
    leads_out = [
        one
        for one in ours
        if not one.startswith(("/static/", "http://localhost", "http://testserver", "job/"))
    ]
    assert leads_out == []
    # The world's three sessions within thirty days; the rest of the twelve weeks in one line.
    assert re.findall('<span class="when">(.*?)</span>', page) == [
        "Week 1", "Week 2", "Week 3", "Week 4", "Weeks 5 to 12"
    ]  # fmt: skip
    for words in ("an engineer of your team", "What is recorded, and who sees it", "git", "docs"):
        assert words in page
    # Not there, not yet public, another organisation's: all alike.
    nowhere = ["/p/northwind/no-such/", f"/p/nobody/{public.token}/", "/p/northwind/promised/x/"]
    with reading(world.organization):
        Posting.objects.update(state=PostingState.DRAFT)
    answers = {client.get(path).content for path in [*nowhere, at(public)]}
    assert len(answers) == 1
    assert client.get(at(public)).status_code == 404
    assert client.get("/p/northwind/feed.xml").status_code == 404


def test_m13_a_mentor_is_named_only_while_they_allow_it(
    world: World, public: Posting, client: Client, signed_in_as: Enter
) -> None:
    rita, alice = signed_in_as("rita"), world.person("alice")
    edit = f"/hiring/jobs/{public.job.public_id}/edit/"
    assert world.program is not None
    said = {
        **SAID, "program": str(world.program.public_id), "named_mentor": str(alice.public_id)
    }  # fmt: skip
    assert rita.post(edit, said).status_code == 422

    def say(given: bool, moment: datetime) -> None:
        with reading(world.organization):
            record_consent(
                alice.public_id, "mentor_named", given, text_version="1", channel="settings",
                by=world.viewer("alice"), now=moment,
            )  # fmt: skip

    say(True, NOW)
    assert rita.post(edit, said).status_code == 302
    assert "Alice" in client.get(at(public)).content.decode()
    say(False, NOW + timedelta(seconds=1))
    assert "Alice" not in client.get(at(public)).content.decode()
    # Her name is in no kept form either.
    for path in ("job/", "badge.svg", "widget/"):
        assert "Alice" not in client.get(at(public) + path).content.decode()


def test_the_frame_opens_on_the_sites_that_are_allowed(
    world: World, public: Posting, client: Client, signed_in_as: Enter
) -> None:
    widget, address = f"{at(public)}widget/", f"http://localhost:8000{at(public)}"
    closed = client.get(widget)
    assert "frame-ancestors 'none'" in closed.headers["Content-Security-Policy"]
    assert closed.headers["X-Frame-Options"] == "DENY"
    rita = signed_in_as("rita")
    wrong = {"frame_hosts": "https://a.example.org; script-src *"}
    assert rita.post("/hiring/settings/", wrong).status_code == 422
    right = {"frame_hosts": "https://careers.example.org\nhttps://b.example.org:8443/"}
    assert rita.post("/hiring/settings/", right).status_code == 302
    with reading(world.organization):
        face = PublicFace.objects.get()
    assert face.frame_hosts == ["https://b.example.org:8443", "https://careers.example.org"]
    opened = client.get(widget)
    policy = opened.headers["Content-Security-Policy"]
    assert "frame-ancestors https://b.example.org:8443 https://careers.example.org" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "X-Frame-Options" not in opened.headers
    # Whoever may not show a frame is given a quote.
    quote = client.get("/oembed", {"url": address, "maxwidth": "300"}).json()
    assert quote["html"].startswith("<blockquote")
    assert (quote["type"], quote["version"], quote["width"]) == ("rich", "1.0", 300)
    known = client.get("/oembed", {"url": address, "consumer": "https://careers.example.org/7"})
    assert known.json()["html"].startswith("<iframe")
    assert client.get("/oembed", {"url": "https://elsewhere.example.org/"}).status_code == 404
    assert client.get("/oembed", {"url": "http://["}).status_code == 404
    odd = client.get("/oembed", {"url": address, "maxwidth": "9" * 5000, "consumer": "http://["})
    assert odd.json()["html"] == client.get("/oembed", {"url": address}).json()["html"]
    assert client.get("/oembed", {"url": address, "format": "xml"}).status_code == 501


@pytest.mark.nightly
def test_a_page_is_looked_at_as_pasted(public: Posting, signed_in_as: Enter) -> None:
    rita = signed_in_as("rita")
    said = {"html": "<p>Backend engineer</p>", "job": str(public.job.public_id)}
    page = rita.post("/hiring/look/", said).content.decode()
    assert "The page does not show the offer. Paste it in." in page
    assert rita.post("/hiring/look/", {"url": ""}).status_code == 422
    refused = rita.post("/hiring/look/", {"url": "https://127.0.0.1/"}).content.decode()
    assert "leads into a private network" in refused


@pytest.mark.nightly
def test_in_german_the_words_are_german_and_the_markup_says_them_too(
    world: World, public: Posting, client: Client
) -> None:
    with reading(world.organization):
        Posting.objects.update(language="de")
    with translation.override("en"):
        answer = client.get(at(public))
    page = answer.content.decode()
    assert '<html lang="de">' in page
    assert "3 Sitzungen zu 20 Minuten" in page
    assert answer.headers["Content-Language"] == "de"
    assert str(markup_of(page)["description"]) in visible_text(page)


@pytest.mark.nightly
def test_a_job_that_is_filled_takes_its_page_and_its_offer_along(
    world: World, public: Posting, client: Client, signed_in_as: Enter
) -> None:
    rita = signed_in_as("rita")
    do = f"/hiring/jobs/{public.job.public_id}/do/"
    assert rita.post(do, {"do": "close"}).status_code == 302
    assert client.get(f"{at(public)}job/").status_code == 410
    assert client.get(at(public)).status_code == 410
    assert rita.post(do, {"do": "publish"}).status_code == 409
    with reading(world.organization):
        assert Job.objects.get().closed_at == NOW
