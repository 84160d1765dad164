"""The register of pages elsewhere that show a posting, and the daily look at each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from handrail.apps.hiring.access import audit, local_day, require_recruiter
from handrail.apps.hiring.linting import Unread, fetch, look_at, to_json
from handrail.apps.hiring.models import CopyState, Job, Posting, PostingCopy
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.domain.hiring.lint import Finding

EVERY = timedelta(hours=20)  # a daily rule that comes a little early looks all the same
MOST = 50  # of one posting
_is_address = URLValidator(schemes=["https", "http"])


def add_copy(job: Job, url: str, *, by: Viewer, now: datetime) -> PostingCopy:
    """Enter a page into the register; it is looked at soon, and then every day."""
    require_recruiter(by)
    url = url.strip()
    try:
        _is_address(url)
    except ValidationError:
        raise Invalid(
            _("This is no address of a page."),
            fields={"url": _("Write a whole address, such as https://example.org/jobs/7.")},
        ) from None
    if len(url) > 500:
        raise Invalid(_("This address is too long."), fields={"url": _("Shorten it.")})
    with writing(by.organization):
        posting = Posting.objects.select_for_update(of=("self",)).filter(job=job).first()
        if posting is None:
            raise NotFound(_("This job has no posting yet."))
        others = PostingCopy.objects.filter(posting=posting)
        if others.filter(url=url).exists():
            raise Conflict(_("This page is in the register already."))
        if others.count() >= MOST:
            raise Conflict(_("The register is full. Take out pages that are gone."))
        made = PostingCopy.objects.create(
            organization=by.organization,
            posting=posting,
            url=url,
            added_at=now,
            added_by=by.actor,
        )
        audit("copy.added", "posting", posting.public_id, by=by, now=now)
        soon(made, now)
    return made


def drop_copy(copy: PostingCopy, *, by: Viewer, now: datetime) -> None:
    """Take a page out of the register."""
    require_recruiter(by)
    with writing(by.organization):
        deleted, _by_model = PostingCopy.objects.filter(pk=copy.pk).delete()
        if deleted:
            audit("copy.dropped", "posting", copy.posting.public_id, by=by, now=now)


def look_again(copy: PostingCopy, *, by: Viewer, now: datetime) -> None:
    """Have a page looked at soon, instead of tomorrow."""
    require_recruiter(by)
    with writing(by.organization):
        soon(copy, now)


def soon(copy: PostingCopy, now: datetime) -> None:
    """Put one look into the outbox, in the caller's transaction; one a minute at most."""
    enqueue(
        "hiring.look",
        ref={"copy": copy.pk},
        dedupe=f"look:{copy.public_id}:{now:%Y%m%dT%H%M}",
        due_at=now,
        stream=f"copy:{copy.public_id}",
        now=now,
        organization=copy.organization,
    )


def look_at_all(organization: Organization, now: datetime) -> int:
    """Put a look at each page that was not looked at today into the outbox; say how many."""
    with writing(organization):
        due = PostingCopy.objects.filter(Q(checked_at=None) | Q(checked_at__lte=now - EVERY))
        found = list(due.select_related("organization").order_by("pk"))
        for copy in found:
            soon(copy, now)
    return len(found)


def look(copy_id: int, organization: Organization, now: datetime) -> PostingCopy | None:
    """Read the page outside of any transaction, then keep what was found."""
    with reading(organization):
        copy = (
            PostingCopy.objects.filter(pk=copy_id)
            .select_related("posting__job__program__organization", "posting__organization")
            .first()
        )
        if copy is None:
            return None
        try:
            html = fetch(copy.url)
        except Unread:
            return _keep(copy, CopyState.UNREACHABLE, [], now)
        if html is None:
            # A page that is gone shows nothing wrong; while the job is offered it should be there.
            return _keep(copy, CopyState.UNREACHABLE, [], now, is_gone=True)
        looked = look_at(html, copy.posting, now=now, today=local_day(copy.organization, now))
    state = CopyState.DIFFERS if looked.errors else CopyState.CLEAR
    return _keep(copy, state, list(looked.findings), now)


def _keep(
    copy: PostingCopy,
    state: CopyState,
    findings: list[Finding],
    now: datetime,
    *,
    is_gone: bool = False,
) -> PostingCopy:
    is_open = state != CopyState.CLEAR and not is_gone
    since = Coalesce(F("open_since"), Value(now, output_field=DateTimeField()))
    with writing(copy.organization):
        PostingCopy.objects.filter(pk=copy.pk).update(
            state=CopyState.CLEAR if is_gone else state,
            findings=to_json(findings),
            checked_at=now,
            # Whoever had a task keeps it, with the moment since when, until all is clear.
            open_since=since if is_open else None,
        )
        copy.refresh_from_db()
    return copy
