"""Forms about providers that speak SAML."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.web.forms.sign_in import PLAIN


class SamlForm(forms.Form):
    """A provider of which only the name is known."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As people know it, for example Entra.")
    )


class MetadataForm(forms.Form):
    """What the provider says of itself: one of three."""

    address = forms.CharField(
        label=_("Address of its metadata"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("If it has one. Handrail fetches them now, and again whenever you press this."),
    )
    file = forms.FileField(label=_("Or its metadata as a file"), required=False)
    metadata = forms.CharField(
        label=_("Or its metadata as text (XML)"),
        required=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 4, **PLAIN}),
    )

    def written(self) -> bytes:
        """What was given: the file, else the text."""
        file, text = self.cleaned_data["file"], str(self.cleaned_data["metadata"])
        return bytes(file.read()) if file else text.encode()


class SamlEditForm(forms.Form):
    """All but the metadata."""

    name = forms.CharField(label=_("Name"), max_length=80)
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
    vouches = forms.BooleanField(
        label=_("Its addresses are right: nobody can change their own there"),
        required=False,
        help_text=_(
            "Then an invited member is found by such an address the first time. Otherwise people"
            " link their account once, under Sign-in elsewhere."
        ),
    )
    begins_there = forms.BooleanField(
        label=_("People may set out from the provider's own page"),
        required=False,
        help_text=_("Handrail then asks the provider anew, and believes only that answer."),
    )
