"""What search engines read: a program of support, a job, or the two lines to add to a job.

schema.org has no property for mentoring, so none is made up: `jobBenefits` and `description` of a
JobPosting say it, and a trajectory is an EducationalOccupationalProgram.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handrail.domain.hiring.blocks import Block, as_html, visible_of
from handrail.domain.hiring.facts import Facts

CONTEXT = "https://schema.org"


@dataclass(frozen=True, slots=True)
class Pay:
    """A range of pay; both ends may be the same."""

    low: str  # decimal numbers as text
    high: str
    currency: str  # ISO 4217
    unit: str  # "HOUR", "MONTH" or "YEAR"


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job as its own page shows it."""

    title: str
    ref: str
    company: str
    company_url: str
    url: str
    posted_on: date
    closes_on: date | None
    employment: str  # a word of schema.org, or empty
    is_remote: bool
    city: str
    region: str
    country: str  # ISO 3166-1, two letters
    postal_code: str
    pay: Pay | None
    applies_here: bool  # whether one applies without going somewhere else first


def program_markup(
    facts: Facts, description: Sequence[Block], *, name: str, url: str, provider: str
) -> dict[str, Any]:
    """Return the EducationalOccupationalProgram of a trajectory page.

    `description` is what the page shows: its text is the structured text. `timeToComplete` is
    ISO 8601 weeks, `maximumEnrollment` how many new hires share a mentor, where they do.
    """
    markup: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "EducationalOccupationalProgram",
        "name": name,
        "url": url,
        "description": visible_of(description),
        "provider": {"@type": "Organization", "name": provider},
        "timeToComplete": f"P{facts.weeks}W",
        "startDate": facts.next_intake.isoformat(),
    }
    if facts.is_group:
        markup["maximumEnrollment"] = facts.seats
    return markup


def job_markup(job: OpenJob, description: Sequence[Block], benefits: str) -> dict[str, Any]:
    """Return the JobPosting of a page that we host; `benefits` is empty where nothing is offered.

    Required and recommended properties:
    https://developers.google.com/search/docs/appearance/structured-data/job-posting
    """
    markup: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "JobPosting",
        "title": job.title,
        "description": as_html(description),
        "datePosted": job.posted_on.isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": job.company},
        "directApply": job.applies_here,
        "url": job.url,
    }
    if job.company_url:
        markup["hiringOrganization"]["sameAs"] = job.company_url
    if job.ref:
        markup["identifier"] = {"@type": "PropertyValue", "name": job.company, "value": job.ref}
    if job.closes_on is not None:
        markup["validThrough"] = job.closes_on.isoformat()
    if job.employment:
        markup["employmentType"] = job.employment
    if job.is_remote:
        markup["jobLocationType"] = "TELECOMMUTE"
        if job.country:
            markup["applicantLocationRequirements"] = {"@type": "Country", "name": job.country}
    address = {
        "addressLocality": job.city,
        "addressRegion": job.region,
        "postalCode": job.postal_code,
        "addressCountry": job.country,
    }
    if job.city or (job.country and not job.is_remote):
        given = {name: value for name, value in address.items() if value}
        markup["jobLocation"] = {
            "@type": "Place",
            "address": {"@type": "PostalAddress", **given},
        }
    if job.pay is not None:
        markup["baseSalary"] = _salary(job.pay)
    if benefits:
        markup["jobBenefits"] = benefits
    return markup


def _salary(pay: Pay) -> dict[str, Any]:
    value: dict[str, Any] = {"@type": "QuantitativeValue", "unitText": pay.unit}
    if pay.low == pay.high:
        value["value"] = float(pay.low)
    else:
        value |= {"minValue": float(pay.low), "maxValue": float(pay.high)}
    return {"@type": "MonetaryAmount", "currency": pay.currency, "value": value}


def fragment(block: Sequence[Block], benefits: str) -> dict[str, Any]:
    """Return the two properties to add to the JobPosting of somebody else's page.

    `description` is to be put at the end of the description that is there.
    """
    return {"description": as_html(block), "jobBenefits": benefits}


def as_script(markup: dict[str, Any]) -> str:
    """Return JSON that is safe inside a script element: no sign that HTML would read."""
    text = json.dumps(markup, ensure_ascii=False, indent=1)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
