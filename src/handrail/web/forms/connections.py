"""The form of a connection, made of its kind's fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.connections.models import Connection
from handrail.apps.connections.secrets import settings_of
from handrail.apps.connections.words import choice_words, field_words
from handrail.integrations.kinds import Field, Form, Kind

PLAIN = {"autocomplete": "off", "spellcheck": "false"}
LONG = 1000  # characters from which on a text gets several lines


class ConnectionForm(forms.Form):
    """A name, what is set, and where a connection is new its secrets."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("For administrators, for example Main site.")
    )

    def __init__(self, kind: Kind, *args: Any, of: Connection | None = None, **more: Any) -> None:
        if of is not None:
            more["initial"] = {"name": of.name, **settings_of(of)}
        else:
            more["initial"] = {
                "name": kind.name,
                **{field.name: field.default for field in kind.fields if field.default},
                **{field.name: field.choices for field in kind.fields if field.form is Form.MANY},
            }
        super().__init__(*args, **more)
        self.kind = kind
        for field in kind.fields:
            if of is None or not field.secret:
                self.fields[field.name] = _made(kind, field)

    def settings(self) -> dict[str, Any]:
        """What was entered, without secrets."""
        return self._entered(secret=False)

    def secrets(self) -> dict[str, str]:
        """The secrets that were entered."""
        return self._entered(secret=True)

    def _entered(self, *, secret: bool) -> dict[str, Any]:
        return {
            field.name: self.cleaned_data.get(field.name)
            for field in self.kind.fields
            if field.secret is secret and field.name in self.fields
        }


def _made(kind: Kind, field: Field) -> forms.Field:
    label, helps = field_words(kind.code, field)
    needed = field.needed and not field.made_here and not field.default
    if field.form in (Form.MANY, Form.CHOICE):
        choices = [(choice, choice_words(choice)) for choice in field.choices]
        if field.form is Form.MANY:
            return forms.MultipleChoiceField(
                label=label,
                help_text=helps,
                required=needed,
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
            )
        return forms.ChoiceField(label=label, help_text=helps, required=needed, choices=choices)
    widget: forms.Widget = forms.TextInput(attrs=PLAIN)
    if field.secret:
        widget = forms.PasswordInput(attrs=PLAIN)
    elif field.longest > LONG and field.form is Form.TEXT:
        widget = forms.Textarea(attrs={"rows": 3, **PLAIN})
    return forms.CharField(
        label=label, help_text=helps, required=needed, max_length=field.longest, widget=widget
    )
