"""What a recruiter reads about the seat of an accepted offer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from handrail.apps.cohorts.models import HoldState
from handrail.apps.hiring.models import Offer, Outcome
from handrail.apps.hiring.wording import plain_day


def seat_words(offer: Offer) -> str:
    """Until when a seat is held, or what became of it; empty where there is nothing to say."""
    hold = offer.hold
    if hold is not None and hold.state == HoldState.HELD:
        return _("A seat in %(program)s, from %(start)s, is held for this offer until %(day)s.") % {
            "program": hold.intake.program.name,
            "start": plain_day(hold.intake.starts_on),
            "day": plain_day(hold.until),
        }
    if hold is not None and hold.state == HoldState.TAKEN:
        return _("The seat that was held for this offer is the hire's.")
    if offer.seat_wanted:
        return _(
            "No intake is open in which a seat could be held. One is held as soon as there is."
        )
    if hold is not None and offer.outcome == Outcome.ACCEPTED:
        return _("The seat that was held for this offer was released: %(why)s.") % {
            "why": hold.get_why_display()
        }
    return ""
