"""What the room's script says; words live with the other words, not in the script."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from handrail.apps.sessions.models import RoomField


def room_words() -> dict[str, Any]:
    """The sentences of the room by the script's names for them."""
    return {
        "saved": {
            "saving": _("Saving"),
            "here": _("Saved here. It is sent by itself"),
            "everywhere": _("Saved everywhere"),
            "parked": _("Saved here. It was not taken: see above"),
            "long": _("Saved here only: too long"),
            "unsaved": _("NOT SAVED"),
        },
        "labels": {str(field): capfirst(field.label) for field in RoomField},
        "minutes_left": _("%(n)d minutes left"),
        "minute_left": _("One minute left"),
        "time_is_up": _("Time is up. Write down what came out of it."),
        "not_saved_title": _("NOT SAVED: copy your text"),
        "not_saved": _(
            "This device does not take it. It is sent to the server as soon as that answers; until "
            "then it stands only on this page."
        ),
        "too_long_title": _("Too long to send"),
        "too_long": _(
            "More than 100,000 characters are kept on this device only. Shorten the text, or keep "
            "it as a file and link it."
        ),
        "parked_title": _("This could not be saved everywhere"),
        "parked": _("It stays on this device until you discard it."),
        "spoilt": _("A part of what this device had kept can no longer be read."),
        "copy": _("Copy it"),
        "copied": _("Copied."),
        "download": _("Keep it as a file"),
        "discard": _("Discard it"),
        "signed_out": _("Signed out. What is saved here is sent once you have signed in."),
        "sign_in": _("Sign in (opens a new window)"),
        "other_account": _(
            "Somebody else is signed in. What is saved here is sent once you have signed in."
        ),
        "offline": _("No connection. What is saved here is sent by itself."),
        "withdrawn": _(
            "You are no longer among the people of this session. What you had written is still on "
            "this page."
        ),
        "conflict": _("You wrote at the same time. Both texts are kept: yours is shown beside."),
        "back": _("There is a network again."),
        "open_now": _("Open the page as it is now"),
        "needs_network": _(
            "This needs a network. Nothing was sent, and what you typed stays here."
        ),
        "told_later": _("Done here. The others see it once there is a connection."),
        "started_here": _("Started here. The others see it once there is a connection."),
        "theirs_counts": _("The timer was started before. That time counts for all of you."),
    }
