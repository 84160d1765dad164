"""What people allow by themselves, in the words they are asked with; new words, new version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import ConsentSaid, consent_history
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The words of one purpose, and which wording it is."""

    version: str
    words: Any  # a lazy sentence


TEXTS: dict[str, ConsentText] = {
    ConsentPurpose.MENTOR_NAMED: ConsentText(
        "2026-11",
        gettext_lazy(
            "Your name may stand on public pages of a program that you mentor in, where candidates"
            " see it without an account. Without it the page says what a mentor does there."
        ),
    ),
    ConsentPurpose.ARTIFACT_SHARED: ConsentText(
        "2026-11",
        gettext_lazy(
            "Artifacts of your sessions may be read by somebody who takes over your project or"
            " mentors you next. Notes stay with those who wrote them all the same."
        ),
    ),
    ConsentPurpose.RECORDING: ConsentText(
        "2026-11",
        gettext_lazy(
            "A call that you are in may be recorded, as long as everybody in it allows it too. The"
            " room says whether that is so. Handrail itself records nothing."
        ),
    ),
    ConsentPurpose.CHAT_LINKED: ConsentText(
        "2026-11",
        gettext_lazy(
            "An account of yours elsewhere, such as in a chat, may be linked with yours here, so"
            " that you can act from there. What you write in sessions does not go there."
        ),
    ),
    ConsentPurpose.ASSISTANCE: ConsentText(
        "2026-11",
        gettext_lazy(
            "Text of yours may be sent, without names, to the endpoint that your administrator has"
            " chosen, to draft something for you. You see what is sent, and the draft is yours to"
            " accept or not."
        ),
    ),
    ConsentPurpose.ATTESTATION: ConsentText(
        "2026-11",
        gettext_lazy(
            "Statements may be signed in your name, one by one and only when you say so, about what"
            " came out of a session. Your name stands in them, and they cannot be changed later."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One purpose as it stands for a person, with all that they said on it."""

    purpose: str
    label: str
    words: str
    version: str
    is_given: bool
    said: ConsentSaid | None  # the last word
    is_older_text: bool  # what was allowed was another wording
    history: tuple[ConsentSaid, ...]


def standing_of(subject: UUID) -> list[Standing]:
    """All purposes of a person's page, in its order."""
    said = consent_history(subject, list(TEXTS))
    found = []
    for purpose, text in TEXTS.items():
        history = tuple(record for record in said if record.purpose == purpose)
        last = history[0] if history else None
        given = last is not None and last.given
        found.append(
            Standing(
                purpose=str(purpose),
                label=str(ConsentPurpose(purpose).label),
                words=str(text.words),
                version=text.version,
                is_given=given,
                said=last,
                is_older_text=given and last is not None and last.text_version != text.version,
                history=history,
            )
        )
    return found


def say(
    subject: UUID, purpose: str, given: bool, *, channel: str, by: Viewer, now: datetime
) -> None:
    """Allow or withdraw one purpose in today's words; it holds from the next read on."""
    if purpose not in TEXTS:
        raise Invalid(_("There is no such purpose."), fields={"purpose": purpose})
    record_consent(
        subject,
        purpose,
        given,
        text_version=TEXTS[purpose].version,
        channel=channel,
        by=by,
        now=now,
    )
