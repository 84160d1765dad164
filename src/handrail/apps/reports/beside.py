"""What a program's report hides because the organisation's report shows the whole."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from handrail.apps.programs.models import Program
from handrail.apps.reports.endings import end_of, ending_of, sessions_until
from handrail.domain.evidence.attendance import CORRECTIONS, ROLES, Ending, Mark
from handrail.domain.evidence.groups import PROCESS_PEOPLE, shown_beside_whole

HELD = "held"
DECIDED = (Ending.HELD, Ending.NOT_HELD, Ending.LATE_CANCELLED)
COUNTING = (Mark.ATTENDED, Mark.NO_SHOW)


def attendance_hidden(program: Program, moment: datetime) -> list[str]:
    """The roles, and "held", whose attendance would tell of few people in other programs.

    Taken from the organisation's own figure, this program's would leave that of the others: where
    those are fewer than five people, the programs side by side and each report hide the same.
    """
    counted: dict[str, dict[int, set[int]]] = {name: defaultdict(set) for name in (*ROLES, HELD)}
    seated: dict[int, set[int]] = defaultdict(set)  # of each person, the programs
    for session in sessions_until(moment):
        ending = ending_of(session)
        if end_of(session) + CORRECTIONS > moment or ending is Ending.EARLIER_CANCELLED:
            continue
        for seat in session.booking.seats.all():
            seated[seat.person_id].add(session.program_id)
            if seat.attendance in COUNTING and seat.role in ROLES:
                counted[seat.role][session.program_id].add(seat.person_id)
            if ending in DECIDED:
                counted[HELD][session.program_id].add(seat.person_id)
    hidden = []
    for name, people in counted.items():
        sizes = {number: len(some) for number, some in people.items()}
        alone = {
            number: sum(len(seated[person]) == 1 for person in some)
            for number, some in people.items()
        }
        shown = shown_beside_whole(sizes, alone, outside=0, least=PROCESS_PEOPLE)
        if sizes.get(program.pk) and program.pk not in shown:
            hidden.append(name)
    return hidden
