"""The part of a filter that the database can answer; the rest is left to the filter itself."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    ValuePath,
)

from handrail.apps.identity.queries import called

NOBODY = Q(pk=None)


def narrowed(node: FilterNode, kind: str) -> Q | None:
    """A condition that holds for every row that the filter holds for, and perhaps for more.

    None where the database cannot tell: then every row is looked at.
    """
    if isinstance(node, LogicalExpr):
        parts = [narrowed(term, kind) for term in node.terms]
        known = [part for part in parts if part is not None]
        if node.op == LogicalOperator.and_:
            return _all(known)
        return _any(known) if len(known) == len(parts) else None
    if isinstance(node, Comparison) and _names(node.attr_path, kind):
        return _equal(node, kind)
    if isinstance(node, ValuePath) and _names(node.attr_path, kind) == "emails":
        inner = node.val_filter
        all_of = isinstance(inner, LogicalExpr) and inner.op == LogicalOperator.and_
        terms = inner.terms if isinstance(inner, LogicalExpr) and all_of else (inner,)
        return _all([one for one in (_inside_emails(term) for term in terms) if one is not None])
    return None


def _names(path: AttrPath, kind: str) -> str:
    """The attribute of the kind's own schema that a path names, in lower case; else nothing."""
    own = path.uri is None or path.uri.lower().endswith(f":2.0:{kind.lower()}")
    return path.attr.lower() if own and ":extension:" not in (path.uri or "").lower() else ""


def _inside_emails(term: FilterNode) -> Q | None:
    if not isinstance(term, Comparison) or term.op != CompareOperator.eq:
        return None
    return _address(term.value) if term.attr_path.attr.lower() == "value" else None


def _equal(node: Comparison, kind: str) -> Q | None:
    path, value, name = node.attr_path, node.value, node.attr_path.attr.lower()
    text = value if isinstance(value, str) else ""
    if not text or node.op != CompareOperator.eq:
        return None
    if name == "id" and path.sub_attr is None:
        try:
            return Q(public_id=UUID(text))
        except ValueError:
            return NOBODY
    if name == "externalid":
        return Q(entry__external_id=text)
    if kind == "User" and name == "username":
        return called(text) or NOBODY
    if kind == "User" and name == "emails" and (path.sub_attr or "value").lower() == "value":
        return _address(value)
    if kind == "Group" and name == "displayname":
        return Q(name__iexact=text) if text.isascii() else None
    return None


def _address(value: object) -> Q | None:
    """Any address that was given; what JSON writes in another way is looked for row by row."""
    if not isinstance(value, str) or not value.isascii() or '"' in value or "\\" in value:
        return None
    return Q(email__iexact=value) | Q(entry__said__icontains=value)


def _all(parts: list[Q]) -> Q | None:
    found: Q | None = None
    for part in parts:
        found = part if found is None else found & part
    return found


def _any(parts: list[Q]) -> Q | None:
    found: Q | None = None
    for part in parts:
        found = part if found is None else found | part
    return found
