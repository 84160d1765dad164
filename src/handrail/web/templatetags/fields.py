"""Form fields as the look wants them: a class for each widget, help and errors announced."""

from __future__ import annotations

from django import forms, template
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from handrail.apps.programs.models import Objective

register = template.Library()

CLASSES: dict[type[forms.Widget], str] = {
    forms.Textarea: "textarea",
    forms.Select: "select",
    forms.CheckboxInput: "checkbox",
}


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether the field is several boxes with one question: a fieldset with a legend."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one box that is ticked or not: its label stands beside it."""
    widget = field.field.widget
    return isinstance(widget, forms.CheckboxInput) and not is_group(field)


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The widget with its class, and tied to its help and its error for screen readers."""
    attributes: dict[str, str | bool] = {}
    widget = field.field.widget
    if not is_group(field):
        kinds = (cls for kind, cls in CLASSES.items() if isinstance(widget, kind))
        attributes["class"] = next(kinds, "input")
    told = []
    if field.help_text:
        told.append(f"{field.auto_id}_help")
    if field.errors:
        told.append(f"{field.auto_id}_error")
        attributes["aria-invalid"] = "true"
    if told:
        attributes["aria-describedby"] = " ".join(told)
    return field.as_widget(attrs=attributes)


@register.filter
def last_text(objectives: QuerySet[Objective]) -> str:
    """The text of the last objective, out of rows that are fetched already."""
    rows = list(objectives)
    return rows[-1].text if rows else ""
