"""What the clock does with office hours: plan, move on, pass on, wind up."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from handrail.apps.office_hours.actions.absence import move_on
from handrail.apps.office_hours.actions.access import lock_rota
from handrail.apps.office_hours.actions.planning import plan
from handrail.apps.office_hours.actions.settings import drop
from handrail.apps.office_hours.actions.waiting import pass_on
from handrail.apps.office_hours.models import Rota, Turn, TurnState
from handrail.apps.office_hours.pool import mentors_of
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import ProgramStatus


def run(*, by: Viewer, now: datetime) -> int:
    """Bring every rota of the organisation up to the clock; says how many turns were planned."""
    pass_on(by=by, now=now)
    with reading(by.organization):
        rotas = list(Rota.objects.select_related("program").order_by("pk"))
    planned = 0
    for rota in rotas:
        if rota.program.status == ProgramStatus.RUNNING:
            _move_from_who_left(rota, by, now)
            planned += plan(rota, by=by, now=now)
        elif rota.program.status == ProgramStatus.CLOSED:
            _wind_up(rota, by, now)
    return planned


def _move_from_who_left(rota: Rota, by: Viewer, now: datetime) -> None:
    with writing(by.organization):
        here = [person.pk for person in mentors_of(rota.program, now)]
        left = list(_coming(rota, now).exclude(host_id__in=here).order_by("starts_at", "pk"))
    for turn in left:
        with writing(by.organization):
            locked = lock_rota(rota)
            again = _coming(rota, now).filter(pk=turn.pk, host_id=turn.host_id).first()
            if again is not None:
                move_on(locked, again, by=by, now=now)


def _wind_up(rota: Rota, by: Viewer, now: datetime) -> None:
    with writing(by.organization):
        left = Turn.objects.filter(slot__rota=rota, starts_at__gt=now)
        if left.exclude(state=TurnState.DROPPED).exists():
            lock_rota(rota)
            drop(left, by=by, now=now)


def _coming(rota: Rota, now: datetime) -> QuerySet[Turn]:
    return Turn.objects.filter(
        slot__rota=rota, state=TurnState.PLANNED, host__isnull=False, starts_at__gt=now
    ).select_related("slot__rota__program", "host", "booking")
