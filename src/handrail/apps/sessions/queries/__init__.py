"""Questions about sessions: lists, today, and the inside of a room."""

from handrail.apps.sessions.call_links import CallLink, call_link_for, with_call_links
from handrail.apps.sessions.queries.bookable import (
    BookableMentor,
    days_open,
    first_with_times,
    mentors_to_book,
    times_to_book,
)
from handrail.apps.sessions.queries.inside import (
    Copy,
    Place,
    Room,
    Stage,
    Text,
    Timer,
    by_the_clock,
    room,
)
from handrail.apps.sessions.queries.lists import (
    ProgramPulse,
    SessionCard,
    Suggestion,
    Today,
    is_own,
    my_sessions,
    program_pulse,
    session_for,
    sessions_left,
    sessions_of_program,
    today,
)

__all__ = [
    "BookableMentor",
    "CallLink",
    "Copy",
    "Place",
    "ProgramPulse",
    "Room",
    "SessionCard",
    "Stage",
    "Suggestion",
    "Text",
    "Timer",
    "Today",
    "by_the_clock",
    "call_link_for",
    "days_open",
    "first_with_times",
    "is_own",
    "mentors_to_book",
    "my_sessions",
    "program_pulse",
    "room",
    "session_for",
    "sessions_left",
    "sessions_of_program",
    "times_to_book",
    "today",
    "with_call_links",
]
