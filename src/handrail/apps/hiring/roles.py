"""Who may do what with hires: administrators, recruiters, and leads for their own programs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from handrail.apps.hiring.models import HireRecord
from handrail.apps.organizations.models import Grant
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program, ProgramLead
from handrail.apps.programs.queries import may_run


def leads_any(viewer: Viewer) -> bool:
    """Whether the viewer leads a program."""
    return (
        viewer.person_id is not None
        and ProgramLead.objects.filter(person_id=viewer.person_id).exists()
    )


def may_see_hires(viewer: Viewer) -> bool:
    """Whether the viewer may tell of hires and look at them."""
    return viewer.is_administrator or Grant.RECRUITER in viewer.grants or leads_any(viewer)


def may_answer(viewer: Viewer, hire: HireRecord) -> bool:
    """Whether the viewer may say what becomes of a hire: a lead of its program, or of any yet."""
    if hire.program is None:
        return viewer.is_administrator or leads_any(viewer)
    return may_run(viewer, hire.program)


def require_see(viewer: Viewer, scope: str) -> None:
    """Raise NotAllowed unless the viewer may tell of hires and look at them."""
    if not viewer.may(scope) or not may_see_hires(viewer):
        raise NotAllowed(_("Only leads, recruiters and administrators see who was hired."))


def require_answer(viewer: Viewer, hire: HireRecord) -> None:
    """Raise NotAllowed unless the viewer may say what becomes of this hire."""
    if not viewer.may("programs:write") or not may_answer(viewer, hire):
        raise NotAllowed(_("Only a lead of the program or an administrator may do this."))


def require_rules(viewer: Viewer, program: Program | None, scope: str = "programs:write") -> None:
    """Raise NotAllowed unless the viewer may say which jobs lead to this program, or look."""
    allowed = may_run(viewer, program) if program else leads_any(viewer) or viewer.is_administrator
    if not viewer.may(scope) or not allowed:
        raise NotAllowed(_("Only a lead of the program or an administrator may do this."))
