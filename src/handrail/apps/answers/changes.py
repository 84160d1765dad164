"""The order of changes of answers, and what has changed for one reader since they last asked.

Each change gets the next number of its organisation's counter, under the counter's row lock and as
the last step of its transaction: whoever has a higher number commits later, so a reader who has
seen a number has seen all below it. A plain sequence would let a slow writer commit a low number
behind a reader's back, and that row would never be delivered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from handrail.apps.answers.audience import Reach, reach_of, readable, team_of
from handrail.apps.answers.models import (
    Answer,
    AnswerCounter,
    AnswerPerson,
    AnswerState,
    Audience,
    Tombstone,
)
from handrail.apps.answers.search.index import keep_entry
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Invalid, Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer

KEPT = timedelta(days=180)
LARGEST_PAGE = 500


class StartAgain(Refusal):
    """The cursor leads nowhere any more: read everything into a new store, then swap."""

    status = 410
    code = "start-again"


@dataclass(frozen=True, slots=True)
class Point:
    """Where a reader stands: the organisation's epoch, the counter's value, what they may read."""

    epoch: UUID
    value: int
    access: str

    @property
    def cursor(self) -> str:
        """The cursor of this point."""
        return f"{self.epoch.hex}-{self.value}-{self.access}"

    @property
    def etag(self) -> str:
        """The tag of everything that this reader can have."""
        return f'"{self.cursor}"'


@dataclass(frozen=True, slots=True)
class Gone:
    """An answer that this reader could read and cannot any more."""

    answer_id: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of what has changed, in the order of the changes."""

    epoch: UUID
    cursor: str
    more: bool
    rows: list[Answer | Gone]
    own: frozenset[int]  # of the rows, those of the reader's own circle
    team_id: int | None


def note_change(answer: Answer, before: Reach, now: datetime) -> None:
    """Save the answer with the next number, and leave a tombstone where somebody loses it.

    The last step of the caller's transaction: from here on every other writer waits.
    """
    after = reach_of(answer)
    if not before.live and not after.live:
        answer.save()
        return
    lost = before.loses(after)
    last = next_numbers(answer.organization, 2 if lost else 1)
    if lost:
        Tombstone.objects.create(
            organization=answer.organization,
            answer=answer,
            seq=last - 1,
            audience=before.audience,
            team_id=before.team_id,
            at=now,
        )
    answer.seq = last
    answer.save()
    keep_entry(answer, now)


def next_numbers(organization: Organization, count: int) -> int:
    """Take so many numbers of the order of changes; the last of them. Locks until the commit."""
    mine = AnswerCounter.objects.filter(organization=organization)
    if not mine.update(value=F("value") + count):
        AnswerCounter.objects.bulk_create(
            [AnswerCounter(organization=organization)], ignore_conflicts=True
        )
        mine.update(value=F("value") + count)
    return int(mine.get().value)


def point_of(viewer: Viewer) -> tuple[Point, int | None]:
    """Where everything that this viewer can have ends now, and their team."""
    counter = AnswerCounter.objects.filter(organization=viewer.organization).first()
    if counter is None:
        with writing(viewer.organization):
            next_numbers(viewer.organization, 0)
            counter = AnswerCounter.objects.get(organization=viewer.organization)
    team_id = team_of(viewer)
    told = f"{viewer.person_id}:{team_id}"
    access = hashlib.sha256(told.encode()).hexdigest()[:12]
    return Point(viewer.organization.epoch, counter.value, access), team_id


def changes_since(viewer: Viewer, cursor: str, *, limit: int = LARGEST_PAGE) -> Changes:
    """What this viewer has to learn after a cursor; an empty one asks for everything there is.

    `StartAgain` where the cursor is from another epoch, older than what is still known of deleted
    answers, or from a time when the viewer could read other answers than now.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid(
            _("A page holds 1 to %(largest)d rows.") % {"largest": LARGEST_PAGE},
            fields={"limit": _("Choose a smaller or larger number.")},
        )
    end, team_id = point_of(viewer)
    after = _after(cursor, end)
    window = Q(seq__gt=after, seq__lte=end.value)
    rows: list[Answer | Gone] = list(
        Answer.objects.filter(window, readable(viewer, team_id))
        .select_related("current", "skill", "owner", "team")
        .prefetch_related("phrasings")
        .order_by("seq")[: limit + 1]
    )
    if after:
        rows += _gone(viewer, team_id, window, limit + 1)
    rows.sort(key=lambda row: row.seq)
    more = len(rows) > limit
    rows = rows[:limit]
    last = rows[-1].seq if more else end.value
    return Changes(
        epoch=end.epoch,
        cursor=Point(end.epoch, last, end.access).cursor,
        more=more,
        rows=rows,
        own=own_among(viewer, [row.pk for row in rows if isinstance(row, Answer)]),
        team_id=team_id,
    )


def own_among(viewer: Viewer, ids: Sequence[int]) -> frozenset[int]:
    """Those of these answers whose circle the viewer belongs to."""
    if viewer.person_id is None:
        return frozenset()
    mine = AnswerPerson.objects.filter(person_id=viewer.person_id, answer_id__in=ids)
    return frozenset(mine.values_list("answer_id", flat=True))


def forget_tombstones(organization: Organization, *, now: datetime) -> int:
    """Forget what went away more than 180 days ago; older cursors then have to start again."""
    with writing(organization):
        old = Tombstone.objects.filter(at__lt=now - KEPT)
        last = old.aggregate(last=Max("seq"))["last"]
        if last is None:
            return 0
        next_numbers(organization, 0)
        AnswerCounter.objects.filter(organization=organization).update(forgotten=last)
        deleted, _by_model = old.delete()
        Answer.objects.filter(state=AnswerState.DELETED, tombstones=None, seq__lte=last).delete()
    return deleted


def _gone(viewer: Viewer, team_id: int | None, window: Q, limit: int) -> list[Gone]:
    """What went away from this viewer: they could read it before, and cannot now."""
    own = AnswerPerson.objects.filter(person_id=viewer.person_id or 0).values("answer_id")
    could = Q(audience__gte=Audience.ORGANIZATION) | Q(answer_id__in=own)
    if team_id is not None:
        could |= Q(audience__gte=Audience.TEAM, team_id=team_id)
    can = Answer.objects.filter(readable(viewer, team_id)).values("pk")
    found = Tombstone.objects.filter(window & could).exclude(answer_id__in=can)
    return [
        Gone(public_id, seq)
        for public_id, seq in found.order_by("seq").values_list("answer__public_id", "seq")[:limit]
    ]


def _after(cursor: str, end: Point) -> int:
    if cursor in ("", "0"):
        return 0
    epoch, _dash, rest = cursor.partition("-")
    number, _dash, access = rest.partition("-")
    if not number.isdigit() or len(epoch) != 32 or len(number) > 18:
        raise Invalid(
            _("This cursor was not given by this list."),
            fields={"cursor": _("Take it from the answer before, or leave it out.")},
        )
    value = int(number)
    counter = AnswerCounter.objects.first()
    known = counter is not None and counter.forgotten <= value <= end.value
    if epoch != end.epoch.hex or access != end.access or not known:
        raise StartAgain(_("Read all answers again into a new store, then use that one."))
    return value
