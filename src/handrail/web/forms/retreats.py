"""Forms about retreats: a new one, its days and places, a block, a line of kit, one's own part."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handrail.apps.people.models import Person
from handrail.apps.retreats.models import AgendaBlock, BlockKind, Guest, Hub, KitItem, Retreat
from handrail.apps.retreats.shapes import SHAPES
from handrail.apps.retreats.wording import long_day
from handrail.web.forms.people import ClockField, zone_choices
from handrail.web.forms.programs import day_input, monday_after

WEEKS_AHEAD = timedelta(weeks=5)


def moment_input() -> forms.DateTimeInput:
    """A day and a time, as browsers ask for it."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class RetreatForm(forms.Form):
    """The few things a template leaves open."""

    template = forms.ChoiceField(label=_("Template"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=120)
    place = forms.CharField(
        label=_("Place"), max_length=120, help_text=_("You can add more hubs later.")
    )
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    timezone = forms.ChoiceField(label=_("Time zone of the place"), choices=zone_choices)
    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    shipping_days = forms.IntegerField(
        label=_("Working days a parcel takes to the place"), min_value=0, max_value=60, initial=5
    )

    def __init__(self, *args: Any, today: date, zone: str, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "template": next(iter(SHAPES)),
            "starts_on": monday_after(today + WEEKS_AHEAD),
            "timezone": zone,
        }
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            (shape.key, gettext(shape.name)) for shape in SHAPES.values()
        ]


class RetreatDaysForm(forms.Form):
    """What a retreat is called, what for, and when."""

    name = forms.CharField(label=_("Name"), max_length=120)
    objective = forms.CharField(
        label=_("What is there afterwards?"),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 280}),
    )
    starts_on = forms.DateField(
        label=_("First day"),
        widget=day_input(),
        help_text=_("The agenda moves along and keeps its times of day."),
    )
    ends_on = forms.DateField(
        label=_("Last day"), widget=day_input(), help_text=_("Three days at most.")
    )
    timezone = forms.ChoiceField(label=_("Time zone of the agenda"), choices=zone_choices)

    @classmethod
    def initial_of(cls, retreat: Retreat) -> dict[str, Any]:
        return {name: getattr(retreat, name) for name in cls.base_fields}


class HubForm(forms.Form):
    """One place, and how parcels get there."""

    name = forms.CharField(label=_("Place"), max_length=120)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    timezone = forms.ChoiceField(label=_("Time zone of the place"), choices=zone_choices)
    shipping_days = forms.IntegerField(
        label=_("Working days a parcel takes to the place"), min_value=0, max_value=60, initial=5
    )
    closed_on = forms.CharField(
        label=_("Days on which nothing is delivered there"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Holidays from Monday to Friday, one a line, each like 2026-04-03."),
    )

    @classmethod
    def initial_of(cls, hub: Hub) -> dict[str, Any]:
        values = {name: getattr(hub, name) for name in cls.base_fields}
        return {**values, "closed_on": "\n".join(hub.closed_on)}

    def clean_closed_on(self) -> list[str]:
        return sorted(set(self.cleaned_data["closed_on"].split()))


class BlockForm(forms.Form):
    """One block of the agenda, in the zone of the retreat."""

    day = forms.TypedChoiceField(label=_("Day"), coerce=int)
    starts_min = ClockField(label=_("Begins"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=1440, initial=60)
    title = forms.CharField(label=_("What"), max_length=120)
    objective = forms.CharField(
        label=_("What is there afterwards?"), max_length=280, required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=BlockKind.choices)
    led_by = forms.ChoiceField(label=_("Led by"), required=False)

    def __init__(self, *args: Any, retreat: Retreat, guests: Iterable[Guest], **kwargs: Any):
        super().__init__(*args, **kwargs)
        days = (retreat.ends_on - retreat.starts_on).days + 1
        self.people = {str(guest.person.public_id): guest.person for guest in guests}
        self.fields["day"].choices = [  # type: ignore[attr-defined]
            (n, long_day(retreat.starts_on + timedelta(days=n - 1))) for n in range(1, days + 1)
        ]
        self.fields["led_by"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Nobody yet")),
            *((key, person.name) for key, person in self.people.items()),
        ]

    @classmethod
    def initial_of(cls, block: AgendaBlock) -> dict[str, Any]:
        values = {name: getattr(block, name) for name in cls.base_fields}
        return {**values, "led_by": str(block.led_by.public_id) if block.led_by else ""}

    def clean_led_by(self) -> Person | None:
        return self.people.get(self.cleaned_data["led_by"])


class ItemForm(forms.Form):
    """One line of the kit list."""

    name = forms.CharField(label=_("What"), max_length=120)
    per_person = forms.TypedChoiceField(
        label=_("For whom"),
        coerce=lambda value: value == "yes",
        choices=[("no", _("for all together")), ("yes", _("one for each person"))],
        widget=forms.RadioSelect,
        initial="no",
    )
    quantity = forms.IntegerField(
        label=_("How many, for all together"), min_value=1, max_value=200, initial=1
    )
    to_ship = forms.BooleanField(
        label=_("It has to be shipped"),
        required=False,
        help_text=_("You then see by which day it has to leave."),
    )
    hub = forms.ChoiceField(label=_("Where it is needed"), required=False)

    def __init__(self, *args: Any, hubs: Iterable[Hub], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hubs = {str(hub.public_id): hub for hub in hubs}
        self.fields["hub"].choices = [  # type: ignore[attr-defined]
            (key, hub.name) for key, hub in self.hubs.items()
        ]

    @staticmethod
    def initial_of(item: KitItem) -> dict[str, Any]:
        return {
            "name": item.name,
            "per_person": "yes" if item.per_person else "no",
            "quantity": item.quantity,
            "to_ship": item.to_ship,
            "hub": str(item.hub.public_id) if item.hub else "",
        }

    def clean_hub(self) -> Hub | None:
        return self.hubs.get(self.cleaned_data["hub"])


class PartForm(forms.Form):
    """One person's way there, and what they need."""

    comes_from = forms.CharField(label=_("Comes from"), max_length=120, required=False)
    hub = forms.ChoiceField(label=_("Meets in"), required=False)
    arrives_at = forms.CharField(label=_("Arrives"), required=False, widget=moment_input())
    leaves_at = forms.CharField(label=_("Leaves"), required=False, widget=moment_input())
    needs = forms.CharField(
        label=_("What you need"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Food, access, quiet. You and who plans the retreat read it, nobody else."),
    )

    def __init__(self, *args: Any, guest: Guest, hubs: Iterable[Hub], **kwargs: Any) -> None:
        kwargs["initial"] = {
            "comes_from": guest.comes_from,
            "hub": str(guest.hub.public_id),
            "arrives_at": _local(guest.arrives_at, guest.hub),
            "leaves_at": _local(guest.leaves_at, guest.hub),
            "needs": guest.needs,
        }
        super().__init__(*args, **kwargs)
        self.guest = guest
        self.hubs = {str(hub.public_id): hub for hub in hubs}
        self.fields["hub"].choices = [  # type: ignore[attr-defined]
            (key, hub.name) for key, hub in self.hubs.items()
        ]
        if len(self.hubs) == 1:
            self.fields["hub"].widget = forms.HiddenInput()

    def clean_hub(self) -> Hub | None:
        return self.hubs.get(self.cleaned_data["hub"])

    def clean_arrives_at(self) -> datetime | None:
        return self._moment("arrives_at")

    def clean_leaves_at(self) -> datetime | None:
        return self._moment("leaves_at")

    def _moment(self, name: str) -> datetime | None:
        """The moment that the clock of the place shows like this."""
        text = self.cleaned_data[name]
        if not text:
            return None
        hub = self.cleaned_data.get("hub") or self.guest.hub
        try:
            return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(hub.timezone))
        except ValueError as error:
            raise forms.ValidationError(_("Give a day and a time of day.")) from error


def _local(at: datetime | None, hub: Hub) -> datetime | None:
    return at.astimezone(ZoneInfo(hub.timezone)).replace(tzinfo=None) if at else None


class GuestsForm(forms.Form):
    """Who comes as well: several at once, to one place."""

    people = forms.MultipleChoiceField(label=_("Add people"))
    hub = forms.ChoiceField(label=_("Meets in"), required=False)

    def __init__(
        self, *args: Any, people: Iterable[Person], hubs: Iterable[Hub], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.everybody = {str(person.public_id): person for person in people}
        self.hubs = {str(hub.public_id): hub for hub in hubs}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (key, person.name) for key, person in self.everybody.items()
        ]
        self.fields["hub"].choices = [  # type: ignore[attr-defined]
            (key, hub.name) for key, hub in self.hubs.items()
        ]
        if len(self.hubs) == 1:
            self.fields["hub"].widget = forms.HiddenInput()

    def chosen(self) -> list[Person]:
        return [self.everybody[key] for key in self.cleaned_data["people"]]

    def clean_hub(self) -> Hub | None:
        return self.hubs.get(self.cleaned_data["hub"])
