"""What everybody may read without a sign-in: found by organisation and posting, or by a secret.

Whatever is not there, not yet public or of another organisation looks alike: NotFound.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.hiring.access import local_day
from handrail.apps.hiring.models import (
    Fate,
    Job,
    Offer,
    Posting,
    PostingState,
    PublicFace,
)
from handrail.apps.hiring.offering import named_mentor, offered_now
from handrail.apps.hiring.wording import amount, badge_words, benefit, block_of
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.scope import reading
from handrail.domain.hiring import Facts, Week, stretches_of, weeks_of
from handrail.domain.hiring.badge import svg
from handrail.domain.hiring.blocks import Block, Paragraph, as_html, as_text, read_text
from handrail.domain.hiring.feed import FeedJob, feed_xml
from handrail.domain.hiring.markup import OpenJob, Pay, job_markup, program_markup


@dataclass(frozen=True, slots=True)
class Shown:
    """A posting as the public sees it; `facts` None: nothing is offered today."""

    posting: Posting
    company: str
    language: str
    title: str
    address: str
    is_gone: bool  # withdrawn: the page answers 410
    facts: Facts | None
    block: tuple[Block, ...]
    weeks: tuple[Week, ...]  # with each stretch in which nothing is planned told as one
    mentor_name: str
    frame_hosts: tuple[str, ...]


def public_posting(slug: str, token: str, now: datetime) -> Shown:
    """A published or withdrawn posting, in the language it is kept in."""
    with _organization(slug) as organization:
        posting = (
            Posting.objects.filter(token=token)
            .exclude(state=PostingState.DRAFT)
            .select_related("job__program__organization", "organization", "named_mentor")
            .first()
        )
        if posting is None:
            raise _nothing()
        facts = offered_now(posting, now).facts
        face = PublicFace.objects.filter(organization=organization).first()
        address = trajectory_address(posting)
        with translation.override(posting.language):
            return Shown(
                posting=posting,
                company=organization.name,
                language=posting.language,
                title=posting.job.title,
                address=address,
                is_gone=posting.state == PostingState.WITHDRAWN,
                facts=facts,
                block=block_of(facts, address) if facts else (),
                weeks=stretches_of(weeks_of(facts)) if facts else (),
                mentor_name=named_mentor(posting, now) if facts else "",
                frame_hosts=tuple(face.frame_hosts) if face else (),
            )


def trajectory_address(posting: Posting) -> str:
    """The public address of a posting's trajectory."""
    return _address("trajectory", posting)


def widget_address(posting: Posting) -> str:
    return _address("posting_widget", posting)


def badge_address(posting: Posting) -> str:
    return _address("posting_badge", posting)


def job_address(posting: Posting) -> str:
    return _address("posting_job", posting)


def promise_address(offer: Offer) -> str:
    """Where one applicant reads what they were promised."""
    args = [offer.organization.slug, offer.token]
    return settings.BASE_URL + reverse("promise", args=args)


def _address(name: str, posting: Posting) -> str:
    path = reverse(name, args=[posting.organization.slug, posting.token])
    return settings.BASE_URL + path


def trajectory_markup(shown: Shown, visible: tuple[Block, ...]) -> dict[str, Any] | None:
    """The structured data of a trajectory page: `visible` is what stands on it."""
    if shown.facts is None:
        return None
    with translation.override(shown.language):
        return program_markup(
            shown.facts,
            visible,
            name=_("Mentoring for: %(title)s") % {"title": shown.title},
            url=shown.address,
            provider=shown.company,
        )


def badge(shown: Shown) -> str:
    """The badge, in any state of the posting."""
    with translation.override(shown.language):
        return svg(_("Mentoring"), badge_words(shown.facts), is_offered=shown.facts is not None)


@dataclass(frozen=True, slots=True)
class JobPage:
    """A job that we host: what its page shows is what its markup says."""

    shown: Shown
    job: Job
    blocks: tuple[Block, ...]
    markup: dict[str, Any] | None  # None once the job is not open any more
    is_open: bool


def public_job(slug: str, token: str, now: datetime) -> JobPage:
    """The page of a job that has one here; its offer of support only while that stands."""
    shown = public_posting(slug, token, now)
    posting = shown.posting
    if not posting.hosted:
        raise _nothing()
    with reading(posting.organization):
        face = PublicFace.objects.filter(organization=posting.organization).first()
        today = local_day(posting.organization, now)
    job = posting.job
    blocks = (*read_text(job.description), *shown.block)
    is_open = job.closed_at is None and (job.closes_on is None or job.closes_on >= today)
    with translation.override(shown.language):
        benefits = benefit(shown.facts) if shown.facts else ""
    markup = None
    if is_open:
        facts = open_job(posting, job, shown.company, face.company_url if face else "", today)
        markup = job_markup(facts, blocks, benefits)
    return JobPage(shown, job, blocks, markup, is_open)


def open_job(posting: Posting, job: Job, company: str, company_url: str, today: date) -> OpenJob:
    """A job's row as its markup takes it."""
    pay = None
    if job.pay_low is not None and job.pay_high is not None:
        pay = Pay(str(job.pay_low), str(job.pay_high), job.pay_currency, job.pay_unit)
    return OpenJob(
        title=job.title,
        ref=job.ref,
        company=company,
        company_url=company_url,
        url=job_address(posting),
        posted_on=job.posted_on or today,
        closes_on=job.closes_on,
        employment=job.employment,
        is_remote=job.remote,
        city=job.city,
        region=job.region,
        country=job.country,
        postal_code=job.postal_code,
        pay=pay,
        applies_here=False,
    )


def feed(slug: str, now: datetime) -> str:
    """Every open job that was ever published, each with its offer only where it stands now."""
    with _organization(slug) as organization:
        today = local_day(organization, now)
        postings = list(
            Posting.objects.exclude(state=PostingState.DRAFT)
            .filter(job__closed_at=None)
            .select_related("job__program__organization", "organization")
            .order_by("pk")
        )
        if not postings:
            raise _nothing()
        face = PublicFace.objects.filter(organization=organization).first()
        jobs = []
        for posting in postings:
            job = posting.job
            if job.closes_on is not None and job.closes_on < today:
                continue
            facts = offered_now(posting, now).facts
            with translation.override(posting.language):
                block = block_of(facts, trajectory_address(posting)) if facts else ()
            blocks = (*read_text(job.description), *block)
            url = job_address(posting) if posting.hosted else job.apply_url
            if not blocks or not (url or facts):
                continue  # without its offer nothing is left that could be read
            jobs.append(
                FeedJob(
                    title=job.title,
                    date=posting.published_at or posting.created_at,
                    referencenumber=job.ref or str(job.public_id),
                    url=url or trajectory_address(posting),
                    company=organization.name,
                    city=job.city,
                    state=job.region,
                    country=job.country,
                    postalcode=job.postal_code,
                    description=as_html(blocks),
                )
            )
        url = face.company_url if face and face.company_url else settings.BASE_URL
        return feed_xml(organization.name, url, now, jobs)


def posting_of_address(url: str) -> tuple[str, str] | None:
    """Organisation and token of one of our own trajectory addresses; None for every other one."""
    try:
        ours, theirs = urlsplit(settings.BASE_URL), urlsplit(url)
    except ValueError:
        return None
    if (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc):
        return None
    try:
        found = resolve(theirs.path)
    except Resolver404:
        return None
    if found.url_name != "trajectory":
        return None
    slug, token = found.kwargs["slug"], found.kwargs["token"]
    return str(slug), str(token)


@dataclass(frozen=True, slots=True)
class Kept:
    """What one applicant was promised, and what became of it."""

    company: str
    title: str
    language: str
    facts: Facts
    block: tuple[Block, ...]
    made_at: datetime
    fate: str
    words: str

    @property
    def stands(self) -> bool:
        return self.fate == Fate.STANDS


def kept_promise(slug: str, token: str) -> Kept:
    """The snapshot behind an unguessable link, also after the program was closed."""
    with _organization(slug) as organization:
        offer = (
            Offer.objects.filter(token=token)
            .exclude(promise=None)
            .select_related("promise__posting__job", "promise__posting__organization")
            .first()
        )
        if offer is None or offer.promise is None:
            raise _nothing()
        posting = offer.promise.posting
        facts = Facts.from_json(offer.promise.facts)
        with translation.override(posting.language):
            block: tuple[Block, ...] = block_of(facts, trajectory_address(posting))[:-1]
            return Kept(
                company=organization.name,
                title=posting.job.title,
                language=posting.language,
                facts=facts,
                block=block,
                made_at=offer.promise.made_at,
                fate=offer.fate,
                words=offer.fate_words,
            )


def summary(facts: Facts) -> Paragraph:
    """One sentence of what is offered, for the top of a page."""
    return Paragraph(amount(facts) + ".")


def copy_texts(shown_block: tuple[Block, ...]) -> dict[str, str]:
    """The block as it is copied: plain text first, then HTML."""
    return {"text": as_text(shown_block), "html": as_html(shown_block)}


@contextmanager
def _organization(slug: str) -> Iterator[Organization]:
    organization = Organization.objects.filter(slug=slug, erasing_since=None).first()
    if organization is None:
        raise _nothing()
    with reading(organization):
        yield organization


def _nothing() -> NotFound:
    return NotFound(_("There is no such page. The link may be old or incomplete."))
