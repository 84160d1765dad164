"""Forms about directories: their keys, and the days that only somebody here knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.identity.models import Notice, NoticeKind
from handrail.apps.outcomes.models import RoleKind


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=help_text,
    )


class DirectoryKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the directory"),
        max_length=80,
        help_text=_("For example Entra or Okta, so that you know later what it is for."),
    )
    days = forms.TypedChoiceField(
        label=_("Its key ends"),
        coerce=int,
        choices=[(365, _("after a year")), (90, _("after 90 days")), (0, _("never"))],
        initial=365,
    )


class JoinedForm(forms.Form):
    day = _day(_("First day"))


class LeftForm(forms.Form):
    day = _day(_("Last day"))


class BackForm(forms.Form):
    back_on = _day(
        _("Back on"),
        required=False,
        help_text=_("If you know it. Until then nobody is matched with them."),
    )


class MovedForm(forms.Form):
    family = forms.CharField(label=_("Role"), max_length=120)
    level = forms.CharField(label=_("Level"), max_length=40, required=False)
    team_name = forms.CharField(label=_("Department or team"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("What it is"), choices=RoleKind.choices)
    day = _day(_("From"))


FORMS: dict[str, type[forms.Form]] = {
    NoticeKind.JOINED: JoinedForm,
    NoticeKind.LEFT: LeftForm,
    NoticeKind.MOVED: MovedForm,
}


def notice_form(notice: Notice, data: Any = None) -> forms.Form:
    """The form that confirms a notice, filled with what was said."""
    after: dict[str, str] = notice.said.get("after", {})
    day: date = notice.effective_on or notice.known_since
    initial = {
        "day": day,
        "family": after.get("title") or after.get("department", ""),
        "team_name": after.get("department", ""),
        "kind": RoleKind.CHANGE,
    }
    form = FORMS[notice.kind]
    return form(data, initial=initial, auto_id=f"id_{notice.public_id}_%s")


def back_form(notice: Notice, data: Any = None) -> BackForm:
    """The form that says that somebody is still one of us."""
    return BackForm(data, auto_id=f"id_{notice.public_id}_%s")
