"""One GET of a board's open jobs, to plain values; fields that we do not know are ignored."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from typing import Any

from handrail.domain.hiring.blocks import as_text, read_html
from handrail.integrations.guarded_http import Outbound

ADDRESS = "https://boards-api.greenhouse.io/v1/boards/{token}/jobs?content=true"
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,80}")


class Unfit(Exception):
    """What came back is not what a board says; `code` tells what is wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class BoardJob:
    """One open job; texts without markup, lists after "- "."""

    ref: str  # the job's id in the hiring system, which its webhooks name too
    title: str
    department: str
    city: str
    is_remote: bool
    description: str
    url: str
    posted_on: date | None


def read_board(token: str, outbound: Outbound) -> tuple[BoardJob, ...]:
    """The open jobs of a board; raises Unfetched, or Unfit with "token", "status" or a field."""
    if not TOKEN.fullmatch(token):
        raise Unfit("token")
    answer = outbound.ask(ADDRESS.format(token=token), headers={"Accept": "application/json"})
    if answer.status == 404:
        raise Unfit("token")
    if answer.status != 200:
        raise Unfit("status")
    return parse(answer.body)


def parse(body: bytes) -> tuple[BoardJob, ...]:
    """The jobs of an answer, each once; a needed field that is missing names itself in Unfit."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise Unfit("json") from None
    jobs = content.get("jobs") if isinstance(content, dict) else None
    if not isinstance(jobs, list):
        raise Unfit("jobs")
    found: dict[str, BoardJob] = {}
    for one in jobs:
        job = _job(one)
        found.setdefault(job.ref, job)
    return tuple(found.values())


def _job(one: Any) -> BoardJob:
    if not isinstance(one, dict):
        raise Unfit("jobs")
    # A job that is posted twice has two posts and one internal id; prospects have none.
    number = one.get("internal_job_id") or one.get("id")
    if not isinstance(number, int):
        raise Unfit("id")
    title, url = one.get("title"), one.get("absolute_url")
    if not isinstance(title, str) or not title.strip():
        raise Unfit("title")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")) or len(url) > 500:
        raise Unfit("absolute_url")
    place = one.get("location")
    city = str(place.get("name") or "") if isinstance(place, dict) else ""
    departments = one.get("departments")
    first = departments[0] if isinstance(departments, list) and departments else {}
    content = one.get("content")
    # The content is HTML that was escaped once more on its way.
    html = unescape(content) if isinstance(content, str) else ""
    return BoardJob(
        ref=str(number),
        title=" ".join(title.split())[:160],
        department=str(first.get("name") or "")[:120] if isinstance(first, dict) else "",
        city=city[:120],
        is_remote="remote" in city.lower(),
        description=as_text(read_html(html)),
        url=url,
        posted_on=_day(one.get("first_published") or one.get("updated_at")),
    )


def _day(value: Any) -> date | None:
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return None
