"""Why a time is not free, in words: more to the one whose time it is than to anybody else."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from handrail.apps.calendars.queries import Blocked
from handrail.domain.scheduling import WhyNot

OTHERS: dict[WhyNot, str] = {
    WhyNot.PAUSED: gettext_noop("%(name)s pauses then."),
    WhyNot.NOTICE: gettext_noop("This time is past or too close. Choose a later one."),
    WhyNot.HOURS: gettext_noop("%(name)s does not work then."),
    WhyNot.HOLIDAY: gettext_noop("%(name)s has a day off then."),
    WhyNot.CLOSED: gettext_noop("%(name)s gives no sessions at that time."),
    WhyNot.BUSY: gettext_noop("%(name)s is not free then."),
    WhyNot.BOOKED: gettext_noop("%(name)s is not free then."),
    WhyNot.BUFFER: gettext_noop("%(name)s is not free then."),
    WhyNot.MINUTES: gettext_noop("%(name)s gives no more minutes that week."),
    WhyNot.CAP: gettext_noop("%(name)s gives no more sessions that day."),
}
OWN: dict[WhyNot, str] = {
    **OTHERS,
    WhyNot.PAUSED: gettext_noop("You pause then."),
    WhyNot.HOURS: gettext_noop("It is outside your hours."),
    WhyNot.HOLIDAY: gettext_noop("You have a day off then: %(what)s."),
    WhyNot.CLOSED: gettext_noop("You keep this time free of sessions."),
    WhyNot.BUSY: gettext_noop("Your calendar is busy then: %(what)s."),
    WhyNot.BOOKED: gettext_noop("You have another session then."),
    WhyNot.BUFFER: gettext_noop(
        "The minutes that you keep free around a session meet something else."
    ),
    WhyNot.MINUTES: gettext_noop("Your minutes of that week are given."),
    WhyNot.CAP: gettext_noop("You give no more sessions that day."),
}


def sentence_of(blocked: Blocked, *, own: bool) -> str:
    """The reason in words; only its owner reads where a busy time comes from."""
    words = {"name": blocked.person.name, "what": blocked.name}
    if own and blocked.why == WhyNot.BUSY and not blocked.name:
        return gettext("You are not free then.")
    return gettext((OWN if own else OTHERS)[blocked.why]) % words


def code_of(blocked: Blocked, *, own: bool) -> str:
    """The reason as a code; to others whatever takes the time is one: busy."""
    taken = blocked.why in (WhyNot.BUSY, WhyNot.BOOKED, WhyNot.BUFFER)
    return (WhyNot.BUSY if taken and not own else blocked.why).value
