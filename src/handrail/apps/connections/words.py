"""The words of connections: what each kind is for, its fields, how it does, what went wrong.

A test holds these to the registry: every kind and every field of it has words here.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from handrail.apps.connections.queries import Health
from handrail.integrations.kinds import Field, Group

Said = Callable[[], str]

GROUPS: dict[Group, Said] = {
    Group.HIRING: lambda: _("Hiring"),
    Group.PEOPLE: lambda: _("People"),
    Group.CODE: lambda: _("Code"),
    Group.CHAT: lambda: _("Chat"),
    Group.MEETINGS: lambda: _("Meetings"),
    Group.ASSISTANCE: lambda: _("Assistance"),
    Group.OUT: lambda: _("Out to your own programs"),
}

# What a kind does here, in a sentence.
KINDS: dict[str, Said] = {
    "greenhouse": lambda: _("Whoever is hired there is enrolled here."),
    "ashby": lambda: _("Whoever is hired there is enrolled here."),
    "workable": lambda: _("Whoever is moved to the stage of hires is enrolled here."),
    "recruitee": lambda: _("Whoever is moved to the stage of hires is enrolled here."),
    "standard": lambda: _("Hires from any system that sends Standard Webhooks."),
    "bamboohr": lambda: _("Who came, changed and left there waits here to be confirmed."),
    "hibob": lambda: _("Who came, changed and left there waits here to be confirmed."),
    "github": lambda: _("Merged changes count for time to first merge."),
    "gitlab": lambda: _("Merged changes count for time to first merge."),
    "gitea": lambda: _("Merged changes count for time to first merge."),
    "xapi": lambda: _("A learning record store hears of completed sessions, by ids alone."),
    "webhooks": lambda: _("Your own programs learn what happened here, in ids and states."),
    "forgejo": lambda: _("Merged changes count for time to first merge."),
    "slack": lambda: _("Ask for sessions, write artifacts and be reminded in Slack."),
    "mattermost": lambda: _("Be reminded in Mattermost, and find your way from there."),
    "zulip": lambda: _("Be reminded in Zulip, and find your way from there."),
    "teams": lambda: _("Tell a channel when sessions are booked, moved or cancelled."),
    "text-webhook": lambda: _("Tell a channel when sessions are booked, moved or cancelled."),
    "jitsi": lambda: _("Each session gets a call on your own Jitsi server."),
    "bigbluebutton": lambda: _("Each session gets a call on your own BigBlueButton server."),
    "assistance": lambda: _("Drafts by a model, where a program and everybody concerned allow it."),
}

# "field" for all kinds, or "kind.field" for one: a label, and a sentence that helps.
FIELDS: dict[str, tuple[Said, Said]] = {
    "signing": (
        lambda: _("Signing secret"),
        lambda: _("Leave it empty and one is made, which you enter on the other side."),
    ),
    "recruitee.signing": (
        lambda: _("Signing secret"),
        lambda: _("Recruitee makes it once the webhook is saved there: come back with it then."),
    ),
    "gitlab.signing": (
        lambda: _("Signing token"),
        lambda: _("GitLab makes it and shows it once. It begins with whsec_."),
    ),
    "token": (
        lambda: _("Secret token"),
        lambda: _("GitLab's older way. Leave it empty and one is made."),
    ),
    "host": (
        lambda: _("Host"),
        lambda: _("As in the address of a project there. People are numbered by each host."),
    ),
    "bots": (
        lambda: _("Accounts of programs"),
        lambda: _("Their numbers, one a line: what they merge does not count."),
    ),
    "address": (
        lambda: _("Your address"),
        lambda: _("It begins with https:// and is yours: nothing is followed from there."),
    ),
    "xapi.address": (
        lambda: _("Address of the store"),
        lambda: _("As far as /statements, and without it."),
    ),
    "xapi.user": (lambda: _("User"), lambda: _("The store makes it, with a password.")),
    "xapi.password": (lambda: _("Password"), lambda: _("It is sealed, and never shown again.")),
    "events": (lambda: _("Tell of"), lambda: _("Only ids and states are sent, and no texts.")),
    "stage": (
        lambda: _("Stage of hires"),
        lambda: _("Whoever is moved to it is hired."),
    ),
    "bot_token": (
        lambda: _("Bot token"),
        lambda: _("Slack shows it once the app is installed. It begins with xoxb-."),
    ),
    "zulip.bot_token": (
        lambda: _("Token of the outgoing webhook"),
        lambda: _("Only where people shall speak to the bot: Zulip shows it beside the webhook."),
    ),
    "slack.signing": (
        lambda: _("Signing secret"),
        lambda: _("Slack shows it under “Basic information” of the app."),
    ),
    "channel": (
        lambda: _("Channel for news"),
        lambda: _("Leave it empty where nothing is to be posted for everybody."),
    ),
    "topic": (lambda: _("Topic"), lambda: _("Under which news are posted in the channel.")),
    "news": (
        lambda: _("What is posted for everybody"),
        lambda: _("A time, the program and a link. Nobody is named."),
    ),
    "api": (
        lambda: _("Address of the API"),
        lambda: _("Another one only where the other side told you so."),
    ),
    "webhook": (
        lambda: _("Address of the webhook"),
        lambda: _("Whoever knows it can post there, so it is kept like a secret."),
    ),
    "style": (
        lambda: _("How the text is written"),
        lambda: _("Markdown for Mattermost and Rocket.Chat, plain for everything else."),
    ),
    "command_token": (
        lambda: _("Token of the slash command"),
        lambda: _("Only where people shall type /mentor: Mattermost shows it beside the command."),
    ),
    "site": (
        lambda: _("Address of the organisation"),
        lambda: _("For example https://chat.example.org."),
    ),
    "email": (lambda: _("E-mail address of the bot"), lambda: _("As Zulip shows it.")),
    "key": (lambda: _("Key"), lambda: _("As the other side shows it.")),
    "jitsi.host": (
        lambda: _("Host"),
        lambda: _("Your own server, for example meet.example.org."),
    ),
    "service_user": (
        lambda: _("Service user"),
        lambda: _("Only where deliveries hold numbers alone: who that is, is then asked for."),
    ),
    "service_token": (
        lambda: _("Token of the service user"),
        lambda: _("It needs to see names, work addresses, titles and dates, and nothing else."),
    ),
    "room_secret": (
        lambda: _("Secret for the names of rooms"),
        lambda: _("Leave it empty and one is made. Only who knows it could guess a room."),
    ),
    "shared_secret": (
        lambda: _("Shared secret"),
        lambda: _("What “bbb-conf --secret” says on the server."),
    ),
    "order": (
        lambda: _("Which link comes first"),
        lambda: _(
            "People's own, or the one of this server. A link given in a room comes before both."
        ),
    ),
    "base": (
        lambda: _("Address of the endpoint"),
        lambda: _("Where /chat/completions begins, for example https://models.example.org/v1."),
    ),
    "model": (lambda: _("Model"), lambda: _("As the endpoint calls it.")),
    "hired": (lambda: _("Type of a hire"), lambda: _("As the sender calls it in “type”.")),
    "undone": (
        lambda: _("Type that undoes a hire"),
        lambda: _("Leave it empty where there is none."),
    ),
}

HEALTH: dict[Health, Said] = {
    Health.OFF: lambda: _("Switched off"),
    Health.STOPPED: lambda: _("Switched off after too many failures"),
    Health.NEW: lambda: _("Nothing came yet"),
    Health.FAILING: lambda: _("It does not work"),
    Health.WAITING: lambda: _("It works, and events wait for you"),
    Health.WELL: lambda: _("It works"),
}

CHOICES: dict[str, Said] = {
    "own": lambda: _("People's own"),
    "server": lambda: _("This server's"),
    "program.started": lambda: _("a program starts"),
    "program.closed": lambda: _("a program is closed"),
    "enrolment.made": lambda: _("people are enrolled"),
    "enrolment.ended": lambda: _("somebody leaves a program"),
    "session.booked": lambda: _("a session is booked"),
    "session.moved": lambda: _("a session is moved"),
    "session.cancelled": lambda: _("a session is cancelled"),
    "session.closed": lambda: _("a session is closed"),
    "artifact.written": lambda: _("an artifact is written"),
    "answer.published": lambda: _("an answer is published"),
    "booked": lambda: _("a session is booked"),
    "moved": lambda: _("a session is moved"),
    "cancelled": lambda: _("a session is cancelled"),
    "reminder": lambda: _("a reminder"),
    "artifact": lambda: _("an artifact is asked for"),
    "call-link": lambda: _("a call has another link"),
    "plain": lambda: _("plain text"),
    "markdown": lambda: _("text with Markdown"),
}

# Why it did not work.
TROUBLES: dict[str, Said] = {
    "too-large": lambda: _("A delivery was larger than 1 MiB."),
    "no-secret": lambda: _("No secret is set that could prove a delivery."),
    "no-signature": lambda: _("A delivery came without a signature."),
    "no-time": lambda: _("A delivery did not say when it was sent."),
    "stale": lambda: _("A delivery was too old, or a clock is wrong."),
    "wrong-signature": lambda: _("A delivery was signed with another secret."),
    "unreadable": lambda: _("A delivery could not be read."),
    "sealed-elsewhere": lambda: _(
        "The secret was sealed with another key of this server. Enter it anew."
    ),
    "not-an-address": lambda: _("The address is none."),
    "scheme": lambda: _("The address must begin with https://."),
    "inside": lambda: _("The address leads into a private network, which is not asked."),
    "no-host": lambda: _("There is no such host."),
    "unreachable": lambda: _("The host does not answer."),
    "tls": lambda: _("The host's certificate is not valid."),
    "late": lambda: _("The answer took too long."),
    "large": lambda: _("The answer was too large."),
    "redirects": lambda: _("The address points elsewhere, which is not followed."),
    "garbled": lambda: _("The answer could not be read."),
    "switched-off": lambda: _("The connection was switched off."),
    "refused": lambda: _("The other side did not accept it."),
    "gone": lambda: _("The other side says that this address is gone for good."),
    "not-allowed-there": lambda: _("The other side does not accept the secret."),
    "too-many-there": lambda: _("The other side asks for fewer calls."),
    "broken-there": lambda: _("The other side reports an error of its own."),
}

# Why an event is put aside, or was of no use.
REASONS: dict[str, Said] = {
    "unreadable": lambda: _("A delivery could not be read."),
    "nobody-takes": lambda: _("Nothing here acts on it yet. Retry it after the next update."),
    "double": lambda: _("The same was told before."),
    "dropped": lambda: _("Somebody let it rest."),
    "not-a-hire": lambda: _("It is about something else."),
    "author-unknown": lambda: _("Nobody here is linked to its author. Link them, and it is taken."),
    "not-a-merge": lambda: _("It is about something else."),
    "bot": lambda: _("A program wrote it, not a person."),
    "number-alone": lambda: _(
        "It names somebody by a number alone. Enter a service user and its token, then retry it."
    ),
    "not-looked-up": lambda: _(
        "The other side did not say who it is. Look at the service user, then retry it."
    ),
    "former": lambda: _("Its author's stay here had ended."),
}


def group_words(group: Group) -> str:
    """What a group of kinds is called."""
    return GROUPS[group]()


def kind_words(code: str) -> str:
    """What a kind does here."""
    return KINDS[code]()


def field_words(kind: str, field: Field) -> tuple[str, str]:
    """A field's label and the sentence that helps."""
    label, helps = FIELDS.get(f"{kind}.{field.name}") or FIELDS[field.name]
    return label(), helps()


def choice_words(choice: str) -> str:
    """What one of a field's choices means."""
    said = CHOICES.get(choice)
    return said() if said else choice


def health_words(health: Health) -> str:
    """How a connection does."""
    return HEALTH[health]()


def trouble_words(code: str) -> str:
    """Why it did not work; a code without words is one of another release."""
    said = TROUBLES.get(code)
    return said() if said else _("It did not work (%(code)s).") % {"code": code}


def reason_words(reason: str) -> str:
    """Why an event is put aside, or of no use; empty where there is nothing to say."""
    if reason.startswith("field "):
        return _("A field is missing or has a new shape: %(field)s.") % {"field": reason[6:]}
    said = REASONS.get(reason)
    return said() if said else reason
