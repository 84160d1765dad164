"""What the scripts of a device say: in the language of the page, translated here."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def device_words() -> dict[str, str]:
    """What any page of a signed-in person may have to say about this device."""
    return {
        "new_version": _("There is a new version."),
        "use_it_now": _("Use it now"),
        "later": _("Later"),
        **_of_leaving(),
        **_of_questions(),
    }


def _of_leaving() -> dict[str, str]:
    return {
        "not_sent_title": _("Not everything is sent yet"),
        "not_sent_one": _("One thing that you wrote is only on this device."),
        "not_sent": _("{n} things that you wrote are only on this device."),
        "sending": _("Sending. You are signed out when it is done."),
        "send_first": _("Send it, then sign out"),
        "discard": _("Sign out and discard it"),
        "stay": _("Stay signed in"),
        "cannot_send": _(
            "It cannot be sent just now. It stays on this device as long as you stay."
        ),
        "only_here": _(
            "This device is cleared, but the server could not be reached. Sign out once more when "
            "there is a network."
        ),
    }


def _of_questions() -> dict[str, str]:
    return {
        "sent": _("Your question is sent:"),
        "see_question": _("See what fits, and who has time"),
    }


def shell_words() -> dict[str, str]:
    """What the kept page says that stands in for the answers."""
    return {
        **_of_leaving(),
        "title": _("Answers"),
        "offline_line": _("No network. You see the answers that this device keeps."),
        "back_again": _("There is a network again."),
        "back_plain": _("What this device keeps, you can use without one, too:"),
        "open_now": _("Open the page as it is now"),
        "kept_at": _("As of {when}."),
        "capped": _(
            "This device keeps {kept} of {total} answers: those on your teams' skills and those "
            "that are used most. The rest needs a network."
        ),
        "search": _("Search the answers"),
        "search_help": _("A few words, or the whole question."),
        "best": _("What comes closest"),
        "most_used": _("Used most"),
        "nothing": _("No answer on this device has these words."),
        "none_kept": _(
            "No answers are kept on this device yet. They come with the next page that you open "
            "with a network, signed in."
        ),
        "back": _("All answers"),
        "owner": _("Looked after by {name}"),
        "nobody": _("Looked after by nobody just now"),
        "checked": _("Last checked {day}"),
        "not_checked": _("Not checked since {day}"),
        "never_checked": _("Not checked yet"),
        "source_session": _("From a session"),
        "source_session_on": _("From a session on {skill}"),
        "flagged": _("The session behind it has later words. Its owner is asked to look."),
        "source_written": _("Written as an answer"),
        "next_step": _("What comes next"),
        "gone": _("This answer is not on this device. With a network you may find it."),
        "perhaps": _("Perhaps one of these; or a person knows more."),
        "ask_title": pgettext("a question", "Ask a mentor"),
        "ask_label": _("Your question"),
        "ask_help": _(
            "It waits on this device and will be sent by itself. "
            "Times of mentors are offered then, none is promised now."
        ),
        "ask_note": _("What you tried (if you like)"),
        "ask_send": _("Keep the question"),
        "ask_empty": _("Write the question in one sentence."),
        **_of_questions(),
        "not_taken": _("Not taken"),
        "put_aside": _("Put it aside"),
        "will_be_sent": _("Kept on this device. It will be sent when there is a network."),
        "not_kept": _("NOT SAVED: this device takes nothing. Copy your text."),
        "waiting": _("Will be sent"),
        "take_back": _("Take it back"),
        "try_again": _("Try again"),
        "checklists": _("Checklists"),
        "checklists_help": _("To prepare a session of yours."),
        "broken": _("This device's copy could not be read. It comes anew with the next network."),
    }
