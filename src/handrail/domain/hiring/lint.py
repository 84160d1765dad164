"""Whether a page says the same to people and to search engines, and just what is offered.

Visible text equals structured text: tags off, white space collapsed, any difference is an error.
Whoever looks at pages that cannot be changed sees warnings for what search engines merely like.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum
from html.parser import HTMLParser
from typing import Any

from handrail.domain.hiring.blocks import TAGS, plain, tags_in, visible_text

REQUIRED = ("title", "description", "datePosted", "hiringOrganization", "jobLocation")
RECOMMENDED = ("validThrough", "employmentType", "identifier", "baseSalary", "directApply")
# Everything that schema.org knows of a JobPosting and of things as such.
KNOWN = frozenset(
    [
        "@context",
        "@type",
        "@id",
        "applicantLocationRequirements",
        "applicationContact",
        "baseSalary",
        "benefits",
        "datePosted",
        "directApply",
        "educationRequirements",
        "eligibilityToWorkRequirement",
        "employerOverview",
        "employmentType",
        "employmentUnit",
        "estimatedSalary",
        "experienceInPlaceOfEducation",
        "experienceRequirements",
        "hiringOrganization",
        "incentiveCompensation",
        "incentives",
        "industry",
        "jobBenefits",
        "jobDuration",
        "jobImmediateStart",
        "jobLocation",
        "jobLocationType",
        "jobStartDate",
        "occupationalCategory",
        "physicalRequirement",
        "qualifications",
        "relevantOccupation",
        "responsibilities",
        "salaryCurrency",
        "securityClearanceRequirement",
        "sensoryRequirement",
        "skills",
        "specialCommitments",
        "title",
        "totalJobOpenings",
        "validThrough",
        "workHours",
        "additionalType",
        "alternateName",
        "description",
        "disambiguatingDescription",
        "identifier",
        "image",
        "mainEntityOfPage",
        "name",
        "owner",
        "potentialAction",
        "sameAs",
        "subjectOf",
        "url",
    ]
)


class Code(StrEnum):
    """What can be found; `what` of a finding fills in the rest."""

    UNREADABLE = "unreadable"  # a block of JSON-LD is no JSON
    SEVERAL = "several"
    NO_MARKUP = "no_markup"
    MISSING = "missing"
    BETTER_WITH = "better_with"
    UNKNOWN = "unknown"  # a property that schema.org does not have
    PAST = "past"
    NO_DATE = "no_date"
    REMOTE = "remote"
    TEXT_DIFFERS = "text_differs"
    TAGS = "tags"
    BLOCK_MISSING = "block_missing"
    BLOCK_OLD = "block_old"
    BLOCK_NOT_MARKED = "block_not_marked"
    BLOCK_MARKED_ONLY = "block_marked_only"
    BLOCK_STILL_THERE = "block_still_there"


WARNINGS = frozenset({Code.NO_MARKUP, Code.BETTER_WITH, Code.REMOTE, Code.TAGS})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a page gets wrong, or could do better."""

    code: Code
    what: str = ""
    seen: str = ""  # what stands there
    wanted: str = ""  # what should

    @property
    def is_error(self) -> bool:
        return self.code not in WARNINGS


@dataclass(frozen=True, slots=True)
class Page:
    """A page as people and as search engines read it."""

    text: str
    postings: tuple[Mapping[str, Any], ...]
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Offered:
    """What a copy must show: any one of `texts`; none where the offer was withdrawn.

    `marks` are signs of a copy, such as the address of its trajectory: they tell an old copy.
    """

    texts: tuple[str, ...]
    marks: tuple[str, ...] = field(default=())


def read_page(html: str) -> Page:
    """Return the page's visible text and each JobPosting in its JSON-LD."""
    reader = _Scripts()
    reader.feed(html)
    reader.close()
    found: list[Mapping[str, Any]] = []
    unreadable = 0
    for text in reader.texts:
        try:
            found += _postings_in(json.loads(text, strict=False))
        except (ValueError, RecursionError):
            unreadable += 1
    return Page(visible_text(html), tuple(found), unreadable)


def lint_page(page: Page, today: date) -> list[Finding]:
    """Return what the markup of a job's page gets wrong, errors first; `today` is the reader's."""
    found = [Finding(Code.UNREADABLE)] * page.unreadable
    if not page.postings:
        return [*found, Finding(Code.NO_MARKUP)]
    if len(page.postings) > 1:
        found.append(Finding(Code.SEVERAL, str(len(page.postings))))
    for posting in page.postings[:1]:
        found += _properties(posting, today)
        found += _texts(posting, page.text)
    return sorted(found, key=lambda one: not one.is_error)


def lint_copy(page: Page, offered: Offered) -> list[Finding]:
    """Return where a page's copy of an offer is not what is offered now."""
    marked = [_description(posting) for posting in page.postings]
    there = [*marked, page.text]
    if not offered.texts:
        return [
            Finding(Code.BLOCK_STILL_THERE, mark)
            for mark in offered.marks
            if any(mark in text for text in there)
        ][:1]
    is_seen = _shows(page.text, offered.texts)
    is_marked = any(_shows(text, offered.texts) for text in marked)
    if is_seen:
        return [] if is_marked or not marked else [Finding(Code.BLOCK_NOT_MARKED)]
    if is_marked:
        return [Finding(Code.BLOCK_MARKED_ONLY)]
    wanted = offered.texts[0]
    for mark in offered.marks:
        if mark in page.text:
            return [Finding(Code.BLOCK_OLD, seen=_nearest(wanted, page.text), wanted=wanted)]
    return [Finding(Code.BLOCK_MISSING, wanted=wanted)]


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """Return those that have to be corrected."""
    return [one for one in findings if one.is_error]


def _properties(posting: Mapping[str, Any], today: date) -> list[Finding]:
    found = []
    is_remote = "TELECOMMUTE" in _words(posting.get("jobLocationType"))
    for name in REQUIRED:
        if _is_empty(posting.get(name)):
            if name == "jobLocation" and is_remote:
                found.append(Finding(Code.REMOTE, "jobLocation"))
            else:
                found.append(Finding(Code.MISSING, name))
    for name in RECOMMENDED:
        if _is_empty(posting.get(name)):
            found.append(Finding(Code.BETTER_WITH, name))
    if is_remote and _is_empty(posting.get("applicantLocationRequirements")):
        found.append(Finding(Code.BETTER_WITH, "applicantLocationRequirements"))
    found += [Finding(Code.UNKNOWN, name) for name in posting if name not in KNOWN]
    for name in ("datePosted", "validThrough"):
        if _is_empty(posting.get(name)):
            continue
        day = _day(posting[name])
        if day is None:
            found.append(Finding(Code.NO_DATE, name, seen=str(posting[name])[:40]))
        elif name == "validThrough" and day < today:
            found.append(Finding(Code.PAST, day.isoformat()))
    return found


def _texts(posting: Mapping[str, Any], seen: str) -> list[Finding]:
    found = []
    html = str(posting.get("description") or "")
    for name in ("description", "jobBenefits", "title"):
        said = visible_text(str(posting.get(name) or "")) if name == "description" else ""
        said = said or plain(str(posting.get(name) or ""))
        if said and not _holds(seen, said):
            found.append(Finding(Code.TEXT_DIFFERS, name, seen=_nearest(said, seen), wanted=said))
    if others := tags_in(html) - set(TAGS):
        found.append(Finding(Code.TAGS, ", ".join(sorted(others))))
    return found


def _shows(text: str, wanted: Sequence[str]) -> bool:
    return any(_holds(text, one) for one in wanted)


def _holds(text: str, wanted: str) -> bool:
    """Whether the words stand in the text, whole and in order; signs of lists do not count."""
    return f" {_bare(wanted)} " in f" {_bare(text)} "


def _bare(text: str) -> str:
    return " ".join(word for word in plain(text).split(" ") if word not in {"-", "•", "*", "–"})


def _nearest(wanted: str, text: str) -> str:
    """What stands in the text where the words should be: from the first difference on."""
    there, words = _bare(text).split(" "), _bare(wanted).split(" ")
    match = SequenceMatcher(a=words, b=there, autojunk=False).find_longest_match()
    if match.size < 3:
        return ""
    begin = max(0, match.b - match.a)
    return " ".join(there[begin : begin + len(words)])[:600]


def _description(posting: Mapping[str, Any]) -> str:
    return visible_text(str(posting.get("description") or ""))


def _postings_in(content: Any) -> list[Mapping[str, Any]]:
    if isinstance(content, list):
        return [posting for one in content for posting in _postings_in(one)]
    if not isinstance(content, dict):
        return []
    if "JobPosting" in _words(content.get("@type")):
        return [content]
    return _postings_in(content.get("@graph", []))


def _words(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value or "")]


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _day(value: Any) -> date | None:
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return None


class _Scripts(HTMLParser):
    """Collects what stands in JSON-LD scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0].strip().lower()
        self._inside = tag == "script" and kind == "application/ld+json"
        if self._inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data
