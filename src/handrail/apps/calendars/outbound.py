"""The way out for calendars, as the operator set it."""

from __future__ import annotations

from django.conf import settings

from handrail.integrations.guarded_http import Outbound


def outbound() -> Outbound:
    """Public hosts, and those inside that the operator named."""
    return Outbound(internal=frozenset(settings.INTERNAL_HOSTS))
