"""Lists: filter, order, and pages by index or by a signed cursor (RFC 9865)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from scim2_models import (
    Context,
    ExpiredCursorException,
    InvalidCursorException,
    ListResponse,
    ScimFilter,
    SearchRequest,
)

from handrail.api.scim.narrowing import NOBODY, narrowed
from handrail.api.scim.resources import CURSOR_SECONDS, LARGEST_PAGE, PAGE, Anything, Group, Person

SALT = "handrail.api.scim.cursor"
AT_ONCE = 500  # rows that are made into resources together
# Made once: to name a model's filters, searches and lists takes longer than to use them.
FILTERS: dict[str, Any] = {"User": ScimFilter[Person], "Group": ScimFilter[Group]}
SEARCHES: dict[str, Any] = {
    "User": SearchRequest[Person],
    "Group": SearchRequest[Group],
    "": SearchRequest[Anything],
}
EMPTY = {
    "schemas": [str(ListResponse.__schema__)],
    "totalResults": 0,
    "itemsPerPage": 0,
    "Resources": list[Any](),
}
Show = Callable[[Sequence[Any]], list[Any]]
Rows = Callable[[], QuerySet[Any]]


class Source:
    """The rows of one kind, and how they are shown."""

    def __init__(self, kind: str, model: Any, rows: Rows, show: Show) -> None:
        self.kind, self.model, self.rows, self.show = kind, model, rows, show


def listed(sources: Sequence[Source], wish: SearchRequest[Any], now: datetime) -> dict[str, Any]:
    """One page of what a client asks for."""
    count = min(PAGE if wish.count is None else wish.count, LARGEST_PAGE)
    asked = _digest(sources, wish)
    start = _opened(wish.cursor, asked, now) if wish.cursor else wish.start_index_0 or 0
    if len(sources) == 1 and wish.filter is None and wish.sort_by is None:
        source = sources[0]
        rows = source.rows()
        total = rows.count()
        found = source.show(list(rows[start : start + count]))
    else:
        everything = wish.sort([one for source in sources for one in _matching(source, wish)])
        total, found = len(everything), everything[start : start + count]
    page: dict[str, Any] = {
        "schemas": [str(ListResponse.__schema__)],
        "totalResults": total,
        "itemsPerPage": len(found),
        "Resources": [
            one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=wish)
            for one in found
        ],
    }
    if wish.cursor is None:
        page["startIndex"] = start + 1
    elif found and start + len(found) < total:
        page["nextCursor"] = _sealed(start + len(found), asked, now)
    return page


def _matching(source: Source, wish: SearchRequest[Any]) -> list[Any]:
    condition, test = None, None
    if wish.filter is not None:
        alone = wish.filter.model is not None  # read for this kind already
        test = wish.filter if alone else FILTERS[source.kind](str(wish.filter))
        condition = narrowed(test.ast, source.kind)
        if condition == NOBODY:
            return []
    rows = source.rows()
    everything, found = list(rows if condition is None else rows.filter(condition)), []
    for first in range(0, len(everything), AT_ONCE):
        shown = source.show(everything[first : first + AT_ONCE])
        found += [one for one in shown if test is None or test.match(one)]
    return found


def _digest(sources: Sequence[Source], wish: SearchRequest[Any]) -> str:
    """What a cursor belongs to: it goes on in the list that gave it, and in no other."""
    kinds = ",".join(source.kind for source in sources)
    text = f"{kinds}|{wish.filter or ''}|{wish.sort_by or ''}|{wish.sort_order or ''}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _sealed(place: int, asked: str, now: datetime) -> str:
    body = f"{place}.{int(now.timestamp())}"
    return f"{body}.{_mac(body, asked)}"


def _opened(cursor: str, asked: str, now: datetime) -> int:
    place, _dot, rest = cursor.partition(".")
    made, _dot, mac = rest.partition(".")
    if not (place.isdecimal() and made.isdecimal()) or not constant_time_compare(
        mac, _mac(f"{place}.{made}", asked)
    ):
        raise InvalidCursorException()
    if now.timestamp() - int(made) > CURSOR_SECONDS:
        raise ExpiredCursorException()
    return int(place)


def _mac(body: str, asked: str) -> str:
    return salted_hmac(SALT, f"{body}|{asked}", algorithm="sha256").hexdigest()[:32]
