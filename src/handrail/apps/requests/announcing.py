"""Which mails a request causes: outbox rows in the transaction of the change."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.requests.models import Ask, MentoringRequest, RequestMessage

ASKED = "mail.request_asked"
TOLD = "mail.request_told"
QUESTION = "mail.request_question"
GOES_ON = "mail.request_goes_on"
NOBODY = "mail.request_nobody"
TAKEN_BACK = "mail.request_taken_back"
PAUSED = "mail.mentor_paused"
PAIR_ENDED = "mail.pair_ended"
GO_ON = "request.go_on"


def announce_asked(ask: Ask, now: datetime) -> None:
    """Ask the mentor; the mentee is told where it is not the one they chose themselves."""
    _tell(ASKED, ask.request, ask.mentor, f"{ask.n}", now, ask=str(ask.public_id))
    if ask.n > 1:
        _tell(GOES_ON, ask.request, ask.request.mentee, f"{ask.n}", now, ask=str(ask.public_id))


def announce_question(message: RequestMessage, now: datetime) -> None:
    """Bring the mentor's question to the mentee."""
    request = message.ask.request
    _tell(QUESTION, request, request.mentee, str(message.public_id), now, ask=_ask(message))


def announce_told(message: RequestMessage, now: datetime) -> None:
    """Bring the mentee's answer to the mentor who asked."""
    ask = message.ask
    _tell(TOLD, ask.request, ask.mentor, str(message.public_id), now, ask=_ask(message))


def announce_declined(ask: Ask, now: datetime) -> None:
    """Have the next mentor asked, in a transaction of its own."""
    request = ask.request
    enqueue(
        GO_ON,
        ref={"request": str(request.public_id)},
        dedupe=f"{GO_ON}:{request.public_id}:{ask.n}",
        due_at=now,
        stream=f"request:{request.public_id}",
        now=now,
        organization=request.organization,
    )


def announce_pair_ended(program: Program, mentee: Person, mentor: Person, now: datetime) -> None:
    """Tell both the same: they are matched with others from now on."""
    for reader, other in ((mentee, mentor), (mentor, mentee)):
        dedupe = f"{PAIR_ENDED}:{program.public_id}:{reader.public_id}:{other.public_id}"
        enqueue(
            PAIR_ENDED,
            ref={
                "program": str(program.public_id),
                "person": str(reader.public_id),
                "other": str(other.public_id),
            },
            dedupe=dedupe,
            due_at=now,
            stream=f"pair:{reader.public_id}",
            now=now,
            organization=program.organization,
        )


def announce_nobody(request: MentoringRequest, now: datetime) -> None:
    """Tell the mentee that nobody is left to be asked, and what they can do."""
    _tell(NOBODY, request, request.mentee, "", now)


def announce_taken_back(ask: Ask, now: datetime) -> None:
    """Tell the mentor who is asked that it is settled without them."""
    _tell(TAKEN_BACK, ask.request, ask.mentor, f"{ask.n}", now, ask=str(ask.public_id))


def announce_paused(mentor: Person, request: MentoringRequest, now: datetime) -> None:
    """Tell a mentor kindly that they are not asked for a while, and how to end it."""
    day = mentor.pause_until.isoformat() if mentor.pause_until else ""
    _tell(PAUSED, request, mentor, day, now)


def _ask(message: RequestMessage) -> str:
    return str(message.ask.public_id)


def _tell(
    kind: str,
    request: MentoringRequest,
    reader: Person,
    what: str,
    now: datetime,
    **ref: str,
) -> None:
    enqueue(
        kind,
        ref={"request": str(request.public_id), "person": str(reader.public_id), **ref},
        dedupe=f"{kind}:{request.public_id}:{reader.public_id}:{what}",
        due_at=now,
        # A lane a person: one mailbox that refuses mail must not keep the other waiting.
        stream=f"request:{request.public_id}:{reader.pk}",
        now=now,
        organization=request.organization,
    )
