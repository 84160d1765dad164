"""Forms of accounts elsewhere: one's own, and one that an administrator or a lead links."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.people.models import Person

PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class AccountForm(forms.Form):
    """An account of one's own."""

    host = forms.CharField(
        label=_("Host"),
        max_length=200,
        initial="github.com",
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("As in the address of a project there."),
    )
    number = forms.CharField(
        label=_("Number of the account"),
        max_length=100,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_(
            "The host's own number, for example id on https://api.github.com/users/YOUR-NAME. Where"
            " a change of yours already waits here, your user name there is enough."
        ),
    )


class LinkForm(AccountForm):
    """Somebody's account."""

    person = forms.ChoiceField(label=_("Person"))

    def __init__(self, people: Iterable[Person], *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["person"] = forms.ChoiceField(
            label=_("Person"),
            choices=[("", "–"), *((str(one.public_id), one.name) for one in people)],
        )
