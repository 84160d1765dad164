"""What may happen to a session when: the states, the verbs, and what the clock does by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.apps.calendars.models import Attendance
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.sessions.models import RoomField, SessionState

S = SessionState

CHECK_IN_OPENS = timedelta(minutes=15)  # before the start
GRACE = timedelta(minutes=10)  # after the start, then it is not held; a program may say otherwise
WARNING = timedelta(minutes=5)  # before the end of the timebox
CORRECTIONS = timedelta(hours=24)  # after the end, then attendance is known
SHORTEST, LONGEST = 20, 30  # minutes of every model's session


class Verb(StrEnum):
    """What people do to a session."""

    CHECK_IN = "check_in"
    START = "start"
    FINISH = "finish"
    TICK = "tick"
    GIVE_CALL_LINK = "give_call_link"
    SAVE_ARTIFACT = "save_artifact"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    CORRECT = "correct"


class Answer(StrEnum):
    """What a session answers to a verb."""

    DO = "do"
    DONE = "done"  # it is so already: nothing happens and nothing is wrong
    REFUSE = "refuse"


_TABLE: dict[Verb, dict[SessionState, Answer]] = {
    # Running, it is done already, unless somebody comes late to a group.
    Verb.CHECK_IN: {S.SCHEDULED: Answer.DO, S.RUNNING: Answer.DONE},
    Verb.START: {S.SCHEDULED: Answer.DO, S.RUNNING: Answer.DONE},
    Verb.FINISH: {S.RUNNING: Answer.DO, S.AWAITING_ARTIFACT: Answer.DONE},
    Verb.TICK: {S.SCHEDULED: Answer.DO, S.RUNNING: Answer.DO},
    Verb.GIVE_CALL_LINK: {S.SCHEDULED: Answer.DO, S.RUNNING: Answer.DO},
    Verb.SAVE_ARTIFACT: {S.RUNNING: Answer.DO, S.AWAITING_ARTIFACT: Answer.DO},
    Verb.RESCHEDULE: {S.SCHEDULED: Answer.DO},
    Verb.CANCEL: {S.SCHEDULED: Answer.DO, S.CANCELLED: Answer.DONE},
    Verb.CORRECT: {S.AWAITING_ARTIFACT: Answer.DO, S.NOT_HELD: Answer.DO},
}

_WHY: dict[SessionState, Promise] = {
    S.SCHEDULED: gettext_lazy("This session has not started yet."),
    S.RUNNING: gettext_lazy("This session is running."),
    S.AWAITING_ARTIFACT: gettext_lazy("The time of this session is over."),
    S.CLOSED: gettext_lazy("This session is closed."),
    S.NOT_HELD: gettext_lazy("This session was not held."),
    S.CANCELLED: gettext_lazy("This session was cancelled."),
}

_NEXT: dict[tuple[Verb, SessionState], Promise] = {
    (Verb.FINISH, S.SCHEDULED): gettext_lazy("Check in and start it first."),
    (Verb.SAVE_ARTIFACT, S.SCHEDULED): gettext_lazy("The artifact is written afterwards."),
    (Verb.SAVE_ARTIFACT, S.CLOSED): gettext_lazy(
        "Its artifact was handed in before; what you wrote is kept beside it in the room."
    ),
    (Verb.SAVE_ARTIFACT, S.NOT_HELD): gettext_lazy("There is nothing to write down; book again."),
    (Verb.RESCHEDULE, S.RUNNING): gettext_lazy("Finish it, then book another one."),
    (Verb.CANCEL, S.RUNNING): gettext_lazy("Finish it instead."),
    (Verb.RESCHEDULE, S.AWAITING_ARTIFACT): gettext_lazy("Write the artifact, then book again."),
    (Verb.CANCEL, S.AWAITING_ARTIFACT): gettext_lazy("Write the artifact to close it."),
    (Verb.CHECK_IN, S.AWAITING_ARTIFACT): gettext_lazy("Write the artifact to close it."),
    (Verb.START, S.AWAITING_ARTIFACT): gettext_lazy("Write the artifact to close it."),
    (Verb.TICK, S.AWAITING_ARTIFACT): gettext_lazy("Write the artifact to close it."),
    (Verb.GIVE_CALL_LINK, S.AWAITING_ARTIFACT): gettext_lazy("Write the artifact to close it."),
    (Verb.CHECK_IN, S.NOT_HELD): gettext_lazy("Book a new time; a lead can correct attendance."),
    (Verb.START, S.NOT_HELD): gettext_lazy("Book a new time."),
    (Verb.RESCHEDULE, S.NOT_HELD): gettext_lazy("Book a new time."),
    (Verb.CHECK_IN, S.CANCELLED): gettext_lazy("Book a new time."),
    (Verb.START, S.CANCELLED): gettext_lazy("Book a new time."),
    (Verb.RESCHEDULE, S.CANCELLED): gettext_lazy("Book a new time."),
    (Verb.CORRECT, S.SCHEDULED): gettext_lazy("Attendance is recorded when it begins."),
    (Verb.CORRECT, S.RUNNING): gettext_lazy("Wait until it is over."),
    (Verb.CORRECT, S.CLOSED): gettext_lazy("Its artifact says that both of you met."),
}


def answer(state: str, verb: Verb) -> Answer:
    """What a session in this state answers to the verb."""
    return _TABLE[verb].get(SessionState(state), Answer.REFUSE)


def refusal(state: str, verb: Verb) -> Conflict:
    """The Conflict that says why the verb is refused in this state and what to do."""
    state = SessionState(state)
    words = str(_WHY[state])
    if hint := _NEXT.get((verb, state)):
        words = f"{words} {hint}"
    return Conflict(words, code=f"session-{state.value.replace('_', '-')}", state=state.value)


# The artifact's texts: what comes after it was handed in is a late note.
OF_THE_ARTIFACT = frozenset(
    {RoomField.LEARNED, RoomField.NEXT_STEP, RoomField.OWNER, RoomField.LINK}
)
# In which states a text becomes the current one; in all others it is kept beside it.
_NOTES_OPEN = frozenset({S.SCHEDULED, S.RUNNING, S.AWAITING_ARTIFACT, S.CLOSED})
_DRAFT_OPEN = frozenset({S.SCHEDULED, S.RUNNING, S.AWAITING_ARTIFACT})


def text_is_open(state: str, name: str) -> bool:
    """Whether a save changes the current text of this field; if not, it is kept as a copy."""
    notes = (RoomField.NOTES, RoomField.SHARED_NOTES)
    return state in (_NOTES_OPEN if name in notes else _DRAFT_OPEN)


def is_here(checked_in_at: datetime | None, starts_at: datetime, now: datetime) -> bool:
    """Whether a check-in counts: from 15 minutes before the start, else for 15 minutes.

    Two people who meet earlier check in and start early; somebody who looked in hours before
    and left again is not here.
    """
    if checked_in_at is None:
        return False
    return checked_in_at >= starts_at - CHECK_IN_OPENS or now - checked_in_at <= CHECK_IN_OPENS


@dataclass(frozen=True, slots=True)
class Change:
    """One step that time alone takes; `seats` says what to record by seat index."""

    state: SessionState
    at: datetime
    seats: dict[int, Attendance] = field(default_factory=dict)


def clock_says(
    state: str,
    starts_at: datetime,
    minutes: int,
    started_at: datetime | None,
    check_ins: Sequence[datetime | None],
    now: datetime,
    grace: timedelta = GRACE,
    *,
    group: bool = False,
) -> Change | None:
    """The next step that is due at `now`, or None.

    Both here when the start comes: it runs. The grace period later without both: not held; who
    came attended and who did not is a no-show; where nobody checked in, nothing is recorded. The
    minutes over: its artifact is awaited. A group runs with the mentor (whose check-in comes
    first) and one other; who comes later comes in.
    """
    if state == S.RUNNING and started_at is not None:
        ends_at = started_at + timedelta(minutes=minutes)
        return Change(S.AWAITING_ARTIFACT, ends_at) if ends_at <= now else None
    if state != S.SCHEDULED or now < starts_at:
        return None
    here = [is_here(at, starts_at, starts_at + grace) for at in check_ins]
    if all(here) or (group and here[0] and any(here[1:])):
        came = [at for at, is_in in zip(check_ins, here, strict=True) if at is not None and is_in]
        enough = max(came[0], min(came[1:])) if group else max(came)
        seats = {n: Attendance.ATTENDED for n, is_in in enumerate(here) if is_in}
        return Change(S.RUNNING, max(starts_at, enough), seats)
    if now < starts_at + grace:
        return None
    seats = {}
    if any(here):
        seats = {
            n: Attendance.ATTENDED if came_in else Attendance.NO_SHOW
            for n, came_in in enumerate(here)
        }
    return Change(S.NOT_HELD, starts_at + grace, seats)


def no_objective() -> Conflict:
    """The refusal where nobody has said what the session is for."""
    return Conflict(
        _("Write down the objective first: a session without one cannot be booked."),
        code="no-objective",
    )
