"""Questions about requests: who may read which, what waits for whom, how long people wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.matches.wording import sentence
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.programs.queries import require_run
from handrail.apps.requests.models import (
    OPEN_STATES,
    Ask,
    AskAnswer,
    MentoringRequest,
    RequestMessage,
    RequestState,
)

LOOKED_BACK = timedelta(days=90)
FEWEST = 5  # requests below which no waiting time is told


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request as one of its two people sees it."""

    request: MentoringRequest
    ask: Ask | None  # who is asked now, or who accepted; for a mentor their own
    messages: list[RequestMessage]
    is_mentee: bool
    asked_before: int  # mentors who were asked before this one

    @property
    def your_turn(self) -> bool:
        """Whether the reader is the one to answer."""
        wanted = RequestState.TELL_MORE if self.is_mentee else RequestState.ASKED
        return self.waits and self.request.state == wanted

    @property
    def waits(self) -> bool:
        """Whether somebody is to answer still."""
        return self.ask is not None and self.ask.answer == AskAnswer.WAITING

    @property
    def is_theirs(self) -> bool:
        """Whether the note is the reader's: the mentee, and the mentor who is asked or said yes."""
        near = (AskAnswer.WAITING, AskAnswer.ACCEPTED)
        return self.is_mentee or (self.ask is not None and self.ask.answer in near)

    @property
    def why(self) -> list[str]:
        """Why this mentor, in words."""
        if self.ask is None:
            return []
        names = {self.ask.mentor.external_id: self.ask.mentor.name}
        return [sentence(reason, names) for reason in self.ask.reasons]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long requests of a program waited for their session lately; None: too few to tell."""

    half_within: timedelta | None
    answered: int


def request_for(viewer: Viewer, public_id: UUID) -> MentoringRequest:
    """The viewer's own request, or one they are or were asked; else NotFound."""
    found = (
        _requests()
        .filter(Q(mentee_id=viewer.person_id) | Q(asks__mentor_id=viewer.person_id))
        .filter(public_id=public_id)
        .distinct()
        .first()
        if viewer.person_id is not None
        else None
    )
    if found is None:
        raise NotFound(_("There is no such request."))
    return found


def card(viewer: Viewer, request: MentoringRequest) -> RequestCard:
    """The request as this viewer sees it; a mentor who was asked sees their own part alone."""
    is_mentee = viewer.person_id == request.mentee_id
    asks = list(request.asks.all())
    if is_mentee:
        ask = next((a for a in asks if a.answer == AskAnswer.WAITING), None)
        ask = ask or next((a for a in asks if a.answer == AskAnswer.ACCEPTED), None)
    else:
        ask = next((a for a in asks if a.mentor_id == viewer.person_id), None)
    return RequestCard(
        request=request,
        ask=ask,
        messages=list(ask.messages.all()) if ask is not None else [],
        is_mentee=is_mentee,
        asked_before=sum(one.n < ask.n for one in asks) if ask is not None else len(asks),
    )


def to_answer(viewer: Viewer) -> list[RequestCard]:
    """What waits for this person: as mentor an answer, as mentee a question; most urgent first."""
    if viewer.person_id is None:
        return []
    waiting = Q(asks__answer=AskAnswer.WAITING)
    asked = Q(asks__mentor_id=viewer.person_id, state=RequestState.ASKED)
    told = Q(mentee_id=viewer.person_id, state=RequestState.TELL_MORE)
    found = _requests().filter(waiting & (asked | told)).distinct()
    cards = [card(viewer, request) for request in found]
    due = [(one.ask.answer_by, one) for one in cards if one.ask is not None and one.your_turn]
    return [one for _by, one in sorted(due, key=lambda row: row[0])]


def my_requests(viewer: Viewer) -> QuerySet[MentoringRequest]:
    """What the viewer asked for, newest first."""
    return _requests().filter(mentee_id=viewer.person_id).order_by("-created_at", "-pk")


def asked_of(viewer: Viewer) -> QuerySet[MentoringRequest]:
    """What the viewer asked for or is asked for, by id."""
    own = Q(mentee_id=viewer.person_id) | Q(asks__mentor_id=viewer.person_id)
    return _requests().filter(own).distinct().order_by("pk")


def open_request(program: Program, mentee: Person) -> MentoringRequest | None:
    """The mentee's request in this program that is not settled yet."""
    return _requests().filter(program=program, mentee=mentee, state__in=OPEN_STATES).first()


def requests_of_program(viewer: Viewer, program: Program) -> QuerySet[MentoringRequest]:
    """Open requests and those nobody could be found for, for who runs the program."""
    require_run(viewer, program, "sessions:read")
    wanted = (*OPEN_STATES, RequestState.NOBODY)
    return _requests().filter(program=program, state__in=wanted).order_by("created_at", "pk")


def waiting_time(program: Program, *, now: datetime) -> Waiting:
    """How long it took from asking to a session, for requests of the last 90 days."""
    spans = [
        settled - created
        for created, settled in MentoringRequest.objects.filter(
            program=program, state=RequestState.BOOKED, created_at__gte=now - LOOKED_BACK
        ).values_list("created_at", "settled_at")
        if settled is not None
    ]
    half = timedelta(seconds=median(span.total_seconds() for span in spans)) if spans else None
    return Waiting(half if len(spans) >= FEWEST else None, len(spans))


def skills_to_ask(program: Program) -> QuerySet[Skill]:
    """The skills that the program's mentors offer, by name."""
    mentors = Person.objects.filter(
        enrolments__program=program,
        enrolments__role=EnrolmentRole.MENTOR,
        enrolments__left_at=None,
    )
    return Skill.objects.filter(pk__in=mentors.values("offers__skill_id")).order_by("name")


def _requests() -> QuerySet[MentoringRequest]:
    asks = (
        Ask.objects.select_related("mentor", "booking")
        .prefetch_related(Prefetch("messages", RequestMessage.objects.select_related("author")))
        .order_by("n")
    )
    return MentoringRequest.objects.select_related(
        "program", "mentee", "skill", "session"
    ).prefetch_related(Prefetch("asks", asks))
