"""What a line of the log may say of where somebody was: the kind of page, and never the address.

Some addresses are as good as a secret: where a service sends its events, a link to set a password,
a promise to a candidate. So a line names the route ("hooks/<str:address>") in place of the path.
"""

from __future__ import annotations

import logging
import re
from typing import Any

NO_PAGE = "(no such page)"
# Wherever one may stand: the words of an error, a line of somebody else's library.
HOOK = re.compile(r"(hooks/)(?!<str:address>)[^\s\"'<>]+")


class WithoutAddresses(logging.Formatter):
    """Writes the route of a request in place of its path, in the line and in what is under it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        text = super().format(record)
        request: Any = getattr(record, "request", None)
        path = getattr(request, "path", "")
        if isinstance(path, str) and len(path) > 1:
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else NO_PAGE
            # Django writes what is not ASCII with backslashes.
            for written in {path, path.encode("unicode_escape").decode("ascii")}:
                text = text.replace(written, route)
        return HOOK.sub(r"\1…", text)
