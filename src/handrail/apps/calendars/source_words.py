"""What is said of a calendar that is not well, in words that say what to do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from handrail.apps.calendars.source_models import CalendarSource

TROUBLES: dict[str, Any] = {
    "not-an-address": gettext_lazy("Give a whole address that starts with https:// or webcal://."),
    "scheme": gettext_lazy("Only addresses that start with https:// or webcal:// are read."),
    "inside": gettext_lazy(
        "This address leads into a private network, which is not read. If your calendar lives"
        " there, ask whoever runs Handrail to allow its host."
    ),
    "no-host": gettext_lazy("Nobody is found under this address. Check its spelling."),
    "unreachable": gettext_lazy("The other side does not answer. It is tried again by itself."),
    "tls": gettext_lazy("The other side's certificate does not hold. Ask who runs it."),
    "late": gettext_lazy("The other side takes too long. It is tried again by itself."),
    "large": gettext_lazy(
        "This calendar is larger than 5 MB. Publish a smaller part of it, for example one year."
    ),
    "redirects": gettext_lazy("This address leads in circles. Copy it anew from your calendar."),
    "garbled": gettext_lazy("The other side answers in a way nobody can read."),
    "status-401": gettext_lazy("The other side wants a password. Publish the calendar by a link."),
    "status-403": gettext_lazy("The other side shows this calendar to nobody. Publish it anew."),
    "status-404": gettext_lazy("The calendar is not there any more. Publish it anew."),
    "status-410": gettext_lazy("The calendar is not there any more. Publish it anew."),
    "no-calendars": gettext_lazy(
        "No calendar of this user is found there. Remove it and add it with another address."
    ),
    "elsewhere": gettext_lazy(
        "The server says that your calendars are on another one. Add them with that one's address."
    ),
    "sign-in": gettext_lazy(
        "The other side does not let Handrail in. Remove the calendar and add it again."
    ),
    "no-calendar": gettext_lazy(
        "No calendar is there, perhaps a page. Copy the address that ends in .ics."
    ),
    "cut-off": gettext_lazy("The calendar ends in the middle. It is tried again by itself."),
    "too-many": gettext_lazy(
        "This calendar has more than 10,000 events. Publish a smaller part of it."
    ),
    "too-slow": gettext_lazy("This calendar takes too long to read. Publish a smaller part of it."),
    "too-large": gettext_lazy("This calendar takes too much room. Publish a smaller part of it."),
    "crashed": gettext_lazy("This calendar could not be read. Publish it anew."),
    "off": gettext_lazy("Calendars of this kind are not read here any more."),
    "sealed": gettext_lazy("Its address cannot be read any more. Remove it and add it again."),
}


def trouble_words(code: str) -> str:
    """Why a calendar could not be read, and what to do."""
    if code in TROUBLES:
        return str(TROUBLES[code])
    return _("The other side answers with the error %(code)s. It is tried again by itself.") % {
        "code": code.removeprefix("status-")
    }


def problem_words(source: CalendarSource) -> list[str]:
    """What within a calendar could not be read, and what is made of it."""
    said = []
    for kind, count, about in source.problems:
        if kind == "unknown-zone":
            said.append(
                _("The time zone “%(zone)s” is not known. The calendar's own zone is taken.")
                % {"zone": about}
            )
        elif kind == "too-often":
            said.append(
                ngettext(
                    "%(n)d event repeats in a way that is not followed (more than daily)."
                    " From its start on all time counts as busy until you change it.",
                    "%(n)d events repeat in a way that is not followed (more than daily)."
                    " From their start on all time counts as busy until you change them.",
                    count,
                )
                % {"n": count}
            )
        elif kind == "calendar":
            said.append(
                ngettext(
                    "%(n)d of your calendars there could not be read. Its times do not count.",
                    "%(n)d of your calendars there could not be read. Their times do not count.",
                    count,
                )
                % {"n": count}
            )
        else:
            said.append(
                ngettext(
                    "%(n)d event could not be read. Its days count as busy.",
                    "%(n)d events could not be read. Their days count as busy.",
                    count,
                )
                % {"n": count}
            )
    return said
