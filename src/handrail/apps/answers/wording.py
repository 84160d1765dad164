"""What makes two questions the same, and how long texts may be."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people.links import is_link

LONGEST_QUESTION = 280
LONGEST_TEXT = 100_000
LONGEST_NOTE = 1000
_NOT_WORDS = re.compile(r"[^\w]+", re.UNICODE)


def normal_of(text: str) -> str:
    """A question without case, punctuation and extra spaces: equal for the same words."""
    return _NOT_WORDS.sub(" ", text.casefold()).strip()[:LONGEST_QUESTION]


def question_text(text: str) -> str:
    """A question as it is kept: one line of at most 280 characters."""
    said = " ".join(text.split())
    if not said:
        raise Invalid(
            _("Write your question first."), fields={"text": _("One sentence is enough.")}
        )
    if len(said) > LONGEST_QUESTION:
        raise Invalid(
            _("A question has at most %(most)d characters.") % {"most": LONGEST_QUESTION},
            fields={
                "text": _(
                    "Yours has %(n)d. Ask in one sentence; the rest goes into what you tried."
                )
                % {"n": len(said)}
            },
        )
    return said


def note_text(note: str) -> str:
    """What somebody tried, within its limit."""
    said = note.strip()
    if len(said) > LONGEST_NOTE:
        raise Invalid(
            _("A note has at most %(most)d characters.") % {"most": LONGEST_NOTE},
            fields={"note": _("Yours has %(n)d. Keep the detail elsewhere.") % {"n": len(said)}},
        )
    return said


def answer_texts(question: str, body: str, next_step: str, link: str) -> dict[str, str]:
    """The texts of an answer within their limits, or what is wrong with each."""
    texts = {
        "question": " ".join(question.split()),
        "body": body.strip(),
        "next_step": next_step.strip(),
        "link": link.strip(),
    }
    wrong: dict[str, str] = {}
    if not texts["question"]:
        wrong["question"] = _("Write the question in one sentence.")
    elif len(texts["question"]) > LONGEST_QUESTION:
        wrong["question"] = _("A question has at most %(most)d characters.") % {
            "most": LONGEST_QUESTION
        }
    if not texts["body"]:
        wrong["body"] = _("Write the answer.")
    for name in ("body", "next_step"):
        if len(texts[name]) > LONGEST_TEXT:
            wrong[name] = _(
                "This has %(n)d characters, at most %(most)d are kept. "
                "Keep the detail elsewhere and link it."
            ) % {"n": len(texts[name]), "most": LONGEST_TEXT}
    if texts["link"] and not is_link(texts["link"]):
        wrong["link"] = _("Give a whole address that starts with https:// or http://.")
    if wrong:
        raise Invalid(_("Nothing was saved yet. Look at the marked fields."), fields=wrong)
    return texts
