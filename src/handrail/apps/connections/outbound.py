"""The way out for connections, as the operator set it."""

from __future__ import annotations

from django.conf import settings

from handrail.integrations.guarded_http import Limits, Outbound

QUICK = Limits(bytes=1024 * 1024, seconds=15.0, redirects=0)


def outbound() -> Outbound:
    """Public hosts, and those inside that the operator named; never where an answer points to."""
    return Outbound(internal=frozenset(settings.INTERNAL_HOSTS), limits=QUICK)
