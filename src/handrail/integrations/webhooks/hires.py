"""Hires, as Greenhouse, Ashby, Workable, Recruitee and senders of Standard Webhooks tell of them.

Only what is named here is read: pay, addresses, phones, birth dates and answers to questions stay
in the bytes that came, and those are not kept. What is about something else comes to None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from handrail.integrations.webhooks.parsed import HireEvent, Unfit, day, moment, text, within

Content = dict[str, Any]
Read = Callable[[Content, Mapping[str, str]], HireEvent | None]


def greenhouse(content: Content, _options: Mapping[str, str]) -> HireEvent | None:
    """`hire_candidate`, `unhire_candidate`, and `offer_updated` when the offer is accepted."""
    kind = text(content, "action")
    if kind == "offer_updated":
        return _greenhouse_offer(content)
    if kind not in ("hire_candidate", "unhire_candidate"):
        return None  # `ping` among them: proven, and nothing to do
    where = "payload.application"
    person = f"{where}.candidate"
    jobs = within(content, f"{where}.jobs")
    job = jobs[0] if isinstance(jobs, list) and jobs else within(content, f"{where}.job")
    return HireEvent(
        source="greenhouse",
        application=text(content, f"{where}.id"),
        undone=kind == "unhire_candidate",
        name=_names(content, f"{person}.first_name", f"{person}.last_name"),
        work_email="",
        personal_email=_first_address(within(content, f"{person}.email_addresses")),
        job=text(job, "id", needed=False),
        job_title=text(job, "name", needed=False),
        department=_first_name(within(job, "departments")),
        start_date=day(content, f"{where}.offer.starts_at"),
        occurred_at=None,
    )


def _greenhouse_offer(content: Content) -> HireEvent | None:
    if text(content, "payload.status", needed=False).lower() != "accepted":
        return None
    return HireEvent(
        source="greenhouse",
        application=text(content, "payload.application_id"),
        undone=False,
        name="",
        work_email="",
        personal_email="",
        job=text(content, "payload.job_id", needed=False),
        job_title="",
        department="",
        start_date=_american(content, "payload.start_date"),
        occurred_at=None,
    )


def _american(content: Content, path: str) -> date | None:
    """Offers write a start as 04/15/2013, or as other senders do."""
    try:
        return day(content, path, "%m/%d/%Y")
    except Unfit:
        return day(content, path)


def ashby(content: Content, _options: Mapping[str, str]) -> HireEvent | None:
    """`candidateHire`. A sibling event has the same id: whoever calls looks at the kind first."""
    if text(content, "action") != "candidateHire":
        return None
    application = "data.application"
    return HireEvent(
        source="ashby",
        application=text(content, f"{application}.id"),
        undone=False,
        name=text(content, f"{application}.candidate.name", needed=False),
        work_email="",
        personal_email=text(
            content, f"{application}.candidate.primaryEmailAddress.value", needed=False
        ),
        job=text(content, f"{application}.job.id", needed=False),
        job_title=text(content, f"{application}.job.title", needed=False),
        department="",
        start_date=day(content, "data.offer.latestVersion.startDate"),
        occurred_at=None,
    )


def workable(content: Content, options: Mapping[str, str]) -> HireEvent | None:
    """`candidate_moved` into the stage that the organisation calls its last; "hired" by default."""
    if text(content, "event_type") != "candidate_moved":
        return None
    if text(content, "data.stage", needed=False).lower() != options.get("stage", "hired").lower():
        return None
    return HireEvent(
        source="workable",
        application=text(content, "data.id"),
        undone=False,
        name=text(content, "data.name", needed=False),
        work_email="",
        personal_email=text(content, "data.email", needed=False),
        job=text(content, "data.job.shortcode", needed=False),
        job_title=text(content, "data.job.title", needed=False),
        department="",
        start_date=None,
        occurred_at=moment(content, "fired_at") if within(content, "fired_at") else None,
    )


def recruitee(content: Content, options: Mapping[str, str]) -> HireEvent | None:
    """`candidate_moved` with `stage_changed` into a stage of hires; a test delivery is nothing."""
    if content.get("test") is True:
        return None
    if text(content, "event_type") != "candidate_moved":
        return None
    if within(content, "event_subtype") not in (None, "stage_changed"):
        return None
    stage = text(content, "payload.details.to_stage.name", needed=False).lower()
    if stage != options.get("stage", "hired").lower():
        return None
    offer = "payload.offer"
    return HireEvent(
        source="recruitee",
        application=text(content, "payload.candidate.id"),
        undone=False,
        name=text(content, "payload.candidate.name", needed=False),
        work_email="",
        personal_email=_first_address(within(content, "payload.candidate.emails")),
        job=text(content, f"{offer}.id", needed=False),
        job_title=text(content, f"{offer}.title", needed=False),
        department=text(content, f"{offer}.department.name", needed=False),
        start_date=None,
        occurred_at=moment(content, "created_at") if within(content, "created_at") else None,
    )


def standard(content: Content, options: Mapping[str, str]) -> HireEvent | None:
    """Any sender of Standard Webhooks: options say which `type` is a hire and which undoes one."""
    kind = text(content, "type")
    hired, undone = options.get("hired", "candidate.hired"), options.get("undone", "")
    if kind not in {hired, undone} - {""}:
        return None
    return HireEvent(
        source="standard",
        application=text(content, "data.application_id"),
        undone=kind == undone,
        name=text(content, "data.name", needed=False),
        work_email=text(content, "data.work_email", needed=False),
        personal_email=text(content, "data.personal_email", needed=False),
        job=text(content, "data.job_id", needed=False),
        job_title=text(content, "data.job_title", needed=False),
        department=text(content, "data.department", needed=False),
        start_date=day(content, "data.start_date"),
        occurred_at=moment(content, "timestamp") if within(content, "timestamp") else None,
    )


def _names(content: Content, *paths: str) -> str:
    return " ".join(filter(None, (text(content, path, needed=False) for path in paths)))


def _first_address(found: Any) -> str:
    if not isinstance(found, list):
        return ""
    for one in found:
        if isinstance(one, str) and "@" in one:
            return one
        if isinstance(one, Mapping) and "@" in str(one.get("value")):
            return str(one["value"])
    return ""


def _first_name(found: Any) -> str:
    return text(found[0], "name", needed=False) if isinstance(found, list) and found else ""


HIRES: dict[str, Read] = {
    "greenhouse": greenhouse,
    "ashby": ashby,
    "workable": workable,
    "recruitee": recruitee,
    "standard": standard,
}
