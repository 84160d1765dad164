"""Questions about jobs, postings, copies and offers; each sees only what its viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.hiring.access import may_recruit, require_recruiter
from handrail.apps.hiring.linting import from_json
from handrail.apps.hiring.models import (
    CopyState,
    Fate,
    Job,
    JobReading,
    Offer,
    OfferLottery,
    Posting,
    PostingCopy,
    PostingState,
    PublicFace,
    Withdrawn,
)
from handrail.apps.hiring.offering import Standing, may_be_named, mentors_of, standing_of
from handrail.apps.hiring.public import (
    badge_address,
    job_address,
    promise_address,
    trajectory_address,
    widget_address,
)
from handrail.apps.hiring.wording import benefit, block_of, finding_words, why_words
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program, ProgramLead, ProgramStatus
from handrail.domain.hiring.blocks import Block, as_html, as_text
from handrail.domain.hiring.markup import as_script, fragment
from handrail.domain.hiring.oembed import frame

WITHDRAWN_SHOWS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Texts:
    """What a recruiter copies; plain text first, as every hiring system keeps it."""

    text: str
    html: str
    fragment: str
    badge: str
    frame: str


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One page of the register, and what is wrong with it in words."""

    copy: PostingCopy
    findings: tuple[tuple[bool, str], ...]  # whether it is an error, and the words


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job as who recruits for it sees it."""

    job: Job
    posting: Posting | None
    standing: Standing | None
    why: str  # what is missing, in words
    texts: Texts | None
    copies: tuple[CopyLine, ...]
    address: str
    job_address: str


def jobs_for(viewer: Viewer) -> QuerySet[Job]:
    """All jobs, the open ones first, each with the number of copies that are not in step."""
    require_recruiter(viewer, "hiring:read")
    return (
        Job.objects.select_related("program", "posting")
        .annotate(tasks=Count("posting__copies", filter=~Q(posting__copies__open_since=None)))
        .order_by("closed_at", "title", "pk")
    )


def job_for(viewer: Viewer, public_id: UUID) -> Job:
    """One job, for those who recruit."""
    if not may_recruit(viewer) or not viewer.may("hiring:read"):
        raise NotFound(_("There is no such job."))
    found = (
        Job.objects.filter(public_id=public_id)
        .select_related("program__organization", "posting", "organization")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such job."))
    return found


def job_shown(viewer: Viewer, public_id: UUID, now: datetime) -> JobShown:
    """One job with the texts to copy and the pages that show them."""
    job = job_for(viewer, public_id)
    posting = (
        Posting.objects.filter(job=job)
        .select_related("job__program__organization", "organization", "named_mentor")
        .first()
    )
    if posting is None:
        return JobShown(job, None, None, "", None, (), "", "")
    standing = standing_of(posting, now)
    texts = None
    if standing.facts is not None:
        with translation.override(posting.language):
            block = block_of(standing.facts, trajectory_address(posting))
            texts = texts_of(posting, block, benefit(standing.facts))
    return JobShown(
        job=job,
        posting=posting,
        standing=standing,
        why=why_words(standing.why, standing.what) if standing.why else "",
        texts=texts,
        copies=tuple(copy_line(one) for one in PostingCopy.objects.filter(posting=posting)),
        address=trajectory_address(posting),
        job_address=job_address(posting) if posting.hosted else "",
    )


def texts_of(posting: Posting, block: tuple[Block, ...], benefits: str) -> Texts:
    """Every form of one block."""
    title = _("Mentoring for: %(title)s") % {"title": posting.job.title}
    address, picture = trajectory_address(posting), badge_address(posting)
    return Texts(
        text=as_text(block),
        html=as_html(block),
        fragment=as_script(fragment(block, benefits)),
        badge=f'<a href="{address}"><img src="{picture}" alt="{_("Mentoring")}" height="24"></a>',
        frame=frame(widget_address(posting), title),
    )


def copy_line(copy: PostingCopy) -> CopyLine:
    """A page of the register with its findings in words."""
    found = from_json(copy.findings)
    return CopyLine(copy, tuple((one.is_error, finding_words(one)) for one in found))


def copy_for(viewer: Viewer, job: Job, public_id: UUID) -> PostingCopy:
    """One page of a job's register."""
    require_recruiter(viewer, "hiring:read")
    found = (
        PostingCopy.objects.filter(posting__job=job, public_id=public_id)
        .select_related("posting", "organization")
        .first()
    )
    if found is None:
        raise NotFound(_("This page is not in the register."))
    return found


def open_tasks(viewer: Viewer) -> list[PostingCopy]:
    """The pages that somebody has to correct, those that wait longest first."""
    if not may_recruit(viewer):
        return []
    tasks = PostingCopy.objects.exclude(open_since=None).exclude(state=CopyState.CLEAR)
    return list(tasks.select_related("posting__job").order_by("open_since", "pk"))


def withdrawn_lately(viewer: Viewer, now: datetime) -> list[Posting]:
    """Offers of open jobs that went with their program, those of the last 14 days, newest first."""
    if not may_recruit(viewer):
        return []
    lately = Posting.objects.filter(
        state=PostingState.WITHDRAWN,
        withdrawn_why=Withdrawn.PROGRAM,
        withdrawn_at__gt=now - WITHDRAWN_SHOWS,
        job__closed_at=None,
    )
    return list(lately.select_related("job__program").order_by("-withdrawn_at", "pk"))


def choices_of_programs(viewer: Viewer) -> list[Program]:
    """The programs that a job's hires can come into: those that are not over."""
    require_recruiter(viewer, "hiring:read")
    return list(Program.objects.exclude(status=ProgramStatus.CLOSED).order_by("name", "pk"))


def program_to_offer(viewer: Viewer, public_id: UUID) -> Program:
    """One of these programs."""
    found = [one for one in choices_of_programs(viewer) if one.public_id == public_id]
    if not found:
        raise NotFound(_("There is no such program."))
    return found[0]


def nameable_mentors(program: Program | None, now: datetime) -> list[Person]:
    """The program's mentors who allowed that their name stands on public pages."""
    if program is None:
        return []
    return [one for one in mentors_of(program, now) if may_be_named(one.public_id)]


def face_of(viewer: Viewer) -> PublicFace:
    """What the organisation decided about its postings; not kept where nothing was decided."""
    require_recruiter(viewer, "hiring:read")
    found = PublicFace.objects.filter(organization=viewer.organization).first()
    return found or PublicFace(organization=viewer.organization)


def offers_for(viewer: Viewer, query: str = "") -> QuerySet[Offer]:
    """Every offer, or those with this in their ids, the newest first; for those who recruit."""
    require_recruiter(viewer, "hiring:read")
    wanted = Q(requisition__icontains=query) | Q(applicant__icontains=query)
    offers = Offer.objects.filter(wanted) if query else Offer.objects
    return offers.select_related(
        "posting__job", "promise", "organization", "hold__intake__program"
    ).order_by("-offered_at", "-pk")


def lotteries_for(viewer: Viewer) -> QuerySet[OfferLottery]:
    """Every lottery of offers, for those who recruit."""
    require_recruiter(viewer, "hiring:read")
    return OfferLottery.objects.all()


def offer_for(viewer: Viewer, public_id: UUID) -> Offer:
    """One offer, for those who recruit."""
    found = None
    if may_recruit(viewer) and viewer.may("hiring:read"):
        found = offers_for(viewer).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such offer."))
    return found


def address_of_promise(offer: Offer) -> str:
    """Where the applicant reads what they were promised; empty where nothing was."""
    return promise_address(offer) if offer.promise_id else ""


def promises_for(viewer: Viewer) -> list[Offer]:
    """The promises of closed programs that the viewer leads: to be decided, then settled ones."""
    if not viewer.may("hiring:read"):
        raise NotAllowed(_("Only a lead of the program or an administrator may do this."))
    offers = Offer.objects.exclude(promise=None).exclude(fate=Fate.STANDS)
    if not viewer.is_administrator:
        led = ProgramLead.objects.filter(person_id=viewer.person_id or 0)
        offers = offers.filter(promise__program_id__in=led.values("program_id"))
    found = offers.select_related("promise__program", "promise__posting__job", "organization")
    return sorted(found, key=lambda one: (one.fate != Fate.OPEN, one.offered_at, one.pk))


def promises_to_decide(viewer: Viewer) -> list[Offer]:
    """The promises that wait for the viewer's own word as a lead."""
    if viewer.person_id is None:
        return []
    led = ProgramLead.objects.filter(person_id=viewer.person_id)
    waiting = Offer.objects.filter(fate=Fate.OPEN, promise__program_id__in=led.values("program_id"))
    return list(waiting.select_related("promise__posting__job").order_by("offered_at", "pk"))


def promise_for(viewer: Viewer, public_id: UUID) -> Offer:
    """One of these promises."""
    found = [one for one in promises_for(viewer) if one.public_id == public_id]
    if not found:
        raise NotFound(_("There is no such promise."))
    return found[0]


def reading_for(viewer: Viewer, public_id: UUID) -> JobReading:
    """One reading of a board."""
    found = None
    if may_recruit(viewer):
        found = JobReading.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such list of jobs."))
    return found
