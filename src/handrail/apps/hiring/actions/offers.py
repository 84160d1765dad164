"""Verbs on offers: recorded one by one or from a file, each with what the applicant was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.hiring.access import audit, local_day, require_recruiter
from handrail.apps.hiring.actions.holding import follow_offer, wants_seat
from handrail.apps.hiring.actions.postings import keep_promise
from handrail.apps.hiring.drawn import drawn_for
from handrail.apps.hiring.models import (
    DrawnBy,
    Fate,
    Offer,
    Outcome,
    Posting,
    PostingState,
    Promise,
    Shown,
)
from handrail.apps.hiring.offering import facts_for
from handrail.apps.hiring.offers_file import OfferLine, read_offers
from handrail.apps.hiring.tokens import promise_token
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.actions import GONE, keep_offer
from handrail.apps.people.merging import refused_file
from handrail.domain.hiring import NotOffered

DECIDED = frozenset({Outcome.ACCEPTED, Outcome.DECLINED, Outcome.EXPIRED, Outcome.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file of offers brought."""

    created: int
    changed: int
    known: int


def record_offer(
    applicant: str,
    requisition: str,
    *,
    offered_at: datetime,
    by: Viewer,
    now: datetime,
    shown: str = "",
    outcome: str = Outcome.PENDING,
    decided_at: datetime | None = None,
    family: str = "",
    source: str = "hand",
) -> Offer:
    """Record an offer, or what became of it; said again it changes the one that is there.

    Without a word on what was shown the lottery's draw says it, where one was drawn before the
    offer was sent. An applicant is an id of the hiring system: no name, no address.
    """
    require_recruiter(by)
    line = OfferLine(
        number=0,
        applicant=applicant.strip(),
        requisition=requisition.strip(),
        offered_at=offered_at,
        shown=shown,
        outcome=outcome,
        decided_at=decided_at,
        family=" ".join(family.split()),
    )
    problems = _problems(line, now)
    if problems:
        raise Invalid(_("The offer was not recorded. Correct the fields."), fields=problems)
    with writing(by.organization):
        kept, _new = _keep(line, source, set(), by, now)
        audit("offer.recorded", "offer", kept.public_id, by=by, now=now)
    return kept


def import_offers(content: bytes, *, filename: str, by: Viewer, now: datetime) -> Brought:
    """Read a CSV file of offers, all or nothing; raises Invalid with `lines`."""
    require_recruiter(by)
    with writing(by.organization):
        lines, problems = read_offers(content)
        for line in lines:
            problems += [
                _("line %(line)d, %(column)s: %(message)s")
                % {"line": line.number, "column": name, "message": text}
                for name, text in _problems(line, now).items()
            ]
        if problems:
            raise refused_file(problems)
        told: set[int] = set()
        counts = {"created": 0, "changed": 0, "known": 0}
        # What says least comes last: it takes nobody's place of whom a line tells the whole.
        for line in sorted(lines, key=lambda one: one.decided_at is None):
            _kept, what = _keep(line, filename[:64], told, by, now)
            counts[what] += 1
        audit("offers.imported", "import", filename[:64], by=by, now=now, **counts)
    return Brought(**counts)


def _problems(line: OfferLine, now: datetime) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("applicant", "requisition"):
        value = getattr(line, name)
        if not 1 <= len(value) <= 80:
            found[name] = _("Write 1 to 80 characters.")
        elif "@" in value or "|" in value:
            found[name] = _("Use the hiring system's id; no address, no name.")
    if len(line.family) > 80:
        found["family"] = _("Shorten it.")
    if line.shown and line.shown not in Shown.values:
        found["shown"] = _("Write yes, no or unknown.")
    if line.outcome not in Outcome.values:
        found["outcome"] = _("Choose one of the list.")
    if line.offered_at > now:
        found["offered_at"] = _("This lies in the future.")
    if line.outcome in DECIDED and line.decided_at is None:
        found["decided_at"] = _("Say when that was.")
    if line.decided_at is not None:
        if line.outcome == Outcome.PENDING:
            found["outcome"] = _("It was decided: say how.")
        if line.decided_at < line.offered_at:
            found["decided_at"] = _("This lies before the offer.")
        elif line.decided_at > now:
            found["decided_at"] = _("This lies in the future.")
    return found


def _keep(
    line: OfferLine, source: str, told: set[int], by: Viewer, now: datetime
) -> tuple[Offer, str]:
    """Write one offer in the caller's transaction; says whether it is new, changed or known."""
    offer = (
        Offer.objects.select_for_update(of=("self",))
        .filter(applicant=line.applicant, requisition=line.requisition)
        .first()
    )
    if offer is None and (gone := _forgotten(line, told)) is not None:
        return gone, "known"
    posting = _posting_of(line.requisition)
    drawn = _drawn(line, offer)
    shown = line.shown or (offer.shown if offer is not None else "")
    if not shown or shown == Shown.UNKNOWN:
        shown = Shown.UNKNOWN
        if drawn["drawn_arm"] and not line.shown:
            shown = Shown.YES if drawn["drawn_arm"] == "offered" else Shown.NO
    values: dict[str, Any] = {
        **drawn,
        "offered_at": line.offered_at,
        "shown": shown,
        "outcome": line.outcome,
        "decided_at": line.decided_at,
        "family": line.family or _family(offer, posting),
        "posting": posting if offer is None or offer.posting_id is None else offer.posting,
    }
    if offer is not None and all(getattr(offer, name) == said for name, said in values.items()):
        return offer, "known"
    promise = offer.promise if offer is not None else None
    if promise is None and shown == Shown.YES:
        promise = _promise_for(values["posting"], now)
    new = offer is None
    if offer is None:
        offer = Offer(
            organization=by.organization,
            applicant=line.applicant,
            requisition=line.requisition,
            token=promise_token(),
            recorded_at=now,
        )
    accepts = line.outcome == Outcome.ACCEPTED and offer.outcome != Outcome.ACCEPTED
    for name, said in values.items():
        setattr(offer, name, said)
    if accepts:
        offer.hold, offer.seat_wanted = None, wants_seat(line.outcome, line.decided_at, now)
    follow_offer(offer, now=now)
    offer.promise, offer.source = promise, source
    if promise is not None and offer.fate == Fate.STANDS and _is_off(values["posting"]):
        offer.fate = Fate.OPEN
    if offer.fate == Fate.OPEN and offer.outcome not in (Outcome.PENDING, Outcome.ACCEPTED):
        offer.fate = Fate.STANDS  # whoever did not come is owed nothing
    offer.rev += 1
    offer.save()
    _tell_outcomes(offer, by, now)
    return offer, "created" if new else "changed"


def _forgotten(line: OfferLine, told: set[int]) -> Offer | None:
    """The offer that an old file tells again, whose applicant was let go: it counts once.

    A file may be older than the decision by which it ended: then it says less, or what was so
    before. What it says of a later day is news, and another offer.
    """
    gone = Offer.objects.filter(
        applicant__startswith=GONE, requisition=line.requisition, offered_at=line.offered_at
    )
    left = gone.exclude(pk__in=told).order_by("pk")
    found = left.filter(outcome=line.outcome, decided_at=line.decided_at).first()
    if found is None and line.decided_at is None:
        found = left.first()
    elif found is None:
        found = left.filter(decided_at__gt=line.decided_at).first()
    if found is not None:
        told.add(found.pk)
    return found


def _drawn(line: OfferLine, offer: Offer | None) -> dict[str, Any]:
    """How it was drawn before it was sent; where the lottery's key is gone, what was found then."""
    draw = drawn_for(line.requisition, line.applicant, before=line.offered_at)
    if draw is not None:
        return {"drawn_in": draw.lottery, "drawn_arm": draw.arm, "drawn_at": draw.drawn_at}
    if offer is not None and offer.drawn_at is not None and offer.drawn_in is not None:
        closed = offer.drawn_in.unit == DrawnBy.OFFER and not offer.drawn_in.sealed_key
        if closed and offer.drawn_at <= line.offered_at:
            return {name: getattr(offer, name) for name in ("drawn_in", "drawn_arm", "drawn_at")}
    return {"drawn_in": None, "drawn_arm": "", "drawn_at": None}


def _tell_outcomes(offer: Offer, by: Viewer, now: datetime) -> None:
    """The same offer in the ledger of outcomes, which pilots are judged by."""
    organization = by.organization
    decided = local_day(organization, offer.decided_at) if offer.decided_at else None
    offered = local_day(organization, offer.offered_at)
    keep_offer(
        {
            "applicant": offer.applicant,
            "requisition": offer.requisition,
            "arm": offer.drawn_arm,
            "assigned_on": local_day(organization, offer.drawn_at) if offer.drawn_at else None,
            "offered_on": offered,
            "outcome": "open" if offer.outcome == Outcome.PENDING else str(offer.outcome),
            "decided_on": decided,
            "known_since": decided or offered,
        },
        source=offer.source,
        by=by,
        now=now,
    )


def _posting_of(requisition: str) -> Posting | None:
    """The posting of the job with this reference, whichever system it came from."""
    return (
        Posting.objects.filter(job__ref=requisition)
        .select_related("job__program__organization", "organization")
        .order_by("-job__created_at", "-pk")
        .first()
    )


def _family(offer: Offer | None, posting: Posting | None) -> str:
    if offer is not None and offer.family:
        return offer.family
    return posting.job.family if posting is not None else ""


def _promise_for(posting: Posting | None, now: datetime) -> Promise | None:
    """What was said to somebody who was shown it: today's words, or the last ones it had."""
    if posting is None:
        return None
    if posting.state == PostingState.LIVE:
        try:
            return keep_promise(posting, facts_for(posting, now), now)
        except NotOffered:
            pass
    return Promise.objects.filter(posting=posting).order_by("-made_at", "-pk").first()


def _is_off(posting: Posting | None) -> bool:
    return posting is not None and posting.state == PostingState.WITHDRAWN
