"""Forms about signing in elsewhere."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class WayForm(forms.Form):
    """Which organisation somebody belongs to: by their address, or by its name."""

    asked = forms.CharField(
        label=_("Your e-mail address at work, or the name of your organisation"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


class ProviderForm(forms.Form):
    """A new provider."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As people know it, for example Entra.")
    )
    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=500,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_(
            "The address that the provider calls itself by, for example https://login.example.org."
        ),
    )
    client_id = forms.CharField(
        label=_("Client id"), max_length=255, widget=forms.TextInput(attrs=PLAIN)
    )
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("It is kept sealed and never shown again."),
    )


class ProviderEditForm(forms.Form):
    """All but the issuer."""

    name = forms.CharField(label=_("Name"), max_length=80)
    client_id = forms.CharField(
        label=_("Client id"), max_length=255, widget=forms.TextInput(attrs=PLAIN)
    )
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Empty keeps the one that is there."),
    )
    domains = forms.CharField(
        label=_("E-mail domains"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, **PLAIN}),
        help_text=_("One a line, such as example.org. Whoever writes such an address is led here."),
    )
    must_use = forms.BooleanField(
        label=_("Whoever has such an address has to sign in this way"), required=False
    )


class RulesForm(forms.Form):
    second_factor = forms.BooleanField(
        label=_("Administrators need a passkey or an authenticator app"), required=False
    )
