"""Moments as SAML writes them: xs:dateTime, in UTC (core 1.3.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from handrail.integrations.saml.document import Distrusted, Trouble

WRITTEN = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,12})?(?:Z|\+00:00)")


def moment(text: str) -> datetime:
    """The moment to the second; Distrusted where it is none, or not said to be in UTC."""
    found = WRITTEN.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError:
        raise Distrusted(Trouble.STALE) from None
