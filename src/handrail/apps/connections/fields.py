"""What may stand in a connection's fields; what is wrong is said beside the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.connections.outbound import outbound
from handrail.integrations.guarded_http import Unfetched
from handrail.integrations.kinds import Field, Form, Kind


def checked_settings(
    kind: Kind, given: Mapping[str, Any], problems: dict[str, str]
) -> dict[str, Any]:
    """The settings as they are kept; what is empty and may be is left out."""
    kept: dict[str, Any] = {}
    for field in kind.fields:
        if field.secret:
            continue
        value = given.get(field.name)
        checked = (
            _many(field, value, problems)
            if field.form is Form.MANY
            else _one(field, value, problems)
        )
        if checked:
            kept[field.name] = checked
        elif field.needed and not field.default and field.name not in problems:
            problems[field.name] = _("This is needed.")
    return kept


def checked_secrets(
    kind: Kind, given: Mapping[str, str], problems: dict[str, str], *, only: str = ""
) -> dict[str, str]:
    """The secrets that were given; one that is needed and not made here must be."""
    kept: dict[str, str] = {}
    for field in kind.fields:
        if not field.secret or (only and field.name != only):
            continue
        text = str(given.get(field.name) or "").strip()
        if not text:
            if field.needed and not field.made_here and not only:
                problems[field.name] = _("This is needed.")
        elif len(text) > field.longest or not text.isprintable() or not text.isascii():
            problems[field.name] = _("Copy the secret as the other side shows it.")
        elif field.form is Form.ADDRESS:
            _address(field.name, text, problems)
            kept[field.name] = text
        else:
            kept[field.name] = text
    return kept


def _one(field: Field, value: Any, problems: dict[str, str]) -> str:
    text = str(value if value is not None else "").strip()
    if len(text) > field.longest or not text.replace("\r", "").replace("\n", "").isprintable():
        problems[field.name] = _("This is too long, or holds signs that cannot be shown.")
    elif text and field.form is Form.CHOICE and text not in field.choices:
        problems[field.name] = _("Choose one of the list.")
    elif text and field.form is Form.ADDRESS:
        _address(field.name, text, problems)
    return text


def _many(field: Field, value: Any, problems: dict[str, str]) -> list[str]:
    wanted = [str(one) for one in value] if isinstance(value, list | tuple) else []
    if not set(wanted) <= set(field.choices):
        problems[field.name] = _("Choose from the list.")
    return [choice for choice in field.choices if choice in wanted]


def _address(name: str, text: str, problems: dict[str, str]) -> None:
    try:
        outbound().checked(text)
    except Unfetched:
        problems[name] = _("Enter an address that begins with https://.")
