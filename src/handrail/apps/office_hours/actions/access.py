"""The lock of a rota, and what its verbs share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.office_hours.models import Rota, Turn
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Invalid, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program
from handrail.apps.sessions.states import no_objective

LONGEST_NOTE = 2000


def lock_rota(rota: Rota) -> Rota:
    """The rota as it is now, with its row locked: whoever plans or moves a turn waits here."""
    return Rota.objects.select_for_update(of=("self",)).select_related("program").get(pk=rota.pk)


def lock_turn(turn: Turn) -> Turn:
    """The turn as it is now, its row locked; the rota's row and the people are locked before it."""
    found = (
        Turn.objects.select_for_update(of=("self",))
        .select_related("slot__rota__program", "host", "booking")
        .filter(pk=turn.pk)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such turn."))
    return found


def words(objective: str, note: str) -> tuple[str, str]:
    """What somebody wants and what they tried, within their limits."""
    objective, note = " ".join(objective.split()), note.strip()
    if not objective:
        raise no_objective()
    if len(objective) > 280:
        raise Invalid(
            _("An objective has at most 280 characters."),
            fields={"objective": _("Say it in one shorter sentence.")},
        )
    if len(note) > LONGEST_NOTE:
        raise Invalid(
            _("A note has at most %(most)d characters.") % {"most": LONGEST_NOTE},
            fields={"note": _("Say it in fewer words.")},
        )
    return objective, note


def audit(verb: str, program: Program, by: Viewer, now: datetime, **detail: Any) -> None:
    """Write one line of the record; never a word of what was asked."""
    record_audit(
        by=by,
        verb=f"office_hours.{verb}",
        object_type="program",
        object_id=str(program.public_id),
        detail=detail,
        now=now,
    )
