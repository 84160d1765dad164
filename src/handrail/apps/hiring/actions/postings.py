"""Verbs on postings: publish what is true today, take it back, decide what becomes of promises."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.hiring.access import audit, require_recruiter
from handrail.apps.hiring.actions.withdrawing import withdraw_posting
from handrail.apps.hiring.models import (
    Fate,
    Job,
    Offer,
    Posting,
    PostingState,
    Promise,
    PublicFace,
    Withdrawn,
)
from handrail.apps.hiring.offering import facts_for
from handrail.apps.hiring.wording import why_words
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound, Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import require_run
from handrail.domain.hiring import Facts, NotOffered


class NothingToOffer(Refusal):
    """Publishing is refused; the message says what is missing and who can help."""

    status = 409
    code = "nothing-to-offer"


def publish(job: Job, *, by: Viewer, now: datetime) -> Posting:
    """Make the offer public, if there is a mentor and an intake ahead."""
    require_recruiter(by)
    with writing(by.organization):
        posting = locked_posting(job)
        if posting.job.closed_at is not None:
            raise Conflict(_("This job is closed."))
        if posting.state == PostingState.LIVE:
            raise Conflict(_("This posting is public already."))
        try:
            facts = facts_for(posting, now)
        except NotOffered as missing:
            raise NothingToOffer(why_words(missing.why, missing.what)) from None
        Posting.objects.filter(pk=posting.pk).update(
            state=PostingState.LIVE,
            published_at=now,
            withdrawn_at=None,
            withdrawn_why="",
            rev=F("rev") + 1,
        )
        posting.refresh_from_db()
        keep_promise(posting, facts, now)
        audit("posting.published", "posting", posting.public_id, by=by, now=now)
    return posting


def withdraw(job: Job, *, by: Viewer, now: datetime) -> Posting:
    """Take the offer off the public pages at once."""
    require_recruiter(by)
    with writing(by.organization):
        posting = locked_posting(job)
        if posting.state != PostingState.LIVE:
            raise Conflict(_("This posting is not public."))
        withdraw_posting(posting, Withdrawn.BY_HAND, by=by, now=now)
        posting.refresh_from_db()
    return posting


def keep_promise(posting: Posting, facts: Facts, now: datetime) -> Promise:
    """What the posting says today, kept once however often it is shown."""
    program = posting.job.program
    if program is None:
        raise NotFound(_("There is no such program."))
    kept, _made = Promise.objects.get_or_create(
        organization=posting.organization,
        posting=posting,
        digest=facts.digest,
        defaults={
            "program": program,
            "program_rev": program.rev,
            "facts": facts.as_json(),
            "made_at": now,
        },
    )
    return kept


def locked_posting(job: Job) -> Posting:
    """The posting of a job, locked in the caller's transaction, after its program.

    In that order, so that publishing and closing the program cannot both succeed.
    """
    program = Job.objects.filter(pk=job.pk).values_list("program_id", flat=True).first()
    if program is not None:
        Program.objects.select_for_update().filter(pk=program).first()
    found = Posting.objects.select_for_update(of=("self",)).filter(job=job).first()
    if found is None:
        raise NotFound(_("This job has no posting yet."))
    return Posting.objects.select_related("job__program", "organization", "named_mentor").get(
        pk=found.pk
    )


def settle_promise(offer: Offer, *, honoured: bool, words: str, by: Viewer, now: datetime) -> Offer:
    """Say what becomes of a promise whose program was closed; the applicant reads the words."""
    if offer.promise is None:
        raise NotFound(_("There is no such promise."))
    require_run(by, offer.promise.program, "hiring:write")
    words = words.strip()
    if not 10 <= len(words) <= 1000:
        raise Invalid(
            _("Say it to them in a sentence or two."),
            fields={"words": _("Write 10 to 1000 characters.")},
        )
    with writing(by.organization):
        moved = (
            Offer.objects.filter(pk=offer.pk)
            .exclude(fate=Fate.STANDS)
            .update(
                fate=Fate.HONOURED if honoured else Fate.TOLD,
                fate_words=words,
                fate_at=now,
                rev=F("rev") + 1,
            )
        )
        if not moved:
            raise Conflict(_("This promise stands: there is nothing to decide."))
        audit("promise.settled", "offer", offer.public_id, by=by, now=now, honoured=honoured)
        offer.refresh_from_db()
    return offer


def edit_face(
    *, company_url: str, frame_hosts: Sequence[str], by: Viewer, now: datetime
) -> PublicFace:
    """Set the organisation's own address and the sites that may show a posting in a frame."""
    require_recruiter(by)
    hosts: list[str] = []
    wrong: list[str] = []
    for line in frame_hosts:
        if line.strip():
            origin = origin_of(line.strip())
            (hosts if origin else wrong).append(origin or line.strip())
    problems: dict[str, str] = {}
    if wrong:
        problems["frame_hosts"] = _("“%(line)s” is no site. Write it like %(example)s.") % {
            "line": wrong[0],
            "example": "https://careers.example.org",
        }
    if len(hosts) > 20:
        problems["frame_hosts"] = _("Name at most 20 sites.")
    if company_url and not origin_of(company_url, whole=False):
        problems["company_url"] = _("Write a whole address, such as https://example.org.")
    if problems:
        raise Invalid(_("Nothing was saved. Correct the marked fields."), fields=problems)
    with writing(by.organization):
        face, _made = PublicFace.objects.get_or_create(organization=by.organization)
        face.company_url = company_url.strip()
        face.frame_hosts = sorted(dict.fromkeys(hosts))
        face.rev += 1
        face.save()
        audit("hiring.face_edited", "organization", by.organization.public_id, by=by, now=now)
    return face


def origin_of(text: str, *, whole: bool = True) -> str:
    """The origin of an address, "https://host" or with a port; empty where there is none.

    Only such a text goes into a header: no blank, quote or semicolon can be in it.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    is_name = re.fullmatch(r"[a-z0-9.-]+", host) is not None
    if parts.scheme != "https" or not is_name or parts.username is not None:
        return ""
    if whole and (parts.path not in ("", "/") or parts.query or parts.fragment):
        return ""
    return f"https://{host}" + (f":{port}" if port else "")
