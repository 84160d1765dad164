"""Forms of the settings pages: API keys, the organisation, its members."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.actions import API_SCOPES
from handrail.apps.organizations.models import Grant
from handrail.web.forms.people import zone_choices


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("So that you know later what it is for.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope, scope) for scope in sorted(API_SCOPES)],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("It ends"),
        coerce=int,
        choices=[
            (30, _("after 30 days")),
            (90, _("after 90 days")),
            (365, _("after a year")),
            (0, _("never")),
        ],
        initial=90,
    )


class OrganizationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    language = forms.ChoiceField(label=_("Language for new people"), choices=settings.LANGUAGES)


class RoleForm(forms.Form):
    membership = forms.IntegerField()
    role = forms.ChoiceField(choices=Grant.choices)
    give = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
