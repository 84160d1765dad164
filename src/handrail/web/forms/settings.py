"""Forms of the settings pages: API keys, the organisation, its members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.actions import API_SCOPES
from handrail.apps.organizations.models import Grant
from handrail.web.audit_words import DONE, key_of
from handrail.web.forms.people import zone_choices

SCOPES = {
    "answers:read": _("read answers"),
    "answers:write": _("ask questions, write and approve answers"),
    "matches:read": _("see match proposals"),
    "matches:write": _("match, publish, decide on pairs"),
    "people:read": _("see people"),
    "people:write": _("change profiles, import people"),
    "programs:read": _("see programs"),
    "programs:write": _("change programs, enrol people, set objectives"),
    "reports:read": _("see reports"),
    "reports:write": _("make reports"),
    "hiring:read": _("see jobs, postings and offers"),
    "hiring:write": _("change jobs, postings and offers"),
    "retreats:read": _("see retreats"),
    "retreats:write": _("plan retreats, say who comes, keep agenda and kit"),
    "sessions:read": _("see sessions"),
    "sessions:write": _("book, move and cancel sessions, write in their rooms"),
    "connections:read": _("read connections"),
    "connections:write": _("change connections"),
    "records:read": _("read exports, signed statements, and how long things are kept"),
    "records:write": _("ask for exports, decide who is erased, set how long things are kept"),
}


class CalendarForm(forms.Form):
    """A published calendar that makes time busy."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("For you alone, for example Work.")
    )
    address = forms.CharField(
        label=_("Address of the calendar"),
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "The secret address that your calendar gives out in ICS format. It starts with"
            " https:// or webcal://, is kept sealed, and shown to nobody again."
        ),
    )


class CaldavForm(forms.Form):
    """Calendars on a server that make time busy."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("For you alone, for example Work.")
    )
    address = forms.CharField(
        label=_("Address of the server"),
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "It starts with https://. All your calendars there count; to let one alone count,"
            " give its own address."
        ),
    )
    user = forms.CharField(
        label=_("User"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("App password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "One that your calendar server makes for this alone, so that you can end it there."
            " It is kept sealed, and shown to nobody again."
        ),
    )


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("So that you know later what it is for.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope, SCOPES[scope]) for scope in sorted(API_SCOPES)],
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for in the audit record; empty means everything."""

    verb: str = ""
    object_type: str = ""
    name: str = ""


class AuditForm(forms.Form):
    """What was done, and by whom."""

    what = forms.ChoiceField(label=_("What"), required=False)
    who = forms.CharField(label=_("Who"), required=False, max_length=200)

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {key_of(verb, thing): (verb, thing) for verb, thing in kinds}
        choices = [(key, str(DONE.get(key, key))) for key in self.kinds]
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Everything")),
            *sorted(choices, key=lambda choice: choice[1]),
        ]

    def asked(self) -> Asked:
        """What to look for; what cannot be looked for is left out."""
        if not self.is_valid():
            return Asked()
        verb, thing = self.kinds.get(self.cleaned_data["what"], ("", ""))
        return Asked(verb, thing, self.cleaned_data["who"].strip())


class OrganizationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    language = forms.ChoiceField(label=_("Language for new people"), choices=settings.LANGUAGES)


class RoleForm(forms.Form):
    membership = forms.IntegerField()
    role = forms.ChoiceField(choices=Grant.choices)
    give = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
