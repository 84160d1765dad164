"""What an API key may do, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from handrail.web.forms.settings import SCOPES

register = template.Library()


@register.filter
def scope_words(scopes: Iterable[str]) -> str:
    """The scopes of a key as one line."""
    return "; ".join(str(SCOPES.get(scope, scope)) for scope in scopes)
