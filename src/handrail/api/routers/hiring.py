"""Jobs with their postings, pages that show them, offers and what may be said of these."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.hiring import queries
from handrail.apps.hiring.access import local_day
from handrail.apps.hiring.actions.copies import add_copy
from handrail.apps.hiring.actions.jobs import close_job, save_job
from handrail.apps.hiring.actions.postings import publish, withdraw
from handrail.apps.hiring.linting import Unread, fetch, look_at
from handrail.apps.hiring.models import Job, Posting
from handrail.apps.hiring.wording import finding_words
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.people.models import Skill
from handrail.apps.people.queries import person_for

router = Router(tags=["hiring"])
Short = Annotated[str, Field(max_length=80)]
Title = Annotated[str, Field(min_length=1, max_length=160)]


class JobIn(Schema):
    title: Title
    program: UUID | None = None
    mentor_role: Annotated[str, Field(max_length=120)]
    skills: Annotated[list[Annotated[str, Field(max_length=120)]], Field(max_length=12)]
    named_mentor: UUID | None = None
    family: Short = ""
    department: Annotated[str, Field(max_length=120)] = ""
    ref: Short = ""
    apply_url: Annotated[str, Field(max_length=500)] = ""


class JobOut(Schema):
    id: UUID
    title: str
    family: str
    department: str
    source: str
    ref: str
    program: UUID | None
    state: str  # of the posting: draft, live, withdrawn; empty where there is none
    open: bool
    tasks: int  # pages elsewhere that somebody has to correct


class CopyOut(Schema):
    id: UUID
    url: str
    state: str
    checked_at: datetime | None
    open_since: datetime | None
    findings: list[str]


class PostingOut(Schema):
    """A job with what its posting says today; `missing` says why there is nothing to say."""

    job: JobOut
    address: str
    missing: str
    facts: dict[str, Any] | None
    text: str
    html: str
    fragment: str
    badge: str
    frame: str
    copies: list[CopyOut]


def show_job(job: Job) -> JobOut:
    posting: Posting | None = getattr(job, "posting", None)
    return JobOut(
        id=job.public_id,
        title=job.title,
        family=job.family,
        department=job.department,
        source=job.source,
        ref=job.ref,
        program=job.program.public_id if job.program else None,
        state=str(posting.state) if posting is not None else "",
        open=job.closed_at is None,
        tasks=getattr(job, "tasks", 0),
    )


def show_posting(request: ApiRequest, public_id: UUID) -> PostingOut:
    shown = queries.job_shown(request.viewer, public_id, request.now)
    texts, facts = shown.texts, shown.standing.facts if shown.standing else None
    return PostingOut(
        job=show_job(shown.job),
        address=shown.address,
        missing=shown.why,
        facts=facts.as_json() if facts else None,
        text=texts.text if texts else "",
        html=texts.html if texts else "",
        fragment=texts.fragment if texts else "",
        badge=texts.badge if texts else "",
        frame=texts.frame if texts else "",
        copies=[
            CopyOut(
                id=line.copy.public_id,
                url=line.copy.url,
                state=line.copy.state,
                checked_at=line.copy.checked_at,
                open_since=line.copy.open_since,
                findings=[words for _error, words in line.findings],
            )
            for line in shown.copies
        ],
    )


@router.get("/jobs", response=Page, operation_id="list_jobs")
def list_jobs(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """Every job, oldest first."""
    require_scope(request, "hiring:read")
    return page(
        queries.jobs_for(request.viewer), cursor=cursor, limit=limit, name="jobs", show=show_job
    )


def _said(request: ApiRequest, payload: JobIn) -> dict[str, Any]:
    said = payload.dict()
    viewer = request.viewer
    names = list(dict.fromkeys(payload.skills))
    known = {skill.name: skill for skill in Skill.objects.filter(name__in=names)}
    for name in names:
        if name not in known:
            raise Invalid(
                _("There is no such skill."), fields={"skills": _("Choose one of the list.")}
            )
    program = queries.program_to_offer(viewer, payload.program) if payload.program else None
    named = person_for(viewer, payload.named_mentor) if payload.named_mentor else None
    return {**said, "skills": [known[name] for name in names], "program": program,
            "named_mentor": named}  # fmt: skip


@router.post("/jobs", response={201: PostingOut}, operation_id="create_job")
def create_job(request: ApiRequest, payload: JobIn) -> HttpResponse:
    """Make a job with its posting, not published yet."""
    require_scope(request, "hiring:write")

    def work() -> tuple[int, dict[str, Any]]:
        made = save_job(None, **_said(request, payload), by=request.viewer, now=request.now)
        return 201, show_posting(request, made.public_id).model_dump(mode="json")

    return once(request, work)


@router.get("/jobs/{job_id}", response=PostingOut, operation_id="read_job")
def read_job(request: ApiRequest, job_id: UUID) -> PostingOut:
    """One job with its texts, as the program stands now, and the pages that show it."""
    require_scope(request, "hiring:read")
    return show_posting(request, job_id)


@router.put("/jobs/{job_id}", response=PostingOut, operation_id="change_job")
def change_job(request: ApiRequest, job_id: UUID, payload: JobIn) -> PostingOut:
    """Change a job and its posting."""
    require_scope(request, "hiring:write")
    job = queries.job_for(request.viewer, job_id)
    save_job(job, **_said(request, payload), by=request.viewer, now=request.now)
    return show_posting(request, job_id)


class DoIn(Schema):
    do: Annotated[str, Field(pattern="^(publish|withdraw|close)$")]


@router.post("/jobs/{job_id}/state", response={200: PostingOut}, operation_id="move_job")
def move_job(request: ApiRequest, job_id: UUID, payload: DoIn) -> HttpResponse:
    """Publish the posting, withdraw it, or close the job. `nothing-to-offer` says what lacks."""
    require_scope(request, "hiring:write")
    job = queries.job_for(request.viewer, job_id)
    verb = {"publish": publish, "withdraw": withdraw, "close": close_job}[payload.do]

    def work() -> tuple[int, dict[str, Any]]:
        verb(job, by=request.viewer, now=request.now)
        return 200, show_posting(request, job_id).model_dump(mode="json")

    return once(request, work)


class CopyIn(Schema):
    url: Annotated[str, Field(max_length=500)]


@router.post("/jobs/{job_id}/copies", response={201: PostingOut}, operation_id="add_job_copy")
def add_job_copy(request: ApiRequest, job_id: UUID, payload: CopyIn) -> HttpResponse:
    """Enter a page that shows the posting: it is looked at soon, and then every day."""
    require_scope(request, "hiring:write")
    job = queries.job_for(request.viewer, job_id)

    def work() -> tuple[int, dict[str, Any]]:
        add_copy(job, payload.url, by=request.viewer, now=request.now)
        return 201, show_posting(request, job_id).model_dump(mode="json")

    return once(request, work)


class LintIn(Schema):
    url: Annotated[str, Field(max_length=500)] = ""
    html: Annotated[str, Field(max_length=2_000_000)] = ""
    job: UUID | None = None


class FindingOut(Schema):
    code: str
    error: bool
    words: str
    seen: str
    wanted: str


class LintOut(Schema):
    has_markup: bool
    findings: list[FindingOut]


@router.post("/lint", response={200: LintOut}, operation_id="lint_page")
def lint_page(request: ApiRequest, payload: LintIn) -> HttpResponse:
    """Whether a page says the same to people and to search engines, and the offer of a job."""
    require_scope(request, "hiring:read")
    queries.jobs_for(request.viewer)
    posting = None
    if payload.job is not None:
        job = queries.job_for(request.viewer, payload.job)
        posting = (
            Posting.objects.filter(job=job)
            .select_related("job__program__organization", "organization")
            .first()
        )

    html: str | None = payload.html
    if not html:
        try:
            html = fetch(payload.url)  # before anything is locked
        except Unread as unread:
            raise Conflict(str(unread), code="unread") from None
    if html is None:
        raise Conflict(_("There is no page at this address."), code="unread")
    page_html = html

    def work() -> tuple[int, dict[str, Any]]:
        today = local_day(request.viewer.organization, request.now)
        looked = look_at(page_html, posting, now=request.now, today=today)
        return 200, LintOut(
            has_markup=looked.has_markup,
            findings=[
                FindingOut(
                    code=one.code.value,
                    error=one.is_error,
                    words=finding_words(one),
                    seen=one.seen,
                    wanted=one.wanted,
                )
                for one in looked.findings
            ],
        ).model_dump(mode="json")

    return once(request, work)
