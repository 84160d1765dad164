"""The artifact out of Slack: the same operations as a device's, and nothing is sent there.

The form begins empty, since what stands in the room is the room's alone. Where somebody has begun
to write there, what comes from Slack is kept beside it and not handed in over their heads.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.apps.chat.models import ChatAccount
from handrail.apps.people.viewers import viewer_for_person
from handrail.apps.sessions.actions.operations import Operation, Outcome, Status, take_operation
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.queries import people_of
from handrail.integrations import slack
from handrail.integrations.slack import Choice

WRITE = "artifact"
FIELDS = ("learned", "next_step", "link")
SPACE = UUID("0d6d2a5e-9a55-4a0f-8f0c-5a4d5b3e7f10")  # of the ids of operations out of Slack


def view_for(account: ChatAccount, session: Session) -> dict[str, Any]:
    """The form, with nothing of the room in it but the people's names."""
    people = [Choice(one.name, str(one.public_id)) for one in people_of(session)]
    return slack.modal(
        WRITE,
        _("Artifact"),
        [
            slack.write("learned", _("What was learned or decided?"), lines=True),
            slack.write("next_step", _("What is the next step?"), lines=True),
            slack.choose(
                "owner",
                _("Whose step is it?"),
                people[: slack.MOST_OPTIONS],
                str(account.person.public_id),
            ),
            slack.write("link", _("A link, if there is one"), optional=True, longest=500),
        ],
        submit=_("Hand it in"),
        close=_("Not now"),
        private=json.dumps({"session": str(session.public_id)}),
    )


def hand_in(account: ChatAccount, submitted: slack.Submitted, now: datetime) -> dict[str, Any]:
    """Put the texts into the room by the three-way rule; where nothing stands against, hand in."""
    try:
        session = UUID(str(json.loads(submitted.private)["session"]))
    except (ValueError, KeyError, TypeError):
        return slack.errors({"learned": _("This form is too old. Open the room instead.")})
    texts = {name: submitted.said.get(name, "") for name in FIELDS}
    owner = submitted.said.get("owner", "")
    room = f"{settings.BASE_URL}{reverse('room', args=[session])}"
    kept = _take(account, submitted, "room", session, {k: v for k, v in texts.items() if v}, now)
    if kept.status is Status.PARKED:
        return slack.errors({"learned": kept.reason})
    if kept.conflict or kept.status is Status.LATE:
        return _done(
            _("Somebody wrote in the room before. Yours is kept beside theirs: %(page)s")
            % {"page": room}
        )
    handed = _take(account, submitted, "hand_in", session, {**texts, "owner": owner}, now)
    if handed.status is Status.PARKED:
        return slack.errors({"learned": handed.reason})
    if handed.status is Status.LATE:
        return _done(
            _("The artifact was handed in before. Yours is kept beside it: %(page)s")
            % {"page": room}
        )
    return _done(_("Handed in. It stands in the room: %(page)s") % {"page": room})


def _take(
    account: ChatAccount,
    submitted: slack.Submitted,
    kind: str,
    session: UUID,
    fields: dict[str, str],
    now: datetime,
) -> Outcome:
    # Other words in the same form, after something was refused, are another wish.
    wish = json.dumps([account.pk, submitted.view, kind, sorted(fields.items())])
    operation = Operation(
        id=uuid5(SPACE, wish), kind=kind, target=session, base_rev=0, base={}, fields=fields
    )
    return take_operation(operation, by=viewer_for_person(account.person), now=now)


def _done(text: str) -> dict[str, Any]:
    view = slack.modal("wait", _("Artifact"), [slack.section(text)], close=_("Got it"))
    return slack.shown_instead(view)
