"""The question that a directory asks before it makes a person: is this user name here?"""

from __future__ import annotations

import re
from typing import Any

from handrail.apps.identity.queries import called

# As Okta and Entra write it; a name with a backslash is read by the grammar of filters.
NAMED = re.compile(r'userName eq "([^"\\]+)"', re.IGNORECASE)
PLAIN = {"filter", "startIndex", "count"}


def is_nobody(kind: str, query: Any) -> bool:
    """Whether this is that question, plainly put, and nobody has the name.

    On a first day that is so thousands of times, and to read a filter by its grammar takes longer
    than to answer it. False says nothing: then the filter is read.
    """
    if kind != "User" or not isinstance(query, dict) or not query.keys() <= PLAIN:
        return False
    found = NAMED.fullmatch(str(query.get("filter", "")))
    numbers = [str(query[name]) for name in ("startIndex", "count") if name in query]
    if found is None or not all(re.fullmatch(r"[1-9][0-9]{0,8}", one) for one in numbers):
        return False
    return called(found[1]) is None
